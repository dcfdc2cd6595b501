//! Ties contents, cues and sources together.

use crate::decode::{Reading, Role, RoleSpan};
use crate::document::{Byte, Layout, Span};
use crate::model::LinkConfig;
use crate::quotations::Quotation;

use super::scorer::{Relation, Scorer};

/// Spans that belong to one attribution, as indices into [`Reading::roles`].
#[derive(Debug, Clone, PartialEq)]
pub struct Attribution {
    /// The parts of the content, in text order; never empty.
    pub content: Vec<usize>,
    /// The cue.
    pub cue: Option<usize>,
    /// The source.
    pub source: Option<usize>,
    /// Probability, by the model, that the spans are right and belong together, in 0..=1; not yet calibrated.
    pub confidence: f32,
}

/// The attributions of a document, in the order of their first content. Every content is in exactly one; a cue without
/// content is in none.
pub fn attributions(
    reading: &Reading,
    layout: &Layout,
    quotations: &[Quotation],
    links: &LinkConfig,
) -> Vec<Attribution> {
    let roles = &reading.roles;
    let scorer = Scorer::new(links, layout);
    let chains = Chains::new(quotations);
    let mut out: Vec<Attribution> = Vec::new();
    // The attribution that each cue has begun, and the one that the latest content is in.
    let mut of_cue: Vec<Option<usize>> = vec![None; roles.len()];
    let mut latest: Option<(usize, usize)> = None;
    for index in (0..roles.len()).filter(|&index| roles[index].role == Role::Content) {
        let continued = latest.filter(|&(content, _)| chains.continues(&roles[content], &roles[index]));
        let (cue, sure) = scorer.link(Relation::ContentCue, roles, index);
        let known = continued.map(|(_, attribution)| attribution).or_else(|| cue.and_then(|cue| of_cue[cue]));
        let attribution = match known {
            Some(attribution) => {
                out[attribution].content.push(index);
                attribution
            }
            None => {
                out.push(begin(scorer, roles, index, cue, sure));
                out.len() - 1
            }
        };
        if let Some(cue) = cue {
            of_cue[cue].get_or_insert(attribution);
        }
        latest = Some((index, attribution));
    }
    out
}

fn begin(scorer: Scorer<'_>, roles: &[RoleSpan], content: usize, cue: Option<usize>, sure: f32) -> Attribution {
    let (source, source_sure) = match cue {
        Some(cue) => scorer.link(Relation::CueSource, roles, cue),
        None => scorer.link(Relation::ContentSource, roles, content),
    };
    let spans = [Some(content), cue, source].into_iter().flatten().map(|index| roles[index].confidence);
    Attribution { content: vec![content], cue, source, confidence: spans.product::<f32>() * sure * source_sure }
}

/// Which quotations go on from one paragraph to the next.
struct Chains<'q> {
    quotations: &'q [Quotation],
}

impl<'q> Chains<'q> {
    fn new(quotations: &'q [Quotation]) -> Self {
        Self { quotations }
    }

    /// Whether `next` begins the quotation that goes on from the one in which `content` ends.
    fn continues(&self, content: &RoleSpan, next: &RoleSpan) -> bool {
        let before = self.quotations.partition_point(|q| q.span.start <= next.span.start);
        let Some(here) = self.quotations[..before].last() else { return false };
        let starts_here = Span::<Byte>::new(here.span.start, here.inner.start.max(here.span.start + 1));
        let begins = starts_here.contains(next.span.start) || here.inner.start == next.span.start;
        begins
            && here
                .continues
                .and_then(|index| self.quotations.get(index))
                .is_some_and(|q| q.span.overlaps(content.span))
    }
}
