//! The place and agency that open a news story: "WASHINGTON (AFP) —".

use std::sync::LazyLock;

use regex::Regex;

use super::credits::pattern;
use super::labels::opens_with_label;
use super::regions::{COUNTRIES, REGION};
use crate::document::{Byte, ParagraphKind, Span};

/// The dateline of each paragraph, up to and with its dash or colon.
pub(super) fn datelines(text: &str, spans: &[Span<Byte>], kinds: &[ParagraphKind]) -> Vec<Option<Span<Byte>>> {
    let mut opening = true;
    let labels = spans.iter().filter(|span| LABEL.is_match(head(span.of(text)))).count();
    let transcript = labels > 1;
    spans
        .iter()
        .zip(kinds)
        .map(|(span, kind)| {
            if *kind != ParagraphKind::Body {
                return None;
            }
            let first = std::mem::replace(&mut opening, false);
            let length = dateline_length(span.of(text), first, transcript)?;
            Some(Span::new(span.start, span.start + length))
        })
        .collect()
}

/// Bytes of the dateline at the start of a paragraph. `first` says that it is the first of the running text: a place
/// without agency or date counts only there. In a `transcript`, a name before a colon is a speaker.
fn dateline_length(paragraph: &str, first: bool, transcript: bool) -> Option<usize> {
    let head = head(paragraph);
    let clear = || CLEAR.iter().find_map(|form| form.find(head));
    let bare =
        || BARE.iter().find_map(|form| form.find(head)).filter(|found| first && is_place(paragraph, found.end()));
    let colon = || COLON.find(head).filter(|_| first && !transcript);
    let found = clear().or_else(bare).or_else(colon)?;
    // A dateline with nothing behind it is a heading.
    let told = found.end() < paragraph.len();
    (told && !opens_with_label(head)).then(|| found.as_str().trim_end().len())
}

/// Whether the words before a dash at the start of a paragraph are a place: a short word is an organisation
/// ("BP — the oil company —"), and after a place the story starts with a capital.
fn is_place(paragraph: &str, end: usize) -> bool {
    const SHORTEST: usize = 4;
    let letters = paragraph[..end].chars().filter(|c| c.is_alphabetic()).count();
    let agency = WIRE_FIRST.is_match(paragraph);
    (letters >= SHORTEST || agency) && !paragraph[end..].starts_with(char::is_lowercase)
}

/// The start of a paragraph; no dateline is longer.
fn head(paragraph: &str) -> &str {
    const LONGEST: usize = 200;
    &paragraph[..paragraph.floor_char_boundary(LONGEST)]
}

/// "NEW YORK", "TEL AVIV/RAMALLAH", "PORT-AU-PRINCE", "ST. LOUIS"
const CAPITALS: &str = r"UPPER[UPPER.'’-]+(?:(?:\s|\s?/\s?|\sand\s|\sAND\s)UPPER[UPPER.'’-]+){0,4}";
/// "NEW DELHI"
const SHORT: &str = r"UPPER[UPPER.'’-]+(?:[\s/]UPPER[UPPER.'’-]+)?";
/// "Tel Aviv", "Port of Spain"
const TITLE: &str = r"UPPER[LETTER.'’-]+(?:[\s/](?:of\s|de\s|and\s)?UPPER[LETTER.'’-]+){0,3}";
/// ", Nigeria", ", D.C.", " (North Ossetia)"
const COUNTRY: &str = r"(?:,\s?UPPER[LETTER.'’-]*(?:\sUPPER[LETTER.'’-]*){0,2})";
/// ", March 3", ", 3 March 2020", "(Jan. 16)"
const DATE: &str = concat!(
    r"(?:,?\s?\(?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s)?",
    r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)",
    r"[A-Za-z]{0,6}\.?\s[0-9]{1,2}|[0-9]{1,2}\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?)",
    r"(?:,?\s[0-9]{4})?\)?)"
);
/// "(AFP)", "(Kano Daily News)"
const SOURCE: &str = r"(?:\s?[(\[]LETTER[LETTER0-9&.'’/ -]{1,40}[)\]])";
const DASH: &str = r"(?:\s?(?:—|–|―|--+)\s?|\s[-_]\s)";

/// Compiles a pattern in which the names of the constants here and in [`regions`](super::regions) stand for their
/// expressions.
fn dateline(form: &str) -> Regex {
    let parts = [
        ("CAPITALS", CAPITALS),
        ("SHORT", SHORT),
        ("TITLE", TITLE),
        ("COUNTRY", COUNTRY),
        ("COUNTRIES", COUNTRIES),
        ("REGION", REGION),
        ("DATE", DATE),
        ("SOURCE", SOURCE),
        ("DASH", DASH),
    ];
    pattern(&parts.iter().fold(form.to_owned(), |form, (name, part)| form.replace(name, part)))
}

/// Datelines that are clear in any paragraph: a place with its agency or date, or a known agency.
static CLEAR: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [
        dateline(r"^[\[(]?CAPITALSCOUNTRY{0,2}[\])]?(?:DATESOURCE?|SOURCEDATE?)DASH"),
        dateline(r"^TITLECOUNTRY{0,2}DATE?\s?[(\[]WIRE[)\]]DATE?DASH"),
        dateline(r"^(?:CAPITALSCOUNTRY{0,2}\s)?[(\[]WIRE[)\]](?:DASH|\s?)"),
    ]
});

/// Datelines that could be something else further down: a place alone, or an agency before a dash.
static BARE: LazyLock<[Regex; 6]> = LazyLock::new(|| {
    [
        dateline(r"^[\[(]?CAPITALSCOUNTRY{0,2}[\])]?DASH"),
        dateline(r"^TITLE,\s?REGIONDASH"),
        dateline(r"^TITLE,\s?COUNTRIESDASH"),
        dateline(r"^TITLECOUNTRY{0,2}DATEDASH"),
        dateline(r"^WIREDASH"),
        dateline(r"^SOURCEDASH"),
    ]
});

static WIRE_FIRST: LazyLock<Regex> = LazyLock::new(|| pattern(r"^WIRE(?-u:\b)"));

/// "LONDON:", "KANO, Nigeria:", "Cairo (AFP):"; many words before a colon are a label.
static COLON: LazyLock<Regex> = LazyLock::new(|| {
    dateline(r"^(?:CAPITALS(?:COUNTRY{1,2}DATE?SOURCE?|DATESOURCE?|SOURCE)|SHORT|TITLECOUNTRY{0,2}\s?\(WIRE\)):\s")
});

/// A speaker's name in a transcript, written as a place before a colon is.
static LABEL: LazyLock<Regex> = LazyLock::new(|| dateline(r"^CAPITALS:\s"));

#[cfg(test)]
mod tests {
    use super::*;

    /// The datelines of a text whose lines are paragraphs of running text.
    fn of_lines(text: &str) -> Vec<Option<&str>> {
        let spans = crate::segment::lines::paragraph_spans(text);
        let found = datelines(text, &spans, &vec![ParagraphKind::Body; spans.len()]);
        found.into_iter().map(|dateline| dateline.map(|span| span.of(text))).collect()
    }

    #[test]
    fn a_dateline_runs_to_its_dash_or_colon() {
        for dateline in [
            "WASHINGTON (AFP) —",
            "GENEVA, March 3 (Xinhua) --",
            "LAGOS, Nigeria —",
            "LONDON:",
            "NEW YORK (Reuters) -",
            "SAN FRANCISCO/TOKYO (Reuters) –",
            "ST. LOUIS (AP) _",
            "PORT-AU-PRINCE, Haiti (AP) —",
            "MÜNCHEN (dpa) -",
            "HANNIBAL, Mo. —",
            "[SPRINGFIELD, IL] –",
            "KNOXVILLE, Tenn. (Oct. 14, 2021) --",
            "Geneva, 3 March 2020 —",
            "Dubai (AFP) –",
            "Abuja, Nigeria (AP) —",
            "Albany, N.Y. –",
            "Kano, Nigeria -",
            "(CNN) --",
            "(CNN)",
            "CNN —",
            "(Harbour News) -",
            "KANO, Nigeria:",
        ] {
            let text = format!("{dateline} The port closed on Monday.");
            assert_eq!(of_lines(&text), [Some(dateline)], "{text}");
        }
    }

    #[test]
    fn other_openings_are_no_dateline() {
        for text in [
            "UPDATE: The port closed on Monday.",
            "WARNING — The port is closed.",
            "BP — the oil company — closed the port.",
            "The port — a small one — closed.",
            "Lena Ortiz (Labour) – the mayor – closed the port.",
            "Water Supply Board (WSB) – The board meets today.",
            "WHY THIS MATTERS: The port is old.",
            "NATO—which has a base there—agreed.",
            "U.S. officials said the port closed.",
            "LONDON —",
        ] {
            assert_eq!(of_lines(text), [None], "{text}");
        }
    }

    #[test]
    fn a_place_alone_counts_only_where_the_story_opens() {
        let text = "LAGOS — The port closed.\nABUJA — The ministry agreed.\nKANO (AFP) — Farmers did not.";
        assert_eq!(of_lines(text), [Some("LAGOS —"), None, Some("KANO (AFP) —")]);
    }

    #[test]
    fn speakers_of_a_transcript_are_no_places() {
        assert_eq!(of_lines("TAPPER: Good evening.\nORTIZ: Good evening, Jake."), [None, None]);
    }

    #[test]
    fn every_part_of_a_dateline_is_found_in_a_long_paragraph() {
        let text = format!("LAGOS (AFP) — {}", "é".repeat(500));
        assert_eq!(of_lines(&text), [Some("LAGOS (AFP) —")]);
    }
}
