//! What a protocol counts in a document, and the figures that follow from such counts.
//!
//! Every figure is a ratio of sums over documents. So a protocol hands out the summands of one document at a time, and
//! the figures of any set of documents, a bootstrap's among them, follow by adding.

use std::ops::AddAssign;

/// The summands of one measure in one document.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Counts {
    /// How much of what was predicted is right.
    pub right_predicted: f64,
    /// How much was predicted.
    pub predicted: f64,
    /// How much of the gold is covered.
    pub right_gold: f64,
    /// How much gold there is.
    pub gold: f64,
}

impl Counts {
    /// So many pairs between so many gold and so many predicted items.
    pub fn matched(pairs: usize, gold: usize, predicted: usize) -> Self {
        Self { right_predicted: pairs as f64, predicted: predicted as f64, right_gold: pairs as f64, gold: gold as f64 }
    }

    /// So many right ones of so many.
    pub fn share(right: usize, all: usize) -> Self {
        Self { right_gold: right as f64, gold: all as f64, ..Self::default() }
    }

    /// The counts of that many copies of the document.
    pub fn times(self, copies: u32) -> Self {
        let n = f64::from(copies);
        Self {
            right_predicted: self.right_predicted * n,
            predicted: self.predicted * n,
            right_gold: self.right_gold * n,
            gold: self.gold * n,
        }
    }

    /// Share of the predicted that is right; `None` if nothing was predicted.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.right_predicted, self.predicted)
    }

    /// Share of the gold that is covered; `None` if there is none.
    pub fn recall(&self) -> Option<f64> {
        ratio(self.right_gold, self.gold)
    }

    /// Harmonic mean of precision and recall: 0 where one of them is 0 or unknown, `None` where both are unknown.
    pub fn f1(&self) -> Option<f64> {
        harmonic(self.precision(), self.recall())
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.right_predicted += other.right_predicted;
        self.predicted += other.predicted;
        self.right_gold += other.right_gold;
        self.gold += other.gold;
    }
}

/// Harmonic mean: 0 where one of the two is 0 or unknown, `None` where both are unknown.
pub fn harmonic(precision: Option<f64>, recall: Option<f64>) -> Option<f64> {
    match (precision, recall) {
        (None, None) => None,
        (Some(p), Some(r)) if p + r > 0.0 => Some(2.0 * p * r / (p + r)),
        _ => Some(0.0),
    }
}

/// The quotient; `None` if there is nothing to divide by.
pub fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// What a row of a protocol's table shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Precision, recall and F1.
    PrecisionRecall,
    /// One share: `right_gold` of `gold`.
    Share,
    /// The mean of the F1 of other rows, given by their numbers.
    MeanF1(&'static [usize]),
}

/// A row of a protocol's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// What is scored.
    pub group: &'static str,
    /// How it is scored.
    pub measure: &'static str,
    /// What the row shows.
    pub shape: Shape,
}

impl Measure {
    /// A row of precision, recall and F1.
    pub const fn prf(group: &'static str, measure: &'static str) -> Self {
        Self { group, measure, shape: Shape::PrecisionRecall }
    }

    /// A row of one share.
    pub const fn share(group: &'static str, measure: &'static str) -> Self {
        Self { group, measure, shape: Shape::Share }
    }

    /// The row's figures, by the sums of all rows of its protocol.
    pub fn values(&self, number: usize, sums: &[Counts]) -> Values {
        let own = &sums[number];
        match self.shape {
            Shape::PrecisionRecall => {
                Values { precision: own.precision(), recall: own.recall(), f1: own.f1(), share: None }
            }
            Shape::Share => Values { share: own.recall(), ..Values::default() },
            Shape::MeanF1(rows) => {
                let known: Vec<f64> = rows.iter().filter_map(|&row| sums[row].f1()).collect();
                // A row that is unknown, as MUC is without a chain of two, would make the mean one of other things.
                let mean = (known.len() == rows.len()).then(|| known.iter().sum::<f64>() / known.len() as f64);
                Values { share: mean, ..Values::default() }
            }
        }
    }
}

/// The figures of a row; those that it does not have, or that cannot be known, are `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Values {
    /// Precision.
    pub precision: Option<f64>,
    /// Recall.
    pub recall: Option<f64>,
    /// Their harmonic mean.
    pub f1: Option<f64>,
    /// The share.
    pub share: Option<f64>,
}

impl Values {
    /// The one figure to compare systems by: F1 or the share.
    pub fn main(&self) -> Option<f64> {
        self.f1.or(self.share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_without_anything_to_divide_by() {
        // (what it shows, pairs, gold, predicted, P, R, F1)
        let cases = [
            ("half of each", (2, 4, 4), Some(0.5), Some(0.5), Some(0.5)),
            ("nothing predicted", (0, 3, 0), None, Some(0.0), Some(0.0)),
            ("nothing to find", (0, 0, 3), Some(0.0), None, Some(0.0)),
            ("nothing at all", (0, 0, 0), None, None, None),
            ("all wrong", (0, 3, 2), Some(0.0), Some(0.0), Some(0.0)),
            ("1 of 4 predicted, 1 of 2 gold: 2·¼·½ / ¾", (1, 2, 4), Some(0.25), Some(0.5), Some(1.0 / 3.0)),
        ];
        for (name, (pairs, gold, predicted), precision, recall, f1) in cases {
            let counts = Counts::matched(pairs, gold, predicted);
            assert_eq!((counts.precision(), counts.recall(), counts.f1()), (precision, recall, f1), "{name}");
        }
    }
}
