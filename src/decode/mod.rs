//! Scores become spans: which words are a source, a cue or a content, and which are names.

use crate::document::{Byte, Span};

/// What a span does in an attribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Who is cited: "the envoy", "he", "a report".
    Source,
    /// The words that signal the attribution: "said", "according to".
    Cue,
    /// What is attributed.
    Content,
}

/// A span that plays a [`Role`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoleSpan {
    /// Where it stands.
    pub span: Span<Byte>,
    /// What it does.
    pub role: Role,
    /// Probability, by the model, that the span is right, in 0..=1.
    pub confidence: f32,
}

/// What a [`Name`] names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NameKind {
    /// A person: "Ned Price", "Mora".
    Person,
    /// An organization: "State Department", "AFP".
    Organization,
    /// A place, a country included: "Vienna", "Iran".
    Location,
    /// Nationalities, events, works, products: "Iranian", "World Cup".
    Misc,
}

/// A proper name in the text, without title or determiner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Name {
    /// Where it stands.
    pub span: Span<Byte>,
    /// What it names.
    pub kind: NameKind,
    /// Probability, by the model, that the name is right, in 0..=1.
    pub confidence: f32,
}
