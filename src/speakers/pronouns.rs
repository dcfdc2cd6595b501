//! Which entity a pronoun means.

use super::SpeakerType;
use super::cast::{Cast, Event};
use super::lexicon::Pronoun;
use super::places::Place;
use super::words::Words;
use crate::decode::NameKind;
use crate::document::{Byte, Span};

/// Mentions that are looked back at.
const LOOK_BACK: usize = 48;

/// What a score must reach for an entity to be meant at all.
const LEAST: f32 = -1.0;

/// What it counts that an entity is known to have the pronoun's gender, against one of which nothing is known.
const KNOWN: f32 = 0.7;

/// A pronoun in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occurrence<'a> {
    pub pronoun: Pronoun,
    pub place: Place,
    /// The words attributed to the pronoun, if it is a source.
    pub content: &'a [Span<Byte>],
    /// Who is cited by the words that the pronoun stands in, if these are known and not quoted.
    pub cited: Option<usize>,
}

/// The entity among those on stage that the pronoun means.
pub(super) fn choose(occurrence: &Occurrence, cast: &Cast, words: &Words) -> Option<usize> {
    let recent = &cast.events[cast.events.len().saturating_sub(LOOK_BACK)..];
    match occurrence.pronoun {
        Pronoun::First | Pronoun::Second => None,
        Pronoun::Relative => {
            let near = recent.last().filter(|event| event.place.sentence == occurrence.place.sentence)?;
            Some(near.entity)
        }
        _ => best(occurrence, recent, cast, words),
    }
}

fn best(occurrence: &Occurrence, recent: &[Event], cast: &Cast, words: &Words) -> Option<usize> {
    let mut best: Option<(f32, usize)> = None;
    let mut seen: Vec<(usize, f32)> = Vec::new();
    let last_source = recent.iter().rev().find(|event| event.source).map(|event| event.token);
    for event in recent.iter().rev() {
        let Some(agreement) = agreement(occurrence.pronoun, event, cast) else { continue };
        // Somebody spoken of again and again is the more likely to be meant.
        let again = match seen.iter_mut().find(|(entity, _)| *entity == event.entity) {
            Some((_, again)) => {
                *again = (*again + 0.2).min(0.8);
                *again
            }
            None => {
                seen.push((event.entity, 0.0));
                0.0
            }
        };
        let mut score = agreement + prominence(occurrence, event, words) + again;
        if occurrence.cited == Some(event.entity) {
            score += 1.2;
        }
        if last_source == Some(event.token) {
            score += 0.4;
        }
        if score > best.map_or(LEAST, |(best, _)| best) {
            best = Some((score, event.entity));
        }
    }
    best.map(|(_, entity)| entity)
}

/// How well number, sort and gender agree; `None` where the pronoun cannot mean the entity.
fn agreement(pronoun: Pronoun, event: &Event, cast: &Cast) -> Option<f32> {
    let member = &cast.members[event.entity];
    let is_place = member.named == Some(NameKind::Location) || member.named == Some(NameKind::Misc);
    let place = if is_place && !event.source { -1.2 } else { 0.0 };
    match (pronoun, member.kind) {
        (Pronoun::Third(gender), SpeakerType::Person) => {
            let agrees = member.agrees(gender);
            Some(if agrees < 0.0 { 5.0 * agrees } else { KNOWN * agrees })
        }
        (Pronoun::Third(_), _) => None,
        (Pronoun::It, SpeakerType::Organization) => Some(0.8 + place),
        (Pronoun::It, SpeakerType::Document) => Some(0.4),
        (Pronoun::It, _) => None,
        (Pronoun::They | Pronoun::Vague, SpeakerType::Group) => Some(1.2),
        (Pronoun::They | Pronoun::Vague, SpeakerType::Organization) => Some(0.2 + place),
        (Pronoun::They, SpeakerType::Person) => Some(-1.5),
        (Pronoun::Vague, SpeakerType::Person) => Some(-0.5),
        (Pronoun::They | Pronoun::Vague, SpeakerType::Document) => Some(-1.0),
        (Pronoun::First | Pronoun::Second | Pronoun::Relative, _) => None,
    }
}

/// How much the mention is in the reader's mind where the pronoun stands.
fn prominence(occurrence: &Occurrence, event: &Event, words: &Words) -> f32 {
    let distance = occurrence.place.sentence.saturating_sub(event.place.sentence);
    let mut score = match distance {
        0 => 2.4,
        1 => 2.0,
        2 => 1.2,
        3 => 0.7,
        _ => 0.5 - 0.1 * (distance.min(30) as f32),
    };
    let at = words.tokens.get(event.token).map_or(0, |token| token.span.start);
    if occurrence.content.iter().any(|content| content.contains(at)) {
        score -= 4.0;
    }
    if event.first {
        score += 0.9;
    }
    if event.source {
        score += 0.9;
    }
    if event.oblique {
        score -= 0.6;
    }
    if event.place.quoted && !occurrence.place.quoted {
        score -= 1.0;
    }
    if event.place.headline {
        score -= 0.8;
    }
    score
}
