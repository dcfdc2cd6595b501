//! Whose words a quotation is that has no source of its own.

use std::ops::Range;

use crate::decode::{Name, NameKind, Reading};
use crate::document::{Byte, Layout, Span};
use crate::quotations::Quoted;

use super::attributions::Attribution;

/// How many names on either side are looked at: bounds the time that a paragraph of any length takes.
const REACH: usize = 64;

/// How many bytes on either side are searched for a pronoun.
const NEAR: usize = 400;

/// The person named nearest to a quotation without source, or the "he" or "she" that stands nearer: outside all
/// quotation marks, in the same paragraph. `None` for contents that begin outside quotation marks, which often have no
/// speaker.
pub fn named_beside(
    reading: &Reading,
    layout: &Layout,
    quoted: &Quoted,
    attribution: &Attribution<'_>,
    text: &str,
) -> Option<Span<Byte>> {
    let content = attribution.content.first()?.span;
    quoted.at(content.start)?;
    let paragraph = layout.paragraph_at(content.start)?.span;
    let named = |name: &&Name| name.kind == NameKind::Person && !quoted.overlaps(name.span);
    let inside = |name: &&Name| paragraph.covers(name.span);
    let middle = reading.names.partition_point(|name| name.span.start < content.start);
    let (before, after) = reading.names.split_at(middle);
    let before = before.iter().rev().take_while(inside).take(REACH).find(named);
    let after = after.iter().take_while(inside).take(REACH).find(named);
    let distance = |name: &&Name| {
        if name.span.start < content.start {
            content.start.saturating_sub(name.span.end)
        } else {
            name.span.start.saturating_sub(content.end)
        }
    };
    let name = before.into_iter().chain(after).min_by_key(distance);
    let within = name.map_or(usize::MAX, |name| distance(&name));
    let pronoun = pronouns(text, paragraph, content)
        .filter(|span| !quoted.overlaps(*span))
        .map(|span| (gap(span, content), span))
        .min()
        .filter(|(gap, _)| *gap < within);
    pronoun.map(|(_, span)| span).or(name.map(|name| name.span))
}

/// Bytes between two spans that do not overlap.
fn gap(a: Span<Byte>, b: Span<Byte>) -> usize {
    if a.start < b.start { b.start.saturating_sub(a.end) } else { a.start.saturating_sub(b.end) }
}

/// "he" and "she" in the paragraph, near the content on either side.
fn pronouns(text: &str, paragraph: Span<Byte>, content: Span<Byte>) -> impl Iterator<Item = Span<Byte>> {
    let before = paragraph.start.max(content.start.saturating_sub(NEAR))..content.start;
    let after = content.end..paragraph.end.min(content.end.saturating_add(NEAR));
    [before, after].into_iter().flat_map(move |stretch| words(text, stretch)).filter(move |span| {
        let word = span.of(text);
        word.eq_ignore_ascii_case("he") || word.eq_ignore_ascii_case("she")
    })
}

/// Whether a byte belongs to a letter; those beyond ASCII do, so that "é" ends no word.
fn is_letter(byte: &u8) -> bool {
    byte.is_ascii_alphabetic() || !byte.is_ascii()
}

/// The runs of letters in a stretch of text.
fn words(text: &str, stretch: Range<usize>) -> impl Iterator<Item = Span<Byte>> {
    let bytes = text.as_bytes();
    let mut at = stretch.start;
    std::iter::from_fn(move || {
        let start = at + bytes.get(at..stretch.end)?.iter().position(is_letter)?;
        let end = bytes[start..stretch.end].iter().position(|b| !is_letter(b)).map_or(stretch.end, |n| start + n);
        at = end;
        Some(Span::new(start, end))
    })
    .filter(move |span: &Span<Byte>| span.get(text).is_some())
}
