//! Stage 1: paragraphs and sentences.
//!
//! [`paragraphs`] needs the text alone; [`layout`] then takes the quotations found in those paragraphs and adds the
//! sentences. The rules are described in `docs/segmentation.md`.

mod abbreviations;
mod agencies;
mod boundaries;
mod credits;
mod datelines;
mod kinds;
mod labels;
mod layout;
mod lines;
mod patterns;
mod regions;
mod reporting_verbs;
mod starters;

pub use layout::{layout, sentences};
pub(crate) use reporting_verbs::reports;

use crate::document::Paragraph;

/// The paragraphs of `text` with their kinds and datelines, and no sentences yet.
///
/// What lies outside every paragraph is white space, a byte order mark or a space of no width.
pub fn paragraphs(text: &str) -> Vec<Paragraph> {
    let spans = lines::paragraph_spans(text);
    let kinds = kinds::kinds(text, &spans);
    let datelines = datelines::datelines(text, &spans, &kinds);
    spans
        .into_iter()
        .zip(kinds)
        .zip(datelines)
        .map(|((span, kind), dateline)| Paragraph { span, kind, dateline, sentences: 0..0 })
        .collect()
}
