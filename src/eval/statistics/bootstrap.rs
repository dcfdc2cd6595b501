//! The bootstrap over documents (Efron 1979; Berg-Kirkpatrick et al., EMNLP 2012).
//!
//! A resample draws as many documents as there are, with replacement. The statements of one document are no independent
//! draws, which is why it is documents that are drawn. The interval of a figure is between two percentiles of its values
//! over the resamples.

use rayon::prelude::*;

use crate::eval::report::{Bootstrap, Estimate};

/// How to resample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resampling {
    /// Number of resamples; 0 for figures without intervals.
    pub resamples: usize,
    /// Seed of the random numbers.
    pub seed: u64,
}

impl Default for Resampling {
    fn default() -> Self {
        Self { resamples: 1000, seed: 1 }
    }
}

/// Share of the resamples that an interval holds.
pub const LEVEL: f64 = 0.95;

impl Resampling {
    /// What a report says of it; `None` if there are no intervals to be had: none were asked for, or there are fewer than
    /// two documents to draw from.
    pub fn described(&self, documents: usize) -> Option<Bootstrap> {
        (self.resamples > 0 && documents > 1).then_some(Bootstrap {
            resamples: self.resamples,
            level: LEVEL,
            seed: self.seed,
        })
    }

    /// The value of a statistic on each resample, in an order that does not depend on the number of threads. The
    /// statistic gets the number of times that each document was drawn. Empty where there are no intervals to be had.
    pub fn values<T: Send>(&self, documents: usize, statistic: impl Fn(&[u32]) -> T + Sync) -> Vec<T> {
        let resamples = self.described(documents).map_or(0, |it| it.resamples);
        let one = |number| statistic(&draw(documents, stream(self.seed, number)));
        (0..resamples as u64).into_par_iter().map(one).collect()
    }
}

/// A generator of its own for each number under a seed.
pub fn stream(seed: u64, number: u64) -> fastrand::Rng {
    // SplitMix64's step keeps the streams of neighbouring numbers apart.
    let mut mixed = seed ^ number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    fastrand::Rng::with_seed(mixed ^ (mixed >> 31))
}

/// How often each document is drawn in one resample.
fn draw(documents: usize, mut random: fastrand::Rng) -> Vec<u32> {
    let mut times = vec![0; documents];
    for _ in 0..documents {
        times[random.usize(..documents)] += 1;
    }
    times
}

/// A figure with the interval of its values over resamples; those that are unknown are left out.
pub fn estimate(value: f64, resampled: impl Iterator<Item = Option<f64>>) -> Estimate {
    let mut values: Vec<f64> = resampled.flatten().collect();
    values.sort_by(f64::total_cmp);
    Estimate { value, low: quantile(&values, (1.0 - LEVEL) / 2.0), high: quantile(&values, (1.0 + LEVEL) / 2.0) }
}

/// The quantile of sorted values, linear between neighbours.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = share * last as f64;
    let (below, above) = (place.floor() as usize, (place.ceil() as usize).min(last));
    Some(sorted[below] + (place - place.floor()) * (sorted[above] - sorted[below]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_between_neighbours() {
        let values = [1.0, 2.0, 4.0, 8.0, 16.0];
        // Place 0.1 of 0..4: 0.4 of the way from 1 to 2.
        let cases = [(0.0, 1.0), (0.1, 1.4), (0.5, 4.0), (0.9, 12.8), (1.0, 16.0)];
        for (share, expected) in cases {
            assert!((quantile(&values, share).unwrap() - expected).abs() < 1e-12, "{share}");
        }
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[3.0], 0.975), Some(3.0));
    }

    #[test]
    fn threads_do_not_change_the_resamples() {
        let resampling = Resampling { resamples: 50, seed: 7 };
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| resampling.values(10, <[u32]>::to_vec))
        };
        let once = run(1);
        assert_eq!(once, run(3));
        assert!(once.iter().all(|times| times.iter().sum::<u32>() == 10));
        assert_ne!(once[0], once[1]);
        assert_ne!(once, Resampling { seed: 8, ..resampling }.values(10, <[u32]>::to_vec));
    }

    #[test]
    fn the_interval_of_a_mean_is_that_of_theory() {
        // 200 documents, half of them right: the standard error of the mean is √(¼/200) = 0.0354, and 1.96 of them 0.0693.
        let right = |times: &[u32]| {
            let sum: u32 = times.iter().step_by(2).sum();
            Some(f64::from(sum) / 200.0)
        };
        let values = Resampling { resamples: 4000, seed: 1 }.values(200, right);
        let interval = estimate(0.5, values.into_iter());
        let (low, high) = (interval.low.unwrap(), interval.high.unwrap());
        assert!((low - (0.5 - 0.0693)).abs() < 0.01 && (high - (0.5 + 0.0693)).abs() < 0.01, "{interval:?}");
    }

    #[test]
    fn one_document_has_no_interval() {
        assert_eq!(Resampling::default().described(1), None);
        assert_eq!(estimate(0.3, std::iter::empty()), Estimate { value: 0.3, low: None, high: None });
    }
}
