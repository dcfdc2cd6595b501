//! The page as a browser's parser reads it.

use proptest::prelude::*;
use scraper::{ElementRef, Html, Selector};

use crate::eval::report::{
    Breakdown, BreakdownRow, Calibration, CalibrationBin, CurvePoint, ErrorCase, ErrorKind, Estimate, Excerpt, Extent,
    Figure, Offsets, PrecisionRecall, ProtocolResult, Report, Shown,
};

fn page(report: &Report) -> String {
    let mut out = Vec::new();
    super::report(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Parses a page, which must be without a fault.
fn parse(page: &str) -> Html {
    let html = Html::parse_document(page);
    assert_eq!(html.errors, Vec::<std::borrow::Cow<'_, str>>::new());
    html
}

fn all<'h>(html: &'h Html, selector: &str) -> Vec<ElementRef<'h>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

fn texts(html: &Html, selector: &str) -> Vec<String> {
    all(html, selector).into_iter().map(|element| element.text().collect()).collect()
}

fn estimate(value: f64) -> Option<Estimate> {
    Some(Estimate { value, low: Some(value - 0.05), high: Some(value + 0.05) })
}

fn offsets(text: &str, words: &str) -> Vec<Offsets> {
    let byte = text.find(words).unwrap();
    let start = text[..byte].chars().count();
    vec![Offsets { start, end: start + words.chars().count() }]
}

fn excerpt(text: &str) -> Excerpt {
    Excerpt { start: 0, end: text.chars().count(), text: text.to_owned() }
}

/// Every string that comes from outside is this one; each kind of error occurs.
fn report_of(text: &str) -> Report {
    let whole = Offsets { start: 0, end: text.chars().count() };
    let shown =
        Shown { content: vec![whole], speaker: Some(text.to_owned()), mode: Some("direct"), ..Shown::default() };
    let cut = Offsets { start: 1, ..whole };
    let other = Shown { content: vec![cut], cue: vec![cut], confidence: Some(0.9), ..shown.clone() };
    let error = |kind, gold, predicted| ErrorCase {
        document: text.to_owned(),
        kinds: vec![kind],
        gold,
        predicted,
        context: excerpt(text),
    };
    Report {
        system: text.to_owned(),
        gold: vec![text.to_owned()],
        breakdowns: vec![Breakdown {
            dimension: "document",
            rows: vec![BreakdownRow { value: text.to_owned(), f1: estimate(0.5), ..BreakdownRow::default() }],
        }],
        errors: vec![
            error(ErrorKind::Missed, Some(shown.clone()), None),
            error(ErrorKind::False, None, Some(other.clone())),
            error(ErrorKind::WrongSpan, Some(shown.clone()), Some(other)),
            error(ErrorKind::WrongSpeaker, Some(shown.clone()), Some(shown)),
        ],
        ..Report::default()
    }
}

/// A report that shows everything there is to show.
fn small_report() -> Report {
    let text = "\"We open in May,\" said Ana Ruiz. The builder doubts it.";
    let missed = Shown {
        content: offsets(text, "doubts it"),
        source: offsets(text, "The builder"),
        mode: Some("indirect"),
        kind: Some("thought"),
        ..Shown::default()
    };
    let gold = Shown {
        content: offsets(text, "\"We open in May,\""),
        cue: offsets(text, "said"),
        source: offsets(text, "Ana Ruiz"),
        speaker: Some("Ana Ruiz".to_owned()),
        mode: Some("direct"),
        kind: Some("speech"),
        confidence: None,
    };
    let predicted = Shown { source: vec![], speaker: None, confidence: Some(0.62), ..gold.clone() };
    let error = |kinds: &[ErrorKind], gold, predicted| ErrorCase {
        document: "library".to_owned(),
        kinds: kinds.to_vec(),
        gold,
        predicted,
        context: excerpt(text),
    };
    Report {
        system: "a system".to_owned(),
        gold: vec!["gold.jsonl".to_owned()],
        extent: Extent { documents: 1, gold: 2, predicted: 1, ..Extent::default() },
        bootstrap: None,
        protocols: vec![ProtocolResult {
            name: "headline",
            definition: "one to one",
            documents: 1,
            figures: vec![
                Figure {
                    group: "attribution",
                    measure: "found",
                    gold: 2.0,
                    predicted: Some(1.0),
                    precision: estimate(0.9),
                    recall: estimate(0.5),
                    f1: estimate(0.64),
                    share: None,
                },
                Figure { group: "all", measure: "speaker", gold: 2.0, share: estimate(0.0), ..Figure::default() },
            ],
        }],
        breakdowns: vec![Breakdown {
            dimension: "mode",
            rows: vec![BreakdownRow {
                value: "direct".to_owned(),
                gold: 1,
                predicted: 1,
                found: 1,
                f1: estimate(0.7),
                speaker: estimate(0.2),
                ..BreakdownRow::default()
            }],
        }],
        calibration: Some(Calibration {
            right_means: "found with the right speaker",
            predictions: 1,
            ece: estimate(0.1),
            brier: None,
            bins: vec![CalibrationBin {
                low: 0.6,
                high: 0.7,
                predictions: 1,
                confidence: Some(0.62),
                right: estimate(0.5),
            }],
        }),
        curve: vec![CurvePoint {
            threshold: 0.62,
            predicted: 1,
            found: PrecisionRecall { precision: Some(1.0), recall: Some(0.5), f1: Some(0.667) },
            with_speaker: None,
        }],
        errors: vec![
            error(&[ErrorKind::WrongSpeaker, ErrorKind::WrongLink], Some(gold), Some(predicted)),
            error(&[ErrorKind::Missed], Some(missed), None),
        ],
    }
}

/// Texts that try to be more than text, with what the page shows of them.
const HOSTILE: &[(&str, &str, Option<&str>)] = &[
    ("a script", "<script>alert(1)</script>", None),
    ("an image with a handler", "<img src=x onerror=alert(1)>", None),
    ("the end of the style", "</style></script></title><b>", None),
    ("the end of the page", "</body></html><!-- ", None),
    ("the end of a CDATA section", "]]><![CDATA[", None),
    ("quotes of every kind", "\"'` onload=\"x\" “ ” « »", None),
    ("entities", "&lt;b&gt; &amp; &#60; &copy", None),
    ("an ending template", "<template></details></article>", None),
    ("right to left, and turned around", "\u{202e}שלום\u{2066} مرحبا", None),
    ("emoji of several code points", "👩‍👩‍👧‍👦 🏳️‍🌈", None),
    ("combining marks", "Z\u{341}\u{350}o", None),
    ("NUL and escape", "a\0b\x1b[31m", Some("a␀b␛[31m")),
    ("noncharacters", "\u{fffe}\u{10ffff}", Some("\u{fffd}\u{fffd}")),
    ("line ends", "\na\r\nb\r", Some("\na\nb\n")),
    ("nothing", "", None),
];

#[test]
fn hostile_text_stays_text() {
    let tags = |html: &Html| -> Vec<String> {
        let mut names: Vec<String> = all(html, "*").iter().map(|it| it.value().name().to_owned()).collect();
        names.dedup();
        names.sort();
        names.dedup();
        names
    };
    let harmless = parse(&page(&report_of("harmless")));
    for &(name, text, shown) in HOSTILE {
        let shown = shown.unwrap_or(text);
        let html = parse(&page(&report_of(text)));
        assert_eq!(all(&html, "script, style, title").len(), 3, "{name}");
        assert!(tags(&html).iter().all(|tag| tags(&harmless).contains(tag)), "{name}: {:?}", tags(&html));
        for element in all(&html, "*") {
            assert!(element.value().attrs().all(|(key, _)| !key.starts_with("on") && key != "style"), "{name}");
        }
        // One each for what was missed, false and somebody else's, two for the wrong span.
        assert_eq!(texts(&html, ".excerpt"), vec![shown; 5], "{name}");
        assert_eq!(texts(&html, ".document h3"), [shown], "{name}");
        assert_eq!(texts(&html, ".sides dd bdi"), vec![shown; 6], "{name}");
        let ids: Vec<_> = all(&html, "[data-document]").iter().filter_map(|it| it.attr("data-document")).collect();
        assert_eq!(ids, [shown], "{name}");
    }
}

#[test]
fn nothing_is_fetched() {
    let html = parse(&page(&small_report()));
    assert_eq!(all(&html, "[src], link, iframe, object, embed, base, image, use").len(), 0);
    for link in all(&html, "a") {
        let href = link.attr("href").unwrap();
        let target = href.strip_prefix('#').expect("every link stays on the page");
        assert_eq!(all(&html, &format!("[id='{target}']")).len(), 1, "{href}");
    }
    let policies = all(&html, "meta[http-equiv='Content-Security-Policy']");
    let policy = policies[0].attr("content").unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
}

#[test]
fn ids_are_unique_and_fields_have_labels() {
    let html = parse(&page(&small_report()));
    let ids: Vec<&str> = all(&html, "[id]").iter().filter_map(|it| it.attr("id")).collect();
    let distinct: std::collections::HashSet<_> = ids.iter().collect();
    assert_eq!(ids.len(), distinct.len());
    assert_eq!(
        all(&html, "form input, form select").len(),
        all(&html, "form label > input, form label > select").len()
    );
    assert_eq!(all(&html, "svg").len(), all(&html, "svg[role=img][aria-label]").len());
}

#[test]
fn an_empty_report_is_a_page() {
    let html = parse(&page(&Report::default()));
    assert_eq!(all(&html, "article, form, svg, .card").len(), 0);
    assert!(texts(&html, "p").iter().any(|text| text.contains("gold and prediction agree")));
}

#[test]
fn the_errors_are_there_without_javascript() {
    let html = parse(&page(&small_report()));
    assert_eq!(all(&html, "details.document[open] article:not([hidden])").len(), 2);
    assert_eq!(all(&html, "form[hidden]").len(), 1);
    let kinds: Vec<_> = all(&html, "article").iter().filter_map(|it| it.attr("data-kinds")).collect();
    assert_eq!(kinds, ["wrong-speaker wrong-link", "missed"]);
    assert_eq!(
        texts(&html, "article:first-of-type mark"),
        ["\"We open in May,\"", "said", "Ana Ruiz", "\"We open in May,\"", "said"]
    );
}

/// What changes with style and script is left out: it has its own tests.
#[test]
fn a_small_report() {
    let page = page(&small_report());
    let body = page.split_once("<body>").unwrap().1.split_once("<script>").unwrap().0;
    insta::assert_snapshot!(body.replace("><", ">\n<").replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

proptest! {
    #[test]
    fn any_text_at_any_offsets_is_recovered(text in "\\PC{0,40}", ends in prop::collection::vec((0_usize..50, 0_usize..50), 0..6), start in 0_usize..9) {
        let spans: Vec<Offsets> = ends.iter().map(|&(start, end)| Offsets { start, end }).collect();
        let shown = Shown { content: spans.clone(), cue: spans.into_iter().rev().skip(1).collect(), ..Shown::default() };
        let context = Excerpt { start, end: start + text.chars().count(), text: text.clone() };
        let error = ErrorCase { document: "a".to_owned(), kinds: vec![ErrorKind::Missed], gold: Some(shown), predicted: None, context };
        let html = parse(&page(&Report { errors: vec![error], ..Report::default() }));
        prop_assert_eq!(texts(&html, ".excerpt"), [text]);
    }
}
