//! From gold and predictions to a report.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use thiserror::Error;

use super::Labelled;
use super::breakdowns::breakdowns;
use super::case::{Case, nests};
use super::errors::errors;
use super::protocols::{self, Protocol};
use super::report::{Comparison, Difference, Extent, Figure, ProtocolResult, Report};
use super::statistics::significance::{self, Tested};
use super::statistics::{Resampling, Sheet, calibration};
use super::tally::{Measure, Shape};

/// What to compute.
#[derive(Clone)]
pub struct Settings {
    /// The protocols, in the order of the report.
    pub protocols: Vec<&'static dyn Protocol>,
    /// How to make intervals.
    pub resampling: Resampling,
}

impl Default for Settings {
    /// The headline, with intervals.
    fn default() -> Self {
        Self { protocols: vec![protocols::ALL[0]], resampling: Resampling::default() }
    }
}

/// Why there is nothing to report.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// Without gold there is nothing to score.
    #[error("there is no gold")]
    NoGold,
    /// Documents must have ids of their own, by which gold and predictions are paired.
    #[error("two documents have the id {0:?}")]
    DuplicateId(String),
    /// The offsets of a prediction count in another text.
    #[error("the gold and the prediction of {0:?} are of different texts")]
    OtherText(String),
}

/// Scores predictions against gold. Documents are paired by id, and the labels `x@who` of one of several annotators with
/// the prediction `x` if there is none for `x@who`. A document without a prediction is scored as if nothing had been
/// found in it, and predictions for documents that are not in the gold are left aside.
///
/// The order of documents and of attributions changes nothing; neither does the number of threads, which are those of the
/// rayon pool that this is called in.
///
/// # Errors
/// If there is no gold, if two documents of one side share an id, or if a document's prediction is of another text.
pub fn evaluate(gold: &[Labelled], predicted: &[Labelled], settings: &Settings) -> Result<Report, EvaluateError> {
    let pairing = Pairing::new(gold, predicted)?;
    let cases = pairing.cases();
    let resampling = &settings.resampling;
    let results = settings.protocols.iter().map(|protocol| result(*protocol, &cases, resampling));
    let judgements: Vec<_> = cases.par_iter().map(calibration::judge).collect();
    Ok(Report {
        system: String::new(),
        gold: Vec::new(),
        extent: Extent {
            documents: cases.len(),
            without_prediction: pairing.missing.len(),
            gold: cases.iter().map(|case| case.gold.items.len()).sum(),
            predicted: cases.iter().map(|case| case.predicted.items.len()).sum(),
            out_of_scope: cases.iter().map(|case| case.out_of_scope).sum(),
        },
        bootstrap: resampling.described(cases.len()),
        protocols: results.collect(),
        breakdowns: breakdowns(&cases, resampling),
        calibration: calibration::calibration(&judgements, resampling),
        curve: calibration::curve(&judgements),
        errors: cases.par_iter().flat_map_iter(errors).collect(),
    })
}

/// Compares two systems on the same gold.
///
/// # Errors
/// As [`evaluate`].
pub fn compare(
    gold: &[Labelled],
    a: &[Labelled],
    b: &[Labelled],
    settings: &Settings,
) -> Result<Comparison, EvaluateError> {
    let (a, b) = (Pairing::new(gold, a)?, Pairing::new(gold, b)?);
    let (of_a, of_b) = (a.cases(), b.cases());
    let resampling = &settings.resampling;
    let mut rows = Vec::new();
    for protocol in &settings.protocols {
        let (sheet_a, sheet_b) = (sheet(*protocol, &of_a).0, sheet(*protocol, &of_b).0);
        let tested = significance::compare(&sheet_a, &sheet_b, protocol.measures(), resampling);
        let rated = protocol.measures().iter().zip(tested);
        rows.extend(rated.filter_map(|(measure, tested)| Some(difference(*protocol, measure, tested?))));
    }
    let bootstrap = resampling.described(of_a.len());
    Ok(Comparison {
        documents: of_a.len(),
        permutations: bootstrap.map_or(0, |it| it.resamples),
        bootstrap,
        rows,
        ..Comparison::default()
    })
}

fn difference(protocol: &dyn Protocol, measure: &Measure, tested: Tested) -> Difference {
    Difference {
        protocol: protocol.name(),
        group: measure.group,
        measure: measure.measure,
        a: tested.a,
        b: tested.b,
        difference: tested.difference,
        p_bootstrap: tested.p_bootstrap,
        p_randomization: tested.p_randomization,
    }
}

/// Each document's gold beside its prediction, sorted by id.
struct Pairing<'a> {
    pairs: Vec<(&'a Labelled, Option<&'a Labelled>)>,
    /// Stand-ins for the predictions that are missing, in the order of the pairs.
    missing: Vec<Labelled>,
}

impl<'a> Pairing<'a> {
    fn new(gold: &'a [Labelled], predicted: &'a [Labelled]) -> Result<Self, EvaluateError> {
        if gold.is_empty() {
            return Err(EvaluateError::NoGold);
        }
        let mut ids = BTreeSet::new();
        if let Some(twice) = gold.iter().find(|it| !ids.insert(it.document.id.as_str())) {
            return Err(EvaluateError::DuplicateId(twice.document.id.clone()));
        }
        let mut by_id = BTreeMap::new();
        for prediction in predicted {
            if by_id.insert(prediction.document.id.as_str(), prediction).is_some() {
                return Err(EvaluateError::DuplicateId(prediction.document.id.clone()));
            }
        }
        let prediction =
            |it: &Labelled| by_id.get(it.document.id.as_str()).or_else(|| by_id.get(it.document.article()));
        let mut pairs: Vec<_> = gold.iter().map(|it| (it, prediction(it).copied())).collect();
        pairs.sort_by(|a, b| a.0.document.id.cmp(&b.0.document.id));
        let differs = |(gold, predicted): &&(&Labelled, Option<&Labelled>)| {
            predicted.is_some_and(|it| it.document.text != gold.document.text)
        };
        if let Some((gold, _)) = pairs.iter().find(differs) {
            return Err(EvaluateError::OtherText(gold.document.id.clone()));
        }
        let missing = pairs.iter().filter(|(_, predicted)| predicted.is_none()).map(|(gold, _)| Labelled {
            attributions: Vec::new(),
            speakers: Vec::new(),
            tokens: None,
            ..(*gold).clone()
        });
        Ok(Self { missing: missing.collect(), pairs })
    }

    fn cases(&self) -> Vec<Case<'_>> {
        let mut missing = self.missing.iter();
        let pairs: Vec<(&Labelled, &Labelled)> = self
            .pairs
            .iter()
            .filter_map(|(gold, predicted)| Some((*gold, predicted.or_else(|| missing.next())?)))
            .collect();
        let nested = self.pairs.iter().any(|(gold, _)| nests(gold));
        pairs.into_par_iter().map(|(gold, predicted)| Case::of_set(gold, predicted, nested)).collect()
    }
}

/// The counts of all documents, and how many documents count.
fn sheet(protocol: &dyn Protocol, cases: &[Case<'_>]) -> (Sheet, usize) {
    let rows: Vec<_> = cases.par_iter().map(|case| protocol.tally(case)).collect();
    let documents = rows.iter().flatten().count();
    (Sheet::new(rows, protocol.measures().len()), documents)
}

fn result(protocol: &dyn Protocol, cases: &[Case<'_>], resampling: &Resampling) -> ProtocolResult {
    let (sheet, documents) = sheet(protocol, cases);
    let measures = protocol.measures();
    let estimates = sheet.estimates(measures, resampling);
    let figures = measures.iter().zip(estimates).zip(sheet.sums()).map(|((measure, estimates), sums)| {
        let gold = match measure.shape {
            // A mean of others has no denominator of its own.
            Shape::MeanF1(rows) => sheet.sums()[rows[0]].gold,
            _ => sums.gold,
        };
        Figure {
            group: measure.group,
            measure: measure.measure,
            gold,
            predicted: (measure.shape == Shape::PrecisionRecall).then_some(sums.predicted),
            precision: estimates.precision,
            recall: estimates.recall,
            f1: estimates.f1,
            share: estimates.share,
        }
    });
    let known = figures.filter(|it| it.f1.is_some() || it.share.is_some());
    ProtocolResult { name: protocol.name(), definition: protocol.definition(), documents, figures: known.collect() }
}
