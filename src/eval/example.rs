//! Labels for tests.

use super::{Attribution, Labelled, Scope, Speaker};
use crate::document::{Byte, Document, Span};

pub fn spans(ends: &[(usize, usize)]) -> Vec<Span<Byte>> {
    ends.iter().map(|&(start, end)| Span::new(start, end)).collect()
}

/// An attribution of these byte spans.
pub fn attribution(content: &[(usize, usize)], cue: &[(usize, usize)], source: &[(usize, usize)]) -> Attribution {
    Attribution { content: spans(content), cue: spans(cue), source: spans(source), ..Attribution::default() }
}

/// A document with these attributions.
pub fn labelled(text: &str, attributions: Vec<Attribution>) -> Labelled {
    let document = Document::new("a", text);
    Labelled { document, scope: Scope::ALL, attributions, speakers: Vec::new(), tokens: None }
}

/// A speaker of these names.
pub fn speaker(names: &[&str]) -> Speaker {
    Speaker { names: names.iter().map(|&name| name.to_owned()).collect(), ..Speaker::default() }
}
