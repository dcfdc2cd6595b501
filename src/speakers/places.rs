//! Where each word stands: in which sentence and paragraph, inside or outside quotation marks.

use super::words::Words;
use crate::document::{Byte, Layout, ParagraphKind, Span};
use crate::quotations::Quotation;

/// The surroundings of one word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub sentence: usize,
    pub paragraph: usize,
    pub quoted: bool,
    pub headline: bool,
}

/// The place of every token.
pub(super) fn places(words: &Words, layout: &Layout, quotations: &[Quotation]) -> Vec<Place> {
    let mut marks: Vec<Span<Byte>> = quotations.iter().filter(|q| q.depth == 0).map(|q| q.span).collect();
    marks.sort_unstable();
    let (mut sentence, mut paragraph, mut mark) = (0, 0, 0);
    let mut places = Vec::with_capacity(words.tokens.len());
    for token in &words.tokens {
        let at = token.span.start;
        advance(&mut sentence, at, |i| layout.sentences.get(i).map(|span| span.end));
        advance(&mut paragraph, at, |i| layout.paragraphs.get(i).map(|paragraph| paragraph.span.end));
        advance(&mut mark, at, |i| marks.get(i).map(|span| span.end));
        places.push(Place {
            sentence,
            paragraph,
            quoted: marks.get(mark).is_some_and(|span| span.contains(at)),
            headline: layout.paragraphs.get(paragraph).is_some_and(|p| p.kind == ParagraphKind::Headline),
        });
    }
    places
}

/// Moves `i` on to the first stretch that does not end before `at`; past the last one it stays put.
fn advance(i: &mut usize, at: usize, end: impl Fn(usize) -> Option<usize>) {
    while end(*i).is_some_and(|end| end <= at) {
        *i += 1;
    }
}
