//! Attributions found, and given the right speaker, by what they are like.

use std::collections::BTreeMap;

use super::case::{Case, Item, Role, Side};
use super::overlap;
use super::report::{Breakdown, BreakdownRow, Estimate};
use super::source_form::source_form;
use super::statistics::{Resampling, Sheet};
use super::tally::{Counts, Measure};
use super::{Naming, Speaker};
use crate::corpus::labels;

/// A property of attributions, in the order of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Dimension {
    Mode,
    Kind,
    SpeakerType,
    SourceForm,
    Naming,
    Length,
    Document,
}

impl Dimension {
    const ALL: [Self; 7] =
        [Self::Mode, Self::Kind, Self::SpeakerType, Self::SourceForm, Self::Naming, Self::Length, Self::Document];

    const fn name(self) -> &'static str {
        match self {
            Self::Mode => "mode",
            Self::Kind => "kind",
            Self::SpeakerType => "speaker type",
            Self::SourceForm => "source form",
            Self::Naming => "naming",
            Self::Length => "length",
            Self::Document => "document",
        }
    }
}

/// A value of a property: its place among the values, and its name.
type Value = (usize, String);

/// Bounds of the lengths of contents, in tokens, with their names.
const LENGTHS: [(usize, &str); 5] =
    [(5, "1-5 words"), (10, "6-10 words"), (20, "11-20 words"), (40, "21-40 words"), (usize::MAX, "over 40 words")];

/// Precision and recall, then the share with the right speaker.
const MEASURES: [Measure; 2] = [Measure::prf("attribution", "found"), Measure::share("attribution", "speaker")];

/// The breakdowns by all properties that occur, over the documents whose gold ties contents to sources.
pub fn breakdowns(cases: &[Case<'_>], resampling: &Resampling) -> Vec<Breakdown> {
    let counted: Vec<BTreeMap<(Dimension, Value), [Counts; 2]>> = cases.iter().map(count).collect();
    let mut keys: Vec<(Dimension, Value)> = counted.iter().flat_map(|it| it.keys().cloned()).collect();
    keys.sort();
    keys.dedup();
    let by_dimension = |dimension| {
        let keys: Vec<_> = keys.iter().filter(|(it, _)| *it == dimension).collect();
        // A property that only predictions have says nothing.
        let told = keys.iter().any(|key| counted.iter().any(|it| it.get(*key).is_some_and(|it| it[0].gold > 0.0)));
        told.then(|| breakdown(dimension, &keys, &counted, resampling))
    };
    Dimension::ALL.into_iter().filter_map(by_dimension).collect()
}

fn breakdown(
    dimension: Dimension,
    keys: &[&(Dimension, Value)],
    counted: &[BTreeMap<(Dimension, Value), [Counts; 2]>],
    resampling: &Resampling,
) -> Breakdown {
    let row = |document: &BTreeMap<_, [Counts; 2]>| -> Vec<Counts> {
        keys.iter().flat_map(|key| document.get(*key).copied().unwrap_or_default()).collect()
    };
    let sheet = Sheet::new(counted.iter().map(|document| Some(row(document))).collect(), 2 * keys.len());
    let measures: Vec<Measure> = keys.iter().flat_map(|_| MEASURES).collect();
    // Resampling documents says nothing of a single one.
    let still = Resampling { resamples: 0, ..*resampling };
    let estimates = sheet.estimates(&measures, if dimension == Dimension::Document { &still } else { resampling });
    let sums = sheet.sums();
    // Predictions may lack the property altogether; then there is no precision, and no F1 of it.
    let any = sums.iter().step_by(2).any(|it| it.predicted > 0.0);
    let rows = keys.iter().zip(estimates.chunks_exact(2)).zip(sums.chunks_exact(2)).map(|((key, estimate), sums)| {
        let f1: Option<Estimate> = estimate[0].f1.filter(|_| any);
        BreakdownRow {
            value: key.1.1.clone(),
            gold: sums[0].gold as usize,
            predicted: sums[0].predicted as usize,
            found: sums[0].right_gold as usize,
            precision: estimate[0].precision,
            recall: estimate[0].recall,
            f1,
            speaker: estimate[1].share,
        }
    });
    Breakdown { dimension: dimension.name(), rows: rows.collect() }
}

fn count(case: &Case<'_>) -> BTreeMap<(Dimension, Value), [Counts; 2]> {
    let mut counts: BTreeMap<(Dimension, Value), [Counts; 2]> = BTreeMap::new();
    if !(case.scope.contents && case.scope.relations) {
        return counts;
    }
    let mut matched = vec![false; case.predicted.items.len()];
    for (g, item) in with_content(&case.gold) {
        let found = case.found[g];
        if let Some(p) = found {
            matched[p] = true;
        }
        let speaker =
            if case.scope.speakers { Counts::share(usize::from(case.is_resolved(g)), 1) } else { Counts::default() };
        for key in properties(case, &case.gold, item) {
            let [attribution, resolved] = counts.entry(key).or_default();
            *attribution += Counts { right_gold: f64::from(u8::from(found.is_some())), gold: 1.0, ..Counts::default() };
            *resolved += speaker;
        }
    }
    for (p, item) in with_content(&case.predicted) {
        for key in properties(case, &case.predicted, item) {
            let right = f64::from(u8::from(matched[p]));
            counts.entry(key).or_default()[0] += Counts { right_predicted: right, predicted: 1.0, ..Counts::default() };
        }
    }
    counts
}

fn with_content<'s, 'a>(side: &'s Side<'a>) -> impl Iterator<Item = (usize, &'s Item<'a>)> {
    side.items.iter().enumerate().filter(|(_, item)| !item.spans(Role::Content).is_empty())
}

/// The values that an attribution has, those that are known.
fn properties(case: &Case<'_>, side: &Side<'_>, item: &Item<'_>) -> Vec<(Dimension, Value)> {
    let value = |place: usize, name: &str| Some((place, name.to_owned()));
    let labels_ = item.labels;
    let length = overlap::length(item.tokens(Role::Content));
    let bucket = LENGTHS.iter().position(|(bound, _)| length <= *bound).unwrap_or_default();
    let form = source_form(case.document, &labels_.source);
    let values = [
        (Dimension::Mode, labels_.mode.and_then(|it| value(it as usize, labels::mode(it)))),
        (Dimension::Kind, labels_.kind.and_then(|it| value(it as usize, labels::kind(it)))),
        (
            Dimension::SpeakerType,
            side.speaker(item)
                .and_then(|it: &Speaker| it.kind)
                .and_then(|it| value(it as usize, labels::speaker_type(it))),
        ),
        (Dimension::SourceForm, if case.scope.sources { value(form as usize, form.name()) } else { None }),
        (Dimension::Naming, labels_.naming.and_then(|it| value(it as usize, naming(it)))),
        (Dimension::Length, value(bucket, LENGTHS[bucket].1)),
        (Dimension::Document, value(0, &case.document.id)),
    ];
    values.into_iter().filter_map(|(dimension, value)| Some((dimension, value?))).collect()
}

const fn naming(naming: Naming) -> &'static str {
    match naming {
        Naming::Explicit => "explicit",
        Naming::Anaphoric => "anaphoric",
        Naming::Implicit => "implicit",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Attribution;
    use crate::eval::example::{attribution, labelled, speaker};
    use crate::statement::Mode;

    #[test]
    fn recall_goes_by_gold_and_precision_by_prediction() {
        let text = "x".repeat(60);
        let of = |start: usize, mode| Attribution {
            mode: Some(mode),
            speaker: Some(0),
            naming: Some(Naming::Explicit),
            ..attribution(&[(start, start + 8)], &[], &[])
        };
        let mut gold = labelled(&text, vec![of(0, Mode::Direct), of(10, Mode::Mixed), of(20, Mode::Direct)]);
        gold.speakers = vec![speaker(&["Ann"])];
        let mut predicted = labelled(&text, vec![of(0, Mode::Direct), of(10, Mode::Direct), of(40, Mode::Direct)]);
        predicted.attributions.iter_mut().for_each(|it| it.naming = None);
        predicted.speakers = vec![speaker(&["Ann"])];
        let breakdowns = super::breakdowns(&[Case::new(&gold, &predicted)], &Resampling { resamples: 0, seed: 1 });
        let rows = |dimension: &str| -> Vec<_> {
            let breakdown = breakdowns.iter().find(|it| it.dimension == dimension).unwrap();
            let row = |it: &BreakdownRow| {
                let value = |it: Option<Estimate>| it.map(|it| it.value);
                (
                    it.value.clone(),
                    it.gold,
                    it.predicted,
                    it.found,
                    value(it.precision),
                    value(it.f1),
                    value(it.speaker),
                )
            };
            breakdown.rows.iter().map(row).collect()
        };
        // Direct: 1 of 2 gold found; 2 of 3 predicted right, one of them on what the gold calls mixed. F1 4/7.
        let direct = ("direct".to_owned(), 2, 3, 1, Some(2.0 / 3.0), Some(4.0 / 7.0), Some(0.5));
        let mixed = ("mixed".to_owned(), 1, 0, 1, None, Some(0.0), Some(1.0));
        assert_eq!(rows("mode").len(), 2);
        assert_eq!(rows("mode")[1], mixed);
        let first = rows("mode")[0].clone();
        assert_eq!((first.0, first.1, first.3), (direct.0, direct.1, direct.3));
        assert!((rows("mode")[0].5.unwrap() - 4.0 / 7.0).abs() < 1e-12);
        // Only the gold tells how speakers are named: there is no F1.
        assert_eq!(rows("naming"), [("explicit".to_owned(), 3, 0, 2, None, None, Some(2.0 / 3.0))]);
        assert_eq!(rows("document").len(), 1);
        // Nobody said what kind the statements are, but for the system.
        predicted.attributions.iter_mut().for_each(|it| it.kind = Some(crate::statement::Kind::Speech));
        let breakdowns = super::breakdowns(&[Case::new(&gold, &predicted)], &Resampling { resamples: 0, seed: 1 });
        assert!(breakdowns.iter().all(|it| it.dimension != "kind"));
    }
}
