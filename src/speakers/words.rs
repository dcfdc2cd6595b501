//! The words of a text as this stage compares them: folded, numbered, with the shape they are written in.

use std::collections::HashMap;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::document::{Byte, Span};

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// No capital.
    Lower,
    /// A capital first: "Mora", "O'Rourke".
    Title,
    /// Capitals only, more than one letter: "FSB", "U.S".
    Upper,
    /// Digits first.
    Number,
    /// A possessive ending split off its word.
    Possessive,
    /// No word: punctuation, symbols.
    Mark,
}

/// One word or mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub span: Span<Byte>,
    /// Number of the folded form; equal for words that differ in case or accents only.
    pub id: u32,
    pub shape: Shape,
}

/// All words of a text, in order.
#[derive(Debug)]
pub(super) struct Words<'t> {
    pub text: &'t str,
    pub tokens: Vec<Token>,
    folded: Vec<String>,
}

impl<'t> Words<'t> {
    /// Splits and folds `text`.
    pub fn new(text: &'t str) -> Self {
        let mut words = Self { text, tokens: Vec::new(), folded: Vec::new() };
        let mut known = HashMap::new();
        let mut rest = text.char_indices().peekable();
        while let Some((start, c)) = rest.next() {
            if c.is_whitespace() {
                continue;
            }
            let mut end = start + c.len_utf8();
            if is_handle(c, text[..start].chars().next_back(), rest.peek().map(|&(_, next)| next)) {
                while let Some(&(at, next)) = rest.peek().filter(|(_, next)| next.is_alphanumeric() || *next == '_') {
                    end = at + next.len_utf8();
                    rest.next();
                }
                words.push(Span::new(start, end), Shape::Title, &mut known);
            } else if c.is_alphanumeric() {
                while let Some(&(at, next)) = rest.peek() {
                    let inside =
                        next.is_alphanumeric() || is_combining(next) || joins(next, &text[at + next.len_utf8()..]);
                    if !inside {
                        break;
                    }
                    end = at + next.len_utf8();
                    rest.next();
                }
                words.push_word(Span::new(start, end), &mut known);
            } else {
                words.push(Span::new(start, end), Shape::Mark, &mut known);
            }
        }
        words
    }

    fn push_word(&mut self, span: Span<Byte>, known: &mut HashMap<String, u32>) {
        let word = span.of(self.text);
        let stem = word.strip_suffix(['s', 'S']).and_then(|w| w.strip_suffix(['\'', '’'])).map_or(word.len(), str::len);
        let (stem, ending) = (Span::new(span.start, span.start + stem), Span::new(span.start + stem, span.end));
        if !stem.is_empty() {
            self.push(stem, shape(stem.of(self.text)), known);
        }
        if !ending.is_empty() {
            self.push(ending, Shape::Possessive, known);
        }
    }

    fn push(&mut self, span: Span<Byte>, shape: Shape, known: &mut HashMap<String, u32>) {
        let fold = fold(span.of(self.text));
        let id = match known.get(&fold) {
            Some(id) => *id,
            None => {
                let id = u32::try_from(self.folded.len()).unwrap_or(u32::MAX);
                self.folded.push(fold.clone());
                known.insert(fold, id);
                id
            }
        };
        self.tokens.push(Token { span, id, shape });
    }

    /// The folded form of token `i`; empty where there is no such token.
    pub fn fold(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |token| self.folded_id(token.id))
    }

    /// The folded form of token `i` if it can be a function word: empty for an acronym such as "WHO".
    pub fn function(&self, i: usize) -> &str {
        if self.shape(i) == Shape::Upper { "" } else { self.fold(i) }
    }

    /// The folded form with this number.
    pub fn folded_id(&self, id: u32) -> &str {
        self.folded.get(id as usize).map_or("", String::as_str)
    }

    /// The shape of token `i`; a mark where there is no such token.
    pub fn shape(&self, i: usize) -> Shape {
        self.tokens.get(i).map_or(Shape::Mark, |token| token.shape)
    }

    /// Whether token `i` is a word written with a capital.
    pub fn is_capitalised(&self, i: usize) -> bool {
        matches!(self.shape(i), Shape::Title | Shape::Upper)
    }

    /// Whether token `i` is a word (or a number).
    pub fn is_word(&self, i: usize) -> bool {
        !matches!(self.shape(i), Shape::Mark | Shape::Possessive)
    }

    /// Whether nothing stands between tokens `i` and `i + 1`.
    pub fn touches_next(&self, i: usize) -> bool {
        match (self.tokens.get(i), self.tokens.get(i + 1)) {
            (Some(this), Some(next)) => this.span.end == next.span.start,
            _ => false,
        }
    }

    /// Whether a line break stands between tokens `i` and `i + 1`.
    pub fn breaks_after(&self, i: usize) -> bool {
        match (self.tokens.get(i), self.tokens.get(i + 1)) {
            (Some(this), Some(next)) => Span::<Byte>::new(this.span.end, next.span.start).of(self.text).contains('\n'),
            _ => true,
        }
    }

    /// The tokens that overlap `span`.
    pub fn within(&self, span: Span<Byte>) -> Range<usize> {
        let first = self.tokens.partition_point(|token| token.span.end <= span.start);
        let last = self.tokens.partition_point(|token| token.span.start < span.end);
        first..last.max(first)
    }

    /// The stretch of text from the first to the last of these tokens.
    pub fn span(&self, tokens: &Range<usize>) -> Span<Byte> {
        match (self.tokens.get(tokens.start), self.tokens.get(tokens.end.wrapping_sub(1))) {
            (Some(first), Some(last)) if !tokens.is_empty() => Span::new(first.span.start, last.span.end),
            _ => Span::new(0, 0),
        }
    }

    /// The words of the text from the first to the last of these tokens.
    pub fn of(&self, tokens: &Range<usize>) -> &'t str {
        self.span(tokens).of(self.text)
    }
}

/// Whether a name such as "@rosa_l" begins with `c`.
fn is_handle(c: char, before: Option<char>, after: Option<char>) -> bool {
    let outside = before.is_none_or(|before| !before.is_alphanumeric());
    c == '@' && outside && after.is_some_and(|after| after.is_alphanumeric() || after == '_')
}

/// Whether `c` joins two halves of one word: "O'Rourke", "co-author", "U.S", "PG&E".
fn joins(c: char, after: &str) -> bool {
    matches!(c, '\'' | '’' | '-' | '.' | '&' | '\u{2011}' | '\u{200d}') && after.starts_with(char::is_alphanumeric)
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn shape(word: &str) -> Shape {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    match word.chars().next() {
        Some(first) if first.is_numeric() => Shape::Number,
        Some(first) if first.is_uppercase() => {
            if letters.clone().count() > 1 && letters.all(|c| !c.is_lowercase()) {
                Shape::Upper
            } else {
                Shape::Title
            }
        }
        _ if word.chars().skip(1).any(char::is_uppercase) => Shape::Title,
        _ => Shape::Lower,
    }
}

/// `word` in lower case, without accents and dots, with one kind of apostrophe.
fn fold(word: &str) -> String {
    if word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word.to_string();
    }
    if word == "." {
        return word.to_string();
    }
    let letters = word.nfd().filter(|c| !is_combining(*c) && !matches!(c, '.' | '\u{200d}'));
    let mut folded = String::with_capacity(word.len());
    for c in letters.flat_map(char::to_lowercase) {
        match c {
            '’' => folded.push('\''),
            '\u{2011}' => folded.push('-'),
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            c if is_combining(c) => {}
            c => folded.push(c),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_and_folded() {
        for (text, folds) in [
            ("Okafor's plan", vec!["okafor", "'s", "plan"]),
            ("the U.S. envoy", vec!["the", "us", ".", "envoy"]),
            ("Škoda’s boss", vec!["skoda", "'s", "boss"]),
            ("M&S, J. R. O'Dea", vec!["m&s", ",", "j", ".", "r", ".", "o'dea"]),
            ("(@rosa_l) a@b", vec!["(", "@rosa_l", ")", "a", "@", "b"]),
            ("Łukasz — a co-author", vec!["lukasz", "—", "a", "co-author"]),
        ] {
            let words = Words::new(text);
            let got: Vec<_> = (0..words.tokens.len()).map(|i| words.fold(i)).collect();
            assert_eq!(got, folds, "{text}");
        }
    }

    #[test]
    fn a_span_gives_the_tokens_it_overlaps() {
        let words = Words::new("Ana Li said no");
        assert_eq!(words.within(Span::new(0, 6)), 0..2);
        assert_eq!(words.within(Span::new(3, 4)), 1..1);
        assert_eq!(words.of(&(1..3)), "Li said");
    }
}
