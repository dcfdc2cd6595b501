//! Pareti's protocol (Pareti et al., EMNLP 2013; Pareti 2015): contents by mode, strict, partial and soft.
//!
//! The unit is the content of one attribution, all its spans together, in tokens (the corpus's, or words by Unicode's
//! rules).
//!
//! - **strict**: a predicted content is right if a gold content has the same tokens, a gold content is found if a predicted
//!   one has.
//! - **partial**: precision is the mean over predicted contents of |overlap| / |predicted| with the gold content that it
//!   overlaps most, recall the mean over gold contents of |overlap| / |gold| with the predicted one.
//! - **soft**: a predicted content is right if it overlaps a gold one, a gold one is found if a predicted one overlaps it.
//!
//! None of the three is one to one. Recall is by the mode of the gold, precision by the mode of the prediction, whatever
//! the mode of the other side.

use super::Protocol;
use crate::eval::case::{Case, Item, Role};
use crate::eval::overlap;
use crate::eval::tally::{Counts, Measure};
use crate::statement::Mode;

/// See the module.
pub struct Pareti;

const MODES: [Option<Mode>; 4] = [None, Some(Mode::Direct), Some(Mode::Mixed), Some(Mode::Indirect)];

impl Protocol for Pareti {
    fn name(&self) -> &'static str {
        "pareti"
    }

    fn definition(&self) -> &'static str {
        "contents by mode, in tokens: strict (the same), partial (share of the overlap), soft (any overlap); not one to one"
    }

    fn measures(&self) -> &'static [Measure] {
        const {
            &[
                Measure::prf("all", "strict"),
                Measure::prf("all", "partial"),
                Measure::prf("all", "soft"),
                Measure::prf("direct", "strict"),
                Measure::prf("direct", "partial"),
                Measure::prf("direct", "soft"),
                Measure::prf("mixed", "strict"),
                Measure::prf("mixed", "partial"),
                Measure::prf("mixed", "soft"),
                Measure::prf("indirect", "strict"),
                Measure::prf("indirect", "partial"),
                Measure::prf("indirect", "soft"),
            ]
        }
    }

    fn tally(&self, case: &Case<'_>) -> Option<Vec<Counts>> {
        if !(case.scope.contents && case.scope.relations) {
            return None;
        }
        let (gold, predicted) = (contents(&case.gold.items), contents(&case.predicted.items));
        let g: Vec<&[_]> = gold.iter().map(|item| item.tokens(Role::Content)).collect();
        let p: Vec<&[_]> = predicted.iter().map(|item| item.tokens(Role::Content)).collect();
        // Of each content: whether another is the same, the greatest share that another covers, whether any does.
        let (mut of_gold, mut of_predicted) = (vec![[0.0; 3]; gold.len()], vec![[0.0; 3]; predicted.len()]);
        for (i, j) in overlap::pairs(&g, &p) {
            let same = f64::from(u8::from(g[i] == p[j]));
            let common = overlap::common(g[i], p[j]) as f64;
            credit(&mut of_gold[i], [same, common / overlap::length(g[i]) as f64, 1.0]);
            credit(&mut of_predicted[j], [same, common / overlap::length(p[j]) as f64, 1.0]);
        }
        let mut rows = Vec::new();
        // Where nobody labelled the mode, nothing is of one.
        let told = gold.iter().any(|item| item.labels.mode.is_some());
        for mode in MODES {
            for measure in 0..3 {
                if mode.is_some() && !told {
                    rows.push(Counts::default());
                    continue;
                }
                let (right_gold, all_gold) = sum(&gold, &of_gold, mode, measure);
                let (right_predicted, all_predicted) = sum(&predicted, &of_predicted, mode, measure);
                rows.push(Counts { right_predicted, predicted: all_predicted, right_gold, gold: all_gold });
            }
        }
        Some(rows)
    }
}

fn contents<'i, 'a>(items: &'i [Item<'a>]) -> Vec<&'i Item<'a>> {
    items.iter().filter(|item| !item.tokens(Role::Content).is_empty()).collect()
}

fn credit(best: &mut [f64; 3], credit: [f64; 3]) {
    for (best, credit) in best.iter_mut().zip(credit) {
        *best = best.max(credit);
    }
}

/// The credit of the items of a mode, and their number.
fn sum(items: &[&Item<'_>], credits: &[[f64; 3]], mode: Option<Mode>, measure: usize) -> (f64, f64) {
    let group = items.iter().zip(credits).filter(|(item, _)| mode.is_none() || item.labels.mode == mode);
    group.fold((0.0, 0.0), |(sum, count), (_, credit)| (sum + credit[measure], count + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Attribution;
    use crate::eval::example::{attribution, labelled};

    #[test]
    fn worked_example() {
        // Ten tokens. Gold: direct 0..4, indirect 5..9. Predicted: direct 0..4, direct 6..10 (3 tokens common of 4 and 4).
        let text = "a b c d e f g h i j";
        let of = |tokens: std::ops::Range<usize>, mode| Attribution {
            mode: Some(mode),
            ..attribution(&[(2 * tokens.start, 2 * tokens.end - 1)], &[], &[])
        };
        let gold = labelled(text, vec![of(0..4, Mode::Direct), of(5..9, Mode::Indirect)]);
        let predicted = labelled(text, vec![of(0..4, Mode::Direct), of(6..10, Mode::Direct)]);
        let rows = Pareti.tally(&Case::new(&gold, &predicted)).unwrap();
        let counts =
            |right_predicted, predicted, right_gold, gold| Counts { right_predicted, predicted, right_gold, gold };
        let expected = [
            counts(1.0, 2.0, 1.0, 2.0),
            counts(1.75, 2.0, 1.75, 2.0), // 1 + 3/4
            counts(2.0, 2.0, 2.0, 2.0),
            counts(1.0, 2.0, 1.0, 1.0), // direct: two predicted, one gold
            counts(1.75, 2.0, 1.0, 1.0),
            counts(2.0, 2.0, 1.0, 1.0),
            Counts::default(),
            Counts::default(),
            Counts::default(),
            counts(0.0, 0.0, 0.0, 1.0), // indirect: none predicted
            counts(0.0, 0.0, 0.75, 1.0),
            counts(0.0, 0.0, 1.0, 1.0),
        ];
        assert_eq!(rows, expected);
        // Without modes in the gold there is only "all".
        let mut untold = gold.clone();
        untold.attributions.iter_mut().for_each(|it| it.mode = None);
        let rows = Pareti.tally(&Case::new(&untold, &predicted)).unwrap();
        assert_eq!(rows[..3], expected[..3]);
        assert_eq!(rows[3..], [Counts::default(); 9]);
    }
}
