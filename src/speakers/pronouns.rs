//! Which entity a pronoun means.

use super::antecedents::{self, Candidate, Occurrence};
use super::cast::{Cast, Member};
use super::lexicon::{self, Pronoun};
use super::words::Words;
use super::{Learned, SpeakerType};

/// Mentions back that a relative pronoun can mean: bounds the time that a sentence of any length takes.
const EVENTS: usize = 32;

/// Determiners of a phrase that are passed over, for the same reason.
const DETERMINERS: usize = 4;

/// The least probability of somebody to be thought of.
const LEAST: f32 = 0.01;

/// The entity among those on stage that the pronoun means, and for pronouns of the third person those it can mean.
pub(super) fn choose(
    occurrence: &Occurrence,
    cast: &Cast,
    words: &Words,
    learned: Learned,
) -> (Option<usize>, Vec<Candidate>) {
    match occurrence.pronoun {
        Pronoun::First | Pronoun::Second => (None, Vec::new()),
        Pronoun::Relative => {
            let word = words.fold(occurrence.token);
            let here = cast.events.iter().rev().take_while(|event| event.place.sentence == occurrence.place.sentence);
            let mut near = here.take(EVENTS);
            let fitting = near.find(|event| fits(word, &cast.members[event.entity], words, event.token));
            (fitting.map(|event| event.entity), Vec::new())
        }
        _ => {
            let candidates = antecedents::candidates(occurrence, cast, words, learned);
            (best(&candidates), candidates)
        }
    }
}

/// Whether a relative pronoun can mean this member, mentioned at `token`: "who" passes over the body in "Lund of the
/// Trade Union Council, who", and "which" over a person.
fn fits(pronoun: &str, member: &Member, words: &Words, token: usize) -> bool {
    let person = member.kind == SpeakerType::Person;
    match pronoun {
        "who" | "whom" => person || member.named.is_none() || !is_governed(words, token),
        "which" => !person,
        _ => true,
    }
}

/// Whether a preposition stands before the phrase at `token`.
fn is_governed(words: &Words, token: usize) -> bool {
    let before = (0..token).rev().take(DETERMINERS).map(|i| words.fold(i)).find(|fold| !lexicon::is_determiner(fold));
    before.is_some_and(lexicon::is_preposition)
}

/// The likeliest of the candidates with their probabilities, in the order of the candidates.
pub(super) fn probabilities(candidates: &[Candidate]) -> Vec<(usize, f32)> {
    let most = candidates.iter().map(|it| it.score).fold(f32::NEG_INFINITY, f32::max);
    let total: f32 = candidates.iter().map(|it| (it.score - most).exp()).sum();
    let all = candidates.iter().map(|it| (it.entity, (it.score - most).exp() / total));
    all.filter(|&(_, probability)| probability >= LEAST).collect()
}

/// The entity with the highest score; of equal ones the last mentioned.
fn best(candidates: &[Candidate]) -> Option<usize> {
    let mut best: Option<&Candidate> = None;
    for candidate in candidates {
        if best.is_none_or(|best| candidate.score > best.score) {
            best = Some(candidate);
        }
    }
    best.map(|best| best.entity)
}
