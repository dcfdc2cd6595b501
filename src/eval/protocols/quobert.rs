//! Quobert's exact match (Vaucher et al., WSDM 2021), by which Quotebank is scored.
//!
//! The share of gold quotations (direct, or of unknown mode) whose predicted speaker is the gold speaker. The candidates are
//! the speakers that the system found in the document: a gold speaker who is not among them, by name, counts as none, and
//! then no speaker is the right answer. A quotation that is not found (content IoU above ½, one to one) is wrong.

use super::Protocol;
use crate::eval::case::{Case, Item};
use crate::eval::names;
use crate::eval::tally::{Counts, Measure};
use crate::statement::Mode;

/// See the module.
pub struct Quobert;

impl Protocol for Quobert {
    fn name(&self) -> &'static str {
        "quobert"
    }

    fn definition(&self) -> &'static str {
        "direct quotations with exactly the gold speaker; one who is not among the system's candidates counts as none"
    }

    fn measures(&self) -> &'static [Measure] {
        const { &[Measure::share("direct", "exact match")] }
    }

    fn tally(&self, case: &Case<'_>) -> Option<Vec<Counts>> {
        if !(case.scope.speakers && case.scope.contents && case.scope.relations) {
            return None;
        }
        let direct = |item: &Item<'_>| item.is_quotation() && item.labels.mode != Some(Mode::Mixed);
        let quotations = case.gold.items.iter().enumerate().filter(|(_, item)| direct(item));
        let (mut right, mut all) = (0, 0);
        for (g, item) in quotations {
            all += 1;
            right += usize::from(case.found(g).is_some_and(|predicted| is_right(case, item, predicted)));
        }
        Some(vec![Counts::share(right, all)])
    }
}

fn is_right(case: &Case<'_>, gold: &Item<'_>, predicted: &Item<'_>) -> bool {
    case.is_same_speaker(gold, predicted) || (predicted.labels.speaker.is_none() && !is_candidate(case, gold))
}

/// Whether the system knows the gold speaker at all. One without a name cannot be told from the candidates.
fn is_candidate(case: &Case<'_>, gold: &Item<'_>) -> bool {
    case.gold.speaker(gold).is_some_and(|speaker| {
        speaker.names.is_empty()
            || case
                .predicted
                .speakers
                .iter()
                .flat_map(|it| it.names.first())
                .any(|it| names::is_one_of(it, &speaker.names))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Attribution;
    use crate::eval::example::{attribution, labelled, speaker};

    #[test]
    fn worked_example() {
        let text = "x".repeat(60);
        let of = |start: usize, speaker| Attribution {
            speaker: Some(speaker),
            mode: Some(Mode::Direct),
            ..attribution(&[(start, start + 8)], &[], &[])
        };
        let mut gold = labelled(&text, vec![of(0, 0), of(10, 0), of(20, 1), of(30, 1), of(40, 0)]);
        gold.speakers = vec![speaker(&["Ann"]), speaker(&["Cleo"])];
        let none = |start| Attribution { speaker: None, ..of(start, 0) };
        let mut predicted = labelled(&text, vec![of(0, 0), none(10), none(20), of(30, 0)]);
        predicted.speakers = vec![speaker(&["Ann"])];
        // Right; Ann is a candidate, so none is wrong; Cleo is none, so none is right; Ann is not Cleo; missed.
        assert_eq!(Quobert.tally(&Case::new(&gold, &predicted)), Some(vec![Counts::share(2, 5)]));
    }
}
