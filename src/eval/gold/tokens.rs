//! Texts that a corpus has as tokens only.

use crate::document::{Byte, Span};
use crate::eval::Tokens;

/// A text put together from tokens.
#[derive(Debug, Default)]
pub(super) struct TokenText {
    pub text: String,
    pub tokens: Tokens,
    /// The first token of the instance that is open.
    open: usize,
}

impl TokenText {
    /// Adds a token after what separates it from the one before.
    pub(super) fn push(&mut self, separator: &str, token: &str) {
        if !self.text.is_empty() {
            self.text.push_str(separator);
        }
        let start = self.text.len();
        self.text.push_str(token);
        self.tokens.spans.push(Span::new(start, self.text.len()));
    }

    /// Number of tokens so far.
    pub(super) fn len(&self) -> usize {
        self.tokens.spans.len()
    }

    /// Ends an instance, unless it holds nothing.
    pub(super) fn end_instance(&mut self) {
        if self.open < self.len() {
            self.tokens.instances.push(self.open..self.len());
            self.open = self.len();
        }
    }
}

/// The span from the first token of a run to its last, without those that the text does not have.
pub(super) fn run(tokens: &[Span<Byte>]) -> Option<Span<Byte>> {
    let mut present = tokens.iter().filter(|it| !it.is_empty());
    let first = present.next()?;
    Some(Span::new(first.start, present.next_back().unwrap_or(first).end))
}

/// A span for each run of neighbours among these tokens, which must be sorted.
pub(super) fn runs(indices: &[usize], spans: &[Span<Byte>]) -> Vec<Span<Byte>> {
    let neighbours = indices.chunk_by(|one, other| one + 1 == *other);
    neighbours.filter_map(|it| run(spans.get(*it.first()?..=*it.last()?)?)).collect()
}
