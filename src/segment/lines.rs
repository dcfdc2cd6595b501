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
    let Some(wrapping) = Wrapping::of(text, &lines) else {
        return lines.into_iter().map(|line| line.span).collect();
    };
    let mut spans: Vec<Span<Byte>> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        match spans.last_mut() {
            Some(last) if i > 0 && wrapping.joins(text, lines[i - 1], *line) => {
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

/// How a text is wrapped at a fixed width.
struct Wrapping {
    /// The widest line, a few overlong ones left out.
    column: usize,
    /// Whether an indent opens a paragraph.
    indents: bool,
}

impl Wrapping {
    /// How a text is wrapped, or `None` for one that is not.
    ///
    /// In a wrapped text the lines inside a block are full (the next line's first word did not fit) and many go on in
    /// lower case. A document whose lines are paragraphs has neither.
    fn of(text: &str, lines: &[Line]) -> Option<Self> {
        const COLUMNS: std::ops::RangeInclusive<usize> = 45..=100;
        // Where nearly every line is indented, the whole text is set in.
        let indents = lines.iter().filter(|line| line.indented).count() * 5 < lines.len() * 4;
        let opens = |line: Line| line.apart || indents && line.indented;
        let inner: Vec<&[Line]> = lines.windows(2).filter(|pair| !opens(pair[1])).collect();
        let mut widths: Vec<usize> = inner.iter().map(|pair| pair[0].width).collect();
        widths.sort_unstable();
        let column = *widths.get((widths.len() * 19 / 20).min(widths.len().checked_sub(1)?))?;
        let share = |holds: &dyn Fn(&[Line]) -> bool| {
            inner.iter().filter(|pair| holds(pair)).count() as f64 / inner.len() as f64
        };
        let wrapped = COLUMNS.contains(&column)
            && share(&|pair| is_full(text, pair[0], pair[1], column)) >= 0.6
            && share(&|pair| pair[1].span.of(text).starts_with(char::is_lowercase)) >= 0.3
            && share(&|pair| ends_closed(pair[0].span.of(text))) <= 0.4;
        wrapped.then_some(Self { column, indents })
    }

    /// Whether `next` goes on with the paragraph of `line`.
    fn joins(&self, text: &str, line: Line, next: Line) -> bool {
        let words = next.span.of(text);
        if next.apart {
            return false;
        }
        if words.starts_with(char::is_lowercase) {
            return true;
        }
        let full = is_full(text, line, next, self.column);
        let closed = ends_closed(line.span.of(text));
        // A dash behind a full line is one inside the sentence.
        let item = words.starts_with(['•', '*', '·']) || words.starts_with("- ");
        if next.indented && self.indents || item && (closed || !full) {
            return false;
        }
        // A short line ends a paragraph; one that is only a little short may have been edited.
        let nearly_full = line.width * 4 >= self.column * 3 && !closed;
        full || nearly_full
    }
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
        let short = "   A tide is due.\n   It is a high one.\n";
        assert_eq!(paragraphs(&format!("{indented}{short}")).len(), 4);
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
