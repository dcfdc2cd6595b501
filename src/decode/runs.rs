//! Which runs of words are spans: those of the best labelling, or those that promise most.

use super::lattice::{Lattice, Posterior};
use crate::model::SpanChoice;

/// Least probability of a span that is looked at. Fewer than fifty such spans can cover one word, so the time stays
/// linear in the length.
const LEAST: f32 = 0.02;

/// A run of words of one class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Run {
    pub class: usize,
    pub start: usize,
    pub end: usize,
    /// Probability of the least sure of its words' labels, and of its ending where it does.
    pub confidence: f32,
}

impl Run {
    fn new(posterior: &Posterior, class: usize, start: usize, end: usize) -> Self {
        let inside = 2 + 2 * class;
        let label = |word: usize| if word == start { inside - 1 } else { inside };
        let words = (start..end).map(|word| posterior.probability(word, label(word)));
        let confidence = words.fold(1.0 - posterior.probability(end, inside), f32::min);
        Self { class, start, end, confidence }
    }
}

/// The spans of the best labelling.
pub(super) fn best(lattice: &Lattice, scores: &[&[f32]]) -> Vec<Run> {
    let posterior = lattice.posterior(scores);
    let labels = lattice.best(scores);
    let mut at = 0;
    let next = std::iter::from_fn(|| {
        let start = at + labels[at..].iter().position(|&label| label > 0)?;
        let class = (labels[start] - 1) / 2;
        let inside = 2 + 2 * class;
        at = start + 1 + labels[start + 1..].iter().take_while(|&&label| label == inside).count();
        Some(Run::new(&posterior, class, start, at))
    });
    next.collect()
}

/// The spans that together promise most: each counts the probability that it is exactly right, some of it replaced by
/// that of its words, less a price (minimum Bayes risk, Goel and Byrne 2000). The best labelling, against this, leaves out
/// a span that is surely there as soon as nobody knows where it ends.
///
/// The spans do not overlap and are in text order.
pub(super) fn most_promising(posterior: &Posterior, choice: &SpanChoice) -> Vec<Run> {
    let words = posterior.len();
    // The best total of the words before each position, and the span that it ends with.
    let mut total = vec![0.0; words + 1];
    let mut last: Vec<Option<(usize, usize)>> = vec![None; words + 1];
    let mut candidates: Vec<Vec<(usize, usize, f32)>> = vec![Vec::new(); words + 1];
    for position in 0..=words {
        if position > 0 && total[position - 1] > total[position] {
            (total[position], last[position]) = (total[position - 1], None);
        }
        for (class, start, gain) in std::mem::take(&mut candidates[position]) {
            if total[start] + gain > total[position] {
                (total[position], last[position]) = (total[start] + gain, Some((class, start)));
            }
        }
        if position < words {
            for class in 0..posterior.classes() {
                begin(posterior, choice, class, position, &mut candidates);
            }
        }
    }
    let mut runs = Vec::new();
    let mut position = words;
    while position > 0 {
        match last[position] {
            Some((class, start)) => {
                runs.push(Run::new(posterior, class, start, position));
                position = start;
            }
            None => position -= 1,
        }
    }
    runs.reverse();
    runs
}

/// Notes the spans of `class` that begin at `start` and gain something, each where it ends.
fn begin(
    posterior: &Posterior,
    choice: &SpanChoice,
    class: usize,
    start: usize,
    candidates: &mut [Vec<(usize, usize, f32)>],
) {
    let (opening, inside) = (1 + 2 * class, 2 + 2 * class);
    let mut open = posterior.probability(start, opening);
    let mut covered = 0.0;
    let (mut label, mut word) = (opening, start);
    while open >= LEAST {
        covered += posterior.probability(word, opening) + posterior.probability(word, inside);
        let continues = posterior.continues(word, label);
        let exact = open * (1.0 - continues);
        let mean = covered / (word + 1 - start) as f32;
        let gain = exact + choice.coverage * (mean - exact) - choice.price[class];
        if exact >= LEAST && gain > 0.0 {
            candidates[word + 1].push((class, start, gain));
        }
        open *= continues;
        (label, word) = (inside, word + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EXACT: SpanChoice = SpanChoice { price: [0.3; 3], coverage: 0.0 };

    /// Scores of words that are outside, begin or continue a span of the only class, by their probabilities.
    fn rows(probabilities: &[[f32; 3]]) -> Vec<Vec<f32>> {
        probabilities.iter().map(|row| row.iter().map(|p| p.max(1e-6).ln()).collect()).collect()
    }

    fn found(probabilities: &[[f32; 3]], choice: &SpanChoice) -> Vec<(usize, usize)> {
        let rows = rows(probabilities);
        let rows: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
        let posterior = Lattice::unlearned(3).posterior(&rows);
        most_promising(&posterior, choice).into_iter().map(|run| (run.start, run.end)).collect()
    }

    #[test]
    fn a_span_with_an_uncertain_end_is_found_that_the_best_labelling_leaves_out() {
        // There is a span with a probability of 0.6, but no one of its three ends is as probable as that there is none.
        let words = [[0.4, 0.6, 0.0], [0.37, 0.0, 0.63], [0.5, 0.0, 0.5]];
        let rows = rows(&words);
        let rows: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
        let sure = found(&words, &SpanChoice { price: [0.45; 3], coverage: 0.0 });
        assert_eq!(sure, []);
        let covering = found(&words, &SpanChoice { price: [0.45; 3], coverage: 0.5 });
        assert_eq!(covering.len(), 1);
        assert_eq!(covering[0].0, 0);
        assert!(best(&Lattice::unlearned(3), &rows).len() <= 1);
    }

    #[test]
    fn the_price_decides_what_is_worth_it() {
        let words = [[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]];
        for (price, expected) in [(0.4, vec![(0, 1)]), (0.6, vec![])] {
            assert_eq!(found(&words, &SpanChoice { price: [price; 3], coverage: 0.0 }), expected, "{price}");
        }
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(found(&[], &EXACT), []);
        assert_eq!(found(&[[1.0, 0.0, 0.0]], &EXACT), []);
    }

    proptest! {
        #[test]
        fn spans_follow_one_another(
            rows in prop::collection::vec(prop::collection::vec(-6f32..6.0, 7), 0..60),
            coverage in 0f32..1.0,
        ) {
            let rows: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
            let posterior = Lattice::unlearned(7).posterior(&rows);
            let runs = most_promising(&posterior, &SpanChoice { price: [0.2, 0.3, 0.4], coverage });
            prop_assert!(runs.iter().all(|run| run.start < run.end && run.end <= rows.len()));
            prop_assert!(runs.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }

        #[test]
        fn a_sure_labelling_is_kept(labels in prop::collection::vec(0usize..3, 0..40)) {
            let rows: Vec<Vec<f32>> = labels.iter().map(|&label| {
                (0..7).map(|k| if k == [0, 1, 3][label] { 30.0 } else { 0.0 }).collect()
            }).collect();
            let rows: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
            let lattice = Lattice::unlearned(7);
            let of = |runs: Vec<Run>| runs.into_iter().map(|run| (run.class, run.start, run.end)).collect::<Vec<_>>();
            let promising = most_promising(&lattice.posterior(&rows), &EXACT);
            prop_assert_eq!(of(promising), of(best(&lattice, &rows)));
        }
    }
}
