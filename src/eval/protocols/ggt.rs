//! The Gender Gap Tracker's protocol (Asr et al. 2021), at its two thresholds.
//!
//! Gold contents are taken in text order. Each gets, of the predicted contents not yet taken, the one that covers most of
//! it, |gold ∩ predicted| / |gold| over code points, if that is above the threshold; of equals the first in the text.
//!
//! - **quote**: F1 over contents. A prediction that runs on far beyond the gold costs nothing.
//! - **speaker**: of the matched ones alone, the share whose source overlaps the gold source in at least one code point, or
//!   where neither has a source.

use super::Protocol;
use super::headline::meets;
use crate::eval::case::{Case, Role};
use crate::eval::overlap;
use crate::eval::tally::{Counts, Measure};

/// See the module.
pub struct GenderGapTracker;

impl Protocol for GenderGapTracker {
    fn name(&self) -> &'static str {
        "ggt"
    }

    fn definition(&self) -> &'static str {
        "greedy in text order; quote right if above 0.3 (0.8) of the gold is covered; speaker of matched quotes by overlap"
    }

    fn measures(&self) -> &'static [Measure] {
        const {
            &[
                Measure::prf("quote", "above 0.3"),
                Measure::share("speaker", "above 0.3"),
                Measure::prf("quote", "above 0.8"),
                Measure::share("speaker", "above 0.8"),
            ]
        }
    }

    fn tally(&self, case: &Case<'_>) -> Option<Vec<Counts>> {
        if !(case.scope.relations && case.scope.contents) {
            return None;
        }
        let (gold, predicted) = (case.gold.lists(Role::Content), case.predicted.lists(Role::Content));
        let count = |lists: &[&[_]]| lists.iter().filter(|list| !list.is_empty()).count();
        let mut rows = Vec::new();
        for threshold in [0.3, 0.8] {
            let pairs = greedy(&gold, &predicted, threshold);
            rows.push(Counts::matched(pairs.len(), count(&gold), count(&predicted)));
            let same = |&&(g, p): &&(usize, usize)| meets(&case.gold.items[g], &case.predicted.items[p], Role::Source);
            let named = pairs.iter().filter(same).count();
            rows.push(if case.scope.sources { Counts::share(named, pairs.len()) } else { Counts::default() });
        }
        Some(rows)
    }
}

fn greedy<U>(
    gold: &[&[crate::document::Span<U>]],
    predicted: &[&[crate::document::Span<U>]],
    threshold: f64,
) -> Vec<(usize, usize)> {
    let mut taken = vec![false; predicted.len()];
    let mut matched = Vec::new();
    for candidates in overlap::pairs(gold, predicted).chunk_by(|a, b| a.0 == b.0) {
        let mut best: Option<(usize, usize)> = None;
        let mut most = threshold;
        for &(g, p) in candidates.iter().filter(|(_, p)| !taken[*p]) {
            let covered = overlap::common(gold[g], predicted[p]) as f64 / overlap::length(gold[g]) as f64;
            if covered > most {
                (best, most) = (Some((g, p)), covered);
            }
        }
        if let Some(pair) = best {
            taken[pair.1] = true;
            matched.push(pair);
        }
    }
    matched
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::example::{attribution, labelled};

    #[test]
    fn worked_example() {
        let text = "x".repeat(100);
        let gold = labelled(
            &text,
            vec![
                attribution(&[(0, 10)], &[], &[(80, 85)]),
                attribution(&[(20, 30)], &[], &[]),
                attribution(&[(40, 50)], &[], &[(86, 90)]),
            ],
        );
        let predicted = labelled(
            &text,
            vec![
                // Covers 8/10 of the first, not above 0.8; its source overlaps.
                attribution(&[(2, 10)], &[], &[(84, 88)]),
                // Covers all of the second and runs on to the third, of which it covers 10/10; the second takes it.
                attribution(&[(20, 70)], &[], &[]),
                // Covers 3/10 of the third, not above 0.3.
                attribution(&[(40, 43)], &[], &[(86, 90)]),
            ],
        );
        let rows = GenderGapTracker.tally(&Case::new(&gold, &predicted)).unwrap();
        let expected = [Counts::matched(2, 3, 3), Counts::share(2, 2), Counts::matched(1, 3, 3), Counts::share(1, 1)];
        assert_eq!(rows, expected);
    }
}
