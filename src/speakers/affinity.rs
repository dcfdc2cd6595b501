//! What the network says of the entities mentioned before an anaphor.

use super::cast::Event;
use super::words::Words;
use crate::decode::Affinities;

/// Tokens back to which mentions are compared: the network has learned from those of about three windows.
const REACH: usize = 350;

/// A difference of the network's scores that is as good as any larger one.
pub(super) const FAR: f32 = 8.0;

/// How probable it is, by the network, that an anaphor means each of the entities mentioned before it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shares {
    /// Each entity with its share, the most probable first.
    entities: Vec<(usize, Share)>,
    /// Probability that it means nobody mentioned before.
    pub none: f32,
}

/// What the network says of one entity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Share {
    /// Logarithm of the probability that the anaphor means it, by all of its mentions together.
    pub log: f32,
    /// Score of its best mention, less that of the best mention of all; never above 0.
    pub best: f32,
    /// Score of its last mention, less that of the best mention of all; never above 0.
    pub nearest: f32,
}

impl Shares {
    /// The shares of the entities of `events`, the mentions before the anaphor that begins with `token`; `None` where
    /// the network says nothing of it or of them.
    pub fn new(affinities: &Affinities, words: &Words, token: usize, events: &[Event]) -> Option<Self> {
        let start = |token: usize| words.tokens.get(token).map(|token| token.span.start);
        let anaphor = start(token)?;
        let none = affinities.none(anaphor)?;
        // Of each entity the scores of its mentions, the last first. What names and speaks in one place is one mention.
        let mut scores: Vec<(usize, Vec<(usize, f32)>)> = Vec::new();
        for event in events.iter().rev().filter(|event| event.token < token && token - event.token <= REACH) {
            let Some(score) = start(event.token).and_then(|mention| affinities.between(anaphor, mention)) else {
                continue;
            };
            match scores.iter_mut().find(|(entity, _)| *entity == event.entity) {
                Some((_, of)) if of.iter().any(|(token, _)| *token == event.token) => {}
                Some((_, of)) => of.push((event.token, score)),
                None => scores.push((event.entity, vec![(event.token, score)])),
            }
        }
        let all = || scores.iter().flat_map(|(_, of)| of.iter().map(|(_, score)| *score));
        let top = all().reduce(f32::max)?;
        let total = log_sum(all().chain([none]));
        let share = |(entity, of): &(usize, Vec<(usize, f32)>)| {
            let best = of.iter().map(|(_, score)| *score).fold(f32::MIN, f32::max);
            let log = log_sum(of.iter().map(|(_, score)| *score)) - total;
            Some((*entity, Share { log, best: best - top, nearest: of.first()?.1 - top }))
        };
        let mut entities: Vec<(usize, Share)> = scores.iter().filter_map(share).collect();
        // The sort is stable: of equal ones the last mentioned is the first.
        entities.sort_by(|(_, one), (_, other)| other.log.total_cmp(&one.log));
        Some(Self { entities, none: (none - total).exp() })
    }

    /// The share of an entity and its rank, 0 for the most probable; `None` where nothing is known of it.
    pub fn of(&self, entity: usize) -> Option<(usize, Share)> {
        let rank = self.entities.iter().position(|(known, _)| *known == entity)?;
        Some((rank, self.entities[rank].1))
    }
}

/// The logarithm of the sum of the exponentials.
fn log_sum(values: impl Iterator<Item = f32> + Clone) -> f32 {
    let most = values.clone().fold(f32::MIN, f32::max);
    most + values.map(|x| (x - most).exp()).sum::<f32>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::affinities_of;
    use crate::speakers::places::Place;

    const TEXT: &str = "Vogt met Petit. Vogt smiled. She left.";

    fn events() -> Vec<Event> {
        let event = |token, entity, source| Event {
            token,
            entity,
            place: Place::default(),
            source,
            first: false,
            oblique: false,
            pronoun: false,
        };
        // The last mention is counted once, though it names and speaks.
        vec![event(0, 0, false), event(2, 1, false), event(4, 0, false), event(4, 0, true)]
    }

    #[test]
    fn an_entity_has_the_probability_of_all_its_mentions() {
        let words = Words::new(TEXT);
        let (first, other, again, she) = (0, 9, 16, 29);
        let known = affinities_of(&[(first, 1.0), (other, 2.0), (again, 1.5), (she, 0.0)], she, 0.5);
        let shares = Shares::new(&known, &words, 7, &events()).expect("the words are known");
        let total = 1f32.exp() + 2f32.exp() + 1.5f32.exp() + 0.5f32.exp();
        let close = |a: f32, b: f32| assert!((a - b).abs() < 1e-5, "{a} is not {b}");
        close(shares.none, 0.5f32.exp() / total);
        // Two middling mentions weigh more than one that is the best of all.
        let (rank, vogt) = shares.of(0).expect("Vogt is mentioned");
        assert_eq!(rank, usize::from(1f32.exp() + 1.5f32.exp() < 2f32.exp()));
        close(vogt.log.exp(), (1f32.exp() + 1.5f32.exp()) / total);
        close(vogt.best, -0.5);
        close(vogt.nearest, -0.5);
        let (_, petit) = shares.of(1).expect("Petit is mentioned");
        close(petit.log.exp(), 2f32.exp() / total);
        close(petit.best, 0.0);
        assert_eq!(shares.of(2), None);
    }

    #[test]
    fn nothing_is_known_without_vectors() {
        let words = Words::new(TEXT);
        assert_eq!(Shares::new(&Affinities::default(), &words, 7, &events()), None);
        // Only the pronoun has vectors.
        assert_eq!(Shares::new(&affinities_of(&[(29, 0.0)], 29, 0.5), &words, 7, &events()), None);
        let known = affinities_of(&[(0, 1.0), (29, 0.0)], 29, 0.5);
        assert_eq!(Shares::new(&known, &words, 700, &events()), None);
    }
}
