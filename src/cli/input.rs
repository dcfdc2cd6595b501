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

    /// Most bytes that a compressed file, or all members of an archive, may become: 500M, 20G, 1T [default: 1G, or 200 times
    /// what is stored, if that is more]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    max_unpacked: Option<u64>,
}

/// A number of bytes, with or without a unit: 1024, 500M.
fn parse_size(argument: &str) -> Result<u64, String> {
    const UNITS: [char; 4] = ['K', 'M', 'G', 'T'];
    let unit = UNITS.iter().position(|unit| argument.to_ascii_uppercase().ends_with(*unit));
    let number = if unit.is_some() { &argument[..argument.len() - 1] } else { argument };
    let factor = unit.map_or(1, |unit| 1_u64 << (10 * (unit + 1)));
    let bytes = number.parse().ok().and_then(|number: u64| number.checked_mul(factor));
    bytes.ok_or_else(|| "not a number of bytes; give for instance 500M, 20G or 1T".to_owned())
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
        let encoding = self.encoding.map(|it| it.to_string());
        let given = [
            ("input-format", format),
            ("text-column", self.text_column.clone()),
            ("id-column", self.id_column.clone()),
            ("encoding", encoding),
            ("max-unpacked", self.max_unpacked.map(|it| it.to_string())),
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
            max_unpacked: self.max_unpacked,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (argument, expected) in [
            ("7", Some(7)),
            ("2k", Some(2048)),
            ("500M", Some(500 << 20)),
            ("1T", Some(1 << 40)),
            ("G", None),
            ("-1", None),
        ] {
            assert_eq!(parse_size(argument).ok(), expected, "{argument}");
        }
        assert!(parse_size("99999999T").is_err() && parse_size("1.5G").is_err() && parse_size("").is_err());
    }
}
