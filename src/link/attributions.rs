//! Ties contents, cues and sources together.

use std::collections::HashMap;

use crate::decode::{Reading, Role, RoleSpan};
use crate::document::{Byte, Layout, Span};
use crate::model::LinkConfig;
use crate::quotations::Quotation;

use super::scorer::{Relation, Scorer};

/// Spans that belong to one attribution.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribution<'r> {
    /// The parts of the content, in text order; never empty.
    pub content: Vec<&'r RoleSpan>,
    /// The cue.
    pub cue: Option<&'r RoleSpan>,
    /// The source.
    pub source: Option<&'r RoleSpan>,
    /// Probability, by the model, that the spans are right and belong together, in 0..=1; not yet calibrated.
    pub confidence: f32,
    /// The number of the attribution in whose content this one stands.
    pub parent: Option<usize>,
}

/// The attributions of a document, those within another's content after all others, else in the order of their first
/// content. Every content of `reading.roles` is in exactly one; a cue without content is in none.
pub fn attributions<'r>(
    reading: &'r Reading,
    layout: &Layout,
    quotations: &[Quotation],
    links: &LinkConfig,
) -> Vec<Attribution<'r>> {
    let scorer = Scorer::new(links, layout);
    let mut out = tied(scorer, &reading.roles, &Chains::new(quotations));
    if !reading.given.is_empty() {
        out = as_given(out, &reading.given);
    }
    let inner = tied(scorer, &reading.inner, &Chains::new(&[]));
    // The outer contents in text order, each with its attribution.
    let mut contents: Vec<(Span<Byte>, usize)> = out
        .iter()
        .enumerate()
        .flat_map(|(number, it)| it.content.iter().map(move |part| (part.span, number)))
        .collect();
    contents.sort_unstable();
    out.extend(inner.into_iter().filter_map(|attribution| {
        let parent = around(&contents, &attribution)?;
        Some(Attribution { parent: Some(parent), ..attribution })
    }));
    out
}

/// The same with one attribution for each content that was given, whose cue and source are those of the first of its parts
/// that has any.
fn as_given<'r>(attributions: Vec<Attribution<'r>>, given: &[Vec<Span<Byte>>]) -> Vec<Attribution<'r>> {
    let parts = given.iter().enumerate().flat_map(|(number, parts)| parts.iter().map(move |part| (*part, number)));
    let of_part: HashMap<Span<Byte>, usize> = parts.collect();
    let mut out: Vec<Attribution<'r>> = Vec::with_capacity(attributions.len());
    let mut of_given: HashMap<usize, usize> = HashMap::new();
    for attribution in attributions {
        let mut own = None;
        for &part in &attribution.content {
            let number = of_part.get(&part.span);
            let place = number.map_or(own, |number| of_given.get(number).copied());
            match place {
                Some(place) => {
                    let known = &mut out[place];
                    known.content.push(part);
                    if known.source.is_none() && known.cue.is_none() {
                        (known.source, known.cue) = (attribution.source, attribution.cue);
                    }
                }
                None => {
                    match number {
                        Some(number) => _ = of_given.insert(*number, out.len()),
                        None => own = Some(out.len()),
                    }
                    out.push(Attribution { content: vec![part], ..attribution.clone() });
                }
            }
        }
    }
    out
}

/// The attribution of the outer content in which all spans of an inner attribution stand. An inner one needs a cue:
/// contents alone are too often read into a content.
fn around(contents: &[(Span<Byte>, usize)], inner: &Attribution<'_>) -> Option<usize> {
    let cue = inner.cue?.span;
    let (outer, number) = contents[..contents.partition_point(|(span, _)| span.start <= cue.start)].last()?;
    let spans = inner.content.iter().chain(&inner.cue).chain(&inner.source);
    spans.map(|it| it.span).all(|span| outer.covers(span) && span != *outer).then_some(*number)
}

/// The attributions that these spans form, in the order of their first content.
fn tied<'r>(scorer: Scorer<'_>, roles: &'r [RoleSpan], chains: &Chains<'_>) -> Vec<Attribution<'r>> {
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
                out[attribution].content.push(&roles[index]);
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

fn begin<'r>(
    scorer: Scorer<'_>,
    roles: &'r [RoleSpan],
    content: usize,
    cue: Option<usize>,
    sure: f32,
) -> Attribution<'r> {
    let (source, source_sure) = match cue {
        Some(cue) => scorer.link(Relation::CueSource, roles, cue),
        None => scorer.link(Relation::ContentSource, roles, content),
    };
    let (cue, source) = (cue.map(|index| &roles[index]), source.map(|index| &roles[index]));
    let spans = [Some(&roles[content]), cue, source].into_iter().flatten().map(|it| it.confidence);
    let confidence = spans.product::<f32>() * sure * source_sure;
    Attribution { content: vec![&roles[content]], cue, source, confidence, parent: None }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Word;
    use crate::quotations::quotations;
    use crate::segment;
    use crate::speakers::SpeakerType;
    use crate::statement::Kind;

    const TEXT: &str = "The union said that the council believes the work is cheap. Others doubt it.";

    /// A scorer that takes the nearest candidate.
    fn nearest() -> LinkConfig {
        LinkConfig {
            size: 1,
            relations: ["content-cue", "cue-source", "content-source"].map(str::to_owned).to_vec(),
            none: vec![vec![0.0]; 3],
            none_bias: vec![-50.0; 3],
            distances: vec![1, 2, 4, 8],
            distance_bias: vec![vec![5.0, 4.0, 3.0, 2.0, 1.0, 5.0, 4.0, 3.0, 2.0, 1.0]; 3],
        }
    }

    fn role(role: Role, words: &str) -> RoleSpan {
        let start = TEXT.find(words).expect("the words stand in the text");
        let number = |end: usize| TEXT[..end].split_whitespace().count();
        RoleSpan {
            span: Span::new(start, start + words.len()),
            words: Span::<Word>::new(number(start), number(start + words.len())),
            role,
            confidence: 1.0,
            kind: Kind::Speech,
            speaker_type: (SpeakerType::Group, 1.0),
            vectors: vec![0.0; 6],
        }
    }

    fn outer() -> Vec<RoleSpan> {
        vec![
            role(Role::Source, "The union"),
            role(Role::Cue, "said"),
            role(Role::Content, "that the council believes the work is cheap"),
        ]
    }

    /// The contents with their parents.
    fn found(inner: Vec<RoleSpan>) -> Vec<(&'static str, Option<usize>)> {
        let paragraphs = segment::paragraphs(TEXT);
        let spans: Vec<_> = paragraphs.iter().map(|it| it.span).collect();
        let layout = segment::layout(TEXT, paragraphs, &quotations(TEXT, &spans));
        let reading = Reading { roles: outer(), inner, ..Reading::default() };
        let attributions = attributions(&reading, &layout, &[], &nearest());
        attributions.iter().map(|it| (it.content[0].span.of(TEXT), it.parent)).collect()
    }

    #[test]
    fn only_an_attribution_within_a_content_is_nested() {
        const OUTER: (&str, Option<usize>) = ("that the council believes the work is cheap", None);
        let (source, cue) = (role(Role::Source, "the council"), role(Role::Cue, "believes"));
        let content = role(Role::Content, "the work is cheap");
        let outside = vec![role(Role::Source, "Others"), role(Role::Cue, "doubt"), role(Role::Content, "it")];
        let cases = [
            ("none", vec![], vec![OUTER]),
            ("within", vec![source.clone(), cue.clone(), content.clone()], vec![OUTER, ("the work is cheap", Some(0))]),
            ("without source", vec![cue.clone(), content.clone()], vec![OUTER, ("the work is cheap", Some(0))]),
            ("without cue", vec![source.clone(), content.clone()], vec![OUTER]),
            ("source outside", vec![role(Role::Source, "The union"), cue, content], vec![OUTER]),
            ("all outside", outside, vec![OUTER]),
        ];
        for (name, inner, expected) in cases {
            assert_eq!(found(inner), expected, "{name}");
        }
    }
}
