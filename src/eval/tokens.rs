//! The tokens that some protocols count in.
//!
//! A corpus's own where it has some. Otherwise the words by the rules of Unicode (UAX #29), punctuation included and white
//! space left out, all of the document one instance.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::Tokens;
use super::overlap;
use crate::document::{Byte, Span};

/// Unit of a span: tokens of the corpus, counted over the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Token {}

/// A text in tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tokenized {
    tokens: Tokens,
}

impl Tokenized {
    /// The tokens of a text: the corpus's or, if it has none, Unicode's words.
    pub fn new(text: &str, own: Option<&Tokens>) -> Self {
        let mut tokens = own.cloned().unwrap_or_else(|| {
            let words = text.split_word_bound_indices().filter(|(_, word)| !word.trim().is_empty());
            let spans: Vec<Span<Byte>> = words.map(|(start, word)| Span::new(start, start + word.len())).collect();
            Tokens { instances: std::iter::once(0..spans.len()).collect(), spans }
        });
        // A file may say that there are more than there are.
        let count = tokens.spans.len();
        tokens.instances.iter_mut().for_each(|it| *it = it.start.min(count)..it.end.min(count));
        Self { tokens }
    }

    /// The runs of tokens that are scored each on its own.
    pub fn instances(&self) -> &[Range<usize>] {
        &self.tokens.instances
    }

    /// The tokens that a span touches.
    pub fn within(&self, span: Span<Byte>) -> Span<Token> {
        let spans = &self.tokens.spans;
        let start = spans.partition_point(|token| token.end <= span.start);
        Span::new(start, spans.partition_point(|token| token.start < span.end))
    }

    /// The tokens that any of the spans touches, in order.
    pub fn touched(&self, spans: &[Span<Byte>]) -> Vec<Span<Token>> {
        overlap::normalize(spans.iter().filter(|span| !span.is_empty()).map(|&span| self.within(span)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_by_unicodes_rules() {
        let text = "“It can't be 3.5,” said O’Neil.";
        let tokens = Tokenized::new(text, None);
        let words: Vec<&str> = tokens.tokens.spans.iter().map(|span| span.of(text)).collect();
        assert_eq!(words, ["“", "It", "can't", "be", "3.5", ",", "”", "said", "O’Neil", "."]);
        assert_eq!(tokens.instances(), std::slice::from_ref(&(0..10)));
        // A span that cuts a word touches it.
        let cut = text.find("n't").unwrap();
        assert_eq!(tokens.within(Span::new(cut, cut + 6)), Span::new(2, 4));
    }
}
