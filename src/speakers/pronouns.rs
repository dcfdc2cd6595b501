//! Which entity a pronoun means.

use super::Learned;
use super::antecedents::{self, Candidate, Occurrence};
use super::cast::Cast;
use super::lexicon::Pronoun;
use super::words::Words;

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
            let near = cast.events.last().filter(|event| event.place.sentence == occurrence.place.sentence);
            (near.map(|event| event.entity), Vec::new())
        }
        _ => {
            let candidates = antecedents::candidates(occurrence, cast, words, learned);
            (best(&candidates), candidates)
        }
    }
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
