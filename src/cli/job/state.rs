//! How far a run has come.

use serde::{Deserialize, Serialize};

use super::manifest;
use super::recipe::Recipe;
use crate::cli::account::Account;

/// All that is needed to go on with a run. It is written anew, as a whole, after every part.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct State {
    /// What the result depends on.
    pub recipe: Recipe,
    /// When the run was first started.
    pub started: String,
    /// What is left to do.
    pub stage: Stage,
    /// Parts that are finished.
    pub parts: u64,
    /// The size of all finished parts.
    pub output_bytes: u64,
    /// The size of the errors of all finished parts.
    pub errors_bytes: u64,
    /// What was done for the finished parts.
    pub account: Account,
}

/// What is left to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// There may be more parts.
    Running,
    /// All parts are written; output, errors and manifest are to be put in their places.
    Written,
    /// They are; the work folder is to be removed.
    Placed,
}

impl State {
    /// A run that begins now.
    pub fn new(recipe: Recipe) -> Self {
        Self {
            recipe,
            started: manifest::now(),
            stage: Stage::Running,
            parts: 0,
            output_bytes: 0,
            errors_bytes: 0,
            account: Account::default(),
        }
    }
}
