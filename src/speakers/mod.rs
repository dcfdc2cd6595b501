//! Stage 2: which mentions are the same speaker, and what that speaker is called.

use crate::decode::Name;
use crate::document::{Byte, Layout, Span};
use crate::quotations::Quotation;

/// What sort of speaker an [`Entity`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SpeakerType {
    /// One human being.
    Person,
    /// A body with a name: a ministry, a company, a country that acts.
    Organization,
    /// People without a name: "officials", "two residents".
    Group,
    /// A text: "the report", "a statement".
    Document,
}

/// A source span of the text, as the decoder found it, in text order.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceMention {
    /// Where it stands.
    pub span: Span<Byte>,
    /// What the model takes the source for, with its probability, or `None` if the model has no such head.
    pub kind: Option<(SpeakerType, f32)>,
    /// The words attributed to it, as far as they are known: a speaker hardly names himself inside them.
    pub content: Vec<Span<Byte>>,
}

/// Somebody or something that makes statements in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// The canonical name: the fullest form the document has, without titles; for the unnamed, the most informative
    /// description without its determiner.
    pub name: String,
    /// What sort of speaker it is.
    pub kind: SpeakerType,
    /// Titles and descriptions it goes by ("State Department spokesman"), in the order of first use.
    pub titles: Vec<String>,
    /// Where the document mentions it, in text order.
    pub mentions: Vec<Span<Byte>>,
}

/// The speakers of a document, and which of them each source is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Speakers {
    /// The entities in the order of first mention.
    pub entities: Vec<Entity>,
    /// For each source handed in, its index in `entities`; `None` where nobody can be named.
    pub of_source: Vec<Option<usize>>,
}

/// Finds out which speaker each source is.
pub fn resolve(
    text: &str,
    layout: &Layout,
    quotations: &[Quotation],
    names: &[Name],
    sources: &[SourceMention],
) -> Speakers {
    let _ = (text, layout, quotations, names);
    Speakers { entities: Vec::new(), of_source: vec![None; sources.len()] }
}
