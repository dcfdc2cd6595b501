//! What `annotate` writes.

use std::io::Write;
use std::path::Path;

use clap::ValueEnum;
use dixit::corpus::csv::CsvWriter;
use dixit::corpus::jsonl::JsonlWriter;
use dixit::corpus::pretty::PrettyWriter;
use dixit::corpus::{Gathering, Writer};

/// A format of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON object a document
    Jsonl,
    /// One row a statement
    Csv,
    /// For people: the statements by speaker
    Pretty,
}

/// How the format for people looks.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Columns of a line.
    pub width: usize,
    /// Whether it has colours.
    pub coloured: bool,
}

impl Format {
    /// The format that an output of this name has if none is asked for.
    pub fn of_name(path: &Path) -> Self {
        match path.extension() {
            Some(extension) if extension.eq_ignore_ascii_case("csv") => Self::Csv,
            _ => Self::Jsonl,
        }
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Pretty => "pretty",
        }
    }

    /// What the names of its files end in.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Pretty => "txt",
        }
    }

    /// How one file is made of several parts.
    pub fn gathering(self) -> Gathering {
        match self {
            Self::Jsonl | Self::Csv | Self::Pretty => Gathering::Append,
        }
    }

    /// A writer to `output`; `continuing` if what it writes is appended to what an earlier one wrote.
    pub fn writer<'o>(self, output: Box<dyn Write + Send + 'o>, continuing: bool, look: Look) -> Box<dyn Writer + 'o> {
        match self {
            Self::Jsonl => Box::new(JsonlWriter::new(output)),
            Self::Csv if continuing => Box::new(CsvWriter::new(output).continuing()),
            Self::Csv => Box::new(CsvWriter::new(output)),
            Self::Pretty => {
                let writer = PrettyWriter::new(output, look.width, look.coloured);
                Box::new(if continuing { writer.continuing() } else { writer })
            }
        }
    }
}
