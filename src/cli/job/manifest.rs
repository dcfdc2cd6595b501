//! The manifest: what a finished output was made of.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::recipe::Recipe;
use super::state::State;
use crate::cli::account::{self, Counts};

/// What stands in the manifest. All but `times` is the same for every run of the same recipe.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// What the result depends on.
    #[serde(flatten)]
    pub recipe: Recipe,
    /// What was written.
    pub output: Written,
    /// What was counted.
    pub counts: Counts,
    /// When and how long.
    pub times: Times,
}

/// What was written.
#[derive(Debug, Serialize, Deserialize)]
pub struct Written {
    /// In how many parts.
    pub parts: u64,
    /// Their size.
    pub bytes: u64,
}

/// When and how long.
#[derive(Debug, Serialize, Deserialize)]
pub struct Times {
    /// When the run was first started, as RFC 3339 in UTC.
    pub started: String,
    /// When it was finished.
    pub ended: String,
    /// How long it took.
    #[serde(flatten)]
    pub spent: account::Times,
}

impl Manifest {
    /// The manifest of a run that ends now.
    pub fn of(state: &State) -> Self {
        Self {
            recipe: state.recipe.clone(),
            output: Written { parts: state.parts, bytes: state.output_bytes },
            counts: state.account.counts.clone(),
            times: Times { started: state.started.clone(), ended: now(), spent: state.account.times.clone() },
        }
    }
}

/// The time, as RFC 3339 in UTC.
pub fn now() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()
}
