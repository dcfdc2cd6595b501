//! Windows: the stretches of words that the network sees at once.

use std::ops::Range;

use super::words::{Tokens, Words};

/// How long windows are; it comes with the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub struct WindowSize {
    /// Pieces in a window, the opening and closing one included.
    pub pieces: usize,
    /// Pieces that neighbouring windows of one over-long paragraph share.
    pub overlap: usize,
}

/// One input of the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Ids of the pieces, the opening and the closing one included.
    pub ids: Vec<i32>,
    /// Token type of each piece.
    pub types: Vec<i32>,
    /// Index in `ids` of the first piece of each of the window's words.
    pub first: Vec<usize>,
    /// Index of the window's first word in its document.
    pub start: usize,
    /// The words of the document whose scores are taken from this window.
    pub owned: Range<usize>,
}

/// Consecutive windows of one document that are scored and decoded together. Every word of the document belongs to
/// one section. Bounding their size bounds the memory that a document of any length takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The words of the document that it is made of.
    pub words: Range<usize>,
    /// The windows over them, in order.
    pub windows: Vec<Window>,
}

/// Most windows in a section.
const SECTION: usize = 128;

/// Cuts a document into windows, grouped into sections: whole paragraphs in a window where they fit, over-long ones
/// cut with an overlap. Where two windows share words, each word belongs to the one in which it stands further from
/// the edge.
pub fn sections(words: &Words, size: WindowSize, tokens: &Tokens) -> Vec<Section> {
    let ranges = ranges(words, size);
    let mut sections = Vec::with_capacity(ranges.len().div_ceil(SECTION));
    let mut start = 0;
    for (number, range) in ranges.iter().enumerate() {
        // The middle of what a window shares with the next is where the next takes over.
        let end = ranges.get(number + 1).map_or(range.end, |next| next.start.midpoint(range.end));
        if number % SECTION == 0 {
            sections.push(Section { words: start..start, windows: Vec::new() });
        }
        if let Some(section) = sections.last_mut() {
            section.windows.push(window(words, range.clone(), start..end, size, tokens));
            section.words.end = end;
        }
        start = end;
    }
    sections
}

/// The words of each window.
fn ranges(words: &Words, size: WindowSize) -> Vec<Range<usize>> {
    let room = size.pieces.saturating_sub(2).max(1);
    let overlap = size.overlap.min(room / 2);
    let cost = |word: usize| words.pieces(word).len().min(room);
    let mut out = Vec::new();
    let mut current: Range<usize> = 0..0;
    let mut used = 0;
    for paragraph in words.paragraphs() {
        let mut paragraph = paragraph.clone();
        let mut left: usize = paragraph.clone().map(cost).sum();
        if used + left > room && !current.is_empty() {
            out.push(std::mem::replace(&mut current, paragraph.start..paragraph.start));
            used = 0;
        }
        while left > room {
            let cut = paragraph.start + fitting(paragraph.clone(), room, cost).max(1);
            out.push(paragraph.start..cut);
            let back = cut - fitting((paragraph.start + 1..cut).rev(), overlap, cost);
            left -= (paragraph.start..back).map(cost).sum::<usize>();
            paragraph.start = back;
            current = back..back;
        }
        current.end = paragraph.end;
        used += left;
    }
    if !current.is_empty() {
        out.push(current);
    }
    out
}

/// How many of the first `words` cost no more than `room` together.
fn fitting(words: impl Iterator<Item = usize>, room: usize, cost: impl Fn(usize) -> usize) -> usize {
    words
        .scan(0, |used, word| {
            *used += cost(word);
            (*used <= room).then_some(())
        })
        .count()
}

fn window(words: &Words, range: Range<usize>, owned: Range<usize>, size: WindowSize, tokens: &Tokens) -> Window {
    let room = size.pieces.saturating_sub(2).max(1);
    let mut window = Window { ids: vec![tokens.opening], types: vec![0], first: Vec::new(), start: range.start, owned };
    for word in range {
        window.first.push(window.ids.len());
        let pieces = words.pieces(word);
        let pieces = &pieces[..pieces.len().min(room)];
        window.ids.extend_from_slice(pieces);
        window.types.extend(pieces.iter().map(|_| i32::from(words.token_type(word))));
    }
    window.ids.push(tokens.closing);
    window.types.push(0);
    window
}
