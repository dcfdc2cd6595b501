//! The same quotation and the same speaker over many documents.
//!
//! Documents are taken in one by one ([`Gathering`]); [`consolidate`] then makes of all their statements one list of
//! quotations and one of speakers. The data flows one way:
//!
//! 1. Contents whose words are alike are found: near-identical ones (`minhash`) and trimmed ones (`fragments`), each pair
//!    compared word by word (`likeness`). A group has a centre that all of it is like (`centres`).
//! 2. Speakers of different documents are merged, by their names and by what they say (`speakers`).
//! 3. Contents that say too little by themselves are joined where one speaker makes them (`quotations`).
//! 4. The statements of each quotation vote on its speaker (`vote`), and the result is put in order (`cast`).
//!
//! The result depends neither on the order of the documents nor on the number of threads, but for
//! [`Quotation::first_document`], which is the first in the order in which they were taken in.
//!
//! Time is near linear in the number of statements. Memory holds every content once, however many documents have it.

mod cast;
mod centres;
mod claims;
mod fragments;
mod gathered;
mod likeness;
mod minhash;
mod quotations;
mod sets;
mod speakers;
pub mod tables;
#[cfg(test)]
mod tests;
mod vote;
mod words;

use crate::speakers::SpeakerType;
use crate::statement::Mode;

pub use gathered::{Gathering, Prepared};

/// The quotations and the speakers of a corpus.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Consolidated {
    /// Those that most documents have first.
    pub quotations: Vec<Quotation>,
    /// Those who make most statements first.
    pub speakers: Vec<Speaker>,
    /// All statements, those of one quotation together, in the order of the quotations.
    pub statements: Vec<Member>,
    /// The ids of the documents, sorted.
    pub documents: Vec<Box<str>>,
}

/// A quotation: all statements that say the same, in the same words but for a few.
#[derive(Debug, Clone, PartialEq)]
pub struct Quotation {
    /// The fullest content of its statements.
    pub content: String,
    /// The mode of that.
    pub mode: Mode,
    /// Index in [`Consolidated::speakers`] of whoever makes it by the votes of the statements.
    pub speaker: Option<usize>,
    /// The probability that this is right, in 0..=1.
    pub confidence: f64,
    /// Number of documents that have it.
    pub documents: usize,
    /// Index in [`Consolidated::documents`] of the one that was taken in first.
    pub first_document: usize,
    /// Its statements, as a range of [`Consolidated::statements`].
    pub statements: std::ops::Range<usize>,
}

/// Somebody or something that makes statements, over all documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Speaker {
    /// The canonical name: the fullest form, or of a person that of two words or more which most documents use.
    pub name: String,
    /// What sort of speaker it is.
    pub kind: SpeakerType,
    /// Titles, the most frequent first.
    pub titles: Vec<String>,
    /// What documents call it, with the number of documents that do; the most frequent first.
    pub variants: Vec<(String, usize)>,
    /// Number of statements that name it as their speaker.
    pub statements: usize,
    /// Number of quotations that it makes by the votes of the statements.
    pub quotations: usize,
    /// Number of documents in which it makes a statement.
    pub documents: usize,
}

/// A statement of a document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Member {
    /// Index of the document in [`Consolidated::documents`].
    pub document: usize,
    /// Its number in the document.
    pub number: u32,
    /// Index of its quotation in [`Consolidated::quotations`].
    pub quotation: usize,
    /// Index in [`Consolidated::speakers`] of the speaker that the document gives it.
    pub speaker: Option<usize>,
    /// The confidence that the document gives it, in 0..=1.
    pub confidence: f32,
}

/// Groups what was gathered.
///
/// ```
/// use dixit::consolidate::{Gathering, consolidate};
///
/// let consolidated = consolidate(Gathering::default());
/// assert!(consolidated.quotations.is_empty());
/// ```
pub fn consolidate(gathering: Gathering) -> Consolidated {
    let gathered = gathering.finish();
    let alike = quotations::alike(&gathered);
    let speaker_of = speakers::merge(&gathered, alike.groups());
    let quotation_of = alike.statements(&gathered, &speaker_of);
    cast::consolidated(gathered, &speaker_of, &quotation_of)
}
