//! `dixit consolidate`: the same quotations and speakers over many documents.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum, ValueHint};
use dixit::consolidate::tables::{self, Table};
use dixit::consolidate::{Consolidated, Gathering, Prepared, consolidate};
use dixit::corpus::{self, Failure, Input, Source, annotated::Reader};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use super::format as annotate;
use super::output::Output;
use super::say;

/// Find the same quotations and speakers in many documents.
///
/// Reads the JSONL that annotate writes, and makes two tables of it: one row a quotation and one row a speaker. A
/// quotation is what several documents quote in the same words but for a few, whole or trimmed; "Ned Price", "Price" and
/// "State Department spokesman Ned Price" become one speaker where the names or the quotations prove it. Where documents
/// name different speakers for a quotation, they vote. docs/consolidate.md describes all of it.
///
/// Of a folder, all *.jsonl files in it and in the folders below are read, sorted by name.
///
/// Exit status: 0 if all was read, 1 if some lines were left out, 2 if nothing could be done.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Consolidate {
    /// Files and folders that annotate wrote; - is standard input
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,

    /// Write the quotations to this file [default: standard output, if no other table is asked for]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    quotations: Option<PathBuf>,

    /// Write the speakers to this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    speakers: Option<PathBuf>,

    /// Write the statements to this file: which quotation each is, its own speaker and the one voted for
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    members: Option<PathBuf>,

    /// What to write [default: csv, parquet or arrow for a file so called, otherwise jsonl]
    #[arg(short, long, value_enum)]
    format: Option<Format>,

    /// Number of threads [default: one a core]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,

    /// Also write what could not be read to this file, as JSONL: id, place, reason, mend
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    errors: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  dixit annotate articles/ -o statements.jsonl
  dixit consolidate statements.jsonl --quotations quotations.csv --speakers speakers.csv
  dixit consolidate parts/ --quotations q.jsonl --members m.jsonl
  dixit consolidate 2023.jsonl 2024.jsonl | jq -r 'select(.documents > 9) | [.speaker, .content] | @tsv'";

/// What to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON object a row
    Jsonl,
    /// A header, then one line a row
    Csv,
    /// Typed columns
    Parquet,
    /// The same as an Arrow IPC (Feather) file
    Arrow,
}

impl Consolidate {
    /// Consolidates; 1 is the exit status if some lines were left out, 2 if there are none to read.
    pub fn run(self) -> Result<ExitCode> {
        let threads = usize::from(self.threads.unwrap_or(0));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.context("cannot start the threads; try fewer with --threads")?.install(|| self.consolidate())
    }

    fn consolidate(&self) -> Result<ExitCode> {
        let sources = corpus::find(&self.paths, corpus::Format::Jsonl);
        self.check_targets(&sources)?;
        let mut failures = Failures::new(self.errors.as_deref())?;
        if sources.iter().all(Result::is_err) {
            sources.iter().filter_map(|source| source.as_ref().err()).try_for_each(|it| failures.tell(it))?;
            failures.finish()?;
            return Ok(ExitCode::from(2));
        }
        let mut outputs = Vec::new();
        for (table, path) in self.targets() {
            let output = path.map_or_else(|| Ok(Output::stdout()), Output::file)?;
            outputs.push((table, self.format_of(path), output));
        }
        let gathering = gather(sources, &mut failures)?;
        let consolidated = consolidate(gathering);
        for (table, format, mut output) in outputs {
            tables::write(&consolidated, table, format, &mut output).context("cannot write the output")?;
            output.commit()?;
        }
        let failed = failures.finish()?;
        if failed > 0 || io::stderr().is_terminal() {
            summarize(&consolidated, failed);
        }
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// The tables asked for, and where they go; `None` is standard output.
    fn targets(&self) -> Vec<(Table, Option<&Path>)> {
        let all = [
            (Table::Quotations, &self.quotations),
            (Table::Speakers, &self.speakers),
            (Table::Statements, &self.members),
        ];
        let named: Vec<_> = all.into_iter().filter(|(_, path)| path.is_some()).collect();
        if named.is_empty() {
            return vec![(Table::Quotations, None)];
        }
        named.into_iter().map(|(table, path)| (table, path.as_deref())).collect()
    }

    fn format_of(&self, path: Option<&Path>) -> tables::Format {
        let asked = self.format.map(|format| match format {
            Format::Jsonl => tables::Format::Jsonl,
            Format::Csv => tables::Format::Csv,
            Format::Parquet => tables::Format::Parquet,
            Format::Arrow => tables::Format::Arrow,
        });
        let named = || match annotate::Format::of_name(path?) {
            annotate::Format::Csv => Some(tables::Format::Csv),
            annotate::Format::Parquet => Some(tables::Format::Parquet),
            annotate::Format::Arrow => Some(tables::Format::Arrow),
            _ => None,
        };
        asked.or_else(named).unwrap_or(tables::Format::Jsonl)
    }

    /// Refuses to write over the input, or twice to the same file.
    fn check_targets(&self, sources: &[Result<Source, Failure>]) -> Result<()> {
        let targets: Vec<&PathBuf> =
            [&self.quotations, &self.speakers, &self.members, &self.errors].into_iter().flatten().collect();
        for (at, target) in targets.iter().enumerate() {
            if targets[..at].contains(target) {
                bail!("{} is named twice; give every table a file of its own", target.display());
            }
            let Ok(full) = fs::canonicalize(target) else { continue };
            let is_input = |source: &Source| match &source.input {
                Input::File(path) => {
                    path.file_name() == full.file_name() && path.canonicalize().is_ok_and(|it| it == full)
                }
                Input::Stdin => false,
            };
            if sources.iter().flatten().any(is_input) {
                bail!("{} is also an input, which would be lost; write to another file", target.display());
            }
        }
        Ok(())
    }
}

/// Reads all of the sources.
fn gather(sources: Vec<Result<Source, Failure>>, failures: &mut Failures) -> Result<Gathering> {
    let bar = progress(sources.iter().flatten().map(Source::size).sum());
    let (mut gathering, mut reader, mut result) = (Gathering::default(), Reader::default(), Ok(()));
    let meter = reader.meter();
    for source in sources {
        match source {
            Err(failure) => bar.suspend(|| failures.tell(&failure))?,
            Ok(source) => reader.read(&source, Prepared::from, |document| {
                match document {
                    Ok(document) => gathering.add(document),
                    Err(failure) if result.is_ok() => result = bar.suspend(|| failures.tell(&failure)),
                    Err(_) => {}
                }
                bar.set_position(meter.bytes());
            }),
        }
    }
    bar.finish_and_clear();
    result.map(|()| gathering)
}

/// A bar for somebody who watches; `bytes` is the size of the input, if it is known.
fn progress(bytes: Option<u64>) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match bytes {
        Some(bytes) => (ProgressBar::new(bytes), "{wide_bar} {percent:>3} %  {eta} left"),
        None => (ProgressBar::new_spinner(), "{spinner} {elapsed}"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn summarize(consolidated: &Consolidated, failed: u64) {
    let counted = |number: usize, noun: &str| {
        format!("{} {noun}{}", HumanCount(number as u64), if number == 1 { "" } else { "s" })
    };
    let found = format!(
        "{} in {}: {} by {}",
        counted(consolidated.statements.len(), "statement"),
        counted(consolidated.documents.len(), "document"),
        counted(consolidated.quotations.len(), "quotation"),
        counted(consolidated.speakers.len(), "speaker"),
    );
    match failed {
        0 => say(format_args!("{found}")),
        failed => say(format_args!("{found}; {} failed", HumanCount(failed))),
    }
}

/// Keeps count of what could not be read, and tells of it.
struct Failures {
    file: Option<Output>,
    count: u64,
}

impl Failures {
    fn new(path: Option<&Path>) -> Result<Self> {
        Ok(Self { file: path.map(Output::file).transpose()?, count: 0 })
    }

    fn tell(&mut self, failure: &Failure) -> Result<()> {
        self.count += 1;
        say(format_args!("{failure}"));
        if let Some(file) = &mut self.file {
            let mut line = serde_json::to_vec(failure)?;
            line.push(b'\n');
            file.write_all(&line).context("cannot write the errors file")?;
        }
        Ok(())
    }

    /// How many there were.
    fn finish(self) -> Result<u64> {
        self.file.map(Output::commit).transpose()?;
        Ok(self.count)
    }
}
