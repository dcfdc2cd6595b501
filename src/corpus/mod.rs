//! Documents in, annotations out: the formats dixit reads and writes, one file a format.
//!
//! [`find`] turns what the user names into [`Source`]s, a [`Reader`] turns these into documents, and a [`Writer`] puts
//! what was found in them on paper. A document that cannot be read is a [`Failure`] with its place, its reason and its
//! mend, and never the end of the run.
//!
//! | Format | Read | Written |
//! |---|---|---|
//! | plain text | one document a file | |
//! | JSONL | `id`, `text`; other fields are handed through | one object a document, see [`jsonl`] |
//! | CSV, TSV | one document a row, the columns by name; others are handed through | one row a statement, see [`csv`] (CSV only) |
//! | Parquet, Arrow IPC | the same; need the feature `arrow` | one row a statement, see [`table`] |
//! | HTML | the article of one page; needs the feature `web` | |
//! | WARC | the article of each page that a crawl stored; needs the feature `web` | |
//! | brat | | a folder of texts and annotations, see [`crate::eval::write::brat`] |
//! | pretty | | for people, by speaker; needs the feature `cli` |
//!
//! Everything may be compressed (gzip, zstd, bzip2, xz) or lie in zip archives, with the feature `compression`. What a
//! file is, its first bytes tell before its name does.
//!
//! Text that is not UTF-8 is decoded, and of web pages only the article is a document's text. Offsets always refer to
//! the text of the [`Document`]; where it was extracted from a page, the document carries it in its field `text`, too.

pub mod annotated;
mod archive;
mod columnar;
mod compression;
pub mod confidence;
pub mod csv;
mod delimited;
mod detect;
mod encoding;
#[cfg(test)]
mod example;
mod failure;
mod gathering;
mod html;
#[cfg(feature = "web")]
mod http;
mod ids;
pub mod jsonl;
pub mod labels;
mod limit;
mod names;
mod options;
#[cfg(feature = "cli")]
pub mod pretty;
mod reader;
mod sources;
mod stream;
#[cfg(feature = "arrow")]
pub mod table;
mod text;
mod warc;

use std::io;

use crate::document::Document;
use crate::statement::Annotation;

pub use encoding::{Encoding, UnknownEncoding};
pub use failure::{Cause, Failure, Place, Unit};
pub use gathering::Gathering;
pub use options::{Format, ReadOptions};
pub use reader::{Item, Reader};
pub use sources::{Input, Source, find};
pub use stream::{Meter, PassedOver};

/// Writes annotated documents in one format, in the order in which they are handed over.
pub trait Writer {
    /// Writes what was found in one document.
    fn write(&mut self, document: &Document, annotation: &Annotation) -> io::Result<()>;

    /// Writes what is due even if there were no documents, and hands everything to the output underneath.
    fn finish(&mut self) -> io::Result<()>;
}
