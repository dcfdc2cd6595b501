//! The words of a text as the network sees them.

use std::ops::Range;

use tokenizers::Tokenizer;

use crate::document::{Byte, Span, Word};
use crate::quotations::Quoted;

/// Longest stretch handed to the tokenizer at once: its working memory is some 50 times the text.
const STRETCH: usize = 1 << 14;

/// A tokenizer, ready for use: without padding or truncation, whatever its file says.
#[derive(Debug, Clone)]
pub struct Tokens {
    tokenizer: Tokenizer,
    /// Id of the piece that opens every window.
    pub(super) opening: i32,
    /// Id of the piece that closes every window.
    pub(super) closing: i32,
}

impl Tokens {
    /// Reads a tokenizer in the format of the tokenizers library.
    ///
    /// # Errors
    /// The library's reason, or the name of the special piece that the vocabulary lacks.
    pub fn from_json(json: &[u8]) -> Result<Self, String> {
        let mut tokenizer = Tokenizer::from_bytes(json).map_err(|e| e.to_string())?;
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(|e| e.to_string())?;
        let special = |piece: &str| {
            tokenizer.token_to_id(piece).map(|id| id as i32).ok_or_else(|| format!("the vocabulary has no {piece}"))
        };
        Ok(Self { opening: special("[CLS]")?, closing: special("[SEP]")?, tokenizer })
    }
}

/// The words of a text: runs of letters and digits, and single punctuation marks, each cut into pieces of the
/// network's vocabulary. White space, and what the vocabulary drops, belongs to no word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    spans: Vec<Span<Byte>>,
    types: Vec<u8>,
    pieces: Vec<i32>,
    /// Word `w` has `pieces[starts[w]..starts[w + 1]]`.
    starts: Vec<usize>,
    /// The words of each paragraph, in order; paragraphs without words are left out.
    paragraphs: Vec<Range<usize>>,
}

impl Words {
    /// The words of the paragraphs of `text`. Takes time linear in the text.
    ///
    /// # Errors
    /// The tokenizer's reason, which no text is known to give.
    pub fn of(text: &str, paragraphs: &[Span<Byte>], quoted: &Quoted, tokens: &Tokens) -> Result<Self, String> {
        let mut words = Self { starts: vec![0], ..Self::default() };
        for &paragraph in paragraphs {
            let before = words.spans.len();
            for stretch in stretches(text, paragraph) {
                words.add(text, stretch, tokens)?;
            }
            if words.spans.len() > before {
                words.paragraphs.push(before..words.spans.len());
            }
        }
        words.types = words.spans.iter().map(|&span| token_type(span.of(text), quoted.contains(span.start))).collect();
        Ok(words)
    }

    fn add(&mut self, text: &str, stretch: Span<Byte>, tokens: &Tokens) -> Result<(), String> {
        let encoding = tokens.tokenizer.encode(stretch.of(text), false).map_err(|e| e.to_string())?;
        let mut last = None;
        let pieces = encoding.get_ids().iter().zip(encoding.get_offsets()).zip(encoding.get_word_ids());
        for ((&id, &(start, end)), &word) in pieces {
            let span = Span::new(stretch.start + start, stretch.start + end);
            match self.spans.last_mut() {
                Some(current) if word == last && word.is_some() => {
                    *current = Span::new(current.start, span.end.max(current.end));
                    self.pieces.push(id as i32);
                    *self.starts.last_mut().expect("starts is never empty") = self.pieces.len();
                }
                _ => {
                    // Offsets of what the normalizer drops can be empty or cut a character: such a piece is no word.
                    if span.get(text).is_none_or(str::is_empty) {
                        continue;
                    }
                    self.spans.push(span);
                    self.pieces.push(id as i32);
                    self.starts.push(self.pieces.len());
                }
            }
            last = word;
        }
        Ok(())
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether the text has no word.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Where a run of words stands in the text: from the first one's start to the last one's end.
    pub fn span(&self, words: Span<Word>) -> Span<Byte> {
        match self.spans.get(words.start..words.end) {
            Some([first, .., last]) => Span::new(first.start, last.end),
            Some([only]) => *only,
            _ => Span::new(0, 0),
        }
    }

    /// The words that begin in a stretch of text.
    pub fn within(&self, span: Span<Byte>) -> Span<Word> {
        let before = |position: usize| self.spans.partition_point(|word| word.start < position);
        Span::new(before(span.start), before(span.end))
    }

    /// The ids of one word's pieces.
    pub(super) fn pieces(&self, word: usize) -> &[i32] {
        &self.pieces[self.starts[word]..self.starts[word + 1]]
    }

    /// The token type of one word: its case class, and 4 more inside quotation marks.
    pub(super) fn token_type(&self, word: usize) -> u8 {
        self.types[word]
    }

    /// The words of each paragraph that has any.
    pub fn paragraphs(&self) -> &[Range<usize>] {
        &self.paragraphs
    }
}

/// A paragraph in stretches of bounded length, cut at white space where there is any.
fn stretches(text: &str, paragraph: Span<Byte>) -> impl Iterator<Item = Span<Byte>> {
    let mut rest = paragraph;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = rest.end;
        if rest.len() > STRETCH {
            end = text.floor_char_boundary(rest.start + STRETCH);
            let stretch = Span::<Byte>::new(rest.start, end).of(text);
            if let Some(space) = stretch.rfind(char::is_whitespace).filter(|&at| at > 0) {
                end = rest.start + space;
            }
        }
        let stretch = Span::new(rest.start, end);
        rest = Span::new(end, rest.end);
        Some(stretch)
    })
}

/// What an uncased vocabulary loses and the quotation marks know: case class (0 lower case or no letter, 1 Title,
/// 2 UPPER, 3 anything else), and 4 more inside quotation marks.
fn token_type(word: &str, quoted: bool) -> u8 {
    let lower = word.chars().any(char::is_lowercase);
    let upper = word.chars().any(char::is_uppercase);
    let class = if !word.chars().any(char::is_alphabetic) || (lower && !upper) {
        0
    } else if upper && !lower && word.chars().nth(1).is_some() {
        2
    } else if word.starts_with(char::is_uppercase) {
        1
    } else {
        3
    };
    class + if quoted { 4 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_classes() {
        let cases = [("the", 0), ("3.5", 0), ("The", 1), ("I", 1), ("USA", 2), ("iPhone", 3), ("中", 3), ("p53", 0)];
        for (word, class) in cases {
            assert_eq!(token_type(word, false), class, "{word}");
            assert_eq!(token_type(word, true), class + 4, "{word}");
        }
    }

    #[test]
    fn long_paragraphs_are_cut_at_white_space() {
        let text = format!("{} {}", "a".repeat(STRETCH - 3), "é".repeat(STRETCH));
        let parts: Vec<_> = stretches(&text, Span::new(0, text.len())).map(|s| s.of(&text)).collect();
        assert_eq!(parts[0].len(), STRETCH - 3);
        assert_eq!(parts.concat(), text);
    }
}
