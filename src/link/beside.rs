//! Whose words a quotation is that has no source of its own.

use crate::decode::{NameKind, Reading};
use crate::document::{Byte, Layout, Span};
use crate::quotations::Quoted;

use super::attributions::Attribution;

/// The person named nearest to a quotation without source: outside all quotation marks, in the same paragraph. `None`
/// for contents that begin outside quotation marks, which often have no speaker.
pub fn named_beside(
    reading: &Reading,
    layout: &Layout,
    quoted: &Quoted,
    attribution: &Attribution,
) -> Option<Span<Byte>> {
    let content = reading.roles[*attribution.content.first()?].span;
    quoted.at(content.start)?;
    let paragraph = layout.paragraph_at(content.start)?.span;
    let first = reading.names.partition_point(|name| name.span.start < paragraph.start);
    let names = reading.names[first..].iter().take_while(|name| name.span.end <= paragraph.end);
    names.filter(|name| name.kind == NameKind::Person && !quoted.overlaps(name.span)).map(|name| name.span).min_by_key(
        |name| {
            if name.start < content.start {
                content.start - name.end.min(content.start)
            } else {
                name.start.saturating_sub(content.end)
            }
        },
    )
}
