//! Readers of labelled documents, one file a format, behind one entry.
//!
//! [`read`] gives [`Labelled`] documents whatever the format, which it recognises by itself if none is named. What is
//! broken in a file is skipped and told of in [`Read::warnings`], with file and line; only where nothing can be read at
//! all is there a [`GoldError`]. [`read_predictions`] does the same for what a system found, whose files need not hold
//! the texts. Every span is checked against the text.

mod align;
mod brackets;
pub(crate) mod brat;
mod cast;
mod chain;
mod cofenet;
mod context;
mod dixit;
mod error;
mod gum;
mod litbank;
mod literal;
mod parc;
mod pdnc;
mod positions;
mod recognize;
mod rows;
mod table;
mod tokens;

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::Labelled;
use context::{Collector, Context};

#[cfg(test)]
pub(crate) use context::in_text_order;

pub use error::{Fault, GoldError};

/// A format of labelled documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// dixit's own JSONL: gold (`attributions`), or what `dixit annotate` writes (`statements`).
    Dixit,
    /// Standoff files of the annotation tool brat: PolNeAR, and what `dixit convert` writes.
    Brat,
    /// CofeNet's JSONL of tokens with BIO labels.
    Cofenet,
    /// The XML of PARC3.
    Parc,
    /// Novels with `quotation_info.csv` and `character_info.csv`.
    Pdnc,
    /// LitBank's quotations, with its coreference if that is there.
    Litbank,
    /// GUM: attributions as JSONL, or CoNLL-U with entities.
    Gum,
    /// A table with one row an attribution.
    Csv,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Dixit, Self::Brat, Self::Cofenet, Self::Parc, Self::Pdnc, Self::Litbank, Self::Gum, Self::Csv];

    /// What the command line calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dixit => "dixit",
            Self::Brat => "brat",
            Self::Cofenet => "cofenet",
            Self::Parc => "parc",
            Self::Pdnc => "pdnc",
            Self::Litbank => "litbank",
            Self::Gum => "gum",
            Self::Csv => "csv",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|it| it.name() == name)
            .ok_or_else(|| format!("not one of {}", Self::ALL.map(Self::name).join(", ")))
    }
}

/// How to read labels.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The format; recognised by content if `None`.
    pub format: Option<Format>,
    /// Where the texts are, for formats whose files need not hold them: a folder of `NAME.txt`.
    pub texts: Option<PathBuf>,
    /// Which columns of a table say what.
    pub columns: Columns,
    /// Whose labels to read where several people labelled a document, as the format names them; everybody's if `None`.
    pub annotator: Option<String>,
}

/// Which columns of a CSV table say what, as pairs of what dixit calls it, one of [`FIELDS`], and the name in the header;
/// a column that is not named here is called as dixit calls it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns(pub Vec<(String, String)>);

/// What the columns of a table can say.
pub const FIELDS: [&str; 23] = [
    "document",
    "text",
    "statement",
    "parent",
    "mode",
    "kind",
    "naming",
    "confidence",
    "speaker",
    "speaker_type",
    "speaker_id",
    "source",
    "cue",
    "content",
    "source_offsets",
    "cue_offsets",
    "content_offsets",
    "source_start",
    "source_end",
    "cue_start",
    "cue_end",
    "content_start",
    "content_end",
];

/// What was read.
#[derive(Debug, Default)]
pub struct Read {
    /// The documents, sorted as the files have them.
    pub documents: Vec<Labelled>,
    /// What was skipped, and why.
    pub warnings: Vec<GoldError>,
}

/// Reads the labelled documents at `path`, a file or a folder.
///
/// # Errors
/// If nothing can be read. What is broken within is skipped and told of in [`Read::warnings`].
pub fn read(path: &Path, options: &Options) -> Result<Read, GoldError> {
    read_with(path, &Context::new(options, None))
}

/// Reads what a system found in the documents of `gold`, whose texts the file need not hold.
///
/// Predictions for other documents, or for other texts, are skipped and told of.
///
/// # Errors
/// If nothing can be read. What is broken within is skipped and told of in [`Read::warnings`].
pub fn read_predictions(path: &Path, options: &Options, gold: &[Labelled]) -> Result<Read, GoldError> {
    read_with(path, &Context::new(options, Some(gold)))
}

fn read_with(path: &Path, context: &Context<'_>) -> Result<Read, GoldError> {
    if let Err(error) = path.metadata() {
        return Err(GoldError::at(context::place(path), error.into()));
    }
    let format = context.options.format.map_or_else(|| recognize::recognize(path), Ok)?;
    let mut found = Collector::default();
    match format {
        Format::Dixit => dixit::read(path, context, &mut found),
        Format::Brat => brat::read(path, context, &mut found),
        Format::Cofenet => cofenet::read(path, context, &mut found),
        Format::Parc => parc::read(path, context, &mut found),
        Format::Pdnc => pdnc::read(path, context, &mut found),
        Format::Litbank => litbank::read(path, context, &mut found),
        Format::Gum => gum::read(path, context, &mut found),
        Format::Csv => table::read(path, context, &mut found),
    }?;
    if found.is_empty() {
        return Err(GoldError::at(context::place(path), Fault::Nothing(format)));
    }
    Ok(found.finish())
}

#[cfg(test)]
mod testing {
    //! Reading files that a test makes up.

    use super::*;
    use std::fs;

    /// What is read at `path` in a folder with these files, and the warnings, with paths below the folder.
    pub(super) fn gold(files: &[(&str, &str)], path: &str) -> (Vec<Labelled>, Vec<String>) {
        gold_with(files, path, |_| Options::default())
    }

    pub(super) fn gold_with(
        files: &[(&str, &str)],
        path: &str,
        options: impl FnOnce(&Path) -> Options,
    ) -> (Vec<Labelled>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let root = format!("{}/", folder.path().display());
        let message = |error: &GoldError| error.to_string().replace(&root, "");
        match read(&folder.path().join(path), &options(folder.path())) {
            Ok(read) => (read.documents, read.warnings.iter().map(message).collect()),
            Err(error) => (Vec::new(), vec![message(&error)]),
        }
    }

    /// The words of a document's attributions: contents, cues and sources, each joined by bars, and the speaker's names.
    pub(super) fn words(labelled: &Labelled) -> Vec<[String; 4]> {
        let text = &labelled.document.text;
        let join = |spans: &[crate::document::Span<crate::document::Byte>]| {
            spans.iter().map(|it| it.of(text)).collect::<Vec<_>>().join("|")
        };
        let names = |at: usize| labelled.speakers[at].names.join("|");
        let attributions = labelled.attributions.iter();
        let words = attributions
            .map(|it| [join(&it.content), join(&it.cue), join(&it.source), it.speaker.map(names).unwrap_or_default()]);
        words.collect()
    }
}
