//! The parts of a labelled document as JSON has them; offsets are code points, the end exclusive.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Scope, Tokens};
use crate::document::{Byte, CharIndex, Span};

/// [`Scope`], of which a file need only name what is not labelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ScopeFields {
    indirect: bool,
    contents: bool,
    cues: bool,
    sources: bool,
    relations: bool,
    speakers: bool,
}

impl Default for ScopeFields {
    fn default() -> Self {
        Scope::ALL.into()
    }
}

impl From<Scope> for ScopeFields {
    fn from(it: Scope) -> Self {
        let Scope { indirect, contents, cues, sources, relations, speakers } = it;
        Self { indirect, contents, cues, sources, relations, speakers }
    }
}

impl From<ScopeFields> for Scope {
    fn from(it: ScopeFields) -> Self {
        let ScopeFields { indirect, contents, cues, sources, relations, speakers } = it;
        Self { indirect, contents, cues, sources, relations, speakers }
    }
}

/// [`Tokens`], as pairs of numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TokenFields {
    /// Code points of each token.
    pub spans: Vec<(usize, usize)>,
    /// Indices of the tokens of each instance.
    pub instances: Vec<(usize, usize)>,
}

impl TokenFields {
    pub(crate) fn new(tokens: &Tokens, index: &CharIndex<'_>) -> Self {
        let chars = |span: &Span<Byte>| (index.chars(*span).start, index.chars(*span).end);
        Self {
            spans: tokens.spans.iter().map(chars).collect(),
            instances: tokens.instances.iter().map(|it| (it.start, it.end)).collect(),
        }
    }

    /// The tokens, if every instance is one of them.
    pub(crate) fn instances(&self) -> Option<Vec<Range<usize>>> {
        let inside = |(start, end): &(usize, usize)| start <= end && *end <= self.spans.len();
        self.instances.iter().all(inside).then(|| self.instances.iter().map(|(start, end)| *start..*end).collect())
    }
}
