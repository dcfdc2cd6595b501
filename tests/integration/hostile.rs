//! Texts that nobody would call news: whatever comes in, what comes out points into it.

use std::sync::LazyLock;

use dixit::document::Byte;
use dixit::{Annotation, Annotator, Document, Span, Statement};
use proptest::prelude::*;

static ANNOTATOR: LazyLock<Annotator> = LazyLock::new(|| Annotator::embedded().unwrap());

/// Every span of an annotation.
fn spans(annotation: &Annotation) -> impl Iterator<Item = Span<Byte>> {
    let of_statement = |it: &Statement| [it.content.clone(), it.cue.clone(), it.source.clone()].concat();
    let statements = annotation.statements.iter().flat_map(of_statement);
    statements.chain(annotation.speakers.iter().flat_map(|speaker| speaker.mentions.clone()))
}

/// What is wrong with an annotation of `text`, if anything is.
fn fault(text: &str, annotation: &Annotation) -> Option<String> {
    if let Some(span) = spans(annotation).find(|span| span.get(text).is_none_or(str::is_empty)) {
        return Some(format!("{span:?} points at nothing"));
    }
    let Annotation { statements, speakers } = annotation;
    let broken = |it: &&Statement| {
        it.content.is_empty()
            || !(0.0..=1.0).contains(&it.confidence)
            || it.speaker.is_some_and(|speaker| speaker >= speakers.len())
            || it.parent.is_some_and(|parent| parent >= statements.len())
    };
    statements.iter().find(broken).map(|statement| format!("{statement:?}"))
}

/// Bytes that look like chance and are the same in every run.
fn noise(length: usize) -> Vec<u8> {
    let step =
        |state: &u64| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
    std::iter::successors(step(&7), step).map(|state| (state >> 56) as u8).take(length).collect()
}

/// One paragraph of words with the lengths and the full stops of prose.
fn prose(bytes: usize) -> String {
    const SYLLABLES: [&str; 8] = ["ba", "rin", "to", "les", "mu", "ved", "ka", "son"];
    let mut text = String::new();
    for byte in noise(bytes) {
        text.push_str(SYLLABLES[usize::from(byte & 7)]);
        match byte >> 3 {
            0..=10 => text.push(' '),
            11 => text.push_str(", said Varga. "),
            _ => {}
        }
        if text.len() >= bytes {
            break;
        }
    }
    text
}

#[test]
fn no_text_breaks_it() {
    let cases = [
        ("nothing", String::new()),
        ("only emoji", "👋🏽👩‍👩‍👧🇳🇴".repeat(20_000 / 34)),
        ("random bytes", String::from_utf8_lossy(&noise(50_000)).into_owned()),
        ("straight quotation marks", "\"".repeat(2_000)),
        ("opening marks that nothing closes", "“".repeat(2_000)),
        ("opening marks between words", "“a said b ".repeat(1_000)),
        ("marks of all kinds, one a paragraph", "“x\n\n‘y\n\n«z\n\n\"w\n\n".repeat(200)),
        ("one long paragraph", prose(100_000)),
        ("one long word", "x".repeat(30_000)),
        ("only line feeds", "\n".repeat(20_000)),
        ("a byte order mark and DOS line ends", "\u{feff}“Enough,” said Ines Maron.\r\n\r\nShe left.\r\n".repeat(50)),
        ("combining marks", format!("“A{}” said Zo\u{308}e\u{301} Ma\u{30a}rk.", "\u{301}\u{323}".repeat(2_000))),
        ("combining marks without a letter", "\u{301} \"\u{308}\" said \u{323}. ".repeat(300)),
        ("right to left", "\u{202e}קבע השר כהן: \"לא נמכור\" \u{202c}، قال الوزير «لن نبيع». ".repeat(100)),
        ("control characters", "\0“\u{1}Stop\u{8},”\0 said\u{7f} Ole\u{85} Brandt\u{2028}.\u{b}\u{c}".repeat(100)),
        ("only NULs", "\0".repeat(5_000)),
    ];
    for (case, text) in cases {
        let annotation = ANNOTATOR.annotate_text(&text).unwrap();
        assert_eq!(fault(&text, &annotation), None, "{case}");
    }
}

/// Short texts of quotation marks, cues, names and anything else.
fn text() -> impl Strategy<Value = String> {
    let mark = prop::sample::select(vec!["\"", "“", "”", "‘", "’", "«", "»", "„", "'", "—"]);
    let word = prop::sample::select(vec![
        " said ",
        " told ",
        " according to ",
        "She ",
        " Rosa Lindqvist",
        "the mayor",
        "Mr. Ole Brandt ",
        ", ",
        ". ",
        "\n\n",
        ": ",
        "We will stay",
        "İstanbul",
        "ß",
        "👋🏽",
    ]);
    let part = prop_oneof![mark.prop_map(str::to_owned), word.prop_map(str::to_owned), "\\PC{0,6}", any::<String>()];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

/// Where the parts of each statement stand.
fn places(annotation: &Annotation) -> Vec<[&[Span<Byte>]; 3]> {
    annotation.statements.iter().map(|it| [&it.content[..], &it.cue, &it.source]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn neighbours_change_nothing_and_spans_point_into_the_text(texts in prop::collection::vec(text(), 1..5)) {
        let documents: Vec<_> = texts.iter().map(|text| Document::new("", text.as_str())).collect();
        let together = ANNOTATOR.annotate(&documents).unwrap();
        prop_assert_eq!(together.len(), texts.len());
        for (text, annotation) in texts.iter().zip(&together) {
            prop_assert_eq!(fault(text, annotation), None);
            let alone = ANNOTATOR.annotate_text(text).unwrap();
            prop_assert_eq!(places(&alone), places(annotation));
        }
    }
}
