//! What is said of a document that could not be read or annotated.

use std::fmt;
use std::io;
use std::num::NonZeroU32;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeStruct, Serializer};
use thiserror::Error;

use super::limit::TooMuch;

/// Where in the input something stands; printed as `file`, `file:line` or `file:line:column`, and as `file, row 7` or
/// `file, record 7` where there are no lines. The file of an archive's member is `archive/member`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file or folder as the user named it, or `stdin`.
    pub file: Arc<str>,
    /// What `line` counts.
    pub unit: Unit,
    /// The line, row or record, counted from 1.
    pub line: Option<NonZeroU32>,
    /// The code point of the line, counted from 1.
    pub column: Option<NonZeroU32>,
}

/// What a file consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Lines of text.
    Line,
    /// Rows of a table.
    Row,
    /// Records of a web archive.
    Record,
}

impl Place {
    /// The whole of a file or folder.
    pub fn file(file: impl Into<Arc<str>>) -> Self {
        Self { file: file.into(), unit: Unit::Line, line: None, column: None }
    }

    /// The same file at this line, counted from 1; 0 is the whole file.
    pub fn at_line(&self, line: usize) -> Self {
        self.at(Unit::Line, line)
    }

    /// The same file at this line, row or record, counted from 1; 0 is the whole file.
    pub fn at(&self, unit: Unit, number: usize) -> Self {
        Self { file: Arc::clone(&self.file), unit, line: counted(number), column: None }
    }

    /// The same line at this code point, counted from 1; 0 is the whole line.
    pub fn at_column(&self, column: usize) -> Self {
        Self { column: counted(column), ..self.clone() }
    }
}

/// A number as a [`Place`] keeps it: past four billion it stands still.
fn counted(number: usize) -> Option<NonZeroU32> {
    NonZeroU32::new(u32::try_from(number).unwrap_or(u32::MAX))
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(number) = self.line {
            match self.unit {
                Unit::Line => write!(f, ":{number}")?,
                Unit::Row => write!(f, ", row {number}")?,
                Unit::Record => write!(f, ", record {number}")?,
            }
        }
        self.column.map_or(Ok(()), |column| write!(f, ":{column}"))
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
    /// Bytes that are no text in the encoding of the document.
    #[error("no text in {0}")]
    NotInEncoding(&'static str),
    /// Bytes that are no text in any encoding.
    #[error("holds bytes that no text has")]
    Binary,
    /// A file that is something that dixit does not read.
    #[error("{0} cannot be read")]
    Unsupported(String),
    /// A file that this dixit was built without a reader for.
    #[error("this dixit was built without the feature {0:?}")]
    NotBuiltIn(&'static str),
    /// A file that is not what the user or its name says.
    #[error("this is no {0}")]
    NotA(&'static str),
    /// A file, or a part of it, that is cut off or damaged.
    #[error("damaged: {0}")]
    Damaged(String),
    /// A document that is too large to be held in memory.
    #[error("larger than 512 MiB")]
    TooLarge,
    /// A packed file that becomes more than this many bytes.
    #[error("{}", super::limit::TooMuch(*.0))]
    UnpackedTooLarge(u64),
    /// A table without the column that holds the texts or the ids.
    #[error("no column {name:?} among {}", listed(columns))]
    NoColumn {
        /// The column that should be there.
        name: String,
        /// Those that are.
        columns: Vec<String>,
    },
    /// A column that holds something else than texts or ids.
    #[error("column {name:?} holds values of the type {found}")]
    ColumnType {
        /// The column.
        name: String,
        /// What it holds.
        found: String,
    },
    /// A row of a table with too many or too few cells.
    #[error("{found} cells in a table of {expected} columns")]
    Cells {
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// A row of a table without a text.
    #[error("no text in column {0:?}")]
    EmptyCell(String),
    /// A web page that holds no article.
    #[error("no article found in the page")]
    NoArticle,
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
    /// An object without the field that the user names.
    #[error("no field {0:?}")]
    NoField(String),
    /// An object whose text is something else than a string.
    #[error("field {name:?} is {found}, not a string")]
    TextNotAString {
        /// The field.
        name: String,
        /// What it is.
        found: &'static str,
    },
    /// An object whose id is neither a string nor a number.
    #[error("field {name:?} is {found}, not a string")]
    IdNotAString {
        /// The field.
        name: String,
        /// What it is.
        found: &'static str,
    },
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
    /// The same cause in a file of which this many bytes come before.
    pub(super) fn further(self, before: u64) -> Self {
        match self {
            Self::NotUtf8 { offset, byte } => Self::NotUtf8 { offset: offset + before, byte },
            other => other,
        }
    }

    /// What the user can do about it.
    pub fn mend(&self) -> &'static str {
        match self {
            Self::Missing => "check the path",
            Self::Unreadable(error)
                if matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) =>
            {
                "it is cut off or damaged: fetch or write it again"
            }
            Self::Unreadable(error)
                if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) =>
            {
                "make room where temporary files go, or name a folder that has some in TMPDIR"
            }
            Self::Unreadable(_) => "check that it is a file that you may read",
            Self::NoDocuments => {
                "put files into it whose names speak of a format that dixit reads, such as *.txt or *.jsonl.gz (hidden \
                 files, READMEs and *.gold.jsonl do not count)"
            }
            Self::NotUtf8 { offset: 0, byte: 0xFE | 0xFF } => {
                "this looks like UTF-16: read it with --encoding utf-16le"
            }
            Self::NotUtf8 { .. } => {
                "mend it there, or name the encoding of the whole input, for instance with --encoding windows-1252"
            }
            Self::NotInEncoding(_) => "name the encoding of the whole input with --encoding",
            Self::Binary => "convert it to text first, or leave it out",
            Self::Unsupported(_) => "convert or unpack it first",
            Self::NotBuiltIn(_) => "build it with cargo's --features and that name",
            Self::NotA(_) => "leave out --input-format, or name the format that it has",
            Self::Damaged(_) => "it is cut off or damaged: fetch or write it again",
            Self::TooLarge => "cut it into several documents",
            Self::UnpackedTooLarge(_) => "if it is to be trusted, allow more with --max-unpacked",
            Self::NoColumn { .. } => "name the columns with --text-column and --id-column",
            Self::ColumnType { .. } => {
                "name a column of strings with --text-column, and of strings or integers with --id-column"
            }
            Self::Cells { .. } => {
                "look for quotation marks that are not doubled or not closed, here or in a row before"
            }
            Self::EmptyCell(_) => "leave the row out, or name another column with --text-column",
            Self::NoArticle => "leave it out, or save the article's text as plain text",
            Self::NotJsonLines => {
                "convert an array of objects with jq -c '.[]', or read it as plain text with --input-format text"
            }
            Self::MalformedJson(_) => "write one JSON object a line",
            Self::NotAnObject(_) => "write one object a line, such as {\"id\": \"a\", \"text\": \"…\"}",
            Self::NotAnnotated(_) => "give it the JSONL that dixit annotate writes",
            Self::NoText => {
                "give every line a string field \"text\" (or read the file as plain text with --input-format text)"
            }
            Self::NoField(_) => "give every line that field, or name another with --text-column or --id-column",
            Self::TextNotAString { .. } => "make it a string",
            Self::IdNotAString { .. } => "make it a string or a number, or leave it out",
            Self::DuplicateId { .. } => "give every document an id of its own",
            Self::Broken(_) => "this is a bug in dixit: please report it, with the document if you may",
        }
    }
}

/// The first of the names, as a sentence lists them.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 20;
    let first: Vec<_> = names.iter().take(SHOWN).map(|name| format!("{name:?}")).collect();
    let more = if names.len() > SHOWN { ", …" } else { "" };
    if first.is_empty() { "none".to_owned() } else { format!("{}{more}", first.join(", ")) }
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Self {
        let too_much = error.get_ref().and_then(|it| it.downcast_ref::<TooMuch>());
        if let Some(TooMuch(most)) = too_much {
            return Self::UnpackedTooLarge(*most);
        }
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Unreadable(error),
        }
    }
}
