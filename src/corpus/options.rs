//! How the input is to be read.

use super::encoding::Encoding;

/// What holds the documents. Compression and zip archives are looked through, whatever the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// Each file as what it is: by its first bytes, then by its name, then by its first line. What is nothing else is
    /// plain text.
    #[default]
    Auto,
    /// Plain text, one document a file; of a folder only `*.txt`.
    Text,
    /// JSONL; of a folder only `*.jsonl` and `*.ndjson`.
    Jsonl,
    /// CSV, with commas, semicolons or tabs; of a folder only `*.csv`, `*.tsv` and `*.tab`.
    Csv,
    /// Parquet; of a folder only `*.parquet` and `*.pq`.
    Parquet,
    /// Arrow IPC, file or stream; of a folder only `*.arrow`, `*.arrows`, `*.feather` and `*.ipc`.
    Arrow,
    /// Web pages, one document a file; of a folder only `*.html`, `*.htm` and `*.xhtml`.
    Html,
    /// WARC archives of web pages; of a folder only `*.warc`.
    Warc,
}

/// How the input is to be read: a [`Format`] and what it leaves open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// What holds the documents.
    pub format: Format,
    /// Column or field that holds the text; `text` if none is named.
    pub text_column: Option<String>,
    /// Column or field that holds the id. It must be there if it is named here; otherwise `id` is taken if it is there.
    pub id_column: Option<String>,
    /// The encoding of everything that is read; told for each document from its bytes if none is named.
    pub encoding: Option<Encoding>,
    /// The most bytes that a compressed file, or all the members of an archive, may become; if that is not said, 1 GiB or
    /// 200 times what is stored, whichever is more.
    pub max_unpacked: Option<u64>,
}

impl ReadOptions {
    /// Name of the column or field that holds the text.
    pub fn text_column(&self) -> &str {
        self.text_column.as_deref().unwrap_or("text")
    }

    /// Name of the column or field that holds the id.
    pub fn id_column(&self) -> &str {
        self.id_column.as_deref().unwrap_or("id")
    }
}

impl From<Format> for ReadOptions {
    fn from(format: Format) -> Self {
        Self { format, ..Self::default() }
    }
}
