//! Whether two systems differ on the same documents by more than chance.
//!
//! - **paired bootstrap** (Koehn 2004): documents are drawn with replacement, the same for both; the p-value is twice the
//!   share of the resamples in which the difference is not on the side where it is on all documents.
//! - **approximate randomization** (Noreen 1989; Yeh 2000): on each document the two systems' outputs are exchanged or not
//!   by the toss of a coin; the p-value is the share of the trials in which the difference is at least as large as it is.
//!
//! Both count the observed outcome as one of the trials, so that no p-value is 0.

use rayon::prelude::*;

use super::bootstrap::{Resampling, estimate, stream};
use super::sheet::Sheet;
use crate::eval::report::Estimate;
use crate::eval::tally::{Counts, Measure};

/// A figure of two systems, and how sure its difference is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tested {
    /// The first system's figure.
    pub a: f64,
    /// The second system's.
    pub b: f64,
    /// Second less first, with the interval of the paired bootstrap.
    pub difference: Estimate,
    /// Two-sided p of the paired bootstrap.
    pub p_bootstrap: f64,
    /// Two-sided p of approximate randomization.
    pub p_randomization: f64,
}

/// Differences nearer than this are equal but for rounding.
const EQUAL: f64 = 1e-12;

/// Compares the main figure (F1 or share) of every measure; `None` where one of the systems has none.
pub fn compare(a: &Sheet, b: &Sheet, measures: &[Measure], resampling: &Resampling) -> Vec<Option<Tested>> {
    let figures = |sums: Vec<Counts>| -> Vec<Option<f64>> {
        measures.iter().enumerate().map(|(number, measure)| measure.values(number, &sums).main()).collect()
    };
    let differences = |a: Vec<Counts>, b: Vec<Counts>| -> Vec<Option<f64>> {
        figures(a).into_iter().zip(figures(b)).map(|(a, b)| Some(b? - a?)).collect()
    };
    let documents = a.documents();
    let resampled = resampling.values(documents, |times| differences(a.resampled(times), b.resampled(times)));
    let trials = resampling.described(documents).map_or(0, |it| it.resamples);
    let exchanged: Vec<Vec<Option<f64>>> = (0..trials as u64)
        .into_par_iter()
        .map(|number| {
            // Another seed than the bootstrap's, whose draws these must not follow.
            let mut random = stream(!resampling.seed, number);
            let exchange: Vec<bool> = (0..documents).map(|_| random.bool()).collect();
            differences(a.exchanged(b, &exchange), b.exchanged(a, &exchange))
        })
        .collect();
    let (of_a, of_b) = (figures(a.sums()), figures(b.sums()));
    let tested = |number: usize| {
        let (a, b): (f64, f64) = (of_a[number]?, of_b[number]?);
        let column = |trials: &[Vec<Option<f64>>]| -> Vec<f64> { trials.iter().filter_map(|it| it[number]).collect() };
        let (resampled, exchanged) = (column(&resampled), column(&exchanged));
        Some(Tested {
            a,
            b,
            difference: estimate(b - a, resampled.iter().copied().map(Some)),
            p_bootstrap: turned(b - a, &resampled),
            p_randomization: p(
                exchanged.iter().filter(|it| it.abs() >= (b - a).abs() - EQUAL).count(),
                exchanged.len(),
            ),
        })
    };
    (0..measures.len()).map(tested).collect()
}

/// Two-sided p of differences on resamples.
fn turned(observed: f64, resampled: &[f64]) -> f64 {
    if observed.abs() <= EQUAL {
        return 1.0;
    }
    let against = resampled.iter().filter(|it| **it * observed.signum() <= EQUAL).count();
    (2.0 * p(against, resampled.len())).min(1.0)
}

/// The share of trials, the observed one counted as one of them.
fn p(count: usize, trials: usize) -> f64 {
    (count + 1) as f64 / (trials + 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURES: &[Measure] = &[Measure::share("all", "accuracy")];

    /// Documents with ten items each, of which so many are right.
    fn sheet(right: &[usize]) -> Sheet {
        Sheet::new(right.iter().map(|&right| Some(vec![Counts::share(right, 10)])).collect(), 1)
    }

    fn test(a: &[usize], b: &[usize]) -> Tested {
        compare(&sheet(a), &sheet(b), MEASURES, &Resampling { resamples: 2000, seed: 3 })[0].unwrap()
    }

    #[test]
    fn a_system_does_not_differ_from_itself() {
        let same = test(&[3, 5, 7, 9], &[3, 5, 7, 9]);
        assert_eq!((same.difference.value, same.p_bootstrap, same.p_randomization), (0.0, 1.0, 1.0));
    }

    #[test]
    fn what_is_better_everywhere_is_better() {
        let better = test(&[4; 20], &[6; 20]);
        assert!((better.difference.value - 0.2).abs() < 1e-12);
        assert!((better.difference.low.unwrap() - 0.2).abs() < 1e-12);
        // No resample turns it around: 2/2001. An exchange is as large only if all documents are on one side: 2 of 2²⁰.
        assert!(better.p_bootstrap < 0.002 && better.p_randomization < 0.002);
    }

    #[test]
    fn exchange_of_two_documents_is_counted_by_hand() {
        // Differences +3 and −1 (of 10 each): the sum is ±2 in every one of the four exchanges or ±4 in two of them. As
        // large as 2 is each: p = 1. With +3 and +1 the sums are ±4 (two of four) and ±2: p = ½.
        assert!((test(&[5, 5], &[8, 4]).p_randomization - 1.0).abs() < 1e-12);
        assert!((test(&[5, 5], &[8, 6]).p_randomization - 0.5).abs() < 0.05);
    }

    #[test]
    fn order_of_the_systems_turns_the_sign() {
        let (one, other) = (test(&[5, 5, 2], &[8, 4, 3]), test(&[8, 4, 3], &[5, 5, 2]));
        assert_eq!(one.difference.value, -other.difference.value);
        assert_eq!(one.p_bootstrap, other.p_bootstrap);
    }
}
