//! What must hold of every protocol, on any labels.

use proptest::prelude::*;

use super::example::{labelled, spans};
use super::report::Report;
use super::statistics::Resampling;
use super::{Attribution, Labelled, Naming, Settings, Speaker, compare, evaluate, protocols};
use crate::speakers::SpeakerType;
use crate::statement::{Kind, Mode};

/// Words that speakers are mentioned by; each stands at one place of the text only.
const WORDS: usize = 60;

fn text() -> String {
    // Names, descriptions, pronouns and other words in turn, some of more than one byte.
    let word = |at: usize| match at % 5 {
        0 => format!("Ärne{at}"),
        1 => "she".to_owned(),
        2 => format!("“word{at}"),
        3 => format!("officials{at}."),
        _ => "said”".to_owned(),
    };
    (0..WORDS).map(word).collect::<Vec<_>>().join(" ")
}

/// The byte span of a run of words.
fn at(text: &str, words: std::ops::Range<usize>) -> (usize, usize) {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1)).collect();
    let end = starts.get(words.end).map_or(text.len(), |next| next - 1);
    (starts[words.start], end)
}

/// A run of words, as its first word and its length.
fn run(longest: usize) -> impl Strategy<Value = (usize, usize)> {
    (0..WORDS, 1..=longest)
}

fn any_attribution() -> impl Strategy<Value = Attribution> {
    let ranges = |longest, most| prop::collection::vec(run(longest), most);
    let mode = prop::option::of(prop::sample::select(vec![Mode::Direct, Mode::Mixed, Mode::Indirect]));
    let kind = prop::option::of(prop::sample::select(vec![Kind::Speech, Kind::Thought]));
    let naming = prop::sample::select(vec![Naming::Explicit, Naming::Anaphoric, Naming::Implicit]);
    let rest = (mode, kind, prop::option::of(naming), prop::option::of(0usize..4), prop::option::of(0f32..=1.0));
    (ranges(12, 1..3), ranges(2, 0..2), ranges(3, 0..2), rest).prop_map(|(content, cue, source, rest)| {
        let text = text();
        let of = |runs: Vec<(usize, usize)>| {
            let ends = runs.into_iter().map(|(start, length)| at(&text, start..(start + length).min(WORDS)));
            let mut spans = spans(&ends.collect::<Vec<_>>());
            spans.sort_unstable();
            spans
        };
        let (mode, kind, naming, speaker, confidence) = rest;
        let (content, cue, source) = (of(content), of(cue), of(source));
        Attribution { content, cue, source, mode, kind, naming, speaker, confidence, parent: None }
    })
}

fn any_document(id: usize) -> impl Strategy<Value = Labelled> {
    let scope = (any::<bool>(), any::<bool>());
    (prop::collection::vec(any_attribution(), 0..10), scope, any::<bool>()).prop_map(
        move |(mut attributions, (indirect, cues), named)| {
            let key = |it: &Attribution| (it.content.clone(), it.cue.clone(), it.source.clone());
            attributions.sort_by_key(key);
            attributions.dedup_by_key(|it| key(it));
            let mut document = labelled(&text(), attributions);
            document.document.id = id.to_string();
            document.scope.indirect = indirect;
            document.scope.cues = cues;
            document.speakers = (0..4).map(|number| speaker(number, named)).collect();
            document
        },
    )
}

/// Each speaker has mentions that no other has.
fn speaker(number: usize, named: bool) -> Speaker {
    let text = text();
    let mentions: Vec<_> =
        (0..3).map(|turn| at(&text, (20 * turn + 5 * number)..(20 * turn + 5 * number + 1))).collect();
    let names = if named { vec![format!("Speaker {number}"), format!("S. {number}")] } else { Vec::new() };
    Speaker { names, kind: Some(SpeakerType::Person), mentions: spans(&mentions) }
}

fn documents() -> impl Strategy<Value = Vec<Labelled>> {
    (any_document(0), any_document(1), any_document(2)).prop_map(|(a, b, c)| vec![a, b, c])
}

fn settings() -> Settings {
    Settings { protocols: protocols::ALL.to_vec(), resampling: Resampling { resamples: 20, seed: 5 } }
}

fn report(gold: &[Labelled], predicted: &[Labelled]) -> Report {
    let report = evaluate(gold, predicted, &settings()).unwrap();
    let shown = format!("{report:?}");
    assert!(!shown.contains("NaN") && !shown.contains("inf"), "{shown}");
    report
}

/// The documents without the labels that only a system has.
fn as_gold(documents: &[Labelled]) -> Vec<Labelled> {
    let mut gold = documents.to_vec();
    gold.iter_mut().flat_map(|it| &mut it.attributions).for_each(|it| it.confidence = None);
    gold
}

/// Attributions and speakers of a document, and documents, in another order.
fn shuffled(documents: &[Labelled], seed: u64) -> Vec<Labelled> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut shuffled = documents.to_vec();
    for document in &mut shuffled {
        random.shuffle(&mut document.attributions);
        let mut order: Vec<usize> = (0..document.speakers.len()).collect();
        random.shuffle(&mut order);
        document.speakers = order.iter().map(|&old| document.speakers[old].clone()).collect();
        for attribution in &mut document.attributions {
            attribution.speaker = attribution.speaker.and_then(|old| order.iter().position(|it| *it == old));
        }
    }
    random.shuffle(&mut shuffled);
    shuffled
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn gold_against_itself_is_right_everywhere(documents in documents()) {
        let report = report(&as_gold(&documents), &documents);
        for protocol in &report.protocols {
            for figure in &protocol.figures {
                for value in [figure.precision, figure.recall, figure.f1, figure.share].into_iter().flatten() {
                    prop_assert!((value.value - 1.0).abs() < 1e-9, "{} {:?}", protocol.name, figure);
                    prop_assert!(value.low.is_none_or(|low| low > 1.0 - 1e-9));
                }
            }
        }
        prop_assert_eq!(report.errors.len(), 0);
        prop_assert_eq!(report.extent.out_of_scope, 0);
        for row in report.breakdowns.iter().flat_map(|it| &it.rows) {
            prop_assert_eq!(row.found, row.gold);
        }
    }

    #[test]
    fn nothing_predicted_is_no_recall(documents in documents()) {
        let report = report(&as_gold(&documents), &[]);
        prop_assert_eq!(report.extent.without_prediction, 3);
        for protocol in &report.protocols {
            // A quotation that is not found is alone in B³, and a third of three alike is right.
            for figure in protocol.figures.iter().filter(|_| protocol.name != "booknlp") {
                prop_assert_eq!(figure.precision, None);
                for value in [figure.recall, figure.f1, figure.share].into_iter().flatten() {
                    prop_assert_eq!(value.value, 0.0, "{} {:?}", protocol.name, figure);
                }
            }
        }
        prop_assert!(report.calibration.is_none() && report.curve.is_empty());
    }

    #[test]
    fn order_changes_nothing(gold in documents(), predicted in documents(), seed in any::<u64>()) {
        let mut predicted = predicted;
        for (document, gold) in predicted.iter_mut().zip(&gold) {
            document.document = gold.document.clone();
        }
        let gold = as_gold(&gold);
        let turned = report(&shuffled(&gold, seed), &shuffled(&predicted, !seed));
        prop_assert_eq!(report(&gold, &predicted), turned);
    }

    #[test]
    fn figures_are_shares(gold in documents(), predicted in documents()) {
        let report = report(&as_gold(&gold), &predicted);
        for figure in report.protocols.iter().flat_map(|it| &it.figures) {
            for it in [figure.precision, figure.recall, figure.f1, figure.share].into_iter().flatten() {
                prop_assert!((0.0..=1.0 + 1e-9).contains(&it.value), "{:?}", figure);
                prop_assert!(it.low <= it.high);
            }
        }
    }

    #[test]
    fn a_system_does_not_differ_from_itself(gold in documents(), predicted in documents()) {
        let comparison = compare(&as_gold(&gold), &predicted, &predicted, &settings()).unwrap();
        for row in &comparison.rows {
            prop_assert_eq!((row.difference.value, row.p_bootstrap, row.p_randomization), (0.0, 1.0, 1.0));
        }
    }
}

#[test]
fn what_cannot_be_paired_is_an_error() {
    use super::EvaluateError::{DuplicateId, NoGold, OtherText};
    let document = |id: &str, text: &str| {
        let mut document = labelled(text, Vec::new());
        document.document.id = id.to_owned();
        document
    };
    let (a, b) = (document("a", "one"), document("a", "two"));
    let settings = Settings::default();
    assert_eq!(evaluate(&[], &[], &settings), Err(NoGold));
    assert_eq!(evaluate(&[a.clone(), b.clone()], &[], &settings), Err(DuplicateId("a".to_owned())));
    assert_eq!(
        evaluate(std::slice::from_ref(&a), &[a.clone(), b.clone()], &settings),
        Err(DuplicateId("a".to_owned()))
    );
    assert_eq!(evaluate(&[a], &[b], &settings), Err(OtherText("a".to_owned())));
}

#[test]
fn labels_of_several_annotators_share_a_prediction() {
    let text = text();
    let document = |id: &str, words| {
        let mut document = labelled(&text, vec![super::example::attribution(&[at(&text, words)], &[], &[])]);
        document.document.id = id.to_owned();
        document
    };
    let gold = [document("a@one", 0..4), document("a@two", 8..12)];
    let report = evaluate(&gold, &[document("a", 0..4)], &Settings::default()).unwrap();
    assert_eq!((report.extent.without_prediction, report.extent.predicted), (0, 2));
    assert_eq!(report.errors.len(), 2);
    let own = evaluate(&gold, &[document("a", 0..4), document("a@two", 8..12)], &Settings::default()).unwrap();
    assert_eq!(own.errors.len(), 0);
}
