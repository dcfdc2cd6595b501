//! Where the results of a run go.

use std::fs::File;
use std::io::Write;

use anyhow::{Context, Result};
use dixit::corpus::{Failure, Writer};
use dixit::document::Document;
use dixit::statement::Annotation;

use super::account::Account;

/// Takes the results of a run, in order.
pub trait Delivery {
    /// Takes a document and what was found in it.
    fn write(&mut self, document: &Document, annotation: &Annotation) -> Result<()>;

    /// Takes a document without annotation.
    fn failed(&mut self, failure: &Failure) -> Result<()>;

    /// A part ends here; this is what was done so far.
    fn end_part(&mut self, account: &Account) -> Result<()>;
}

/// What goes to standard output, a pipe or a device as it comes.
pub struct Stream<'o> {
    writer: Box<dyn Writer + 'o>,
    errors: Option<File>,
}

impl<'o> Stream<'o> {
    /// Writes documents to `writer`, and failures to `errors` as JSONL.
    pub fn new(writer: Box<dyn Writer + 'o>, errors: Option<File>) -> Self {
        Self { writer, errors }
    }

    /// Hands out what is due in the end.
    pub fn finish(&mut self) -> Result<()> {
        self.writer.finish().context("cannot write the output")
    }
}

impl Delivery for Stream<'_> {
    fn write(&mut self, document: &Document, annotation: &Annotation) -> Result<()> {
        self.writer.write(document, annotation).context("cannot write the output")
    }

    fn failed(&mut self, failure: &Failure) -> Result<()> {
        self.errors.as_mut().map_or(Ok(()), |file| write_failure(file, failure))
    }

    fn end_part(&mut self, _: &Account) -> Result<()> {
        Ok(())
    }
}

/// Writes a failure as a line of JSON.
pub fn write_failure(file: &mut impl Write, failure: &Failure) -> Result<()> {
    let mut line = serde_json::to_vec(failure)?;
    line.push(b'\n');
    file.write_all(&line).context("cannot write the errors file")
}
