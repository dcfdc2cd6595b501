//! Citron's exact match (BBC 2021), by which PARC3 figures are published.
//!
//! - **cue**: a predicted quote is right if a gold quote has the same cue.
//! - **source**, **content**: it is right if a gold quote's cue overlaps its cue and has the same list of source (content)
//!   spans; two empty lists are the same.
//! - **all**: it is right if a gold quote has the same cue, source and content.
//!
//! Recall asks the same of gold quotes. It is not one to one: two predictions may be right by one gold quote. Quotes
//! without a cue, which Citron's format does not have, are left out on both sides. Citron also prints overlaps; the line "All quotes overlap" of its
//! scorer hands over the lengths in the wrong order, so that its precision is the recall. They are not repeated here.

use std::collections::{BTreeMap, BTreeSet};

use super::Protocol;
use crate::eval::case::{Case, Item, Role};
use crate::eval::overlap;
use crate::eval::tally::{Counts, Measure};

/// See the module.
pub struct Citron;

impl Protocol for Citron {
    fn name(&self) -> &'static str {
        "citron"
    }

    fn definition(&self) -> &'static str {
        "the same spans as some gold quote with an overlapping cue (all: the same cue); not one to one"
    }

    fn measures(&self) -> &'static [Measure] {
        const {
            &[
                Measure::prf("cue", "exact"),
                Measure::prf("source", "exact"),
                Measure::prf("content", "exact"),
                Measure::prf("all", "exact"),
            ]
        }
    }

    fn tally(&self, case: &Case<'_>) -> Option<Vec<Counts>> {
        let scope = case.scope;
        if !(scope.relations && scope.cues && scope.sources && scope.contents) {
            return None;
        }
        Some(vec![
            equal(case, &[Role::Cue]),
            beside_a_cue(case, Role::Source),
            beside_a_cue(case, Role::Content),
            equal(case, &Role::ALL),
        ])
    }
}

/// Items whose spans of all these roles are those of an item of the other side.
fn equal(case: &Case<'_>, roles: &[Role]) -> Counts {
    let key = |item: &Item<'_>| -> Vec<Vec<_>> { roles.iter().map(|&role| item.spans(role).to_vec()).collect() };
    let numbers = |items: &[Item<'_>]| {
        let mut numbers: BTreeMap<_, f64> = BTreeMap::new();
        for item in items.iter().filter(has_cue) {
            *numbers.entry(key(item)).or_default() += 1.0;
        }
        numbers
    };
    let (gold, predicted) = (numbers(&case.gold.items), numbers(&case.predicted.items));
    let shared = |of: &BTreeMap<_, f64>, other: &BTreeMap<_, f64>| -> f64 {
        of.iter().filter(|(key, _)| other.contains_key(*key)).map(|(_, count)| count).sum()
    };
    Counts { right_predicted: shared(&predicted, &gold), right_gold: shared(&gold, &predicted), ..totals(case) }
}

/// Items whose cue overlaps that of an item of the other side with the same spans of `role`.
fn beside_a_cue(case: &Case<'_>, role: Role) -> Counts {
    let pairs = overlap::pairs(&case.gold.lists(Role::Cue), &case.predicted.lists(Role::Cue));
    let same =
        pairs.into_iter().filter(|&(g, p)| case.gold.items[g].spans(role) == case.predicted.items[p].spans(role));
    let (gold, predicted): (BTreeSet<usize>, BTreeSet<usize>) = same.unzip();
    Counts { right_predicted: predicted.len() as f64, right_gold: gold.len() as f64, ..totals(case) }
}

fn totals(case: &Case<'_>) -> Counts {
    let count = |items: &[Item<'_>]| items.iter().filter(has_cue).count();
    Counts::matched(0, count(&case.gold.items), count(&case.predicted.items))
}

fn has_cue(item: &&Item<'_>) -> bool {
    !item.spans(Role::Cue).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::example::{attribution, labelled};

    #[test]
    fn worked_example() {
        let text = "x".repeat(60);
        // Gold: A cue 10..14, source 0..9, content 20..30; B cue 40..44, no source, content 50..60.
        let gold = labelled(
            &text,
            vec![attribution(&[(20, 30)], &[(10, 14)], &[(0, 9)]), attribution(&[(50, 60)], &[(40, 44)], &[])],
        );
        let predicted = labelled(
            &text,
            vec![
                // A to the letter; A again with a longer cue; B with a wrong content.
                attribution(&[(20, 30)], &[(10, 14)], &[(0, 9)]),
                attribution(&[(20, 30)], &[(10, 16)], &[(0, 9)]),
                attribution(&[(50, 59)], &[(40, 44)], &[]),
                // Left out.
                attribution(&[(50, 60)], &[], &[]),
            ],
        );
        let rows = Citron.tally(&Case::new(&gold, &predicted)).unwrap();
        let counts = |right_predicted, right_gold| Counts { right_predicted, predicted: 3.0, right_gold, gold: 2.0 };
        // Cue: first and third. Source: first three, by both gold quotes. Content: first two, by A. All: the first.
        assert_eq!(rows, [counts(2.0, 2.0), counts(3.0, 2.0), counts(2.0, 1.0), counts(1.0, 1.0)]);
    }
}
