//! How much two lists of spans have in common.
//!
//! A list is in text order and its spans do not overlap one another ([`normalize`] makes it so). What is counted are
//! the list's positions: code points, or tokens.

use std::collections::BTreeSet;

use crate::document::Span;

/// The spans in text order, those that overlap or touch merged, empty ones left out.
pub fn normalize<U>(mut spans: Vec<Span<U>>) -> Vec<Span<U>> {
    spans.retain(|span| !span.is_empty());
    spans.sort_unstable();
    let mut merged: Vec<Span<U>> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => *last = Span::new(last.start, last.end.max(span.end)),
            _ => merged.push(span),
        }
    }
    merged
}

/// Number of positions in the list.
pub fn length<U>(spans: &[Span<U>]) -> usize {
    spans.iter().map(|span| span.len()).sum()
}

/// Number of positions that both lists have.
pub fn common<U>(a: &[Span<U>], b: &[Span<U>]) -> usize {
    let (mut i, mut j, mut sum) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        sum += x.end.min(y.end).saturating_sub(x.start.max(y.start));
        if x.end <= y.end { i += 1 } else { j += 1 }
    }
    sum
}

/// Whether the lists have a position in common.
pub fn overlap<U>(a: &[Span<U>], b: &[Span<U>]) -> bool {
    common(a, b) > 0
}

/// Intersection over union of the positions, in 0..=1; 0 for two empty lists.
pub fn iou<U>(a: &[Span<U>], b: &[Span<U>]) -> f64 {
    let common = common(a, b);
    ratio(common, length(a) + length(b) - common)
}

/// Harmonic mean of the shares of each list that the other has, in 0..=1; 0 for two empty lists.
pub fn f1<U>(a: &[Span<U>], b: &[Span<U>]) -> f64 {
    ratio(2 * common(a, b), length(a) + length(b))
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The pairs `(i, j)` for which the lists `a[i]` and `b[j]` have a position in common, sorted.
///
/// Takes time in proportion to the spans, but for sorting, and to the overlaps among them.
pub fn pairs<U>(a: &[&[Span<U>]], b: &[&[Span<U>]]) -> Vec<(usize, usize)> {
    let flat = |lists: &[&[Span<U>]]| {
        let spans = lists.iter().enumerate().flat_map(|(list, spans)| spans.iter().map(move |&span| (span, list)));
        let mut spans: Vec<(Span<U>, usize)> = spans.collect();
        spans.sort_unstable();
        spans
    };
    let (a, b) = (flat(a), flat(b));
    let mut upcoming = b.iter().peekable();
    // Spans of `b` that begin before the present span of `a` ends, less those that end before it begins.
    let mut open: Vec<&(Span<U>, usize)> = Vec::new();
    let mut pairs = BTreeSet::new();
    for (span, i) in &a {
        while let Some(next) = upcoming.next_if(|(other, _)| other.start < span.end) {
            open.push(next);
        }
        open.retain(|(other, _)| other.end > span.start);
        pairs.extend(open.iter().filter(|(other, _)| other.overlaps(*span)).map(|(_, j)| (*i, *j)));
    }
    pairs.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Char;
    use proptest::prelude::*;

    fn spans(ends: &[(usize, usize)]) -> Vec<Span<Char>> {
        ends.iter().map(|&(start, end)| Span::new(start, end)).collect()
    }

    #[test]
    fn measures_of_two_lists() {
        // (what it shows, a, b, positions in common, IoU, F1)
        type List<'l> = &'l [(usize, usize)];
        let cases: [(&str, List, List, usize, f64, f64); 6] = [
            ("the same", &[(2, 6)], &[(2, 6)], 4, 1.0, 1.0),
            ("half of a longer one: 4 of 8", &[(0, 4)], &[(0, 8)], 4, 0.5, 8.0 / 12.0),
            ("shifted: 3 of 0..7", &[(0, 5)], &[(2, 7)], 3, 3.0 / 7.0, 6.0 / 10.0),
            ("neighbours", &[(0, 5)], &[(5, 7)], 0, 0.0, 0.0),
            ("two parts against the whole: 5 of 10", &[(0, 3), (8, 10)], &[(0, 10)], 5, 0.5, 10.0 / 15.0),
            ("nothing against nothing", &[], &[], 0, 0.0, 0.0),
        ];
        for (name, a, b, shared, iou_, f1_) in cases {
            let (a, b) = (spans(a), spans(b));
            assert_eq!(common(&a, &b), shared, "{name}");
            assert_eq!(iou(&a, &b), iou_, "{name}");
            assert_eq!(f1(&a, &b), f1_, "{name}");
        }
    }

    #[test]
    fn lists_are_put_in_order() {
        let untidy = spans(&[(9, 12), (0, 3), (3, 5), (4, 4), (20, 20), (10, 15)]);
        assert_eq!(normalize(untidy), spans(&[(0, 5), (9, 15)]));
    }

    proptest! {
        #[test]
        fn pairs_are_those_that_overlap(
            a in prop::collection::vec(prop::collection::vec((0usize..40, 0usize..8), 0..4), 0..8),
            b in prop::collection::vec(prop::collection::vec((0usize..40, 0usize..8), 0..4), 0..8),
        ) {
            let lists = |lists: Vec<Vec<(usize, usize)>>| -> Vec<Vec<Span<Char>>> {
                lists.into_iter()
                    .map(|list| normalize(list.into_iter().map(|(at, len)| Span::new(at, at + len)).collect()))
                    .collect()
            };
            let (a, b) = (lists(a), lists(b));
            let mut expected = Vec::new();
            for (i, x) in a.iter().enumerate() {
                for (j, y) in b.iter().enumerate() {
                    if overlap(x, y) {
                        expected.push((i, j));
                    }
                }
            }
            let a: Vec<&[Span<Char>]> = a.iter().map(Vec::as_slice).collect();
            let b: Vec<&[Span<Char>]> = b.iter().map(Vec::as_slice).collect();
            prop_assert_eq!(pairs(&a, &b), expected);
        }
    }
}
