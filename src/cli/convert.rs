//! `dixit convert`: labelled documents of any format in, dixit's JSONL or brat's files out.

use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum, ValueHint};
use dixit::eval::gold::{self, Columns, Format, Options};
use dixit::eval::{Labelled, write};

use super::output::Output;
use super::say;

/// Turn labelled documents into dixit's JSONL or into files for the annotation tool brat.
///
/// The labels may be dixit's own (gold, or what annotate wrote), brat's or PolNeAR's, CofeNet's, PARC3's, PDNC's,
/// LitBank's, GUM's or a CSV table; which they are is recognised if --from does not say. docs/gold-formats.md describes
/// all of them. Every span is checked against the text; what is broken is left out and told of, with file and line.
///
/// Exit status: 0 if everything was converted, 1 if something was left out, 2 if nothing could be done.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Convert {
    /// The file or folder with the labels
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    path: PathBuf,

    #[command(flatten)]
    reading: Reading,

    /// What to write: one line a document, or a folder for brat
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    to: Target,

    /// Write to this file (jsonl; standard output if there is none) or this folder (brat)
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    output: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  dixit convert polnear/data/dev -o dev.gold.jsonl
  dixit convert dev.gold.jsonl --to brat -o look/
  dixit convert look/ -o corrected.gold.jsonl
  dixit convert valid.txt --texts articles/ -o valid.gold.jsonl
  dixit convert labels.csv --texts articles/ --column content_start=begin --column content_end=end";

/// How labels are read, whatever is done with them.
#[derive(Debug, Args)]
pub struct Reading {
    /// The format of the labels [default: recognised by what is in the files]
    #[arg(long, value_name = "FORMAT", value_parser = parse_format)]
    from: Option<Format>,

    /// Where the texts are, as NAME.txt, if the labels do not hold them
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    texts: Option<PathBuf>,

    /// Which column of a CSV table is meant, where its header calls it otherwise; may be repeated
    #[arg(long = "column", value_name = "FIELD=HEADER", value_parser = parse_column)]
    columns: Vec<(String, String)>,

    /// Read only what this annotator says, where there are several
    #[arg(long, value_name = "NAME")]
    annotator: Option<String>,
}

impl Reading {
    /// The same for the library.
    pub fn options(self) -> Options {
        Options { format: self.from, texts: self.texts, columns: Columns(self.columns), annotator: self.annotator }
    }
}

/// What to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Target {
    /// dixit's gold format, one JSON object a document
    #[default]
    Jsonl,
    /// A folder of .txt and .ann files
    Brat,
}

fn parse_format(name: &str) -> Result<Format, String> {
    name.parse()
}

fn parse_column(argument: &str) -> Result<(String, String), String> {
    let (field, header) = argument.split_once('=').ok_or("not of the form FIELD=HEADER")?;
    if !gold::FIELDS.contains(&field) {
        return Err(format!("there is no field {field:?}; there are {}", gold::FIELDS.join(", ")));
    }
    Ok((field.to_owned(), header.to_owned()))
}

impl Convert {
    /// Converts; 1 is the exit status if something was left out.
    pub fn run(self) -> Result<ExitCode> {
        let read = gold::read(&self.path, &self.reading.options())?;
        for warning in &read.warnings {
            say(format_args!("{warning}"));
        }
        match (self.to, self.output) {
            (Target::Jsonl, output) => {
                let mut output = output.as_deref().map_or_else(|| Ok(Output::stdout()), Output::file)?;
                for labelled in &read.documents {
                    write::jsonl::write(&mut output, labelled).context("cannot write the output")?;
                }
                output.commit()?;
            }
            (Target::Brat, None) => bail!("brat needs a folder; name one with --output"),
            (Target::Brat, Some(folder)) => {
                if folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
                    bail!("{} is not empty; name a new folder", folder.display());
                }
                let context = || format!("cannot write into {}", folder.display());
                write::brat::write(&folder, &read.documents).with_context(context)?;
            }
        }
        say(format_args!("{}", Summary(&read.documents, read.warnings.len())));
        Ok(if read.warnings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// How much was converted, in one line.
struct Summary<'a>(&'a [Labelled], usize);

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attributions = || self.0.iter().flat_map(|it| &it.attributions);
        let named = attributions().filter(|it| it.speaker.is_some()).count();
        let counted = |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
        let (documents, attributions) =
            (counted(self.0.len(), "document"), counted(attributions().count(), "attribution"));
        write!(f, "{documents}, {attributions}, {named} with a speaker")?;
        if self.1 > 0 { write!(f, "; {} left out", self.1) } else { Ok(()) }
    }
}
