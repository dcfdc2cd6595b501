//! Where the tokens of a corpus stand in the raw text that they were made from.
//!
//! Tokenizers of the Penn Treebank's school rewrite what they cut: quotation marks become `` and '', brackets -LRB-,
//! dashes --, and a sentence that ends in an abbreviation gets a second full stop. So both sides are brought to one
//! spelling without white space, the two are compared as wholes (a difference in one place cannot lead the rest astray),
//! and each token stands where its characters were found. Rows that are out of order are looked for one by one.

use std::collections::HashSet;
use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};

use crate::document::{Byte, Span};

/// Where each token of each row stands in `text`; an empty span for a token that is not there.
///
/// Of a text that is not the tokens' at all nothing is found but whole rows.
pub(super) fn align(text: &str, rows: &[Vec<String>]) -> Vec<Vec<Span<Byte>>> {
    let text_side = Spelling::of_text(text);
    let (tokens_side, ranges) = spelled(rows);
    let mut found = vec![None; tokens_side.len()];
    compare(&text_side.bytes, &tokens_side, &mut found);
    find_strays(&text_side, &tokens_side, &ranges, &mut found);
    let mut spans: Vec<Vec<Option<Span<Byte>>>> = Vec::with_capacity(rows.len());
    for row in &ranges {
        spans.push(row.iter().map(|token| text_side.span(&found[token.clone()])).collect());
    }
    fill_gaps(text, &mut spans);
    let mut last = 0;
    let mut place = |span: Option<Span<Byte>>| {
        let span = span.unwrap_or(Span::new(last, last));
        last = span.end;
        span
    };
    spans.into_iter().map(|row| row.into_iter().map(&mut place).collect()).collect()
}

/// A text in the common spelling.
struct Spelling {
    bytes: Vec<u8>,
    /// The character of the text that each byte stands for.
    origin: Vec<(u32, u8)>,
}

impl Spelling {
    fn of_text(text: &str) -> Self {
        let mut spelling = Self { bytes: Vec::with_capacity(text.len()), origin: Vec::with_capacity(text.len()) };
        for (at, it) in text.char_indices() {
            spell(it, &mut spelling.bytes);
            // A text of more than four gigabytes is not compared at all.
            spelling.origin.resize(spelling.bytes.len(), (at as u32, it.len_utf8() as u8));
        }
        spelling
    }

    /// The span of a token whose bytes were found at these positions: all of them, one after the other.
    fn span(&self, found: &[Option<u32>]) -> Option<Span<Byte>> {
        let (first, last) = ((*found.first()?)?, (*found.last()?)?);
        let unbroken = found.iter().enumerate().all(|(at, it)| *it == Some(first + at as u32));
        let (start, (end, size)) = (self.origin.get(first as usize)?.0, self.origin.get(last as usize)?);
        unbroken.then(|| Span::new(start as usize, *end as usize + usize::from(*size)))
    }
}

/// Adds the common spelling of a character. Quotation marks of all sorts become apostrophes, double ones two.
fn spell(it: char, into: &mut Vec<u8>) {
    match it {
        '"' | '“' | '”' | '„' | '‟' | '«' | '»' => into.extend(b"''"),
        '‘' | '’' | '‚' | '‛' | '`' | '´' | '‹' | '›' => into.push(b'\''),
        '–' | '—' | '―' | '‒' => into.extend(b"--"),
        '‐' | '‑' => into.push(b'-'),
        '…' => into.extend(b"..."),
        '£' => into.push(b'#'),
        '€' => into.push(b'$'),
        '¢' => into.extend(b"cents"),
        '½' => into.extend(b"1/2"),
        '¼' => into.extend(b"1/4"),
        '¾' => into.extend(b"3/4"),
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' => {}
        it if it.is_whitespace() || it.is_control() => {}
        it => into.extend(it.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

/// What tokens say for a bracket.
const BRACKETS: [(&str, &str); 6] =
    [("-LRB-", "("), ("-RRB-", ")"), ("-LSB-", "["), ("-RSB-", "]"), ("-LCB-", "{"), ("-RCB-", "}")];

/// The common spelling of all tokens, and the range of each.
fn spelled(rows: &[Vec<String>]) -> (Vec<u8>, Vec<Vec<Range<usize>>>) {
    let mut bytes = Vec::new();
    let mut token = |token: &String| {
        let start = bytes.len();
        let bracket = BRACKETS.iter().find(|(name, _)| token.eq_ignore_ascii_case(name));
        let plain = bracket.map_or_else(|| token.replace("\\/", "/").replace("\\*", "*"), |(_, it)| (*it).to_owned());
        plain.chars().for_each(|it| spell(it, &mut bytes));
        start..bytes.len()
    };
    let ranges = rows.iter().map(|row| row.iter().map(&mut token).collect()).collect();
    (bytes, ranges)
}

/// Says for each byte of `tokens` which byte of `text` it is, if any.
fn compare(text: &[u8], tokens: &[u8], found: &mut [Option<u32>]) {
    if text.len().max(tokens.len()) > i32::MAX as usize / 2 || !resemble(text, tokens) {
        return;
    }
    let mut input = InternedInput::default();
    input.update_before(text.iter().copied());
    input.update_after(tokens.iter().copied());
    let mut diff = Diff::compute(Algorithm::Myers, &input);
    // Of two full stops the first is the text's: differences go to the end of what repeats.
    diff.postprocess_no_heuristic(&input);
    let (mut before, mut after) = (0, 0);
    let end = (text.len() as u32, tokens.len() as u32);
    let hunks = diff.hunks().map(|it| (it.before, it.after)).chain([(end.0..end.0, end.1..end.1)]);
    for (gone, new) in hunks {
        for (position, slot) in (before..gone.start).zip(&mut found[after as usize..new.start as usize]) {
            *slot = Some(position);
        }
        (before, after) = (gone.end, new.end);
    }
}

/// Whether at least half of the tokens' bytes stand in surroundings that the text has, too. Comparing what is not alike
/// takes time that grows with the square of its length.
fn resemble(text: &[u8], tokens: &[u8]) -> bool {
    const WINDOW: usize = 8;
    const SHORT: usize = 2_000;
    if text.len().max(tokens.len()) < SHORT {
        return true;
    }
    let known: HashSet<&[u8]> = text.windows(WINDOW).collect();
    let shared = tokens.windows(WINDOW).filter(|it| known.contains(it)).count();
    shared * 2 >= tokens.len().saturating_sub(WINDOW)
}

/// How often the whole text may be searched for rows that stand elsewhere than their place among the rows says.
const SEARCHES: usize = 256;

/// Looks anywhere in the text for rows of which less than half was found, where no other row is.
fn find_strays(text: &Spelling, tokens: &[u8], rows: &[Vec<Range<usize>>], found: &mut [Option<u32>]) {
    let mut taken = vec![false; text.bytes.len()];
    found.iter().flatten().for_each(|at| taken[*at as usize] = true);
    let mut searches = 0;
    for row in rows {
        let (Some(first), Some(last)) = (row.first(), row.last()) else { continue };
        let range = first.start..last.end;
        let lost = found[range.clone()].iter().filter(|it| it.is_none()).count();
        // Short rows stand everywhere.
        if range.len() < 8 || lost * 2 <= range.len() || searches == SEARCHES {
            continue;
        }
        searches += 1;
        found[range.clone()].iter().flatten().for_each(|at| taken[*at as usize] = false);
        let start = position(&text.bytes, &tokens[range.clone()]);
        if let Some(start) = start.filter(|start| !taken[*start..start + range.len()].contains(&true)) {
            taken[start..start + range.len()].fill(true);
            for (at, slot) in found[range].iter_mut().enumerate() {
                *slot = Some((start + at) as u32);
            }
        } else {
            found[range].iter().flatten().for_each(|at| taken[*at as usize] = true);
        }
    }
}

/// Where `wanted` begins in `text`.
fn position(text: &[u8], wanted: &[u8]) -> Option<usize> {
    // The spelling of text is text, and rows are cut between characters.
    std::str::from_utf8(text).ok()?.find(std::str::from_utf8(wanted).ok()?)
}

/// A token that alone lies between two others takes the words that alone lie between them: it is spelled otherwise.
fn fill_gaps(text: &str, rows: &mut [Vec<Option<Span<Byte>>>]) {
    for row in rows {
        for at in 0..row.len() {
            let around = (at > 0).then(|| row[at - 1]).flatten().zip(row.get(at + 1).copied().flatten());
            let (None, Some((before, after))) = (row[at], around) else { continue };
            if before.end < after.start {
                let gap = Span::new(before.end, after.start).trim(text);
                let words = gap.of(text);
                if !words.is_empty() && words.len() < 30 && !words.contains(char::is_whitespace) {
                    row[at] = Some(gap);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(rows: &[&str]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.split_whitespace().map(str::to_owned).collect()).collect()
    }

    /// What the text has for the tokens, by row, joined by bars.
    fn aligned(text: &str, tokens: &[&str]) -> Vec<String> {
        let spans = align(text, &rows(tokens));
        spans.iter().map(|row| row.iter().map(|it| it.of(text)).collect::<Vec<_>>().join("|")).collect()
    }

    #[test]
    fn tokens_are_found_however_they_are_spelled() {
        let cases: [(&str, &[&str], &[&str]); 8] = [
            ("“It’s late,” said Zoë.", &["`` It 's late , '' said Zoë ."], &["“|It|’s|late|,|”|said|Zoë|."]),
            ("He won't [pay] – or go…", &["He wo n't -LSB- pay -RSB- -- or go ..."], &["He|wo|n't|[|pay|]|–|or|go|…"]),
            (
                "She met Rep. Diallo, D-Ore. Then left.",
                &["She met Rep. Diallo , D-Ore. .", "Then left ."],
                &["She|met|Rep.|Diallo|,|D-Ore.|", "Then|left|."],
            ),
            ("Rain", &["Snow fell"], &["|"]),
            ("", &["Snow"], &[""]),
            ("It cost £5 and/or €6.", &["It cost # 5 and\\/or $ 6 ."], &["It|cost|£|5|and/or|€|6|."]),
            ("The colour faded.", &["The color faded ."], &["The|colour|faded|."]),
            ("the end the end the end", &["the end", "the end", "the end"], &["the|end", "the|end", "the|end"]),
        ];
        for (text, tokens, expected) in cases {
            assert_eq!(aligned(text, tokens), expected, "{text}");
        }
    }

    #[test]
    fn repeated_words_stand_one_after_the_other() {
        let text = "the end the end the end";
        let starts: Vec<_> =
            align(text, &rows(&["the end", "the end", "the end"])).concat().iter().map(|it| it.start).collect();
        assert_eq!(starts, [0, 4, 8, 12, 16, 20]);
    }

    #[test]
    fn a_word_that_the_text_lacks_leads_nothing_astray() {
        let text = "The ferry left. The ferry sank. The ferry rose.";
        let found = aligned(text, &["ADVERTISEMENT", "The ferry left .", "The ferry sank .", "The ferry rose ."]);
        assert_eq!(found, ["", "The|ferry|left|.", "The|ferry|sank|.", "The|ferry|rose|."]);
    }

    #[test]
    fn another_text_is_not_compared() {
        let numbers = |from: usize| (from..from + 1_000).map(|it| format!("n{it} ")).collect::<String>();
        let (text, other) = (numbers(1_000), numbers(50_000));
        assert!(align(&text, &rows(&[&other])).concat().iter().all(|it| it.is_empty()));
        assert!(align(&text, &rows(&[&text])).concat().iter().all(|it| !it.is_empty()));
    }

    #[test]
    fn rows_are_found_out_of_order() {
        let text = "The harbour was closed by noon. Nobody had told the crews. Ships waited at sea until dark.";
        let tokens =
            ["Ships waited at sea until dark .", "The harbour was closed by noon .", "Nobody had told the crews ."];
        let found = align(text, &rows(&tokens));
        let starts: Vec<_> = found.iter().map(|row| row[0].start).collect();
        assert_eq!(starts, [59, 0, 32]);
    }

    proptest! {
        #[test]
        fn spans_point_into_the_text(text in "[a-c“”’. \n👋]{0,60}", row in prop::collection::vec("[a-c`'.]{0,4}", 0..20)) {
            for span in align(&text, &[row]).concat() {
                prop_assert!(span.get(&text).is_some());
            }
        }

        #[test]
        fn every_word_of_a_text_is_found(words in prop::collection::vec("[a-zé]{1,6}", 1..40)) {
            let text = words.join("\n ");
            let spans = align(&text, std::slice::from_ref(&words)).concat();
            let found: Vec<_> = spans.iter().map(|it| it.of(&text)).collect();
            prop_assert_eq!(found, words);
        }
    }
}
