//! What annotates: a model and the threads it runs on.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum, ValueHint};
use dixit::encoder::{self, Device};
use dixit::model::Model;
use dixit::pipeline::Annotator;

use super::job::ModelId;

/// The model and the number of threads.
#[derive(Debug, Args)]
pub struct Engine {
    /// Number of threads [default: one a core]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,

    /// Use the model in this folder instead of the one built in
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    model: Option<PathBuf>,

    /// What runs the network
    #[arg(long, value_enum, default_value_t)]
    backend: Backend,

    /// What computes, for the backend rust-bert: cpu, or cuda:0 for the first graphics card [default: cpu]
    #[arg(long, value_name = "DEVICE")]
    device: Option<Device>,

    /// What to compute with, for the backend rust-bert [default: f32]
    #[arg(long, value_enum)]
    precision: Option<Precision>,
}

/// What runs the network.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Backend {
    /// The one that is built in
    #[default]
    Embedded,
    /// libtorch, if dixit was built with it: for larger models and graphics cards
    RustBert,
}

/// What to compute with.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Precision {
    /// Single precision
    F32,
    /// bfloat16: faster on cards and on processors that have it, and a little less exact
    Bf16,
    /// Half precision, on cards only
    F16,
}

impl From<Precision> for encoder::Precision {
    fn from(precision: Precision) -> Self {
        match precision {
            Precision::F32 => Self::F32,
            Precision::Bf16 => Self::Bf16,
            Precision::F16 => Self::F16,
        }
    }
}

impl Engine {
    /// Refuses settings of one backend that are for the other.
    pub fn check(&self) -> Result<()> {
        if self.backend == Backend::Embedded && (self.device.is_some() || self.precision.is_some()) {
            bail!("--device and --precision are for the other backend; add --backend rust-bert");
        }
        Ok(())
    }

    /// The annotator asked for.
    pub fn annotator(&self) -> Result<Annotator> {
        self.check()?;
        let backend = self.backend();
        let model = match &self.model {
            None => Model::embedded_on(backend).context("cannot load the built-in model"),
            Some(dir) => {
                Model::load_on(backend, dir).with_context(|| format!("cannot load the model in {}", dir.display()))
            }
        };
        model.map(Annotator::new)
    }

    fn backend(&self) -> encoder::Backend {
        match self.backend {
            Backend::Embedded => encoder::Backend::Embedded,
            Backend::RustBert => encoder::Backend::RustBert {
                device: self.device.unwrap_or_default(),
                precision: self.precision.map(Into::into).unwrap_or_default(),
            },
        }
    }

    /// The number of threads asked for, or one a core.
    pub fn threads(&self) -> NonZeroUsize {
        let asked = self.threads.and_then(|threads| NonZeroUsize::new(threads.into()));
        asked.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
    }

    /// Which model it is.
    pub fn model_id(&self) -> Result<ModelId> {
        let sha256 = Model::fingerprint(self.backend(), self.model.as_deref()).context("cannot read the model")?;
        let name = self.model.as_ref().map_or_else(|| "built-in".to_owned(), |dir| dir.display().to_string());
        Ok(ModelId { name, sha256 })
    }

    /// The options of the backend that make a difference to the result, by name.
    pub fn options(&self) -> Vec<(&'static str, String)> {
        match self.backend() {
            encoder::Backend::RustBert { device, precision } => vec![
                ("backend", "rust-bert".to_owned()),
                ("device", device.to_string()),
                ("precision", precision.to_string()),
            ],
            _ => vec![("backend", "embedded".to_owned())],
        }
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
