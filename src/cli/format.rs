//! What `annotate` writes.

use std::io::{self, Write};
use std::path::Path;

use clap::ValueEnum;
use dixit::corpus::csv::CsvWriter;
use dixit::corpus::jsonl::JsonlWriter;
use dixit::corpus::pretty::PrettyWriter;
use dixit::corpus::table::ipc::{self, IpcWriter};
use dixit::corpus::table::parquet::{self, ParquetWriter};
use dixit::corpus::{Gathering, Writer};

/// A format of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
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
        let extension = path.extension().map(|it| it.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("csv") => Self::Csv,
            Some("parquet") => Self::Parquet,
            Some("arrow" | "feather" | "ipc") => Self::Arrow,
            _ => Self::Jsonl,
        }
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
            Self::Brat => "brat",
            Self::Pretty => "pretty",
        }
    }

    /// What the names of its files end in.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
            Self::Brat => "ann",
            Self::Pretty => "txt",
        }
    }

    /// How one file is made of several parts.
    pub fn gathering(self) -> Gathering {
        match self {
            Self::Jsonl | Self::Csv | Self::Pretty | Self::Brat => Gathering::Append,
            Self::Parquet => Gathering::Join(parquet::join),
            Self::Arrow => Gathering::Join(ipc::join),
        }
    }

    /// A writer to `output`; `continuing` if what it writes is appended to what an earlier one wrote.
    ///
    /// # Errors
    /// If `output` cannot be written to, or for brat, which writes folders.
    pub fn writer<'o>(
        self,
        output: Box<dyn Write + Send + 'o>,
        continuing: bool,
        look: Look,
    ) -> io::Result<Box<dyn Writer + 'o>> {
        Ok(match self {
            Self::Jsonl => Box::new(JsonlWriter::new(output)),
            Self::Csv if continuing => Box::new(CsvWriter::new(output).continuing()),
            Self::Csv => Box::new(CsvWriter::new(output)),
            Self::Pretty => {
                let writer = PrettyWriter::new(output, look.width, look.coloured);
                Box::new(if continuing { writer.continuing() } else { writer })
            }
            Self::Parquet => Box::new(ParquetWriter::new(output)?),
            Self::Arrow => Box::new(IpcWriter::new(output)?),
            Self::Brat => return Err(io::Error::other("brat's format is a folder")),
        })
    }
}
