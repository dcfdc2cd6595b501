//! Pairs of quotation marks.
use crate::document::{Byte, Span};

/// A stretch of text between two quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotation {
    /// From the opening mark to the closing mark, both included.
    pub span: Span<Byte>,
    /// What stands between the marks.
    pub inner: Span<Byte>,
    /// How many quotations this one stands in; 0 for one that stands in the running text.
    pub depth: usize,
    /// Whether the closing mark is there. One without it ends at its paragraph's end.
    pub closed: bool,
    /// Index of the quotation in an earlier paragraph that this one continues: that one is not closed, this one opens
    /// the next paragraph.
    pub continues: Option<usize>,
}

/// The quotations of `text` in the order of their opening marks.
pub fn quotations(text: &str, paragraphs: &[Span<Byte>]) -> Vec<Quotation> {
    let _ = (text, paragraphs);
    Vec::new()
}
