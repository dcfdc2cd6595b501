//! CoreNLP's protocol for speakers (Muzny et al., EACL 2017).
//!
//! Of the gold quotations (direct, mixed, or of unknown mode) that have a speaker, C are given the right one, I a wrong one,
//! and S are skipped: not found (content IoU above ½, one to one), or found without a speaker.
//!
//! - **speaker**: P = C / (C + I), R = C / (C + S).
//! - **accuracy**: A = C / (C + I + S). It is what to report: the other two can both be raised by skipping what is hard.

use super::Protocol;
use crate::eval::case::Case;
use crate::eval::tally::{Counts, Measure};

/// See the module.
pub struct Muzny;

impl Protocol for Muzny {
    fn name(&self) -> &'static str {
        "muzny"
    }

    fn definition(&self) -> &'static str {
        "speakers of quotations correct, incorrect, skipped: P = C/(C+I), R = C/(C+S), accuracy C/(C+I+S)"
    }

    fn measures(&self) -> &'static [Measure] {
        const { &[Measure::prf("quotations", "speaker"), Measure::share("quotations", "accuracy")] }
    }

    fn tally(&self, case: &Case<'_>) -> Option<Vec<Counts>> {
        if !(case.scope.speakers && case.scope.contents && case.scope.relations) {
            return None;
        }
        let (mut correct, mut incorrect, mut skipped) = (0, 0, 0);
        for (g, item) in case.gold.items.iter().enumerate() {
            if !item.is_quotation() || item.labels.speaker.is_none() {
                continue;
            }
            match case.found(g).filter(|predicted| predicted.labels.speaker.is_some()) {
                None => skipped += 1,
                Some(predicted) if case.is_same_speaker(item, predicted) => correct += 1,
                Some(_) => incorrect += 1,
            }
        }
        Some(vec![
            Counts::matched(correct, correct + skipped, correct + incorrect),
            Counts::share(correct, correct + incorrect + skipped),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Attribution;
    use crate::eval::example::{attribution, labelled, speaker};
    use crate::statement::Mode;

    #[test]
    fn worked_example() {
        let text = "x".repeat(60);
        let of = |start: usize, speaker, mode| Attribution {
            speaker,
            mode: Some(mode),
            ..attribution(&[(start, start + 8)], &[], &[])
        };
        let ann = Some(0);
        let mut gold = labelled(
            &text,
            vec![
                of(0, ann, Mode::Direct),
                of(10, ann, Mode::Direct),
                of(20, ann, Mode::Mixed),
                of(30, ann, Mode::Direct),
                of(40, ann, Mode::Indirect), // no quotation
                of(50, None, Mode::Direct),  // nobody's
            ],
        );
        gold.speakers = vec![speaker(&["Ann"])];
        let mut predicted = labelled(
            &text,
            vec![
                of(0, ann, Mode::Direct),      // C
                of(10, Some(1), Mode::Direct), // I
                of(20, None, Mode::Direct),    // S; the fourth is missed: S
                of(40, Some(1), Mode::Indirect),
            ],
        );
        predicted.speakers = vec![speaker(&["Ann"]), speaker(&["Bo"])];
        let rows = Muzny.tally(&Case::new(&gold, &predicted)).unwrap();
        // C 1, I 1, S 2.
        assert_eq!(rows, [Counts::matched(1, 3, 2), Counts::share(1, 4)]);
    }
}
