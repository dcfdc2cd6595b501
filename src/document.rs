//! The text of a document and positions in it.
//!
//! Three units of position occur in dixit and must never be mixed: bytes (what the library works in), code points
//! (what files, the command line and Python see) and words (what the model labels). A [`Span`] carries its unit in its
//! type, so that a mix-up does not compile; [`CharIndex`] converts between bytes and code points.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// Unit of a [`Span`]: bytes of the UTF-8 text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Byte {}

/// Unit of a [`Span`]: Unicode code points, as Python counts the characters of a `str`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Char {}

/// Unit of a [`Span`]: words of the model's pre-tokenizer (see [`crate::encoder::Words`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Word {}

/// A half-open range `start..end` of positions counted in the unit `U`.
pub struct Span<U> {
    /// First position inside the span.
    pub start: usize,
    /// First position after the span; never less than `start`.
    pub end: usize,
    unit: PhantomData<U>,
}

impl<U> Span<U> {
    /// The span `start..end`. An `end` before `start` gives the empty span at `start`.
    pub const fn new(start: usize, end: usize) -> Self {
        let end = if end < start { start } else { end };
        Self { start, end, unit: PhantomData }
    }

    /// Number of positions inside the span.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span holds no position.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `position` lies inside the span.
    pub const fn contains(self, position: usize) -> bool {
        self.start <= position && position < self.end
    }

    /// Whether every position of `other` lies inside the span.
    pub const fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two spans share a position.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl Span<Byte> {
    /// The words of `text` that the span points at, or `None` if the span leaves the text or cuts a character.
    pub fn get(self, text: &str) -> Option<&str> {
        text.get(self.start..self.end)
    }

    /// The words of `text` that the span points at; empty if the span does not belong to this text.
    pub fn of(self, text: &str) -> &str {
        self.get(text).unwrap_or_default()
    }

    /// The span without the white space at its two ends.
    pub fn trim(self, text: &str) -> Self {
        let inner = self.of(text);
        let start = self.start + (inner.len() - inner.trim_start().len());
        Self::new(start, start + inner.trim().len())
    }
}

// Derives would demand the same traits of `U`, which is never instantiated.
impl<U> Clone for Span<U> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<U> Copy for Span<U> {}
impl<U> PartialEq for Span<U> {
    fn eq(&self, other: &Self) -> bool {
        (self.start, self.end) == (other.start, other.end)
    }
}
impl<U> Eq for Span<U> {}
impl<U> PartialOrd for Span<U> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<U> Ord for Span<U> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.start, self.end).cmp(&(other.start, other.end))
    }
}
impl<U> Hash for Span<U> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.start, self.end).hash(state);
    }
}
impl<U> fmt::Debug for Span<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// A text to annotate, with the name it is reported under.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Name of the document, unique in a run: the file's path or the `id` of a JSONL line.
    pub id: String,
    /// The text, never changed: every offset dixit reports points into it.
    pub text: String,
    /// Fields of the input that dixit does not read and hands through to the output.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Document {
    /// A document of this name and text, without further fields.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into(), extra: serde_json::Map::new() }
    }

    /// The id of the article: that of the document up to the last "@", after which the readers of gold name the annotator
    /// of an article that several people labelled.
    pub fn article(&self) -> &str {
        self.id.rsplit_once('@').map_or(self.id.as_str(), |(article, _)| article)
    }
}

/// Converts byte spans of one text into code-point spans in O(log n) a position.
///
/// Only every 256th byte's count is kept; the rest is counted, so the index of a 10 MB text takes 320 kB.
#[derive(Debug, Clone)]
pub struct CharIndex<'t> {
    text: &'t str,
    /// Code points before byte `i * STRIDE`, a character counting where it begins.
    counts: Vec<usize>,
}

impl<'t> CharIndex<'t> {
    const STRIDE: usize = 256;

    /// An index over `text`.
    pub fn new(text: &'t str) -> Self {
        let mut counts = Vec::with_capacity(text.len() / Self::STRIDE + 1);
        let mut seen = 0;
        for chunk in text.as_bytes().chunks(Self::STRIDE) {
            counts.push(seen);
            seen += count_starts(chunk);
        }
        if counts.is_empty() {
            counts.push(0);
        }
        Self { text, counts }
    }

    /// The code-point span of a byte span. Positions beyond the text count as its end.
    pub fn chars(&self, span: Span<Byte>) -> Span<Char> {
        Span::new(self.position(span.start), self.position(span.end))
    }

    fn position(&self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        let slot = (byte / Self::STRIDE).min(self.counts.len() - 1);
        self.counts[slot] + count_starts(&self.text.as_bytes()[slot * Self::STRIDE..byte])
    }
}

/// Number of bytes that begin a character.
fn count_starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| (**b & 0xC0) != 0x80).count()
}

/// Where the parts of a document stand: its paragraphs and their sentences, in text order, none overlapping another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// The paragraphs. Text outside every paragraph is white space, a byte order mark or a space of no width.
    pub paragraphs: Vec<Paragraph>,
    /// The sentences of all paragraphs. A sentence never crosses a paragraph's end.
    pub sentences: Vec<Span<Byte>>,
}

impl Layout {
    /// Index in `paragraphs` of the one that ends after `position`: the one that holds it, if any does.
    pub fn paragraph_number(&self, position: usize) -> usize {
        self.paragraphs.partition_point(|paragraph| paragraph.span.end <= position)
    }

    /// The paragraph that `position` stands in.
    pub fn paragraph_at(&self, position: usize) -> Option<&Paragraph> {
        self.paragraphs.get(self.paragraph_number(position)).filter(|paragraph| paragraph.span.contains(position))
    }
}

/// One paragraph of a [`Layout`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// The paragraph without the white space around it.
    pub span: Span<Byte>,
    /// What the paragraph is for.
    pub kind: ParagraphKind,
    /// A leading "WASHINGTON (AFP) —", dash included, if there is one.
    pub dateline: Option<Span<Byte>>,
    /// Its sentences, as a range of indices into [`Layout::sentences`].
    pub sentences: std::ops::Range<usize>,
}

/// What a [`Paragraph`] is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParagraphKind {
    /// Running text.
    Body,
    /// A headline or a heading between paragraphs.
    Headline,
    /// Who wrote the text, and when: "By Maria Okafor", "Reporting by …", "Wednesday, January 16, 2019".
    Byline,
    /// Words about a picture, with or without the credit ("Ned PriceREUTERS/Kevin Lamarque/POOL/File Photo").
    Caption,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_are_counted_as_python_counts_them() {
        let text = "«Ça va», dit-il 👋🏽.".repeat(100);
        let index = CharIndex::new(&text);
        for (chars, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(index.chars(Span::new(byte, text.len())).start, chars);
        }
        let all = index.chars(Span::new(0, text.len() + 9));
        assert_eq!(all, Span::new(0, text.chars().count()));
    }

    #[test]
    fn an_empty_text_has_one_position() {
        assert_eq!(CharIndex::new("").chars(Span::new(0, 0)), Span::new(0, 0));
    }

    #[test]
    fn a_span_that_cuts_a_character_points_at_nothing() {
        assert_eq!(Span::<Byte>::new(0, 1).get("é"), None);
        assert_eq!(Span::<Byte>::new(0, 2).get("é"), Some("é"));
    }

    #[test]
    fn trimming_keeps_the_words() {
        let text = "  he said \n";
        assert_eq!(Span::<Byte>::new(0, text.len()).trim(text).of(text), "he said");
        assert!(Span::<Byte>::new(0, 2).trim(text).is_empty());
    }
}
