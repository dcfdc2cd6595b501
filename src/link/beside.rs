//! Whose words a quotation is that has no source of its own.

use crate::decode::{Name, NameKind, Reading};
use crate::document::{Byte, Layout, Span};
use crate::quotations::Quoted;

use super::attributions::Attribution;

/// How many names on either side are looked at: bounds the time that a paragraph of any length takes.
const REACH: usize = 64;

/// The person named nearest to a quotation without source: outside all quotation marks, in the same paragraph. `None`
/// for contents that begin outside quotation marks, which often have no speaker.
pub fn named_beside(
    reading: &Reading,
    layout: &Layout,
    quoted: &Quoted,
    attribution: &Attribution<'_>,
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
    before.into_iter().chain(after).min_by_key(distance).map(|name| name.span)
}
