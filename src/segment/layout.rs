//! Sentences inside paragraphs, with the quotations left whole.

use std::collections::HashSet;

use super::boundaries::{boundaries, cut};
use super::lines::trim_blank;
use crate::document::{Byte, Layout, Paragraph, Span};
use crate::quotations::Quotation;

/// The sentences of `text` by its words alone: they end inside quotations too. The text is taken as one paragraph.
pub fn sentences(text: &str) -> Vec<Span<Byte>> {
    let all = trim_blank(text, Span::new(0, text.len()));
    cut(text, all, boundaries(all.of(text)).into_iter().map(|end| all.start + end))
}

/// Fills in the sentences of `paragraphs`, which must come from [`paragraphs`](super::paragraphs) of the same `text`.
///
/// A sentence never ends inside a quotation that it does not finish: `He said, "It is over. We go home," and left.`
/// is one sentence, and so is a quotation of several sentences that stands alone. A quotation that no mark closes
/// counts only if the next paragraph goes on with it; otherwise the opening mark is taken for a stray one.
pub fn layout(text: &str, mut paragraphs: Vec<Paragraph>, quotations: &[Quotation]) -> Layout {
    let whole = whole_spans(quotations);
    let mut next = 0;
    let mut sentences = Vec::new();
    for paragraph in &mut paragraphs {
        let first = sentences.len();
        let base = paragraph.span.start;
        let ends = boundaries(paragraph.span.of(text)).into_iter().map(|end| base + end).filter(|end| {
            while whole.get(next).is_some_and(|span| span.end <= *end) {
                next += 1;
            }
            !whole.get(next).is_some_and(|span| span.start < *end)
        });
        sentences.extend(cut(text, paragraph.span, ends));
        paragraph.sentences = first..sentences.len();
    }
    Layout { paragraphs, sentences }
}

/// The outer quotations that no sentence may end in, in order.
fn whole_spans(quotations: &[Quotation]) -> Vec<Span<Byte>> {
    let continued: HashSet<usize> = quotations.iter().filter_map(|quotation| quotation.continues).collect();
    let mut whole: Vec<Span<Byte>> = quotations
        .iter()
        .enumerate()
        .filter(|(i, quotation)| quotation.depth == 0 && (quotation.closed || continued.contains(i)))
        .map(|(_, quotation)| quotation.span)
        .collect();
    whole.sort_unstable();
    whole
}
