//! `dixit annotate`: documents in, statements out.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, ColorChoice, ValueEnum, ValueHint};
use dixit::corpus::csv::CsvWriter;
use dixit::corpus::jsonl::JsonlWriter;
use dixit::corpus::pretty::PrettyWriter;
use dixit::corpus::table::ipc::IpcWriter;
use dixit::corpus::table::parquet::ParquetWriter;
use dixit::corpus::{self, Failure, Input, Reader, Source, Writer, confidence};
use dixit::eval::write::brat::Folder;
use dixit::pipeline::Annotator;
use dixit::run::{self, RunError};

use super::engine::Engine;
use super::input as reading;
use super::output::Output;
use super::report::Report;

/// Find the statements of documents.
///
/// A plain text file is one document. Its id is its path below the folder that holds all the input, without ".txt":
/// "a" for news/a.txt alone or for the folder news, "2024/a" for the folders news/2023 and news/2024 together. The text
/// is taken as it stands, with a byte order mark and CR LF line ends if it has them; offsets count its code points.
///
/// A JSONL file is one document a line: an object with "text" and "id" (if that is missing, the file's name and the
/// line's number). All other fields come out again after dixit's own; "statements" and "speakers" come out as
/// "input_statements" and "input_speakers". A CSV, TSV, Parquet or Arrow file is one document a row, its columns like the
/// fields of JSONL.
///
/// Of a web page (HTML, or a response in a WARC archive) the article is the document. Offsets refer to the article's
/// text, which comes out in the field "text" of JSONL output.
///
/// All of them may be compressed (gzip, zstd, bzip2, xz) or lie in a zip archive, which is read as a folder is. Text that
/// is not UTF-8 is decoded; offsets refer to the decoded text.
///
/// Of a folder, all files in it and in the folders below are read whose names speak of one of these formats (*.txt,
/// *.jsonl, *.csv, *.parquet, *.html, *.warc.gz, …), sorted by name, except hidden ones, READMEs and *.gold.jsonl.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Annotate {
    /// Files and folders to read; - is standard input
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,

    /// Write to this file, which appears when it is complete, or for brat into this new folder
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,

    /// What to write [default: pretty on a terminal, csv, parquet or arrow for an output file so called,
    /// otherwise jsonl]
    #[arg(short, long, value_enum)]
    format: Option<Format>,

    #[command(flatten)]
    input: reading::Input,

    /// Leave out statements with less confidence than this, from 0 to 1
    #[arg(long, value_name = "X", value_parser = parse_confidence, default_value = "0")]
    min_confidence: f64,

    #[command(flatten)]
    engine: Engine,

    /// Also write the documents that failed to this file, as JSONL: id, place, reason, mend
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    errors: Option<PathBuf>,

    /// Colours in pretty output; auto heeds NO_COLOR
    #[arg(long, value_name = "WHEN", default_value_t)]
    color: ColorChoice,
}

const EXAMPLES: &str = "\
Examples:
  dixit annotate article.txt
  dixit annotate articles/ -o statements.jsonl --errors failed.jsonl
  dixit annotate 2023/ 2024/ more.jsonl -o statements.csv --min-confidence 0.8
  dixit annotate news.parquet --text-column body --id-column url -o statements.jsonl
  dixit annotate CC-NEWS-20240502.warc.gz -o statements.jsonl
  dixit annotate articles/ | jq -r '.statements[] | [.speaker.name, .content[0].text] | @tsv'
  curl -s https://example.org/story.html | dixit annotate -";

/// What to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON object a document
    Jsonl,
    /// One row a statement
    Csv,
    /// One row a statement, typed columns
    Parquet,
    /// The same as an Arrow IPC (Feather) file
    Arrow,
    /// A folder of .txt and .ann files for the annotation tool brat
    Brat,
    /// For people: the statements by speaker
    Pretty,
}

impl Format {
    /// The format that an output of this name has if none is asked for.
    fn of_name(path: &Path) -> Self {
        let extension = path.extension().map(|it| it.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("csv") => Self::Csv,
            Some("parquet") => Self::Parquet,
            Some("arrow" | "feather" | "ipc") => Self::Arrow,
            _ => Self::Jsonl,
        }
    }
}

/// A confidence from 0 to 1.
pub fn parse_confidence(argument: &str) -> Result<f64, String> {
    let number = argument.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "not a number from 0 to 1".to_owned())
}

impl Annotate {
    /// Annotates; 1 is the exit status if some documents failed, 2 if there are none.
    pub fn run(self) -> Result<ExitCode> {
        let sources = corpus::find(&self.paths, self.input.options().format);
        self.check_targets(&sources)?;
        let mut report = Report::new(self.errors.as_deref())?;
        if sources.iter().all(Result::is_err) {
            sources.iter().filter_map(|source| source.as_ref().err()).try_for_each(|it| report.failed(it))?;
            return Ok(ExitCode::from(2));
        }
        let annotator = self.engine.annotator()?;
        if io::stderr().is_terminal() && !self.writes_to_terminal() {
            report.show_progress(total_size(&sources));
        }
        if self.format() == Format::Brat {
            let mut folder = self.folder()?;
            self.annotate(sources, &annotator, &mut folder, &mut report)?;
        } else {
            let mut output = self.output.as_deref().map_or_else(|| Ok(Output::stdout()), Output::file)?;
            self.annotate(sources, &annotator, &mut *self.writer(&mut output)?, &mut report)?;
            output.commit()?;
        }
        Ok(if report.finish() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn annotate(
        &self,
        sources: Vec<Result<Source, Failure>>,
        annotator: &Annotator,
        writer: &mut dyn Writer,
        report: &mut Report,
    ) -> Result<()> {
        let reader = Reader::new(sources, self.input.options());
        let annotate = |documents: &[_]| annotator.annotate(documents);
        let result = run::run(reader, annotate, self.engine.threads(), |outcome| -> Result<()> {
            match outcome.result {
                Ok((document, annotation)) => {
                    let annotation = confidence::at_least(annotation, self.min_confidence);
                    writer.write(&document, &annotation).context("cannot write the output")?;
                    report.annotated(&annotation);
                }
                Err(failure) => report.failed(&failure)?,
            }
            report.advance(outcome.bytes);
            Ok(())
        });
        match result {
            Ok(()) => writer.finish().context("cannot write the output"),
            Err(RunError::Stopped(error)) => Err(error),
            Err(RunError::Threads(error)) => Err(error).context("cannot start the threads; try fewer with --threads"),
        }
    }

    /// Refuses to write over the input, or twice to the same file.
    fn check_targets(&self, sources: &[Result<Source, Failure>]) -> Result<()> {
        if self.output.is_some() && self.output == self.errors {
            bail!("--output and --errors name the same file; give them two");
        }
        self.engine.check()?;
        for target in [&self.output, &self.errors].into_iter().flatten() {
            if sources.iter().flatten().any(|source| is_same_file(source, target)) {
                bail!("{} is also an input, which would be lost; write to another file", target.display());
            }
        }
        Ok(())
    }

    fn writes_to_terminal(&self) -> bool {
        self.output.is_none() && io::stdout().is_terminal()
    }

    fn format(&self) -> Format {
        let unnamed = if self.writes_to_terminal() { Format::Pretty } else { Format::Jsonl };
        self.format.unwrap_or_else(|| self.output.as_deref().map_or(unnamed, Format::of_name))
    }

    fn writer<'o>(&self, output: &'o mut Output) -> Result<Box<dyn Writer + 'o>> {
        let begun = "cannot write the output";
        Ok(match self.format() {
            Format::Csv => Box::new(CsvWriter::new(output)),
            Format::Parquet => Box::new(ParquetWriter::new(output).context(begun)?),
            Format::Arrow => Box::new(IpcWriter::new(output).context(begun)?),
            Format::Pretty => self.pretty(output),
            Format::Jsonl | Format::Brat => Box::new(JsonlWriter::new(output)),
        })
    }

    /// The new folder for brat's files.
    fn folder(&self) -> Result<Folder> {
        let Some(path) = &self.output else { bail!("brat needs a folder; name one with --output") };
        if path.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
            bail!("{} is not empty; name a new folder", path.display());
        }
        Folder::create(path).with_context(|| format!("cannot write into {}", path.display()))
    }

    fn pretty<'o>(&self, output: &'o mut Output) -> Box<dyn Writer + 'o> {
        // Lines of more than a hundred columns are hard to read.
        let width = if self.writes_to_terminal() { textwrap::termwidth().min(100) } else { 80 };
        let coloured = match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                self.output.is_none() && anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
            }
        };
        Box::new(PrettyWriter::new(output, width, coloured))
    }
}

/// The bytes to read, if that is known of all the sources.
fn total_size(sources: &[Result<Source, Failure>]) -> Option<u64> {
    sources.iter().flatten().map(Source::size).sum()
}

fn is_same_file(source: &Source, target: &Path) -> bool {
    let Input::File(input) = &source.input else { return false };
    // The names are compared first because they cost nothing: a folder may hold a million files.
    let same = |target: PathBuf| input.canonicalize().is_ok_and(|input| input == target);
    target.canonicalize().is_ok_and(|full| full.file_name() == input.file_name() && same(full))
}
