//! Contents that somebody else has found, in place of those that the network finds.

use std::ops::Range;

use crate::document::{Byte, Span};
use crate::encoder::Words;
use crate::quotations::Quoted;

/// Labels of the role head.
const LABELS: usize = 7;
/// The labels that begin and go on with a content.
const CONTENT: [usize; 2] = [5, 6];
/// Score of a label that is known to be wrong.
const WRONG: f32 = -1e3;

/// The scores of the role head for a paragraph whose direct contents are known: each word of one is in a content, and no
/// other word in quotation marks is.
pub(super) fn roles(
    given: &[Span<Byte>],
    words: &Words,
    quoted: &Quoted,
    first: usize,
    rows: &[&[f32]],
) -> Vec<Vec<f32>> {
    let mut last = None;
    let known = |(k, row): (usize, &&[f32])| {
        let mut row = row[..LABELS].to_vec();
        let start = words.span(Span::new(first + k, first + k + 1)).start;
        let part = at(given, start);
        match part {
            Some(_) => {
                let [begin, inside] = CONTENT;
                let label = if last == part { inside } else { begin };
                row.iter_mut().enumerate().filter(|(other, _)| *other != label).for_each(|(_, score)| *score = WRONG);
            }
            None if quoted.contains(start) => CONTENT.iter().for_each(|&label| row[label] = WRONG),
            None => {}
        }
        last = part;
        row
    };
    rows.iter().enumerate().map(known).collect()
}

/// The number of the given content that the byte `at` is in.
fn at(given: &[Span<Byte>], at: usize) -> Option<usize> {
    let number = given.partition_point(|span| span.end <= at);
    given.get(number).filter(|span| span.contains(at)).map(|_| number)
}

/// Whether a span overlaps a given content.
pub(super) fn overlaps(given: Option<&[Span<Byte>]>, span: Span<Byte>) -> bool {
    let given = given.unwrap_or_default();
    let number = given.partition_point(|it| it.end <= span.start);
    given.get(number).is_some_and(|it| it.overlaps(span))
}

/// The given contents whose first word is one of these.
pub(super) fn within<'a>(
    given: Option<&'a [Span<Byte>]>,
    words: &'a Words,
    range: Range<usize>,
) -> impl Iterator<Item = Span<Byte>> + 'a {
    let given = given.unwrap_or_default();
    let stretch = words.span(Span::new(range.start, range.end));
    let from = given.partition_point(|it| it.end <= stretch.start);
    let near = given[from..].iter().take_while(move |it| it.start < stretch.end);
    near.copied().filter(move |it| {
        let inside = words.within(*it);
        !inside.is_empty() && range.contains(&inside.start)
    })
}
