//! Lines of a text, and the paragraphs they make up.

use crate::document::{Byte, Span};

/// A line with words in it.
#[derive(Debug, Clone, Copy)]
struct Line {
    /// The line without the white space around it.
    span: Span<Byte>,
    /// Characters in `span`.
    width: usize,
    /// Whether the line is indented.
    indented: bool,
    /// Whether a blank line, or a mark that separates paragraphs, stands before the line.
    apart: bool,
}

/// The spans of the paragraphs of `text`, in order.
///
/// Every line is a paragraph, unless the document is wrapped at a fixed width: then the lines of a block join.
pub(super) fn paragraph_spans(text: &str) -> Vec<Span<Byte>> {
    let lines = lines(text);
    let Some(column) = wrap_column(text, &lines) else {
        return lines.into_iter().map(|line| line.span).collect();
    };
    let mut spans: Vec<Span<Byte>> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        match spans.last_mut() {
            Some(last) if i > 0 && joins(text, lines[i - 1], *line, column) => {
                *last = Span::new(last.start, line.span.end)
            }
            _ => spans.push(line.span),
        }
    }
    spans
}

/// Whether `c` is nothing to read: white space, a byte order mark or a space of no width.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// The span without what is blank at its two ends.
pub(super) fn trim_blank(text: &str, span: Span<Byte>) -> Span<Byte> {
    let inner = span.of(text);
    let start = span.start + inner.len() - inner.trim_start_matches(is_blank).len();
    Span::new(start, start + inner.trim_matches(is_blank).len())
}

fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut apart = false;
    let is_break = |c| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    for (end, mark) in text.match_indices(is_break).chain([(text.len(), "")]) {
        let span = trim_blank(text, Span::new(start, end));
        // The empty line between the two halves of "\r\n" is none.
        let halves = mark == "\n" && start == end && text[..end].ends_with('\r');
        if !span.is_empty() {
            let indented = text[start..span.start].contains(['\t', ' ', '\u{a0}', '\u{3000}']);
            lines.push(Line { span, width: span.of(text).chars().count(), indented, apart });
            apart = false;
        } else if !halves {
            apart = true;
        }
        apart |= mark == "\u{2029}";
        start = end + mark.len();
    }
    lines
}

/// The column a text is wrapped at, or `None` for a text that is not wrapped.
///
/// In a wrapped text the lines inside a block are full (the next line's first word did not fit) and many go on in
/// lower case. A document whose lines are paragraphs has neither.
fn wrap_column(text: &str, lines: &[Line]) -> Option<usize> {
    const COLUMNS: std::ops::RangeInclusive<usize> = 45..=100;
    let inner: Vec<&[Line]> = lines.windows(2).filter(|pair| !pair[1].apart).collect();
    let mut widths: Vec<usize> = inner.iter().map(|pair| pair[0].width).collect();
    widths.sort_unstable();
    // A few overlong lines are addresses or were edited later.
    let column = *widths.get((widths.len() * 19 / 20).min(widths.len().checked_sub(1)?))?;
    let share = |part: usize| part as f64 / inner.len() as f64;
    let full = inner.iter().filter(|pair| is_full(text, pair[0], pair[1], column)).count();
    let going_on = inner.iter().filter(|pair| pair[1].span.of(text).starts_with(char::is_lowercase)).count();
    let ended = inner.iter().filter(|pair| ends_closed(pair[0].span.of(text))).count();
    let wrapped = COLUMNS.contains(&column) && share(full) >= 0.6 && share(going_on) >= 0.3 && share(ended) <= 0.4;
    wrapped.then_some(column)
}

/// Whether the first word of `next` does not fit behind `line`.
fn is_full(text: &str, line: Line, next: Line, column: usize) -> bool {
    let word = next.span.of(text).split(char::is_whitespace).next().unwrap_or_default();
    line.width + " ".len() + word.chars().count() > column
}

/// Whether the line ends as a sentence does.
fn ends_closed(line: &str) -> bool {
    line.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']']).ends_with(['.', '!', '?', '…', ':'])
}

/// Whether `next` goes on with the paragraph of `line` in a text wrapped at `column`.
fn joins(text: &str, line: Line, next: Line, column: usize) -> bool {
    let words = next.span.of(text);
    let starts_item = words.starts_with(['•', '*', '·']) || words.starts_with("- ");
    if next.apart || starts_item {
        return false;
    }
    if words.starts_with(char::is_lowercase) {
        return true;
    }
    let starts_indented = next.indented && !line.indented;
    // A short line ends a paragraph; one that is only a little short may have been edited.
    let nearly_full = line.width * 4 >= column * 3 && !ends_closed(line.span.of(text));
    !starts_indented && (nearly_full || is_full(text, line, next, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraphs(text: &str) -> Vec<&str> {
        paragraph_spans(text).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn every_line_break_ends_a_paragraph() {
        let cases = [
            ("line feed", "Rain fell.\nIt stopped."),
            ("carriage return and line feed", "Rain fell.\r\nIt stopped."),
            ("carriage return", "Rain fell.\rIt stopped."),
            ("line separator", "Rain fell.\u{2028}It stopped."),
            ("paragraph separator", "Rain fell.\u{2029}It stopped."),
            ("blank line with spaces", "Rain fell.\n \t \nIt stopped."),
            ("many blank lines", "\n\n\nRain fell.\r\n\r\n\r\nIt stopped.\n\n"),
            ("byte order mark", "\u{feff}Rain fell.\nIt stopped."),
            ("byte order mark on its own line", "\u{feff}\nRain fell.\n\u{200b}\nIt stopped."),
        ];
        for (name, text) in cases {
            assert_eq!(paragraphs(text), ["Rain fell.", "It stopped."], "{name}");
        }
    }

    #[test]
    fn a_text_without_words_has_no_paragraph() {
        for text in ["", "\n\n", " \t\r\n ", "\u{feff}", "\u{2028}\u{2029}"] {
            assert!(paragraphs(text).is_empty(), "{text:?}");
        }
    }

    const WRAPPED: &str = "The harbour authority of Port Selwyn said on Monday that it\n\
        would close the northern basin for at least six weeks after\n\
        divers found cracks in the lock gates.\n\
        \n\
        \"We have no choice,\" said Ines Duarte, who runs the port. \"The\n\
        gates must hold a spring tide, and nobody can promise me that\n\
        they will.\"\n";

    #[test]
    fn lines_wrapped_at_a_column_join_inside_their_block() {
        for text in [WRAPPED.to_owned(), WRAPPED.replace('\n', "\r\n")] {
            let found = paragraphs(&text);
            assert_eq!(found.len(), 2, "{found:#?}");
            assert!(found[0].ends_with("lock gates."));
            assert!(found[1].starts_with("\"We have no choice"));
        }
    }

    #[test]
    fn in_a_wrapped_text_a_short_line_an_indent_and_a_bullet_end_the_paragraph_before() {
        let head = format!("Basin closed\nBy Ines Moreau\n{WRAPPED}");
        assert_eq!(paragraphs(&head)[..2], ["Basin closed", "By Ines Moreau"]);
        let indented = WRAPPED.replace("\n\n", "\n   ");
        assert_eq!(paragraphs(&indented).len(), 2);
        let list = format!(
            "{WRAPPED}\n- The first crack was found on the outer gate last November by a\n  diver\n- The second"
        );
        assert_eq!(paragraphs(&list).len(), 4, "{:#?}", paragraphs(&list));
    }

    #[test]
    fn short_paragraphs_of_like_length_are_not_taken_for_wrapped_lines() {
        let text = "The council met on Tuesday evening to vote on the new budget.\n\
            Nobody spoke against the plan, which raises the water rates.\n\
            Mayor Petra Lind called the result a relief for the village.\n\
            The rates will rise in the spring, a month before the fair.";
        assert_eq!(paragraphs(text).len(), 4);
    }

    #[test]
    fn long_lines_are_paragraphs_even_where_one_goes_on_in_lower_case() {
        let long = "word ".repeat(40);
        let text = format!("The {long}\nand {long}\nand {long}");
        assert_eq!(paragraphs(&text).len(), 3);
    }
}
