//! What each paragraph is for: running text, headline, byline or caption.

use super::credits::{is_byline, is_caption, is_date};
use crate::document::{Byte, ParagraphKind, Span};

/// The kinds of the paragraphs at `spans`, one each.
pub(super) fn kinds(text: &str, spans: &[Span<Byte>]) -> Vec<ParagraphKind> {
    let words: Vec<&str> = spans.iter().map(|span| span.of(text)).collect();
    let mut kinds: Vec<ParagraphKind> = words.iter().map(|paragraph| kind_alone(paragraph)).collect();
    mark_echoes(&words, &mut kinds);
    mark_headlines(&words, &mut kinds);
    mark_headings(&words, &mut kinds);
    kinds
}

/// The kind that a paragraph's own words give away; running text if none does.
fn kind_alone(paragraph: &str) -> ParagraphKind {
    if is_byline(paragraph) || is_date(paragraph) {
        ParagraphKind::Byline
    } else if is_caption(paragraph) {
        ParagraphKind::Caption
    } else {
        ParagraphKind::Body
    }
}

/// A picture's title often stands twice: alone, and then with the credit.
fn mark_echoes(words: &[&str], kinds: &mut [ParagraphKind]) {
    for i in 1..words.len() {
        if kinds[i] == ParagraphKind::Caption
            && kinds[i - 1] == ParagraphKind::Body
            && words[i].starts_with(words[i - 1])
        {
            kinds[i - 1] = ParagraphKind::Caption;
        }
    }
}

/// Headlines stand before the first running text. A document of nothing but short lines has one at most.
fn mark_headlines(words: &[&str], kinds: &mut [ParagraphKind]) {
    const MOST: usize = 4;
    let mut headlines: Vec<usize> = Vec::new();
    let mut body = false;
    for i in (0..words.len()).filter(|i| kinds[*i] == ParagraphKind::Body) {
        let question = headlines.is_empty() && words[i].ends_with(['?', '!']) && !words[i].starts_with(QUOTES);
        if !is_title(words[i], 160) && !(question && is_title(words[i].trim_end_matches(['?', '!']), 100)) {
            body = true;
            break;
        }
        headlines.push(i);
    }
    let most = if body { MOST } else { 1 };
    let alone = words.len() == 1;
    for i in headlines.into_iter().take(if alone { 0 } else { most }) {
        kinds[i] = ParagraphKind::Headline;
    }
}

/// A heading stands between two paragraphs of running text; several short lines in a row are a list.
fn mark_headings(words: &[&str], kinds: &mut [ParagraphKind]) {
    const LONGEST: usize = 80;
    let title: Vec<bool> = words.iter().map(|paragraph| is_title(paragraph, LONGEST)).collect();
    for i in 1..words.len().saturating_sub(1) {
        let capital = words[i].starts_with(|c: char| c.is_uppercase() || c.is_numeric());
        if kinds[i] == ParagraphKind::Body && title[i] && capital && !title[i - 1] && !title[i + 1] {
            kinds[i] = ParagraphKind::Headline;
        }
    }
}

const QUOTES: [char; 5] = ['"', '“', '«', '\'', '‘'];

/// Whether a paragraph of at most `longest` characters has words but no mark at its end.
fn is_title(paragraph: &str, longest: usize) -> bool {
    const MARKS: [char; 14] = ['.', '!', '?', '…', ':', ';', ',', '-', '–', '—', '*', '#', '。', '؟'];
    const CLOSERS: [char; 8] = ['"', '\'', '”', '’', '»', ')', ']', '›'];
    let bytes_of_longest = longest * 4;
    paragraph.len() <= bytes_of_longest
        && paragraph.chars().count() <= longest
        && paragraph.chars().any(char::is_alphabetic)
        && !paragraph.trim_end_matches(CLOSERS).ends_with(MARKS)
        // An item of a list.
        && !paragraph.ends_with(" and")
        && !paragraph.ends_with(" or")
}
