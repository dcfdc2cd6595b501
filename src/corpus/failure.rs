//! What is said of a document that could not be read or annotated.

use std::fmt;
use std::io;
use std::num::NonZeroU32;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeStruct, Serializer};
use thiserror::Error;

/// Where in the input something stands; printed as `file`, `file:line` or `file:line:column`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file or folder as the user named it, or `stdin`.
    pub file: Arc<str>,
    /// The line, counted from 1.
    pub line: Option<NonZeroU32>,
    /// The code point of the line, counted from 1.
    pub column: Option<NonZeroU32>,
}

impl Place {
    /// The whole of a file or folder.
    pub fn file(file: impl Into<Arc<str>>) -> Self {
        Self { file: file.into(), line: None, column: None }
    }

    /// The same file at this line, counted from 1; 0 is the whole file.
    pub fn at_line(&self, line: usize) -> Self {
        Self { file: Arc::clone(&self.file), line: counted(line), column: None }
    }

    /// The same line at this code point, counted from 1; 0 is the whole line.
    pub fn at_column(&self, column: usize) -> Self {
        Self { file: Arc::clone(&self.file), line: self.line, column: counted(column) }
    }
}

/// A number as a [`Place`] keeps it: past four billion it stands still.
fn counted(number: usize) -> Option<NonZeroU32> {
    NonZeroU32::new(u32::try_from(number).unwrap_or(u32::MAX))
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        for number in [self.line, self.column].into_iter().flatten() {
            write!(f, ":{number}")?;
        }
        Ok(())
    }
}

/// A document, or a file that should have held some, for which there is no annotation.
///
/// Prints as `place: reason; mend`. As JSON it is `{"id", "place", "reason", "mend"}`, `id` being null where none is
/// known.
#[derive(Debug)]
pub struct Failure {
    /// The document's id, as far as it is known.
    pub id: Option<String>,
    /// Where the document stands.
    pub place: Place,
    /// What is wrong with it.
    pub cause: Cause,
}

impl Failure {
    /// A failure at a place where no document's id is known.
    pub fn at(place: Place, cause: Cause) -> Self {
        Self { id: None, place, cause }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.place, self.cause, self.cause.mend())
    }
}

impl std::error::Error for Failure {}

impl Serialize for Failure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Failure", 4)?;
        fields.serialize_field("id", &self.id)?;
        fields.serialize_field("place", &self.place.to_string())?;
        fields.serialize_field("reason", &self.cause.to_string())?;
        fields.serialize_field("mend", self.cause.mend())?;
        fields.end()
    }
}

/// Why there is no annotation of a document. Its text is the reason; [`Cause::mend`] says what helps.
#[derive(Debug, Error)]
pub enum Cause {
    /// Nothing is there.
    #[error("no such file or folder")]
    Missing,
    /// Something is there and cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    /// A folder holds nothing that dixit reads.
    #[error("the folder holds no documents")]
    NoDocuments,
    /// Bytes that are no UTF-8.
    #[error("byte {offset} (0x{byte:02X}) is not UTF-8")]
    NotUtf8 {
        /// Offset in the file of the first such byte, counted from 0.
        offset: u64,
        /// That byte.
        byte: u8,
    },
    /// A `.json` file that is not JSONL.
    #[error("a .json file without one JSON object a line")]
    NotJsonLines,
    /// A line that is no JSON.
    #[error("malformed JSON: {0}")]
    MalformedJson(String),
    /// A line of JSON that is something else than an object.
    #[error("{0} where a JSON object should be")]
    NotAnObject(&'static str),
    /// A line that annotate would not have written.
    #[error("not a line that dixit annotate writes: {0}")]
    NotAnnotated(String),
    /// An object without `text`.
    #[error("no field \"text\"")]
    NoText,
    /// An object whose `text` is something else than a string.
    #[error("field \"text\" is {0}, not a string")]
    TextNotAString(&'static str),
    /// An object whose `id` is neither a string nor a number.
    #[error("field \"id\" is {0}, not a string")]
    IdNotAString(&'static str),
    /// An id that an earlier document has.
    #[error("the id {id:?} is taken already by {first}")]
    DuplicateId {
        /// The id.
        id: String,
        /// Where the earlier document stands.
        first: Place,
    },
    /// dixit itself broke off.
    #[error("dixit failed on this document: {0}")]
    Broken(String),
}

impl Cause {
    /// What the user can do about it.
    pub fn mend(&self) -> &'static str {
        match self {
            Self::Missing => "check the path",
            Self::Unreadable(_) => "check that it is a file that you may read",
            Self::NoDocuments => {
                "put *.txt or *.jsonl files into it (hidden files, READMEs and *.gold.jsonl do not count)"
            }
            Self::NotUtf8 { offset: 0, byte: 0xFE | 0xFF } => {
                "this looks like UTF-16: convert it with iconv -f UTF-16 -t UTF-8"
            }
            Self::NotUtf8 { .. } => "save it as UTF-8, for instance with iconv -f WINDOWS-1252 -t UTF-8",
            Self::NotJsonLines => {
                "convert an array of objects with jq -c '.[]', or read it as plain text with --input-format text"
            }
            Self::MalformedJson(_) => "write one JSON object a line",
            Self::NotAnObject(_) => "write one object a line, such as {\"id\": \"a\", \"text\": \"…\"}",
            Self::NotAnnotated(_) => "give it the JSONL that dixit annotate writes",
            Self::NoText => {
                "give every line a string field \"text\" (or read the file as plain text with --input-format text)"
            }
            Self::TextNotAString(_) => "give every line a string field \"text\"",
            Self::IdNotAString(_) => "make it a string or a number, or leave it out",
            Self::DuplicateId { .. } => "give every document an id of its own",
            Self::Broken(_) => "this is a bug in dixit: please report it, with the document if you may",
        }
    }
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Unreadable(error),
        }
    }
}
