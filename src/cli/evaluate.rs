//! `dixit evaluate`: gold in, figures out.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum, ValueHint};
use dixit::corpus::{Item, Place};
use dixit::document::{Byte, Document, Span};
use dixit::eval::report::Report;
use dixit::eval::{self, Labelled};
use dixit::run::{self, RunError, Settings};
use dixit::view;

use super::account::Account;
use super::convert::Reading;
use super::engine::Engine;
use super::output::Output;
use super::report;
use super::scoring::{self, Labels, Scoring};
use super::tables;
use super::telling::Telling;

/// Score predictions against gold labels.
///
/// Without --predictions, dixit annotates the gold's texts itself. With it, a file of what dixit or another system found
/// is scored, in any of the formats that convert reads. Documents are paired by id; one without prediction is scored as if
/// nothing had been found in it.
///
/// The figures come with 95 % intervals, from resampling documents. Nobody is charged for finding what the gold does not
/// label: where it has no cues, cues are not scored.
///
/// Exit status: 0 if everything was scored, 1 if something was skipped or had no prediction, 2 if nothing could be done.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Evaluate {
    /// Files and folders with labelled documents, in any format that convert reads
    #[arg(required = true, value_name = "GOLD", value_hint = ValueHint::AnyPath)]
    gold: Vec<PathBuf>,

    /// Score this instead of annotating: what dixit or another system found
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    predictions: Option<PathBuf>,

    /// Hand the gold's quotations to dixit, so that only who says them is scored: the quotations take the place of the
    /// direct contents that dixit would find. Nothing else of the gold is handed over
    #[arg(long, value_name = "WHAT", conflicts_with = "predictions")]
    given: Option<Given>,

    #[command(flatten)]
    scoring: Scoring,

    #[command(flatten)]
    reading: Reading,

    /// Write everything, errors with their context included, to this file as JSON; - is standard output, instead of tables
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    json: Option<PathBuf>,

    /// Write a page with every figure, plots and the errors in their texts to this file as HTML; - is standard output,
    /// instead of tables
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    html: Option<PathBuf>,

    /// Also print the figures by mode, kind, speaker type, source form, naming and length, and the calibration
    #[arg(long)]
    breakdown: bool,

    #[command(flatten)]
    engine: Engine,
}

/// What dixit is told of the gold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Given {
    /// Where its quotations stand
    Quotations,
}

const EXAMPLES: &str = "\
Examples:
  dixit evaluate dev.gold.jsonl --breakdown
  dixit evaluate polnear/data/dev --protocol all --json scores.json
  dixit evaluate valid.txt --texts polnear/data/dev/text --protocol cofenet
  dixit evaluate pdnc/data --protocol pdnc --given quotations
  dixit evaluate dev.gold.jsonl --predictions other-system.jsonl --html report.html";

impl Evaluate {
    /// What is scored, in words.
    fn system(&self) -> String {
        match (&self.predictions, self.given) {
            (Some(predictions), _) => predictions.display().to_string(),
            (None, Some(Given::Quotations)) => format!("{}, given the quotations of the gold", self.engine.name()),
            (None, None) => self.engine.name(),
        }
    }

    /// Scores; 1 is the exit status if something was left out.
    pub fn run(self) -> Result<ExitCode> {
        let to_stdout = |path: &Option<PathBuf>| path.as_deref() == Some(Path::new("-"));
        if to_stdout(&self.json) && to_stdout(&self.html) {
            bail!("--json and --html cannot both go to standard output; name a file for one of them");
        }
        let system = self.system();
        let options = self.reading.options();
        let gold = scoring::gold(&self.gold, &options)?;
        let predicted = match &self.predictions {
            Some(path) => self.scoring.predictions(path, &options, &gold.documents)?,
            None => predict(&self.engine, &self.scoring, &gold.documents, self.given)?,
        };
        let pool = scoring::pool(self.engine.threads().get())?;
        let settings = self.scoring.settings();
        let report = pool.install(|| eval::evaluate(&gold.documents, &predicted.documents, &settings));
        let report = Report { system, gold: scoring::named(&self.gold), ..report.map_err(scoring::mended)? };
        let complete = scoring::tell_missing(&gold.documents, &predicted.documents, "");
        if let Some(path) = &self.json {
            write_json(path, &report)?;
        }
        if let Some(path) = &self.html {
            write_html(path, &report)?;
        }
        if !to_stdout(&self.json) && !to_stdout(&self.html) {
            print(&tables::report(&report, self.breakdown))?;
        }
        let whole = gold.whole && predicted.whole && complete;
        Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// What dixit says of the documents; those that fail are told of and left out.
fn predict(engine: &Engine, scoring: &Scoring, gold: &[Labelled], given: Option<Given>) -> Result<Labels> {
    let annotator = engine.annotator()?;
    let quotations: HashMap<&str, Vec<Vec<Span<Byte>>>> = match given {
        Some(Given::Quotations) => gold.iter().map(|it| (it.document.id.as_str(), it.quotations())).collect(),
        None => HashMap::new(),
    };
    let item = |labelled: &Labelled| Item {
        bytes: labelled.document.text.len() as u64,
        place: Place::file(labelled.document.id.as_str()),
        document: Ok(labelled.document.clone()),
    };
    let mut account = Account::default();
    let mut progress = report::Report::new(Telling::default(), &account);
    if io::stderr().is_terminal() {
        progress.show_progress(Some(gold.iter().map(|it| it.document.text.len() as u64).sum()));
    }
    let mut documents = Vec::with_capacity(gold.len());
    let annotate = |documents: &[Document]| match given {
        Some(Given::Quotations) => annotator.annotate_given(documents, |document| &quotations[document.id.as_str()]),
        None => annotator.annotate_measured(documents),
    };
    let items = gold.iter().map(item).collect::<Vec<_>>().into_iter();
    let result = run::run(items, annotate, Settings::new(engine.threads()), |chunk| {
        account.chunk(&chunk);
        for outcome in chunk.documents {
            account.read(&outcome);
            match outcome.result {
                Ok((document, annotation)) => {
                    account.annotated(&annotation);
                    documents.push(Labelled::from_annotation(document, &annotation));
                }
                Err(failure) => {
                    account.failed();
                    progress.failed(&failure);
                }
            }
        }
        progress.advance(&account, account.counts.bytes);
        Ok::<(), Infallible>(())
    });
    if let Err(RunError::Threads(error)) = result {
        return Err(error).context("cannot start the threads; try fewer with --threads");
    }
    progress.finish(&account, false);
    let whole = account.counts.failed == 0;
    Ok(Labels { documents: scoring.sure(documents), whole })
}

/// Writes a result as JSON.
pub fn write_json(path: &Path, result: &impl serde::Serialize) -> Result<()> {
    let mut output = output(path)?;
    serde_json::to_writer_pretty(&mut output, result).context("cannot write the JSON")?;
    output.write_all(b"\n").context("cannot write the JSON")?;
    output.commit()
}

/// Writes a report as an HTML page.
fn write_html(path: &Path, report: &Report) -> Result<()> {
    let mut output = output(path)?;
    view::report(report, &mut output).context("cannot write the HTML")?;
    output.commit()
}

/// The file of this name; standard output for -.
fn output(path: &Path) -> Result<Output> {
    if path == Path::new("-") { Ok(Output::stdout()) } else { Output::file(path) }
}

/// Prints tables to standard output.
pub fn print(tables: &str) -> Result<()> {
    let mut output = Output::stdout();
    output.write_all(tables.as_bytes())?;
    output.commit()
}
