//! `dixit compare`: whether one system is better than another.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueHint};
use dixit::eval;
use dixit::eval::report::Comparison;

use super::convert::Reading;
use super::evaluate::{print, write_json};
use super::scoring::{self, Scoring};
use super::tables;

/// Tell whether two systems differ on the same gold by more than chance.
///
/// For every figure of the protocols: both systems, the difference (B less A) with its 95 % interval, and two p-values, of
/// the paired bootstrap over documents and of approximate randomization. A small p says that chance makes such a difference
/// rarely; one below 0.05 among twenty figures is what chance makes, too.
///
/// Exit status: 0 if everything was compared, 1 if something was skipped, 2 if nothing could be done.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Compare {
    /// What the first system found, in any format that convert reads
    #[arg(value_name = "A", value_hint = ValueHint::AnyPath)]
    a: PathBuf,

    /// What the second system found
    #[arg(value_name = "B", value_hint = ValueHint::AnyPath)]
    b: PathBuf,

    /// The labelled documents; may be repeated
    #[arg(long, required = true, value_name = "GOLD", value_hint = ValueHint::AnyPath)]
    gold: Vec<PathBuf>,

    #[command(flatten)]
    scoring: Scoring,

    #[command(flatten)]
    reading: Reading,

    /// Write the result to this file as JSON; - is standard output, instead of the table
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    json: Option<PathBuf>,

    /// Number of threads [default: one a core]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

const EXAMPLES: &str = "\
Examples:
  dixit compare old.jsonl new.jsonl --gold dev.gold.jsonl
  dixit compare a.jsonl b.jsonl --gold polnear/data/dev --protocol headline,pareti --resamples 10000";

impl Compare {
    /// Compares; 1 is the exit status if something was left out.
    pub fn run(self) -> Result<ExitCode> {
        let options = self.reading.options();
        let gold = scoring::gold(&self.gold, &options)?;
        let a = self.scoring.predictions(&self.a, &options, &gold.documents)?;
        let b = self.scoring.predictions(&self.b, &options, &gold.documents)?;
        // 0 is one a core.
        let pool = scoring::pool(self.threads.unwrap_or(0).into())?;
        let settings = self.scoring.settings();
        let comparison = pool.install(|| eval::compare(&gold.documents, &a.documents, &b.documents, &settings));
        let comparison = Comparison {
            a: self.a.display().to_string(),
            b: self.b.display().to_string(),
            gold: scoring::named(&self.gold),
            ..comparison.map_err(scoring::mended)?
        };
        let complete = [(&a, &comparison.a), (&b, &comparison.b)]
            .map(|(labels, file)| scoring::tell_missing(&gold.documents, &labels.documents, file));
        if let Some(path) = &self.json {
            write_json(path, &comparison)?;
        }
        if self.json.as_deref() != Some(Path::new("-")) {
            print(&tables::comparison(&comparison))?;
        }
        let whole = gold.whole && a.whole && b.whole && complete == [true; 2];
        Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
