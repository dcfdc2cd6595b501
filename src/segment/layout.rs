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
            whole.get(next).is_none_or(|span| span.start >= *end)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::quotations::quotations;
    use crate::segment::{lines::is_blank, paragraphs};

    fn of(text: &str) -> Layout {
        let paragraphs = paragraphs(text);
        let spans: Vec<Span<Byte>> = paragraphs.iter().map(|paragraph| paragraph.span).collect();
        layout(text, paragraphs, &quotations(text, &spans))
    }

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = of(text).sentences.iter().map(|sentence| sentence.of(text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_sentence_does_not_end_inside_a_quotation_that_it_does_not_finish() {
        check(
            "He said, \"It is over. We go home,\" and left. Nobody spoke.",
            &["He said, \"It is over. We go home,\" and left.", "Nobody spoke."],
        );
        check("“It is over. We go home,” she said.", &["“It is over. We go home,” she said."]);
        check(
            "\"Why? Tell me! I must know,\" Ortiz said. She left.",
            &["\"Why? Tell me! I must know,\" Ortiz said.", "She left."],
        );
    }

    #[test]
    fn a_quotation_of_several_sentences_is_one_unit() {
        check("\"It is over. We go home.\" He left.", &["\"It is over. We go home.\"", "He left."]);
        check("He said: \"It is over. We go home.\" He left.", &["He said: \"It is over. We go home.\"", "He left."]);
    }

    #[test]
    fn quotations_inside_quotations_do_not_matter() {
        check(
            "She said, “He told me, ‘Go home. Now.’ I went.” Then she left.",
            &["She said, “He told me, ‘Go home. Now.’ I went.”", "Then she left."],
        );
    }

    #[test]
    fn a_quotation_that_the_next_paragraph_continues_is_whole_in_each() {
        check(
            "\"It is over. We go home.\n\"Nobody won. Good night,\" she said.",
            &["\"It is over. We go home.", "\"Nobody won. Good night,\" she said."],
        );
    }

    #[test]
    fn a_stray_mark_does_not_swallow_its_paragraph() {
        check("The beam is 6\" wide. It broke. They left.", &["The beam is 6\" wide.", "It broke.", "They left."]);
        check("\"It is over. We go home.\nNobody won.", &["\"It is over.", "We go home.", "Nobody won."]);
    }

    #[test]
    fn a_dateline_is_part_of_the_first_sentence() {
        let text = "LAGOS, Nigeria (AFP) — The port closed. It is old.";
        check(text, &["LAGOS, Nigeria (AFP) — The port closed.", "It is old."]);
        assert_eq!(of(text).paragraphs[0].dateline.map(|span| span.of(text)), Some("LAGOS, Nigeria (AFP) —"));
    }

    #[test]
    fn sentences_belong_to_their_paragraphs() {
        let layout = of("Rain fell. It stopped.\n\nThe sun came out.\n");
        let ranges: Vec<_> = layout.paragraphs.iter().map(|paragraph| paragraph.sentences.clone()).collect();
        assert_eq!(ranges, [0..2, 2..3]);
    }

    #[test]
    fn quotations_of_another_text_do_no_harm() {
        let foreign = quotations("\"A very long quotation. Of another text.\"", &[Span::new(0, 41)]);
        let text = "é. É";
        let layout = layout(text, paragraphs(text), &foreign);
        assert!(layout.sentences.iter().all(|sentence| sentence.get(text).is_some()));
    }

    /// What news is made of, in any order.
    fn scraps() -> impl Strategy<Value = String> {
        let scrap = prop_oneof![
            prop::sample::select(vec![
                "The port",
                " closed",
                ".",
                ". ",
                "? ",
                "! ",
                "...",
                " . . .",
                "…",
                "\"",
                "“",
                "”",
                "'",
                "’",
                "(",
                ") ",
                "[1]",
                "U.S. ",
                "Gov. ",
                "J. ",
                "No. ",
                "5",
                "3.5",
                " said ",
                "Mora asked",
                "By Maria Okafor",
                "LAGOS (AFP) — ",
                "REUTERS/Tom Reyes",
                "\n",
                "\n\n",
                "\r\n",
                "\r",
                "\u{2028}",
                "\u{2029}",
                "\u{feff}",
                "\u{200b}",
                " ",
                "\t",
                "👋🏽",
                "é",
                "İ",
                "ß",
                "。",
                "—",
                " - ",
                "iPhone",
                "word",
            ])
            .prop_map(str::to_owned),
            ".{0,6}",
        ];
        prop::collection::vec(scrap, 0..60).prop_map(|scraps| scraps.concat())
    }

    proptest! {
        #[test]
        fn the_layout_covers_the_text_in_order(text in scraps()) {
            let layout = of(&text);
            let mut end = 0;
            let mut sentence_count = 0;
            for paragraph in &layout.paragraphs {
                prop_assert!(end <= paragraph.span.start && !paragraph.span.is_empty());
                prop_assert!(text[end..paragraph.span.start].chars().all(is_blank));
                prop_assert_eq!(trim_blank(&text, paragraph.span), paragraph.span);
                if let Some(dateline) = paragraph.dateline {
                    prop_assert!(dateline.start == paragraph.span.start && paragraph.span.covers(dateline));
                    prop_assert!(!dateline.of(&text).is_empty());
                }
                prop_assert_eq!(paragraph.sentences.start, sentence_count);
                prop_assert!(!paragraph.sentences.is_empty());
                let mut inner = paragraph.span.start;
                for sentence in &layout.sentences[paragraph.sentences.clone()] {
                    prop_assert!(inner <= sentence.start && sentence.end <= paragraph.span.end);
                    prop_assert!(text[inner..sentence.start].trim().is_empty());
                    prop_assert_eq!(sentence.trim(&text), *sentence);
                    prop_assert!(!sentence.of(&text).is_empty());
                    inner = sentence.end;
                }
                prop_assert_eq!(inner, paragraph.span.end);
                sentence_count = paragraph.sentences.end;
                end = paragraph.span.end;
            }
            prop_assert!(text[end..].chars().all(is_blank));
            prop_assert_eq!(sentence_count, layout.sentences.len());
        }

        #[test]
        fn no_sentence_ends_inside_a_closed_quotation(text in scraps()) {
            let spans: Vec<Span<Byte>> = paragraphs(&text).iter().map(|paragraph| paragraph.span).collect();
            let quotations = quotations(&text, &spans);
            let layout = layout(&text, paragraphs(&text), &quotations);
            for quotation in quotations.iter().filter(|quotation| quotation.depth == 0 && quotation.closed) {
                let cuts = layout.sentences.iter().any(|s| quotation.span.start < s.end && s.end < quotation.span.end);
                prop_assert!(!cuts, "{:?} in {:?}", quotation, layout.sentences);
            }
        }

        #[test]
        fn quotations_only_join_sentences(text in scraps()) {
            let spans: Vec<Span<Byte>> = paragraphs(&text).iter().map(|paragraph| paragraph.span).collect();
            let with = layout(&text, paragraphs(&text), &quotations(&text, &spans));
            let without = layout(&text, paragraphs(&text), &[]);
            let ends: HashSet<usize> = without.sentences.iter().map(|sentence| sentence.end).collect();
            prop_assert!(with.sentences.iter().all(|sentence| ends.contains(&sentence.end)));
        }
    }
}
