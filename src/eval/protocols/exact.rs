//! Exact spans, as named entities are scored.
//!
//! The distinct spans of a role in a document are counted, each part of a discontinuous one for itself and whatever
//! attribution it belongs to. A predicted span is right if the gold has one with the same start and end.

use super::Protocol;
use super::units::distinct;
use crate::eval::case::{Case, Role};
use crate::eval::tally::{Counts, Measure};

/// See the module.
pub struct Exact;

impl Protocol for Exact {
    fn name(&self) -> &'static str {
        "exact"
    }

    fn definition(&self) -> &'static str {
        "distinct spans of a role, parts of discontinuous ones apart; right if start and end are equal"
    }

    fn measures(&self) -> &'static [Measure] {
        const { &[Measure::prf("source", "exact"), Measure::prf("cue", "exact"), Measure::prf("content", "exact")] }
    }

    fn tally(&self, case: &Case<'_>) -> Option<Vec<Counts>> {
        let count = |role: Role| {
            if !role.is_in(case.scope) {
                return Counts::default();
            }
            let (gold, predicted) = (distinct(&case.gold, role), distinct(&case.predicted, role));
            Counts::matched(gold.intersection(&predicted).count(), gold.len(), predicted.len())
        };
        Some(Role::ALL.map(count).to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::example::{attribution, labelled};

    #[test]
    fn spans_count_once_and_part_by_part() {
        let text = "x".repeat(40);
        // Gold contents 0..5, 6..9 and 20..30; source 10..12 twice, counted once.
        let gold = labelled(
            &text,
            vec![attribution(&[(0, 5), (6, 9)], &[], &[(10, 12)]), attribution(&[(20, 30)], &[], &[(10, 12)])],
        );
        // Of 0..5, 6..10 and 20..30 two are right.
        let predicted = labelled(&text, vec![attribution(&[(0, 5), (6, 10), (20, 30)], &[], &[(10, 12)])]);
        let rows = Exact.tally(&Case::new(&gold, &predicted)).unwrap();
        assert_eq!(rows, [Counts::matched(1, 1, 1), Counts::default(), Counts::matched(2, 3, 3)]);
    }
}
