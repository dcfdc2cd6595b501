//! What is said of gold that cannot be read.

use std::fmt;
use std::io;

use thiserror::Error;

use super::Format;
use crate::corpus::Place;

/// Something in a file of labels that is not as its format has it. Prints as `place: reason; mend`.
#[derive(Debug)]
pub struct GoldError {
    /// Where it stands.
    pub place: Place,
    /// What is wrong.
    pub fault: Fault,
}

impl GoldError {
    /// This fault at this place.
    pub fn at(place: Place, fault: Fault) -> Self {
        Self { place, fault }
    }
}

impl fmt::Display for GoldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.place, self.fault, self.fault.mend())
    }
}

impl std::error::Error for GoldError {}

/// What can be wrong with labels. Its text is the reason; [`Fault::mend`] says what helps.
#[derive(Debug, Error)]
pub enum Fault {
    /// Nothing is there.
    #[error("no such file or folder")]
    Missing,
    /// Something is there and cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    /// Bytes that are no UTF-8.
    #[error("byte {offset} (0x{byte:02X}) is not UTF-8")]
    NotUtf8 {
        /// Offset in the file of the first such byte, counted from 0.
        offset: usize,
        /// That byte.
        byte: u8,
    },
    /// None of the formats has files like this.
    #[error("none of the gold formats looks like this")]
    Unrecognized,
    /// Nothing in it is of the format.
    #[error("nothing here is {0}")]
    Nothing(Format),
    /// A line, a row or an element that is not as the format has it.
    #[error("{0}")]
    Malformed(String),
    /// A span that the text does not have.
    #[error("{start}..{end} is no span of the text, which has {length} characters")]
    OutOfText {
        /// Where it would begin.
        start: usize,
        /// Where it would end.
        end: usize,
        /// How many code points there are.
        length: usize,
    },
    /// The labels quote other words than those that stand in the text.
    #[error("at {start}..{end} the labels say {label:?} and the text says {text:?}")]
    Mismatch {
        /// Where the span begins, in code points.
        start: usize,
        /// Where it ends.
        end: usize,
        /// What the labels say.
        label: String,
        /// What the text says.
        text: String,
    },
    /// A token that the text does not have where it should stand.
    #[error("the words {0:?} are not found in the text")]
    NotInText(String),
    /// A reference to something that is not there.
    #[error("{0} refers to {1}, which is not there")]
    Dangling(String, String),
    /// The text that the labels belong to is not there.
    #[error("there is no text for {0:?}")]
    NoText(String),
    /// A column that the table does not have.
    #[error("there is no column {0:?}")]
    NoColumn(String),
    /// A document of this id was there already.
    #[error("the id {0:?} is taken already")]
    DuplicateId(String),
    /// Predictions for a document that is not in the gold.
    #[error("the gold has no document {0:?}")]
    NotInGold(String),
}

impl Fault {
    /// What the user can do about it.
    pub fn mend(&self) -> &'static str {
        match self {
            Self::Missing => "check the path",
            Self::Unreadable(_) => "check that it is a file that you may read",
            Self::NotUtf8 { .. } => "save it as UTF-8, for instance with iconv -f WINDOWS-1252 -t UTF-8",
            Self::Unrecognized => "name its format, or see docs/gold-formats.md for those there are",
            Self::Nothing(_) => "check the path and the format",
            Self::Malformed(_) => "mend it or take it out",
            Self::OutOfText { .. } | Self::Mismatch { .. } => {
                "check that the labels belong to this text and count code points"
            }
            Self::NotInText(_) => "check that the text is the one that was labelled",
            Self::Dangling(..) => "mend the reference or take it out",
            Self::NoText(_) => "name the folder of the texts",
            Self::NoColumn(_) => "name the column with --column",
            Self::DuplicateId(_) => "give every document an id of its own",
            Self::NotInGold(_) => "check that the predictions belong to this gold",
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Unreadable(error),
        }
    }
}
