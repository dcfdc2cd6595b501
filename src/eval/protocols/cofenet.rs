//! CofeNet's protocol (Wang et al., COLING 2022), by which PolNeAR and RiQuA figures are published.
//!
//! A document is cut into tokens and instances, the rows of CofeNet's file; without such a cut the words by Unicode's rules
//! and the document as a whole. Each token has one label: contents are written first, then sources, then cues, each over
//! what is there, `B-` on the first token of an instance that a span touches and `I-` on the rest; spans of one role are
//! written in text order. Then spans are read off the labels of an instance: `B-x` begins one, `I-x` goes on with an open
//! one of the same role, and anything else ends it, so that an `I-` without a beginning is nothing.
//!
//! - **exact**: F1; a predicted span is right if the instance's gold has the same role, start and end.
//! - **begin**: F1 over the starts of spans.
//! - **accuracy**: TP / (TP + FP + FN) of the exact match.
//! - **Jaccard**: the mean over the gold spans of the greatest IoU, in tokens, that a predicted span of the role has with
//!   it, and over the predicted spans that overlap no gold span of the role, each of which is a 0.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Protocol;
use crate::document::{Byte, Span};
use crate::eval::case::{Case, Role, Side};
use crate::eval::overlap;
use crate::eval::tally::{Counts, Measure};
use crate::eval::tokens::{Token, Tokenized};

/// See the module.
pub struct CofeNet;

impl Protocol for CofeNet {
    fn name(&self) -> &'static str {
        "cofenet"
    }

    fn definition(&self) -> &'static str {
        "BIO spans of one label a token, per instance: exact and begin F1, accuracy TP/(TP+FP+FN), Jaccard"
    }

    fn measures(&self) -> &'static [Measure] {
        const {
            &[
                Measure::prf("source", "exact"),
                Measure::prf("source", "begin"),
                Measure::share("source", "accuracy"),
                Measure::share("source", "Jaccard"),
                Measure::prf("cue", "exact"),
                Measure::prf("cue", "begin"),
                Measure::share("cue", "accuracy"),
                Measure::share("cue", "Jaccard"),
                Measure::prf("content", "exact"),
                Measure::prf("content", "begin"),
                Measure::share("content", "accuracy"),
                Measure::share("content", "Jaccard"),
            ]
        }
    }

    fn tally(&self, case: &Case<'_>) -> Option<Vec<Counts>> {
        let roles: Vec<Role> = Role::ALL.into_iter().filter(|role| role.is_in(case.scope)).collect();
        // A role that the gold does not label must not hide the labels of another.
        let gold = labels(&case.gold, &roles, &case.tokens);
        let predicted = labels(&case.predicted, &roles, &case.tokens);
        let mut rows = vec![Counts::default(); 12];
        for instance in case.tokens.instances() {
            let (gold, predicted) = (spans(&gold, instance), spans(&predicted, instance));
            for &role in &roles {
                let of_role = |spans: &[(Role, Span<Token>)]| -> Vec<Span<Token>> {
                    spans.iter().filter(|(other, _)| *other == role).map(|(_, span)| *span).collect()
                };
                for (row, counts) in
                    rows[4 * role as usize..].iter_mut().zip(count(&of_role(&gold), &of_role(&predicted)))
                {
                    *row += counts;
                }
            }
        }
        Some(rows)
    }
}

/// A token's label: the role, and whether a span of it begins.
type Label = Option<(Role, bool)>;

fn labels(side: &Side<'_>, roles: &[Role], tokens: &Tokenized) -> Vec<Label> {
    let end = tokens.instances().iter().map(|instance| instance.end).max().unwrap_or(0);
    let openings: BTreeSet<usize> = tokens.instances().iter().map(|instance| instance.start).collect();
    let mut labels = vec![None; end];
    for role in [Role::Content, Role::Source, Role::Cue].into_iter().filter(|role| roles.contains(role)) {
        let spans: BTreeSet<Span<Byte>> = side.items.iter().flat_map(|item| role.of(item.labels)).copied().collect();
        for span in spans.into_iter().filter(|span| !span.is_empty()) {
            let touched = tokens.within(span);
            let run = labels.iter_mut().enumerate().take(touched.end).skip(touched.start);
            for (at, label) in run {
                *label = Some((role, at == touched.start || openings.contains(&at)));
            }
        }
    }
    labels
}

/// The spans that the labels of an instance spell.
fn spans(labels: &[Label], instance: &Range<usize>) -> Vec<(Role, Span<Token>)> {
    let mut spans = Vec::new();
    let mut open: Option<(Role, usize)> = None;
    for at in instance.start..=instance.end {
        let label = if at < instance.end { labels.get(at).copied().flatten() } else { None };
        if let Some((role, start)) = open.filter(|(role, _)| label != Some((*role, false))) {
            spans.push((role, Span::new(start, at)));
            open = None;
        }
        if let Some((role, true)) = label {
            open = Some((role, at));
        }
    }
    spans
}

/// Exact, begin, accuracy and Jaccard of one role in one instance.
fn count(gold: &[Span<Token>], predicted: &[Span<Token>]) -> [Counts; 4] {
    let starts = |spans: &[Span<Token>]| -> BTreeSet<usize> { spans.iter().map(|span| span.start).collect() };
    let all = |spans: &[Span<Token>]| -> BTreeSet<Span<Token>> { spans.iter().copied().collect() };
    let right = all(gold).intersection(&all(predicted)).count();
    let begun = starts(gold).intersection(&starts(predicted)).count();
    let (of_gold, of_predicted): (Vec<_>, Vec<_>) = (gold.chunks(1).collect(), predicted.chunks(1).collect());
    let (mut best, mut astray) = (vec![0.0_f64; gold.len()], vec![true; predicted.len()]);
    for (g, p) in overlap::pairs(&of_gold, &of_predicted) {
        best[g] = best[g].max(overlap::iou(of_gold[g], of_predicted[p]));
        astray[p] = false;
    }
    let astray = astray.into_iter().filter(|astray| *astray).count();
    let jaccard = best.iter().sum::<f64>();
    [
        Counts::matched(right, gold.len(), predicted.len()),
        Counts::matched(begun, gold.len(), predicted.len()),
        Counts::share(right, gold.len() + predicted.len() - right),
        Counts { right_gold: jaccard, gold: (gold.len() + astray) as f64, ..Counts::default() },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::example::labelled;
    use crate::eval::{Attribution, Labelled, Tokens};
    use proptest::prelude::*;

    /// `B-content I-content O …` as labels of tokens that are a letter and a space each.
    const NAMES: [&str; 7] = ["O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content"];

    /// What the definition says, as slowly and plainly as can be: (role, first token, token after the last).
    fn slow_spans(labels: &[&str]) -> Vec<(String, usize, usize)> {
        let mut found = Vec::new();
        for (start, label) in labels.iter().enumerate() {
            let Some(role) = label.strip_prefix("B-") else { continue };
            let inside = format!("I-{role}");
            let mut end = start + 1;
            while end < labels.len() && labels[end] == inside {
                end += 1;
            }
            found.push((role.to_owned(), start, end));
        }
        found
    }

    /// P, R, F1, begin-F1, accuracy, Jaccard of a role over instances of gold and predicted labels, by counting.
    fn slow(role: &str, instances: &[(Vec<&str>, Vec<&str>)]) -> [f64; 6] {
        let (mut tp, mut fp, mut fn_, mut begun, mut sum, mut terms) = (0, 0, 0, 0, 0.0, 0);
        for (gold, predicted) in instances {
            let of = |labels: &[&str]| -> Vec<(usize, usize)> {
                slow_spans(labels).into_iter().filter(|it| it.0 == role).map(|it| (it.1, it.2)).collect()
            };
            let (gold, predicted) = (of(gold), of(predicted));
            tp += predicted.iter().filter(|it| gold.contains(it)).count();
            fp += predicted.iter().filter(|it| !gold.contains(it)).count();
            fn_ += gold.iter().filter(|it| !predicted.contains(it)).count();
            begun += predicted.iter().filter(|it| gold.iter().any(|other| other.0 == it.0)).count();
            let iou = |a: (usize, usize), b: (usize, usize)| {
                let both = (a.0..a.1).filter(|at| (b.0..b.1).contains(at)).count();
                both as f64 / ((a.1 - a.0) + (b.1 - b.0) - both) as f64
            };
            for &span in &gold {
                sum += predicted.iter().map(|&it| iou(span, it)).fold(0.0, f64::max);
                terms += 1;
            }
            terms += predicted.iter().filter(|&&it| gold.iter().all(|&other| iou(it, other) == 0.0)).count();
        }
        let ratio = |a: f64, b: f64| if b > 0.0 { a / b } else { -1.0 };
        let (tp_, p, r) = (tp as f64, (tp + fp) as f64, (tp + fn_) as f64);
        [
            ratio(tp_, p),
            ratio(tp_, r),
            ratio(2.0 * tp_, p + r),
            ratio(2.0 * begun as f64, p + r),
            ratio(tp_, (tp + fp + fn_) as f64),
            ratio(sum, terms as f64),
        ]
    }

    /// A document whose instances have these labels.
    fn document(instances: &[Vec<&str>]) -> Labelled {
        let total: usize = instances.iter().map(Vec::len).sum();
        let mut document = labelled(&"a ".repeat(total), Vec::new());
        document.scope.relations = false;
        let mut tokens =
            Tokens { spans: (0..total).map(|at| Span::new(2 * at, 2 * at + 1)).collect(), instances: vec![] };
        let mut before = 0;
        for labels in instances {
            for (role, start, end) in slow_spans(labels) {
                let span = Span::new(2 * (before + start), 2 * (before + end) - 1);
                let mut attribution = Attribution::default();
                match role.as_str() {
                    "source" => attribution.source = vec![span],
                    "cue" => attribution.cue = vec![span],
                    _ => attribution.content = vec![span],
                }
                document.attributions.push(attribution);
            }
            tokens.instances.push(before..before + labels.len());
            before += labels.len();
        }
        document.tokens = Some(tokens);
        document
    }

    #[test]
    fn worked_example() {
        // Gold:      source 0..1, cue 1..2, content 2..6 | content 7..9
        // Predicted: source 0..1, cue 1..2, content 2..5 | source 6..7, content 7..9
        let gold = vec![
            vec!["B-source", "B-cue", "B-content", "I-content", "I-content", "I-content"],
            vec!["O", "B-content", "I-content", "O"],
        ];
        let predicted = vec![
            vec!["B-source", "B-cue", "B-content", "I-content", "I-content", "O"],
            vec!["B-source", "B-content", "I-content", "I-cue"],
        ];
        let (gold, predicted) = (document(&gold), document(&predicted));
        let rows = CofeNet.tally(&Case::new(&gold, &predicted)).unwrap();
        let expected = [
            // Source: 1 of 2 right, 1 of 1 found; accuracy 1/2; Jaccard (1 + 0)/2.
            Counts::matched(1, 1, 2),
            Counts::matched(1, 1, 2),
            Counts::share(1, 2),
            Counts::share(1, 2),
            // Cue: the orphan I-cue is nothing.
            Counts::matched(1, 1, 1),
            Counts::matched(1, 1, 1),
            Counts::share(1, 1),
            Counts::share(1, 1),
            // Content: 1 of 2; both begin right; accuracy 1/3; Jaccard (3/4 + 1)/2.
            Counts::matched(1, 2, 2),
            Counts::matched(2, 2, 2),
            Counts::share(1, 3),
            Counts { right_gold: 1.75, gold: 2.0, ..Counts::default() },
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn a_source_inside_a_content_ends_it() {
        let text = "a b c d e f";
        let predicted = labelled(text, vec![crate::eval::example::attribution(&[(0, 11)], &[], &[(4, 5)])]);
        let case = Case::new(&predicted, &predicted);
        let labels = labels(&case.predicted, &Role::ALL, &case.tokens);
        let found = spans(&labels, &(0..6));
        assert_eq!(found, [(Role::Content, Span::new(0, 2)), (Role::Source, Span::new(2, 3))]);
    }

    proptest! {
        #[test]
        fn the_figures_are_those_of_the_plain_implementation(
            instances in prop::collection::vec(
                (0usize..12).prop_flat_map(|length| (
                    prop::collection::vec(prop::sample::select(&NAMES[..]), length),
                    prop::collection::vec(prop::sample::select(&NAMES[..]), length),
                )),
                0..6,
            ),
        ) {
            let (gold, predicted): (Vec<_>, Vec<_>) = instances.iter().cloned().unzip();
            let (gold, predicted) = (document(&gold), document(&predicted));
            let rows = CofeNet.tally(&Case::new(&gold, &predicted)).unwrap();
            for (role, rows) in ["source", "cue", "content"].into_iter().zip(rows.chunks(4)) {
                let plain = slow(role, &instances);
                let ours = [
                    rows[0].precision(),
                    rows[0].recall(),
                    rows[0].f1(),
                    rows[1].f1(),
                    rows[2].recall(),
                    rows[3].recall(),
                ];
                for (plain, ours) in plain.into_iter().zip(ours) {
                    prop_assert!((plain - ours.unwrap_or(-1.0)).abs() < 1e-12, "{} {:?}", plain, ours);
                }
            }
        }
    }
}
