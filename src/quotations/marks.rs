//! Finds the marks of a paragraph and prices what each may do.
//!
//! A price is small where a reader would not hesitate. Only sums and comparisons of prices matter; about 15 is what it
//! costs to take a mark for a stray one.
use super::Kind;
use super::elisions::begins_short;
use crate::document::{Byte, Span};

/// Price of a reading.
pub(super) type Cost = u32;

/// The shape of a mark, regardless of its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Glyph {
    /// `"` and `'`.
    Straight,
    /// `“` and `‘`, also a doubled or single backtick.
    Left,
    /// `”` and `’`, also a doubled apostrophe.
    Right,
    /// `„` and `‚`, also a doubled comma.
    Low,
    /// `«` and `‹`.
    Guillemet,
    /// `»` and `›`.
    Inverted,
}

impl Glyph {
    pub(super) const ALL: [Self; 6] =
        [Self::Straight, Self::Left, Self::Right, Self::Low, Self::Guillemet, Self::Inverted];

    /// What it costs to read a mark of this shape as opening, whatever its neighbours.
    fn opening(self) -> Cost {
        match self {
            Self::Right => 10,
            Self::Inverted => 8,
            _ => 0,
        }
    }

    /// What it costs to close a quotation that this shape opened with `closing`; `None` if a reader never would.
    pub(super) fn closed_by(self, closing: Self) -> Option<Cost> {
        use Glyph::{Guillemet, Inverted, Left, Low, Right, Straight};
        match (self, closing) {
            (Straight, Straight) | (Left | Right | Low, Right) | (Low, Left) => Some(0),
            (Guillemet, Inverted) | (Inverted, Guillemet) => Some(0),
            (Left | Right | Low, Straight) | (Straight, Right) => Some(7),
            (Left | Right, Left) => Some(10),
            (Straight, Left) => Some(17),
            _ => None,
        }
    }

    /// What it costs to open a quotation with `inner` directly in one of this shape.
    pub(super) fn nesting(self, inner: Self) -> Cost {
        match (self, inner) {
            (Self::Straight, Self::Straight) => 10,
            _ if self == inner => 5,
            _ => 2,
        }
    }
}

/// A quotation mark, or an apostrophe or a unit that looks like one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) glyph: Glyph,
    /// `"` rather than `'`.
    pub(super) double: bool,
    /// What it costs to read it as opening.
    pub(super) open: Cost,
    /// What it costs to read it as closing.
    pub(super) close: Cost,
    /// What it costs to read it as neither.
    pub(super) stand: Cost,
}

impl Mark {
    pub(super) fn kind(&self) -> Kind {
        (self.glyph, self.double)
    }
}

/// The marks of `paragraph`, priced, in text order. Marks inside a word ("don't", "O’Brien") are left out.
pub(super) fn find(text: &str, paragraph: Span<Byte>) -> Vec<Mark> {
    let mut marks = Vec::new();
    let words = paragraph.of(text);
    let mut doubled = false;
    let mut at = 0;
    while let Some(found) = words[at..].find(is_mark) {
        at += found;
        let (glyph, double, length) = read(&words[at..], &mut doubled, || side_before(&words[..at]));
        let end = at + length;
        let inside_word = !double && side_before(&words[..at]).is_word() && side_after(&words[end..]).is_word();
        if length > 0 && !inside_word {
            let (start, end) = (paragraph.start + at, paragraph.start + end);
            marks.push(Mark { start, end, glyph, double, open: 0, close: 0, stand: 0 });
        }
        at += length.max(1);
    }
    price(text, paragraph, &mut marks);
    marks
}

/// The kinds of the marks that `words` begin with; at most three, as many as can be open at once in news.
pub(super) fn leading(words: &str) -> Vec<Kind> {
    let mut kinds = Vec::new();
    let mut rest = words;
    while kinds.len() < 3 && rest.starts_with(is_mark) {
        let (glyph, double, length) = read(rest, &mut false, || Side::Edge);
        if length == 0 {
            break;
        }
        rest = &rest[length..];
        if double || !begins_short(first_word(rest)) {
            kinds.push((glyph, double));
        }
    }
    kinds
}

fn is_mark(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | ',' | '“' | '”' | '„' | '‟' | '«' | '»' | '‘' | '’' | '‚' | '‛' | '‹' | '›' | '＂')
}

/// The shape, size and length in bytes of the mark that `rest` begins with; a comma alone has no length.
///
/// Two single marks are one double mark if they could open one, or if one like that stands before (`doubled`).
fn read(rest: &str, doubled: &mut bool, before: impl FnOnce() -> Side) -> (Glyph, bool, usize) {
    let mut chars = rest.chars();
    let first = chars.next().unwrap_or(' ');
    let twice = chars.next() == Some(first);
    let (glyph, double) = match first {
        '"' | '＂' => (Glyph::Straight, true),
        '“' | '‟' => (Glyph::Left, true),
        '”' => (Glyph::Right, true),
        '„' => (Glyph::Low, true),
        '«' => (Glyph::Guillemet, true),
        '»' => (Glyph::Inverted, true),
        '‘' | '‛' | '`' => (Glyph::Left, false),
        '’' => (Glyph::Right, false),
        '‚' | ',' => (Glyph::Low, false),
        '‹' => (Glyph::Guillemet, false),
        '›' => (Glyph::Inverted, false),
        _ => (Glyph::Straight, false),
    };
    let length = first.len_utf8();
    let pairs_up = twice && matches!(first, '`' | ',' | '\'' | '‘' | '’');
    if pairs_up && !double {
        let opens = first != '’' && before().invites_opening() && side_after(&rest[2 * length..]).is_content();
        *doubled |= opens;
        if opens || (*doubled && matches!(first, '\'' | '’')) {
            let glyph = if first == '\'' { Glyph::Right } else { glyph };
            return (glyph, true, 2 * length);
        }
    }
    (glyph, double, if first == ',' { 0 } else { length })
}

/// What stands on one side of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// The end of the paragraph.
    Edge,
    Space,
    /// An opening bracket.
    Opening,
    /// A closing bracket.
    Closing,
    Dash,
    /// The end of a sentence.
    Stop,
    /// A comma, colon or semicolon.
    Comma,
    Letter,
    Digit,
    /// Another mark.
    Mark,
    /// A currency sign, an ellipsis that may begin a sentence, an emoji.
    Other,
}

impl Side {
    fn of(c: Option<char>) -> Self {
        let Some(c) = c else { return Self::Edge };
        match c {
            '(' | '[' | '{' | '<' | '¿' | '¡' => Self::Opening,
            ')' | ']' | '}' | '>' => Self::Closing,
            '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '/' | '|' => Self::Dash,
            '.' | '!' | '?' => Self::Stop,
            ',' | ':' | ';' => Self::Comma,
            '\u{200B}' | '\u{FEFF}' | '\u{2060}' => Self::Space,
            '\u{300}'..='\u{36F}' => Self::Letter,
            _ if c.is_whitespace() => Self::Space,
            _ if c.is_alphabetic() => Self::Letter,
            _ if c.is_numeric() => Self::Digit,
            _ if is_mark(c) => Self::Mark,
            _ => Self::Other,
        }
    }

    fn is_word(self) -> bool {
        matches!(self, Self::Letter | Self::Digit)
    }

    fn is_content(self) -> bool {
        matches!(self, Self::Letter | Self::Digit | Self::Other | Self::Opening | Self::Mark)
    }

    fn invites_opening(self) -> bool {
        matches!(self, Self::Edge | Self::Space | Self::Opening | Self::Dash | Self::Mark)
    }
}

fn side_before(words: &str) -> Side {
    Side::of(words.chars().next_back())
}

fn side_after(words: &str) -> Side {
    let mut chars = words.chars();
    let side = Side::of(chars.next());
    // "...and" and ".22 rifle" begin something, "." alone ends it.
    let begins = words.starts_with('.') && chars.next().is_some_and(|c| c == '.' || c.is_alphanumeric());
    if begins { Side::Other } else { side }
}

/// Sets the prices of all marks of a paragraph. A row of marks that touch has the neighbours of the row.
fn price(text: &str, paragraph: Span<Byte>, marks: &mut [Mark]) {
    let mut lefts: Vec<Side> = Vec::with_capacity(marks.len());
    for (number, mark) in marks.iter().enumerate() {
        let touches = number > 0 && marks[number - 1].end == mark.start;
        let left = if touches { lefts[number - 1] } else { side_before(&text[paragraph.start..mark.start]) };
        lefts.push(left);
    }
    let mut right = Side::Edge;
    let mut next_start = None;
    for (mark, left) in marks.iter_mut().zip(lefts).rev() {
        if next_start != Some(mark.end) {
            right = side_after(&text[mark.end..paragraph.end]);
        }
        next_start = Some(mark.start);
        let around = (&text[paragraph.start..mark.start], &text[mark.end..paragraph.end]);
        if mark.double {
            price_double(mark, left, right, around.0);
        } else {
            price_single(mark, left, right, around);
        }
        if text[mark.start..].starts_with('`') {
            // A backtick never closes. A lone one is as likely program text as a quotation.
            mark.close += 50;
            mark.stand = if mark.double { mark.stand } else { 8 };
        }
    }
}

fn price_double(mark: &mut Mark, left: Side, right: Side, before: &str) {
    let (open, close) = (opening(left, right), closing(left, right));
    mark.stand = 15;
    (mark.open, mark.close) = match mark.glyph {
        Glyph::Straight => (open, close),
        Glyph::Left | Glyph::Low if left == Side::Digit => (open, close),
        Glyph::Left | Glyph::Low => (open / 2, close),
        Glyph::Right => (open, close / 2),
        // French sets spaces inside.
        Glyph::Guillemet | Glyph::Inverted => (open / 4, close / 4),
    };
    mark.open += mark.glyph.opening();
    if left == Side::Digit && mark.glyph != Glyph::Left {
        mark.stand = if follows_feet(before) { 1 } else { 7 };
    }
}

fn price_single(mark: &mut Mark, left: Side, right: Side, (before, after): (&str, &str)) {
    let (open, close) = (opening(left, right), closing(left, right));
    let touched = side_before(before);
    (mark.open, mark.close, mark.stand) = match mark.glyph {
        Glyph::Straight => (open, close, 10),
        Glyph::Left | Glyph::Low => (open / 2, close, if mark.glyph == Glyph::Left { 15 } else { 8 }),
        Glyph::Right => (open, close / 2, 10),
        Glyph::Guillemet | Glyph::Inverted => (open / 4, close / 4, 8),
    };
    mark.open += mark.glyph.opening();
    if matches!(mark.glyph, Glyph::Low | Glyph::Guillemet | Glyph::Inverted) {
        return;
    }
    if !touched.is_word() && begins_short(first_word(after)) {
        mark.open += 8;
        mark.stand = 0;
    } else if mark.glyph == Glyph::Right && !touched.is_word() && right == Side::Letter {
        mark.stand = 3;
    } else if mark.glyph != Glyph::Left && touched == Side::Digit {
        mark.close += 3;
        mark.stand = 1;
    } else if mark.glyph != Glyph::Left && touched == Side::Letter {
        if let Some((close, stand)) = apostrophe_after(before) {
            mark.close += close;
            mark.stand = stand;
        }
    } else if touched == Side::Space && right == Side::Space {
        mark.stand = 2;
    }
}

/// What a mark costs more as closing, and costs as an apostrophe, if the word that `before` ends in may carry one:
/// "dogs'", "goin'", "rock 'n'".
fn apostrophe_after(before: &str) -> Option<(Cost, Cost)> {
    let mut letters = before.chars().rev().map(|c| c.to_ascii_lowercase());
    match (letters.next()?, letters.next()) {
        ('n', Some('\'' | '‘' | '’')) => Some((10, 0)),
        ('n', Some('i')) | ('s' | 'z' | 'x', _) => Some((3, 2)),
        _ => None,
    }
}

/// Whether `before` ends in feet and the digits of the inches: `6'2`.
fn follows_feet(before: &str) -> bool {
    let feet = before.trim_end_matches(char::is_numeric).trim_end();
    let feet = feet.strip_suffix(['\'', '’', '′']);
    feet.is_some_and(|feet| side_before(feet) == Side::Digit)
}

/// The word, at most a dozen bytes of it, that `words` begin with.
fn first_word(words: &str) -> &str {
    let end = words.char_indices().find(|&(at, c)| at >= 12 || !c.is_alphanumeric());
    &words[..end.map_or(words.len(), |(at, _)| at)]
}

/// What it costs to read a straight mark between these two as opening.
fn opening(left: Side, right: Side) -> Cost {
    let left = match left {
        Side::Edge | Side::Space | Side::Opening => 0,
        Side::Dash | Side::Mark => 3,
        Side::Comma | Side::Other => 8,
        Side::Stop => 10,
        Side::Closing => 15,
        Side::Letter => 18,
        Side::Digit => 30,
    };
    let right = match right {
        Side::Letter | Side::Digit | Side::Opening | Side::Other => 0,
        Side::Dash | Side::Mark => 3,
        Side::Stop | Side::Comma => 10,
        Side::Space => 12,
        Side::Closing => 15,
        Side::Edge => 50,
    };
    left + right
}

/// What it costs to read a straight mark between these two as closing.
fn closing(left: Side, right: Side) -> Cost {
    let punctuated = matches!(left, Side::Stop | Side::Comma);
    let left = match left {
        Side::Letter | Side::Digit | Side::Stop | Side::Comma | Side::Closing | Side::Other => 0,
        Side::Dash | Side::Mark => 2,
        Side::Space => 10,
        Side::Opening => 15,
        Side::Edge => 50,
    };
    let right = match right {
        Side::Edge | Side::Space | Side::Stop | Side::Comma | Side::Closing => 0,
        Side::Dash | Side::Mark => 2,
        Side::Other | Side::Opening => 4,
        Side::Letter | Side::Digit if punctuated => 6,
        Side::Letter | Side::Digit => 12,
    };
    left + right
}
