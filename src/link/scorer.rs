//! The learned link scorer: which cue a content belongs to, and which source a cue or a content.

use crate::decode::{Role, RoleSpan};
use crate::document::Layout;
use crate::model::LinkConfig;

/// What is linked to what. The order is that of the model's relations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// A content to the cue that introduces it.
    ContentCue,
    /// A cue to the source that it takes.
    CueSource,
    /// A content without cue to its source.
    ContentSource,
}

impl Relation {
    fn target(self) -> Role {
        match self {
            Self::ContentCue => Role::Cue,
            Self::CueSource | Self::ContentSource => Role::Source,
        }
    }
}

/// How far apart in words two linked spans may be: the scorer has seen no more than a window.
const REACH: usize = 100;

/// Scores links with the parameters of one model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scorer<'m> {
    config: &'m LinkConfig,
    layout: &'m Layout,
}

impl<'m> Scorer<'m> {
    pub fn new(config: &'m LinkConfig, layout: &'m Layout) -> Self {
        Self { config, layout }
    }

    /// The best partner of `roles[head]` in the same paragraph, if one is likelier than none, and the probability of the choice either way.
    /// Takes time linear in the number of spans within reach.
    pub fn link(self, relation: Relation, roles: &[RoleSpan], head: usize) -> (Option<usize>, f32) {
        let paragraph = |index: usize| self.layout.paragraph_number(roles[index].span.start);
        let here = paragraph(head);
        let near = |&index: &usize| {
            roles[index].words.start.abs_diff(roles[head].words.start) <= REACH && paragraph(index) == here
        };
        let before = (0..head).rev().take_while(near);
        let after = (head + 1..roles.len()).take_while(near);
        let candidates = before.chain(after).filter(|&index| roles[index].role == relation.target());
        let none = self.none(relation, &roles[head]);
        let mut best = (None, none);
        let mut scores = vec![none];
        for candidate in candidates {
            let score = self.score(relation, &roles[head], &roles[candidate]);
            if score > best.1 {
                best = (Some(candidate), score);
            }
            scores.push(score);
        }
        let total: f32 = scores.iter().map(|s| (s - best.1).exp()).sum();
        (best.0, 1.0 / total)
    }

    fn query(self, relation: Relation, span: &RoleSpan) -> &[f32] {
        self.vector(span, relation as usize)
    }

    fn key(self, relation: Relation, span: &RoleSpan) -> &[f32] {
        self.vector(span, self.config.relations.len() + relation as usize)
    }

    fn vector(self, span: &RoleSpan, slot: usize) -> &[f32] {
        span.vectors.get(slot * self.config.size..(slot + 1) * self.config.size).unwrap_or_default()
    }

    fn none(self, relation: Relation, head: &RoleSpan) -> f32 {
        let r = relation as usize;
        self.dot(self.query(relation, head), &self.config.none[r]) + self.config.none_bias[r]
    }

    fn score(self, relation: Relation, head: &RoleSpan, candidate: &RoleSpan) -> f32 {
        let (from, to) = (head.words.start, candidate.words.start);
        let ends = &self.config.distances;
        let bucket = ends.partition_point(|&end| end < from.abs_diff(to));
        let bucket = if to < from { bucket + ends.len() + 1 } else { bucket };
        self.dot(self.query(relation, head), self.key(relation, candidate))
            + self.config.distance_bias[relation as usize][bucket]
    }

    fn dot(self, a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>() / (self.config.size as f32).sqrt()
    }
}
