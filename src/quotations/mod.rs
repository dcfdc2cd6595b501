//! Pairs of quotation marks.
//!
//! A paragraph's marks are paired together, so that a missing or a stray mark harms no other paragraph: `marks`
//! finds them and prices what each may do, given its shape and its neighbours; `roles` takes the cheapest reading
//! of the whole paragraph. Double marks are paired first. Single marks, most of which are apostrophes, are then paired
//! among those that stand in the same quotation, so that no two quotations cross.
use crate::document::{Byte, Span};

mod elisions;
mod marks;
mod roles;
#[cfg(test)]
mod tests;

use marks::{Glyph, Mark};
use roles::Role;

/// A stretch of text between two quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotation {
    /// From the opening mark to the closing mark, both included.
    pub span: Span<Byte>,
    /// What stands between the marks.
    pub inner: Span<Byte>,
    /// How many quotations this one stands in; 0 for one that stands in the running text.
    pub depth: usize,
    /// Whether the closing mark is there. One without it ends where the quotation around it or its paragraph ends.
    pub closed: bool,
    /// Index of the quotation in an earlier paragraph that this one continues: that one is not closed, this one opens
    /// the next paragraph.
    pub continues: Option<usize>,
}

/// The quotations of `text` in the order of their opening marks.
///
/// `paragraphs` are in text order and do not overlap; one that begins before its predecessor ends is passed over. No
/// quotation crosses the end of a paragraph or another quotation, and none is blank. Takes time linear in the text.
pub fn quotations(text: &str, paragraphs: &[Span<Byte>]) -> Vec<Quotation> {
    let mut found = Vec::new();
    // What the paragraph before left open, outermost first.
    let mut left_open: Vec<(usize, Kind)> = Vec::new();
    let mut done = 0;
    for (number, &paragraph) in paragraphs.iter().enumerate() {
        if paragraph.start < done {
            continue;
        }
        done = paragraph.end;
        let next = paragraphs.get(number + 1).map_or("", |next| next.trim(text).of(text));
        let paragraph = paragraph.trim(text);
        let pairs = pairs(text, paragraph, &marks::leading(next));
        left_open = append(&mut found, text, paragraph, &pairs, &left_open);
    }
    found
}

/// The quotations that stand in no other, in text order.
pub fn outermost(quotations: &[Quotation]) -> impl Iterator<Item = &Quotation> {
    quotations.iter().filter(|quotation| quotation.depth == 0)
}

/// Answers in O(log n) whether a place stands in quotation marks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quoted {
    /// The spans of the outermost quotations: in text order, none overlapping another.
    spans: Vec<Span<Byte>>,
}

impl Quoted {
    /// The places that `quotations`, in the order [`quotations()`] returns them, cover; marks included.
    pub fn new(quotations: &[Quotation]) -> Self {
        Self { spans: outermost(quotations).map(|quotation| quotation.span).collect() }
    }

    /// The span of the outermost quotation that `position` stands in, marks included.
    pub fn at(&self, position: usize) -> Option<Span<Byte>> {
        let after = self.spans.partition_point(|span| span.start <= position);
        self.spans[..after].last().copied().filter(|span| span.contains(position))
    }

    /// The outermost quotations that stand wholly in `span`, in text order.
    pub fn within(&self, span: Span<Byte>) -> impl Iterator<Item = Span<Byte>> {
        let first = self.spans.partition_point(|quoted| quoted.start < span.start);
        self.spans[first..].iter().copied().take_while(move |quoted| quoted.end <= span.end)
    }

    /// Whether the byte at `position` stands in a quotation or is one of its marks.
    pub fn contains(&self, position: usize) -> bool {
        self.at(position).is_some()
    }

    /// Whether the whole of `span` stands in one quotation, marks included.
    pub fn covers(&self, span: Span<Byte>) -> bool {
        self.at(span.start).is_some_and(|quoted| quoted.covers(span))
    }

    /// The part of the first outermost quotation in `span` that stands in `span`, marks included.
    pub fn next(&self, span: Span<Byte>) -> Option<Span<Byte>> {
        let next = self.spans.partition_point(|quoted| quoted.end <= span.start);
        let quoted = self.spans.get(next).filter(|quoted| quoted.overlaps(span))?;
        Some(Span::new(quoted.start.max(span.start), quoted.end.min(span.end)))
    }

    /// Whether any part of `span` stands in a quotation, marks included.
    pub fn overlaps(&self, span: Span<Byte>) -> bool {
        self.next(span).is_some()
    }
}

/// What a mark looks like: its shape, and whether it is a double one.
type Kind = (Glyph, bool);

/// An opening mark, its closing mark if it has one, and where the quotation ends.
#[derive(Debug, Clone, Copy)]
struct Pair {
    opening: Mark,
    closing: Option<Mark>,
    end: usize,
}

impl Pair {
    fn inner(&self) -> Span<Byte> {
        Span::new(self.opening.end, self.closing.map_or(self.end, |mark| mark.start))
    }
}

/// The pairs of one paragraph in the order of their opening marks. `next` are the marks that open the paragraph after.
fn pairs(text: &str, paragraph: Span<Byte>, next: &[Kind]) -> Vec<Pair> {
    let (double, single): (Vec<Mark>, Vec<Mark>) =
        marks::find(text, paragraph).into_iter().partition(|mark| mark.double);
    let mut pairs = match_marks(&double, paragraph.end, next);
    let doubles = pairs.len();
    for (around, group) in by_surroundings(&single, &pairs) {
        let within = around.map_or(paragraph, |around| pairs[around].inner());
        // Only what reaches the end of the paragraph can go on in the next.
        let next = if within.end == paragraph.end { next } else { &[] };
        pairs.extend(match_marks(&group, within.end, next).into_iter().filter(|pair| {
            pair.closing.is_some() || pair.opening.start == within.start || next.contains(&pair.opening.kind())
        }));
    }
    if pairs.len() > doubles {
        pairs.sort_by_key(|pair| pair.opening.start);
    }
    pairs
}

/// Pairs `marks`; what is not closed ends at `end`.
fn match_marks(marks: &[Mark], end: usize, next: &[Kind]) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    let mut open = Vec::new();
    for (&mark, role) in marks.iter().zip(roles::assign(marks, next)) {
        match role {
            Role::Opens => {
                open.push(pairs.len());
                pairs.push(Pair { opening: mark, closing: None, end });
            }
            Role::Closes => {
                if let Some(opened) = open.pop() {
                    pairs[opened].closing = Some(mark);
                    pairs[opened].end = mark.end;
                }
            }
            Role::Stands => {}
        }
    }
    pairs
}

/// Groups the single marks by the innermost of `doubles` they stand in, `None` being the running text.
fn by_surroundings(single: &[Mark], doubles: &[Pair]) -> Vec<(Option<usize>, Vec<Mark>)> {
    let mut placed = Vec::with_capacity(single.len());
    let mut coming = doubles.iter().enumerate().peekable();
    let mut around: Vec<usize> = Vec::new();
    let leave = |around: &mut Vec<usize>, position: usize| {
        while around.last().is_some_and(|&innermost| doubles[innermost].end <= position) {
            around.pop();
        }
    };
    for &mark in single {
        while let Some((number, pair)) = coming.next_if(|(_, pair)| pair.opening.start < mark.start) {
            leave(&mut around, pair.opening.start);
            around.push(number);
        }
        leave(&mut around, mark.start);
        placed.push((around.last().copied(), mark));
    }
    placed.sort_by_key(|&(around, _)| around);
    placed
        .chunk_by(|a, b| a.0 == b.0)
        .map(|group| (group[0].0, group.iter().map(|&(_, mark)| mark).collect()))
        .collect()
}

/// Appends the quotations of `paragraph` to `found` and returns those it leaves open, outermost first.
fn append(
    found: &mut Vec<Quotation>,
    text: &str,
    paragraph: Span<Byte>,
    pairs: &[Pair],
    left_open: &[(usize, Kind)],
) -> Vec<(usize, Kind)> {
    let mut ends: Vec<usize> = Vec::new();
    let mut still_open = Vec::new();
    let mut earlier = left_open.iter();
    // Where the mark must stand that takes up the next of `earlier`.
    let mut taken_up_at = paragraph.start;
    for pair in pairs {
        let inner = pair.inner();
        if inner.of(text).trim().is_empty() {
            continue;
        }
        while ends.last().is_some_and(|&end| end <= pair.opening.start) {
            ends.pop();
        }
        let mut continues = None;
        if pair.opening.start == taken_up_at
            && let Some(&(index, kind)) = earlier.next()
            && kind == pair.opening.kind()
        {
            continues = Some(index);
            taken_up_at = pair.opening.end;
        }
        if pair.closing.is_none() && pair.end == paragraph.end {
            still_open.push((found.len(), pair.opening.kind()));
        }
        let span = Span::new(pair.opening.start, pair.end);
        found.push(Quotation { span, inner, depth: ends.len(), closed: pair.closing.is_some(), continues });
        ends.push(pair.end);
    }
    still_open
}
