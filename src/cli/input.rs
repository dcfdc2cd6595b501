//! How the input is read.

use clap::{Args, ValueEnum};
use dixit::corpus::{self, Encoding, ReadOptions};

/// How the input is read.
#[derive(Debug, Args)]
pub struct Input {
    /// How to read [auto: each file by its first bytes, then by its name, then by its first line]
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    input_format: Format,

    /// Column or field that holds the text [default: text]
    #[arg(long, value_name = "NAME")]
    text_column: Option<String>,

    /// Column or field that holds the id [default: id, if it is there]
    #[arg(long, value_name = "NAME")]
    id_column: Option<String>,

    /// Encoding of all the input, such as windows-1252 [default: UTF-8, or else told from the bytes of each document]
    #[arg(long, value_name = "LABEL")]
    encoding: Option<Encoding>,
}

/// How to read.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Format {
    #[default]
    Auto,
    /// Plain text, one document a file
    Text,
    /// One JSON object a line
    Jsonl,
    /// A table with commas, semicolons or tabs, one document a row
    #[value(alias = "tsv")]
    Csv,
    /// A Parquet file, one document a row
    Parquet,
    /// An Arrow IPC (Feather) file or stream, one document a row
    #[value(alias = "feather")]
    Arrow,
    /// A web page, whose article is the document
    Html,
    /// A web archive of pages, such as Common Crawl's
    Warc,
}

impl Input {
    /// The options that were given, by name.
    pub fn described(&self) -> Vec<(&'static str, String)> {
        let format = self.input_format.to_possible_value().map(|it| it.get_name().to_owned());
        let encoding = self.encoding.map(|it| format!("{it:?}"));
        let given = [
            ("input-format", format),
            ("text-column", self.text_column.clone()),
            ("id-column", self.id_column.clone()),
            ("encoding", encoding),
        ];
        given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// What the library is told.
    pub fn options(&self) -> ReadOptions {
        ReadOptions {
            format: self.input_format.into(),
            text_column: self.text_column.clone(),
            id_column: self.id_column.clone(),
            encoding: self.encoding,
        }
    }
}

impl From<Format> for corpus::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Auto => Self::Auto,
            Format::Text => Self::Text,
            Format::Jsonl => Self::Jsonl,
            Format::Csv => Self::Csv,
            Format::Parquet => Self::Parquet,
            Format::Arrow => Self::Arrow,
            Format::Html => Self::Html,
            Format::Warc => Self::Warc,
        }
    }
}
