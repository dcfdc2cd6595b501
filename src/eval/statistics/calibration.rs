//! Whether confidences can be believed, and what a threshold on them keeps.
//!
//! A prediction is right if it is found (content IoU above ½, one to one) and, where the gold names speakers, has the right
//! one. Confidences are those that files show, of two decimals.

use super::bootstrap::{Resampling, estimate};
use crate::corpus::confidence::shown;
use crate::eval::case::{Case, Role};
use crate::eval::report::{Calibration, CalibrationBin, CurvePoint, PrecisionRecall};
use crate::eval::tally::{harmonic, ratio};

/// Number of bins of the reliability table.
const BINS: usize = 10;

/// A prediction with its confidence, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// The confidence as shown.
    pub confidence: f64,
    /// Whether it is matched to a gold attribution.
    pub found: bool,
    /// Whether it is, and has the right speaker; `None` where the gold names none.
    pub resolved: Option<bool>,
}

impl Judged {
    fn is_right(&self) -> bool {
        self.resolved.unwrap_or(self.found)
    }
}

/// A document's predictions and the number of its gold attributions; predictions without confidence are left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judgement {
    /// The predictions.
    pub predictions: Vec<Judged>,
    /// Gold attributions with a content.
    pub gold: usize,
}

/// Judges the predictions of a document; nothing where the gold labels no attributions.
pub fn judge(case: &Case<'_>) -> Judgement {
    if !(case.scope.contents && case.scope.relations) {
        return Judgement::default();
    }
    let mut of = vec![None; case.predicted.items.len()];
    for (g, p) in case.found.iter().enumerate().filter_map(|(g, p)| Some((g, (*p)?))) {
        of[p] = Some(g);
    }
    let predictions = case.predicted.items.iter().zip(of).filter_map(|(item, gold)| {
        let resolved = gold.is_some_and(|gold| case.is_resolved(gold));
        Some(Judged {
            confidence: shown(item.labels.confidence?),
            found: gold.is_some(),
            resolved: case.scope.speakers.then_some(resolved),
        })
    });
    let gold = case.gold.items.iter().filter(|item| !item.spans(Role::Content).is_empty()).count();
    Judgement { predictions: predictions.collect(), gold }
}

/// Sums over the predictions of a bin.
#[derive(Debug, Clone, Copy, Default)]
struct Bin {
    predictions: f64,
    confidence: f64,
    right: f64,
    squares: f64,
}

fn bins(judgement: &Judgement) -> [Bin; BINS] {
    let mut bins = [Bin::default(); BINS];
    for judged in &judgement.predictions {
        // Half a hundredth keeps 0.7, which is a little less in binary, in its bin.
        let bin = &mut bins[((judged.confidence * BINS as f64 + 0.005) as usize).min(BINS - 1)];
        let right = f64::from(u8::from(judged.is_right()));
        bin.predictions += 1.0;
        bin.confidence += judged.confidence;
        bin.right += right;
        bin.squares += (judged.confidence - right).powi(2);
    }
    bins
}

fn add(sums: &mut [Bin; BINS], bins: &[Bin; BINS], times: f64) {
    for (sum, bin) in sums.iter_mut().zip(bins) {
        sum.predictions += times * bin.predictions;
        sum.confidence += times * bin.confidence;
        sum.right += times * bin.right;
        sum.squares += times * bin.squares;
    }
}

/// Expected calibration error and Brier score.
fn errors(bins: &[Bin; BINS]) -> [Option<f64>; 2] {
    let all: f64 = bins.iter().map(|bin| bin.predictions).sum();
    let distance: f64 = bins.iter().map(|bin| (bin.confidence - bin.right).abs()).sum();
    [ratio(distance, all), ratio(bins.iter().map(|bin| bin.squares).sum(), all)]
}

/// The reliability of the confidences; `None` if there are none.
pub fn calibration(documents: &[Judgement], resampling: &Resampling) -> Option<Calibration> {
    let by_document: Vec<[Bin; BINS]> = documents.iter().map(bins).collect();
    let sum = |times: &dyn Fn(usize) -> u32| {
        let mut sums = [Bin::default(); BINS];
        for (number, bins) in by_document.iter().enumerate() {
            add(&mut sums, bins, f64::from(times(number)));
        }
        sums
    };
    let all = sum(&|_| 1);
    let [ece, brier] = errors(&all);
    ece?;
    let resampled = resampling.values(documents.len(), |times| sum(&|number| times[number]));
    let error = |value: Option<f64>, number: usize| {
        value.map(|value| estimate(value, resampled.iter().map(|bins| errors(bins)[number])))
    };
    let bin = |(number, bin): (usize, &Bin)| CalibrationBin {
        low: number as f64 / BINS as f64,
        high: (number + 1) as f64 / BINS as f64,
        predictions: bin.predictions as usize,
        confidence: ratio(bin.confidence, bin.predictions),
        right: ratio(bin.right, bin.predictions)
            .map(|value| estimate(value, resampled.iter().map(|it| ratio(it[number].right, it[number].predictions)))),
    };
    let with_speakers = documents.iter().flat_map(|it| &it.predictions).any(|it| it.resolved.is_some());
    Some(Calibration {
        right_means: if with_speakers { "found with the right speaker" } else { "found" },
        predictions: documents.iter().map(|it| it.predictions.len()).sum(),
        ece: error(ece, 0),
        brier: error(brier, 1),
        bins: all.iter().enumerate().map(bin).collect(),
    })
}

/// Precision and recall at every confidence that occurs, from the least; empty if there are none.
pub fn curve(documents: &[Judgement]) -> Vec<CurvePoint> {
    let mut predictions: Vec<Judged> = documents.iter().flat_map(|it| it.predictions.iter().copied()).collect();
    predictions.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let gold = documents.iter().map(|it| it.gold).sum::<usize>();
    let with_speakers = predictions.iter().any(|it| it.resolved.is_some());
    let mut points = Vec::new();
    let (mut predicted, mut found, mut resolved) = (0, 0, 0);
    for group in predictions.chunk_by(|a, b| a.confidence == b.confidence) {
        predicted += group.len();
        found += group.iter().filter(|it| it.found).count();
        resolved += group.iter().filter(|it| it.resolved == Some(true)).count();
        points.push(CurvePoint {
            threshold: group[0].confidence,
            predicted,
            found: precision_recall(found, predicted, gold),
            with_speaker: with_speakers.then(|| precision_recall(resolved, predicted, gold)),
        });
    }
    points.reverse();
    points
}

fn precision_recall(right: usize, predicted: usize, gold: usize) -> PrecisionRecall {
    let (precision, recall) = (ratio(right as f64, predicted as f64), ratio(right as f64, gold as f64));
    PrecisionRecall { precision, recall, f1: harmonic(precision, recall) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judgement(list: &[(f64, bool, bool)], gold: usize) -> Judgement {
        let judged = |&(confidence, found, resolved)| Judged { confidence, found, resolved: Some(resolved) };
        Judgement { predictions: list.iter().map(judged).collect(), gold }
    }

    #[test]
    fn reliability_by_hand() {
        let documents = [
            judgement(&[(0.95, true, true), (0.91, true, false), (0.7, true, true)], 4),
            judgement(&[(0.2, false, false)], 1),
        ];
        let calibration = calibration(&documents, &Resampling { resamples: 100, seed: 1 }).unwrap();
        // Bin 0.9: confidence 1.86, right 1; bin 0.7: 0.7 and 1; bin 0.2: 0.2 and 0. (0.86 + 0.3 + 0.2)/4.
        assert!((calibration.ece.unwrap().value - 1.36 / 4.0).abs() < 1e-12);
        // (0.05² + 0.91² + 0.3² + 0.2²)/4.
        assert!((calibration.brier.unwrap().value - (0.0025 + 0.8281 + 0.09 + 0.04) / 4.0).abs() < 1e-12);
        let shown: Vec<(usize, Option<f64>)> =
            calibration.bins.iter().map(|bin| (bin.predictions, bin.right.map(|it| it.value))).collect();
        let none = (0, None);
        let expected = [none, none, (1, Some(0.0)), none, none, none, none, (1, Some(1.0)), none, (2, Some(0.5))];
        assert_eq!(shown, expected);
        assert_eq!(super::calibration(&[judgement(&[], 3)], &Resampling::default()), None);
    }

    #[test]
    fn a_threshold_trades_recall_for_precision() {
        let documents = [judgement(&[(0.9, true, true), (0.5, false, false), (0.5, true, false)], 4)];
        let points = curve(&documents);
        let shown: Vec<_> = points
            .iter()
            .map(|it| {
                (it.threshold, it.predicted, it.found.precision, it.found.recall, it.with_speaker.unwrap().recall)
            })
            .collect();
        assert_eq!(
            shown,
            [(0.5, 3, Some(2.0 / 3.0), Some(0.5), Some(0.25)), (0.9, 1, Some(1.0), Some(0.25), Some(0.25))]
        );
        assert_eq!(curve(&[]), []);
    }
}
