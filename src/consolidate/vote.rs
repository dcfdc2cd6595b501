//! Who makes a quotation for which documents name different speakers.
//!
//! Each statement says with its confidence *p* that its speaker is right; what is left of the probability falls to the
//! other candidates and to "somebody else" in equal parts. Were the statements independent, the odds of a candidate
//! against "somebody else" would be the product of *p*/((1 − *p*)/*m*) over the statements that name it, *m* being the
//! number of candidates: its votes are the sum of log-odds. They are not independent, since copies of one text repeat
//! one another's errors. So the votes count as those of *n*/(1 + (*n* − 1)/2) statements instead of *n* (Kish's
//! effective sample size with a correlation of one half): ever more copies make the result no surer than two
//! independent statements would.

use std::collections::BTreeMap;

/// How much of its neighbour's error a copy repeats.
const CORRELATION: f64 = 0.5;

/// Files show two decimals of a confidence, so none is surer than this.
const SUREST: f64 = 0.995;

/// The outcome of a vote.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Vote {
    /// Whoever has most votes; of equals, who is named more often; of equals, the first.
    pub speaker: Option<u32>,
    /// The probability of that. Where no statement names a speaker, the highest confidence of a statement.
    pub confidence: f64,
}

/// Counts the votes: for each statement the speaker that it names and its confidence.
pub(super) fn vote(statements: impl Iterator<Item = (Option<u32>, f32)>) -> Vote {
    let mut named: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    let mut surest = 0.0_f64;
    for (speaker, confidence) in statements {
        let confidence = f64::from(confidence);
        surest = surest.max(confidence);
        if let Some(speaker) = speaker {
            let shown = confidence.clamp(1.0 - SUREST, SUREST);
            named.entry(speaker).or_default().push((shown / (1.0 - shown)).ln());
        }
    }
    let count: usize = named.values().map(Vec::len).sum();
    if count == 0 {
        return Vote { speaker: None, confidence: surest };
    }
    let candidates = (named.len() as f64).ln();
    let weight = 1.0 / (1.0 + (count as f64 - 1.0) * CORRELATION);
    let votes: Vec<(u32, f64, usize)> = named
        .into_iter()
        .map(|(speaker, mut odds)| {
            // Sums of the same numbers are the same in one order only.
            odds.sort_unstable_by(f64::total_cmp);
            (speaker, (odds.iter().sum::<f64>() + candidates * odds.len() as f64) * weight, odds.len())
        })
        .collect();
    let best = votes.iter().copied().reduce(|best, it| if (it.1, it.2) > (best.1, best.2) { it } else { best });
    // The odds are set against the greatest of them, which keeps the exponentials small.
    let top = votes.iter().map(|it| it.1).fold(0.0, f64::max);
    let all: f64 = (-top).exp() + votes.iter().map(|it| (it.1 - top).exp()).sum::<f64>();
    Vote { speaker: best.map(|it| it.0), confidence: best.map_or(0.0, |it| (it.1 - top).exp() / all) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_votes_of_the_surer_count_for_more() {
        for (case, statements, speaker, confidence) in [
            ("one statement", vec![(Some(4), 0.9)], Some(4), 0.9),
            ("two copies", vec![(Some(4), 0.9), (Some(4), 0.9)], Some(4), 0.949),
            ("one sure, one unsure", vec![(Some(1), 0.55), (Some(2), 0.95)], Some(2), 0.801),
            ("two against one", vec![(Some(1), 0.8), (Some(2), 0.9), (Some(1), 0.8)], Some(1), 0.604),
            ("a tie", vec![(Some(7), 0.8), (Some(3), 0.8)], Some(3), 0.444),
            ("nobody", vec![(None, 0.3), (None, 0.6)], None, 0.6),
            ("nobody abstains", vec![(None, 0.9), (Some(1), 0.6)], Some(1), 0.6),
            ("certain", vec![(Some(1), 1.0), (Some(2), 0.0)], Some(1), 0.981),
        ] {
            let found = vote(statements.into_iter());
            assert_eq!(found.speaker, speaker, "{case}");
            assert!((found.confidence - confidence).abs() < 0.001, "{case}: {}", found.confidence);
        }
    }

    #[test]
    fn a_thousand_copies_are_no_surer_than_two() {
        let copies = vote(std::iter::repeat_n((Some(1), 0.8), 1000)).confidence;
        let independent = 16.0 / 17.0;
        assert!(copies < independent && copies > 0.93, "{copies}");
    }

    proptest! {
        #[test]
        fn the_order_of_statements_does_not_matter(
            mut statements in prop::collection::vec((prop::option::of(0u32..4), 0.0f32..=1.0), 0..12),
        ) {
            let forwards = vote(statements.iter().copied());
            statements.reverse();
            prop_assert_eq!(forwards, vote(statements.into_iter()));
            prop_assert!((0.0..=1.0).contains(&forwards.confidence));
        }
    }
}
