//! What the pass could have chosen, kept for those who fit the scorers.

use super::antecedents::Candidate;
use super::referents::Referent;

/// A pronoun or description that the pass has come to, and who it can mean.
#[derive(Debug)]
pub(super) struct Choice {
    pub token: usize,
    pub source: Option<usize>,
    /// For a description, what it is called if it means nobody known.
    pub described: Option<String>,
    pub considered: Vec<Considered>,
}

/// An entity that was considered; `None` for nobody known.
#[derive(Debug)]
pub(super) struct Considered {
    pub entity: Option<usize>,
    pub features: Vec<f32>,
    pub score: f32,
}

impl Choice {
    /// The choice of whom the pronoun at `token` means.
    pub fn of_pronoun(token: usize, source: Option<usize>, candidates: Vec<Candidate>) -> Self {
        let considered = |Candidate { entity, features, score }| {
            let (entity, features) = (Some(entity), features.to_vec());
            Considered { entity, features, score }
        };
        Self { token, source, described: None, considered: candidates.into_iter().map(considered).collect() }
    }

    /// The choice of whom the description that begins at `token`, and is called `described`, means.
    pub fn of_description(token: usize, source: Option<usize>, described: String, referents: Vec<Referent>) -> Self {
        let considered = |Referent { entity, features, score }| {
            let features = features.to_vec();
            Considered { entity, features, score }
        };
        let considered = referents.into_iter().map(considered).collect();
        Self { token, source, described: Some(described), considered }
    }
}
