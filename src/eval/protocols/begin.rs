//! Spans that begin right.
//!
//! As `exact`, but the distinct starts of a role's spans are counted, and a predicted start is right if a gold span of the
//! role starts there.

use std::collections::BTreeSet;

use super::Protocol;
use crate::eval::case::{Case, Role, Side};
use crate::eval::tally::{Counts, Measure};

/// See the module.
pub struct Begin;

impl Protocol for Begin {
    fn name(&self) -> &'static str {
        "begin"
    }

    fn definition(&self) -> &'static str {
        "distinct starts of a role's spans; right if a gold span starts there"
    }

    fn measures(&self) -> &'static [Measure] {
        const { &[Measure::prf("source", "begin"), Measure::prf("cue", "begin"), Measure::prf("content", "begin")] }
    }

    fn tally(&self, case: &Case<'_>) -> Option<Vec<Counts>> {
        let count = |role: Role| {
            if !role.is_in(case.scope) {
                return Counts::default();
            }
            let (gold, predicted) = (starts(&case.gold, role), starts(&case.predicted, role));
            Counts::matched(gold.intersection(&predicted).count(), gold.len(), predicted.len())
        };
        Some(Role::ALL.map(count).to_vec())
    }
}

fn starts(side: &Side<'_>, role: Role) -> BTreeSet<usize> {
    side.items.iter().flat_map(|item| item.spans(role)).map(|span| span.start).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::example::{attribution, labelled};

    #[test]
    fn ends_do_not_matter() {
        let text = "x".repeat(40);
        let gold = labelled(&text, vec![attribution(&[(0, 5), (6, 9)], &[(9, 11)], &[])]);
        // Starts 0 and 20 against 0 and 6; cue start 9 twice, counted once.
        let predicted =
            labelled(&text, vec![attribution(&[(0, 9)], &[(9, 10)], &[]), attribution(&[(20, 30)], &[(9, 12)], &[])]);
        let rows = Begin.tally(&Case::new(&gold, &predicted)).unwrap();
        assert_eq!(rows, [Counts::default(), Counts::matched(1, 1, 1), Counts::matched(1, 2, 2)]);
    }
}
