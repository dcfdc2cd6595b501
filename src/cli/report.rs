//! What the user hears of a run: failures, progress, a summary.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Result};
use dixit::corpus::Failure;
use dixit::statement::Annotation;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use super::output::folder_of;
use super::say;

/// Keeps count of a run and tells of it on standard error.
pub struct Report {
    bar: ProgressBar,
    errors: Option<File>,
    documents: u64,
    failed: u64,
    statements: u64,
}

impl Report {
    /// A report that also writes failures to the file `errors`, as JSONL.
    pub fn new(errors: Option<&Path>) -> Result<Self> {
        let create = |path: &Path| {
            let folder = folder_of(path);
            anyhow::ensure!(
                folder.is_dir(),
                "cannot write {}: there is no folder {}; create it first",
                path.display(),
                folder.display()
            );
            File::create(path).with_context(|| format!("cannot write {}", path.display()))
        };
        let errors = errors.map(create).transpose()?;
        Ok(Self { bar: ProgressBar::hidden(), errors, documents: 0, failed: 0, statements: 0 })
    }

    /// Shows progress from now on; `bytes` is the size of the input, if it is known.
    pub fn show_progress(&mut self, bytes: Option<u64>) {
        let (bar, template) = match bytes {
            Some(bytes) => (ProgressBar::new(bytes), "{wide_bar} {percent:>3} %  {msg}  {eta} left"),
            None => (ProgressBar::new_spinner(), "{spinner} {msg}  {elapsed}"),
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        self.bar = bar;
    }

    /// Counts a document and what was found in it.
    pub fn annotated(&mut self, annotation: &Annotation) {
        self.documents += 1;
        self.statements += annotation.statements.len() as u64;
    }

    /// Tells of a document without annotation.
    pub fn failed(&mut self, failure: &Failure) -> Result<()> {
        self.failed += 1;
        self.bar.suspend(|| say(format_args!("{failure}")));
        if let Some(file) = &mut self.errors {
            let mut line = serde_json::to_vec(failure)?;
            line.push(b'\n');
            file.write_all(&line).context("cannot write the errors file")?;
        }
        Ok(())
    }

    /// Moves the progress on by so many bytes of input.
    pub fn advance(&self, bytes: u64) {
        self.bar.set_message(counted(self.documents, "document"));
        self.bar.inc(bytes);
    }

    /// Ends the progress and sums up, if there is something to tell or somebody to read it. Returns whether all went
    /// well.
    pub fn finish(self) -> bool {
        self.bar.finish_and_clear();
        if self.failed > 0 || io::stderr().is_terminal() {
            let found = format!("{} in {}", counted(self.statements, "statement"), counted(self.documents, "document"));
            match self.failed {
                0 => say(format_args!("{found}")),
                failed => say(format_args!("{found}; {} failed", HumanCount(failed))),
            }
        }
        self.failed == 0
    }
}

fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", HumanCount(number), if number == 1 { "" } else { "s" })
}
