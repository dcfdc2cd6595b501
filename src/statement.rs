//! What dixit reports: the attributed statements of a document.

use crate::document::{Byte, Span};
use crate::speakers::Entity;

/// Whether the attributed words stand in quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mode {
    /// All of them do.
    Direct,
    /// Some of them do.
    Mixed,
    /// None of them does.
    Indirect,
}

/// Whether something was uttered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A statement, spoken or written.
    Speech,
    /// A belief, an intention or an attitude; nothing need have been said.
    Thought,
}

/// One attributed statement. Spans are byte spans of the document's text, in text order.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The attributed words; several spans where a quotation is interrupted.
    pub content: Vec<Span<Byte>>,
    /// The words that signal the attribution; empty where there are none.
    pub cue: Vec<Span<Byte>>,
    /// The words that name who is cited; empty where there are none.
    pub source: Vec<Span<Byte>>,
    /// Whether the content stands in quotation marks.
    pub mode: Mode,
    /// Whether something was uttered.
    pub kind: Kind,
    /// Index of the speaker in [`Annotation::speakers`]; `None` where nobody can be named.
    pub speaker: Option<usize>,
    /// Calibrated probability that the statement is right, in 0..=1.
    pub confidence: f32,
    /// Index in [`Annotation::statements`] of the statement that this one is nested in.
    pub parent: Option<usize>,
}

/// Everything dixit says of one document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Annotation {
    /// The statements, in the order of their first content span.
    pub statements: Vec<Statement>,
    /// Those who make them, in the order of first mention.
    pub speakers: Vec<Entity>,
}
