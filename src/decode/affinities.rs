//! How alike the network finds two mentions: what it says of the words that begin one.

use crate::model::AffinityConfig;

/// The affinity vectors of the words of a text that may begin a mention, found by the byte at which a word starts.
///
/// Only those words are kept whose vectors somebody may ask for, so that a long text takes no more than a few bytes for
/// each of its own. Of a model without affinities nothing is kept, and nothing is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Affinities {
    queries: Vectors,
    keys: Vectors,
    /// For each query the score of there being no mention before it.
    none: Vec<f32>,
}

/// Vectors of one length, each with the byte it belongs to, in ascending order.
#[derive(Debug, Clone, Default, PartialEq)]
struct Vectors {
    starts: Vec<usize>,
    values: Vec<f32>,
}

impl Vectors {
    fn push(&mut self, start: usize, vector: &[f32]) {
        self.starts.push(start);
        self.values.extend_from_slice(vector);
    }

    /// The number of the vector at `start`, and the vector.
    fn at(&self, start: usize) -> Option<(usize, &[f32])> {
        let number = self.starts.binary_search(&start).ok()?;
        let size = self.values.len() / self.starts.len();
        Some((number, &self.values[number * size..(number + 1) * size]))
    }
}

impl Affinities {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.keys.starts.is_empty()
    }

    /// The score of two mentions being one entity: of an anaphor whose first word starts at the byte `anaphor`, and a
    /// mention whose first word starts at the byte `mention`. A softmax of the scores of all mentions before the anaphor,
    /// and of [`Affinities::none`], gives probabilities. `None` if nothing is known of either word.
    pub fn between(&self, anaphor: usize, mention: usize) -> Option<f32> {
        Some(scaled_dot(self.queries.at(anaphor)?.1, self.keys.at(mention)?.1))
    }

    /// The score of an anaphor, whose first word starts at this byte, meaning nobody mentioned before. `None` if nothing
    /// is known of the word.
    pub fn none(&self, anaphor: usize) -> Option<f32> {
        self.none.get(self.queries.at(anaphor)?.0).copied()
    }

    /// Keeps the key of the word at `start`, which comes after all words kept so far, and its query too if it may begin an
    /// anaphor. `columns` are the word's scores of the affinity head, queries first.
    pub(super) fn keep(&mut self, start: usize, columns: &[f32], is_anaphor: bool, config: &AffinityConfig) {
        let (query, key) = columns.split_at(config.size);
        self.keys.push(start, key);
        if is_anaphor {
            self.queries.push(start, query);
            self.none.push(scaled_dot(query, &config.none) + config.none_bias);
        }
    }
}

fn scaled_dot(query: &[f32], key: &[f32]) -> f32 {
    query.iter().zip(key).map(|(q, k)| q * k).sum::<f32>() / (query.len() as f32).sqrt()
}

/// Affinities in which the anaphor at the byte `anaphor` scores these, by the byte of each mention, and `none`.
#[cfg(test)]
pub(crate) fn affinities_of(scores: &[(usize, f32)], anaphor: usize, none: f32) -> Affinities {
    let config = AffinityConfig { size: 1, none: vec![0.0], none_bias: none };
    let mut known = Affinities::default();
    for &(mention, score) in scores {
        known.keep(mention, &[1.0, score], mention == anaphor, &config);
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_scaled_products_of_the_words_asked_for() {
        let config = AffinityConfig { size: 4, none: vec![0.0, 2.0, 0.0, 0.0], none_bias: -0.5 };
        let mut known = Affinities::default();
        assert!(known.is_empty());
        assert_eq!(known.between(0, 0), None);
        known.keep(3, &[9.0, 9.0, 9.0, 9.0, 1.0, 2.0, 3.0, 4.0], false, &config);
        known.keep(10, &[1.0, 3.0, 0.0, -1.0, 0.5, 0.5, 0.5, 0.5], true, &config);
        assert!(!known.is_empty());
        assert_eq!(known.between(10, 3), Some(1.5));
        assert_eq!(known.between(10, 10), Some(0.75));
        assert_eq!(known.none(10), Some(2.5));
        // A word that begins no anaphor has a key alone; of words that were not kept nothing is known.
        assert_eq!((known.between(3, 10), known.none(3)), (None, None));
        assert_eq!((known.between(10, 4), known.between(11, 3), known.none(11)), (None, None, None));
    }
}
