//! PDNC's protocol (Vishnubhotla et al. 2022, 2023): the speakers of quotations by how the text tells them.
//!
//! - **accuracy**: of all gold quotations that are explicit (their speaker is named beside them), anaphoric (a pronoun or a
//!   description is) or implicit (nobody is), the share with the right speaker; one that is not found (content IoU above
//!   ½, one to one) is wrong.
//! - **accuracy of found**: the same over those that were found. Published figures are of systems that are given the
//!   quotations, so this is the one to put beside them.
//!
//! "all" are the quotations of the three sorts.

use super::Protocol;
use crate::eval::Naming;
use crate::eval::case::Case;
use crate::eval::tally::{Counts, Measure};

/// See the module.
pub struct Pdnc;

impl Protocol for Pdnc {
    fn name(&self) -> &'static str {
        "pdnc"
    }

    fn definition(&self) -> &'static str {
        "speaker accuracy over explicit, anaphoric and implicit quotations, of all and of those found"
    }

    fn measures(&self) -> &'static [Measure] {
        const {
            &[
                Measure::share("explicit", "accuracy"),
                Measure::share("explicit", "accuracy of found"),
                Measure::share("anaphoric", "accuracy"),
                Measure::share("anaphoric", "accuracy of found"),
                Measure::share("implicit", "accuracy"),
                Measure::share("implicit", "accuracy of found"),
                Measure::share("all", "accuracy"),
                Measure::share("all", "accuracy of found"),
            ]
        }
    }

    fn tally(&self, case: &Case<'_>) -> Option<Vec<Counts>> {
        let scope = case.scope;
        let told = case.gold.items.iter().any(|item| item.labels.naming.is_some());
        if !(scope.speakers && scope.contents && scope.relations && told) {
            return None;
        }
        let mut rows = vec![Counts::default(); 8];
        for (g, item) in case.gold.items.iter().enumerate() {
            let Some(naming) = item.labels.naming else { continue };
            let group = match naming {
                Naming::Explicit => 0,
                Naming::Anaphoric => 2,
                Naming::Implicit => 4,
            };
            let right = usize::from(case.is_resolved(g));
            for row in [group, 6] {
                rows[row] += Counts::share(right, 1);
                rows[row + 1] += Counts::share(right, usize::from(case.found(g).is_some()));
            }
        }
        Some(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Attribution;
    use crate::eval::example::{attribution, labelled, speaker};

    #[test]
    fn worked_example() {
        let text = "x".repeat(60);
        let of = |start: usize, speaker, naming| Attribution {
            speaker: Some(speaker),
            naming,
            ..attribution(&[(start, start + 8)], &[], &[])
        };
        use Naming::{Anaphoric, Explicit, Implicit};
        let mut gold = labelled(
            &text,
            vec![
                of(0, 0, Some(Explicit)),
                of(10, 0, Some(Explicit)),
                of(20, 0, Some(Anaphoric)),
                of(30, 0, Some(Implicit)),
                of(40, 0, None),
            ],
        );
        gold.speakers = vec![speaker(&["Emma Hale", "Emma"])];
        // Right, missed, wrong, right; the fifth is not asked.
        let mut predicted = labelled(&text, vec![of(0, 0, None), of(20, 1, None), of(30, 0, None), of(40, 0, None)]);
        predicted.speakers = vec![speaker(&["Emma"]), speaker(&["Ruth"])];
        let rows = Pdnc.tally(&Case::new(&gold, &predicted)).unwrap();
        let expected = [(1, 2), (1, 1), (0, 1), (0, 1), (1, 1), (1, 1), (2, 4), (2, 3)];
        assert_eq!(rows, expected.map(|(right, all)| Counts::share(right, all)));
        gold.attributions.iter_mut().for_each(|it| it.naming = None);
        assert_eq!(Pdnc.tally(&Case::new(&gold, &predicted)), None);
    }
}
