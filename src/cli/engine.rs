//! What annotates: a model and the threads it runs on.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;

use anyhow::{Context, Result};
use clap::{Args, ValueHint};
use dixit::pipeline::Annotator;

/// The model and the number of threads.
#[derive(Debug, Args)]
pub struct Engine {
    /// Number of threads [default: one a core]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,

    /// Use the model in this folder instead of the one built in
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    model: Option<PathBuf>,
}

impl Engine {
    /// The annotator asked for.
    pub fn annotator(&self) -> Result<Annotator> {
        match &self.model {
            None => Annotator::embedded().context("cannot load the built-in model"),
            Some(dir) => Annotator::load(dir).with_context(|| format!("cannot load the model in {}", dir.display())),
        }
    }

    /// The number of threads asked for, or one a core.
    pub fn threads(&self) -> NonZeroUsize {
        let asked = self.threads.and_then(|threads| NonZeroUsize::new(threads.into()));
        asked.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
    }

    /// Program, version and model, as a report names a system.
    pub fn name(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        match &self.model {
            None => format!("dixit {version} with the built-in model"),
            Some(dir) => format!("dixit {version} with the model {}", dir.display()),
        }
    }
}
