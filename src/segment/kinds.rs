//! What each paragraph is for: running text, headline, byline or caption.

use super::credits::{is_byline, is_caption, is_date};
use crate::document::{Byte, ParagraphKind, Span};

/// In characters.
const LONGEST_HEADLINE: usize = 160;

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
    let open: Vec<usize> = (0..words.len()).filter(|i| kinds[*i] == ParagraphKind::Body).collect();
    let headlines = open
        .iter()
        .enumerate()
        .take_while(|(place, i)| is_title(words[**i], LONGEST_HEADLINE) || *place == 0 && is_question(words[**i]))
        .count();
    let most = if headlines < open.len() { MOST } else { 1 };
    if words.len() > 1 {
        for i in open.into_iter().take(headlines.min(most)) {
            kinds[i] = ParagraphKind::Headline;
        }
    }
}

/// Whether a short paragraph asks or exclaims, and is no quotation.
fn is_question(paragraph: &str) -> bool {
    const LONGEST: usize = 100;
    let marks = ['?', '!'];
    paragraph.ends_with(marks)
        && !paragraph.starts_with(['"', '“', '«', '\'', '‘'])
        && is_title(paragraph.trim_end_matches(marks), LONGEST)
}

/// A heading stands between two paragraphs of running text; several short lines in a row are a list.
fn mark_headings(words: &[&str], kinds: &mut [ParagraphKind]) {
    const LONGEST: usize = 80;
    let title: Vec<bool> = words.iter().map(|paragraph| is_title(paragraph, LONGEST)).collect();
    for i in 1..words.len().saturating_sub(1) {
        let capital = words[i].starts_with(|c: char| c.is_uppercase() || c.is_numeric());
        let item = words[i].ends_with(" and") || words[i].ends_with(" or");
        if kinds[i] == ParagraphKind::Body && title[i] && capital && !item && !title[i - 1] && !title[i + 1] {
            kinds[i] = ParagraphKind::Headline;
        }
    }
}

/// Whether a paragraph of at most `longest` characters has words but no mark at its end.
fn is_title(paragraph: &str, longest: usize) -> bool {
    const MARKS: [char; 14] = ['.', '!', '?', '…', ':', ';', ',', '-', '–', '—', '*', '#', '。', '؟'];
    const CLOSERS: [char; 8] = ['"', '\'', '”', '’', '»', ')', ']', '›'];
    let bytes_of_longest = longest * 4;
    paragraph.len() <= bytes_of_longest
        && paragraph.chars().count() <= longest
        && paragraph.chars().any(char::is_alphabetic)
        && !paragraph.trim_end_matches(CLOSERS).ends_with(MARKS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ParagraphKind::{Body, Byline, Caption, Headline};

    fn of_lines(text: &str) -> Vec<ParagraphKind> {
        kinds(text, &crate::segment::lines::paragraph_spans(text))
    }

    #[test]
    fn a_story_has_headline_byline_date_and_caption_before_its_text() {
        let text = "Port Selwyn closes its northern basin\n\
            Cracks in lock gates worry engineers\n\
            By Maria Okafor\n\
            Wednesday, January 16, 2019\n\
            Lena Ortiz\n\
            Lena OrtizREUTERS/Tom Reyes/POOL/File Photo\n\
            The port closed its northern basin on Monday.\n\
            (Reporting by Maria Okafor)";
        assert_eq!(of_lines(text), [Headline, Headline, Byline, Byline, Caption, Caption, Body, Byline]);
    }

    #[test]
    fn a_question_may_be_a_headline_but_a_quotation_is_not() {
        assert_eq!(of_lines("Is the port safe?\nNobody knows yet."), [Headline, Body]);
        assert_eq!(of_lines("\"Is the port safe?\"\nNobody knows yet."), [Body, Body]);
    }

    #[test]
    fn a_heading_stands_alone_between_paragraphs() {
        let text =
            "The port closed.\nWhat happens next\nEngineers will inspect the gates.\nRope\nTar\nAll else is there.";
        assert_eq!(of_lines(text), [Body, Headline, Body, Body, Body, Body]);
    }

    #[test]
    fn unfinished_lines_are_no_headings() {
        let text = "The port closed.\nthe gates and\nEngineers came.\nThe rules say:\nNobody may enter.\nGates; and\nBut one did.";
        assert!(of_lines(text).iter().all(|kind| *kind == Body));
    }

    #[test]
    fn one_line_alone_is_running_text() {
        assert_eq!(of_lines("the minister said the port would close"), [Body]);
        assert_eq!(of_lines("Rope\nTar\nNails"), [Headline, Body, Body]);
    }
}
