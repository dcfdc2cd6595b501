//! Documents in, annotations out: the formats dixit reads and writes, one file a format.
//!
//! [`find`] turns what the user names into [`Source`]s, a [`Reader`] turns these into documents, and a [`Writer`] puts
//! what was found in them on paper. A document that cannot be read is a [`Failure`] with its place, its reason and its
//! mend, and never the end of the run.
//!
//! | Format | Read | Written |
//! |---|---|---|
//! | plain text | one document a file, UTF-8 | |
//! | JSONL | `id`, `text`; other fields are handed through | one object a document, see [`jsonl`] |
//! | CSV | | one row a statement, see [`csv`] |
//! | pretty | | for people, by speaker; needs the feature `cli` |

pub mod confidence;
pub mod csv;
#[cfg(test)]
mod example;
mod failure;
mod gathering;
mod ids;
pub mod jsonl;
pub mod labels;
#[cfg(feature = "cli")]
pub mod pretty;
mod reader;
mod sources;
mod text;

use std::io;

use crate::document::Document;
use crate::statement::Annotation;

pub use failure::{Cause, Failure, Place};
pub use gathering::Gathering;
pub use reader::{Item, Reader};
pub use sources::{Format, Input, Source, find};

/// Writes annotated documents in one format, in the order in which they are handed over.
pub trait Writer {
    /// Writes what was found in one document.
    fn write(&mut self, document: &Document, annotation: &Annotation) -> io::Result<()>;

    /// Writes what is due even if there were no documents, and hands everything to the output underneath.
    fn finish(&mut self) -> io::Result<()>;
}
