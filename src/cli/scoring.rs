//! What `evaluate` and `compare` have in common: gold, predictions, and how to score.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use dixit::corpus::confidence::shown;
use dixit::eval::gold::{self, Format, Options};
use dixit::eval::protocols::{self, Protocol};
use dixit::eval::statistics::Resampling;
use dixit::eval::{EvaluateError, Labelled, Settings};
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::annotate::parse_confidence;
use super::say;

/// How to score.
#[derive(Debug, Args)]
pub struct Scoring {
    /// Score by these protocols, or by all; docs/evaluation.md defines them
    #[arg(
        short,
        long,
        value_name = "NAME",
        value_delimiter = ',',
        default_value = "headline",
        value_parser = parse_protocol,
        long_help = protocols_help()
    )]
    protocol: Vec<Choice>,

    /// Number of times that the documents are resampled for the intervals; 0 for none
    #[arg(long, value_name = "N", default_value = "1000", value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    resamples: u32,

    /// Seed of the resampling
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,

    /// Leave out predictions with less confidence than this, from 0 to 1
    #[arg(long, value_name = "X", value_parser = parse_confidence, default_value = "0")]
    min_confidence: f64,

    /// The format of the predictions [default: recognised by what is in the file]
    #[arg(long, value_name = "FORMAT", value_parser = |name: &str| name.parse::<Format>())]
    predictions_from: Option<Format>,
}

/// A protocol by its name, or all.
#[derive(Debug, Clone, Copy)]
enum Choice {
    All,
    One(&'static str),
}

fn parse_protocol(name: &str) -> Result<Choice, String> {
    if name == "all" {
        return Ok(Choice::All);
    }
    let found = protocols::named(name).map(|it| Choice::One(it.name()));
    found.ok_or_else(|| format!("there are {} and all", protocols::ALL.map(|it| it.name()).join(", ")))
}

fn protocols_help() -> String {
    let lines = protocols::ALL.map(|it| format!("  {:12} {}", it.name(), it.definition()));
    format!(
        "Score by these protocols, or by all; separate names by commas, or repeat the option. docs/evaluation.md defines \
         them exactly.\n\n{}",
        lines.join("\n")
    )
}

/// Labels that were read, and whether all of them were.
pub struct Labels {
    /// The documents.
    pub documents: Vec<Labelled>,
    /// Whether nothing was skipped.
    pub whole: bool,
}

impl Scoring {
    /// The same for the library.
    pub fn settings(&self) -> Settings {
        let mut chosen: Vec<&'static dyn Protocol> = Vec::new();
        for choice in &self.protocol {
            match choice {
                Choice::All => chosen.extend(protocols::ALL),
                Choice::One(name) => chosen.extend(protocols::named(name)),
            }
        }
        let mut names = HashSet::new();
        chosen.retain(|it| names.insert(it.name()));
        Settings { protocols: chosen, resampling: Resampling { resamples: self.resamples as usize, seed: self.seed } }
    }

    /// What a system found in the gold's documents, tells what was skipped.
    pub fn predictions(&self, path: &Path, options: &Options, gold: &[Labelled]) -> Result<Labels> {
        let options = Options { format: self.predictions_from, annotator: None, ..options.clone() };
        let read = gold::read_predictions(path, &options, gold)?;
        read.warnings.iter().for_each(|warning| say(format_args!("{warning}")));
        Ok(Labels { whole: read.warnings.is_empty(), documents: self.sure(read.documents) })
    }

    /// The documents without the predictions that are less sure than asked for.
    pub fn sure(&self, mut documents: Vec<Labelled>) -> Vec<Labelled> {
        for document in &mut documents {
            document.attributions.retain(|it| it.confidence.is_none_or(|it| shown(it) >= self.min_confidence));
        }
        documents
    }
}

/// The gold of several files and folders, tells what was skipped.
pub fn gold(paths: &[PathBuf], options: &Options) -> Result<Labels> {
    let mut labels = Labels { documents: Vec::new(), whole: true };
    for path in paths {
        let read = gold::read(path, options)?;
        read.warnings.iter().for_each(|warning| say(format_args!("{warning}")));
        labels.whole &= read.warnings.is_empty();
        labels.documents.extend(read.documents);
    }
    Ok(labels)
}

/// Tells of documents that have no prediction, in the file named if there are several; whether there are none.
pub fn tell_missing(gold: &[Labelled], predicted: &[Labelled], file: &str) -> bool {
    let found: HashSet<&str> = predicted.iter().map(|it| it.document.id.as_str()).collect();
    let has = |it: &&Labelled| found.contains(it.document.id.as_str()) || found.contains(it.document.article());
    let missing: Vec<&str> = gold.iter().filter(|it| !has(it)).map(|it| it.document.id.as_str()).collect();
    let named = missing.iter().take(3).map(|id| format!("{id:?}")).collect::<Vec<_>>().join(", ");
    let more = if missing.len() > 3 { format!(" and {} more", missing.len() - 3) } else { String::new() };
    let place = if file.is_empty() { String::new() } else { format!("{file}: ") };
    if !missing.is_empty() {
        say(format_args!("{place}no prediction for {named}{more}; scored as if nothing had been found there"));
    }
    missing.is_empty()
}

/// What the user can do about an error.
pub fn mended(error: EvaluateError) -> anyhow::Error {
    let mend = match &error {
        EvaluateError::NoGold => "name files or folders with labelled documents",
        EvaluateError::DuplicateId(_) => "name each document once, or give it an id of its own",
        EvaluateError::OtherText(_) => "predict on the texts that were labelled",
        _ => "see docs/evaluation.md",
    };
    anyhow::anyhow!("{error}; {mend}")
}

/// Threads to score on.
pub fn pool(threads: usize) -> Result<ThreadPool> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    pool.context("cannot start the threads; try fewer with --threads")
}

/// The paths as the user named them.
pub fn named(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.display().to_string()).collect()
}
