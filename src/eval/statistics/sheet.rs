//! The counts of all documents: one row a document, one column a measure.

use super::bootstrap::{Resampling, estimate};
use crate::eval::report::Estimate;
use crate::eval::tally::{Counts, Measure, Values};

/// Counts of documents by the measures of one protocol or breakdown.
#[derive(Debug, Clone)]
pub struct Sheet {
    rows: Vec<Vec<Counts>>,
    columns: usize,
}

/// The figures of a measure with their intervals.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Estimates {
    /// Precision.
    pub precision: Option<Estimate>,
    /// Recall.
    pub recall: Option<Estimate>,
    /// Their harmonic mean.
    pub f1: Option<Estimate>,
    /// The share.
    pub share: Option<Estimate>,
}

impl Sheet {
    /// A sheet of that many columns; a row that is `None` or shorter counts nothing in what it lacks.
    pub fn new(rows: Vec<Option<Vec<Counts>>>, columns: usize) -> Self {
        Self { rows: rows.into_iter().map(Option::unwrap_or_default).collect(), columns }
    }

    /// Number of documents.
    pub fn documents(&self) -> usize {
        self.rows.len()
    }

    /// The sums of all columns.
    pub fn sums(&self) -> Vec<Counts> {
        self.weighted(|_| 1)
    }

    /// The sums of all columns where each document counts so many times.
    pub fn resampled(&self, times: &[u32]) -> Vec<Counts> {
        self.weighted(|row| times.get(row).copied().unwrap_or(0))
    }

    fn weighted(&self, times: impl Fn(usize) -> u32) -> Vec<Counts> {
        let mut sums = vec![Counts::default(); self.columns];
        for (number, row) in self.rows.iter().enumerate() {
            let copies = times(number);
            if copies > 0 {
                sums.iter_mut().zip(row).for_each(|(sum, counts)| *sum += counts.times(copies));
            }
        }
        sums
    }

    /// The sums of all columns where some documents are those of another sheet.
    pub fn exchanged(&self, other: &Self, exchange: &[bool]) -> Vec<Counts> {
        let mut sums = vec![Counts::default(); self.columns];
        for ((own, others), exchange) in self.rows.iter().zip(&other.rows).zip(exchange) {
            let row = if *exchange { others } else { own };
            sums.iter_mut().zip(row).for_each(|(sum, counts)| *sum += *counts);
        }
        sums
    }

    /// The figures of all measures, with intervals.
    pub fn estimates(&self, measures: &[Measure], resampling: &Resampling) -> Vec<Estimates> {
        let figures = |sums: &[Counts]| -> Vec<Values> {
            measures.iter().enumerate().map(|(number, measure)| measure.values(number, sums)).collect()
        };
        let values = figures(&self.sums());
        let resampled = resampling.values(self.documents(), |times| figures(&self.resampled(times)));
        let of = |number: usize, value: Option<f64>, get: fn(&Values) -> Option<f64>| {
            value.map(|value| estimate(value, resampled.iter().map(|values| get(&values[number]))))
        };
        let estimates = values.iter().enumerate().map(|(number, values)| Estimates {
            precision: of(number, values.precision, |values| values.precision),
            recall: of(number, values.recall, |values| values.recall),
            f1: of(number, values.f1, |values| values.f1),
            share: of(number, values.share, |values| values.share),
        });
        estimates.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_added_up() {
        // 1 of 2 gold and 4 predicted, then 3 of 4 and 4: 4 of 6 and 8.
        let sheet =
            Sheet::new(vec![Some(vec![Counts::matched(1, 2, 4)]), None, Some(vec![Counts::matched(3, 4, 4)])], 1);
        assert_eq!(sheet.sums(), [Counts::matched(4, 6, 8)]);
        assert_eq!(sheet.resampled(&[2, 1, 0]), [Counts::matched(2, 4, 8)]);
        let measures = [Measure::prf("a", "b")];
        let estimates = sheet.estimates(&measures, &Resampling { resamples: 200, seed: 1 });
        let precision = estimates[0].precision.unwrap();
        assert_eq!(precision.value, 0.5);
        // From documents all like the first to documents all like the last.
        assert_eq!((precision.low, precision.high), (Some(0.25), Some(0.75)));
    }

    #[test]
    fn what_is_unknown_has_no_interval() {
        let sheet = Sheet::new(vec![Some(vec![Counts::matched(0, 2, 0)]); 3], 1);
        let estimates = sheet.estimates(&[Measure::prf("a", "b")], &Resampling::default());
        assert_eq!(estimates[0].precision, None);
        assert_eq!(estimates[0].recall, Some(Estimate { value: 0.0, low: Some(0.0), high: Some(0.0) }));
    }
}
