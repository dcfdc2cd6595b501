//! Whether the backends give the same, on the same weights.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use dixit::encoder::{Backend, Window};
use dixit::model::Model;
use dixit::{Annotation, Annotator, Document, Span, Statement};
use serde::Deserialize;
use tempfile::TempDir;

use super::articles::article;
use super::{BF16, F32, float_graph};

/// Articles that are generated, besides those of `corpus/`.
const GENERATED: u64 = 60;

fn news_en() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models/news-en")
}

/// The model folder `news-en` with a graph in single precision.
static FLOAT: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        fs::copy(news_en().join(file), folder.path().join(file)).unwrap();
    }
    let config = serde_json::from_slice(&fs::read(news_en().join("config.json")).unwrap()).unwrap();
    let graph = float_graph::onnx(&fs::read(news_en().join("model.safetensors")).unwrap(), &config);
    fs::write(folder.path().join("model.onnx"), graph).unwrap();
    folder
});

fn documents() -> Vec<Document> {
    let mut paths: Vec<_> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "txt"))
        .collect();
    paths.sort();
    let corpus = paths.iter().map(|path| fs::read_to_string(path).unwrap());
    let texts = corpus.chain((0..GENERATED).map(article));
    texts.enumerate().map(|(number, text)| Document::new(number.to_string(), text)).collect()
}

/// What each backend says of the documents, sixteen at a time as a run over a corpus does.
fn annotate(model: Model, documents: &[Document]) -> Vec<Annotation> {
    let annotator = Annotator::new(model);
    documents.chunks(16).flat_map(|chunk| annotator.annotate(chunk).unwrap()).collect()
}

/// All that each statement says, the speaker by name; and how sure it is.
fn said(annotation: &Annotation) -> Vec<(String, f32)> {
    let speaker = |statement: &Statement| statement.speaker.map(|it| &annotation.speakers[it].name);
    let spans = |spans: &[Span<_>]| spans.iter().map(|it| (it.start, it.end)).collect::<Vec<_>>();
    let say = |it: &Statement| {
        let parts = (spans(&it.content), spans(&it.cue), spans(&it.source));
        (format!("{parts:?} {:?} {:?} {:?}", it.mode, it.kind, speaker(it)), it.confidence)
    };
    annotation.statements.iter().map(say).collect()
}

/// How two backends compare.
#[derive(Debug, Default)]
struct Agreement {
    /// Statements that one of them finds, on average.
    all: f64,
    /// Statements that both find.
    both: f64,
    /// The largest difference of the confidence in one of those.
    apart: f32,
}

fn compare(left: &[Annotation], right: &[Annotation]) -> Agreement {
    let mut found = Agreement::default();
    for (left, right) in left.iter().zip(right) {
        let (left, mut right) = (said(left), said(right));
        found.all += (left.len() + right.len()) as f64 / 2.0;
        for (statement, confidence) in left {
            if let Some(at) = right.iter().position(|(it, _)| *it == statement) {
                let (_, other) = right.swap_remove(at);
                found.both += 1.0;
                found.apart = found.apart.max((confidence - other).abs());
            }
        }
    }
    found
}

/// One test, because each of the annotations takes a while: the embedded backend on the exact graph against libtorch in
/// single precision, and that against bfloat16.
#[test]
fn backends_find_the_same_statements_on_the_same_weights() {
    let documents = documents();
    let embedded = annotate(Model::load_on(Backend::Embedded, FLOAT.path()).unwrap(), &documents);
    let single = annotate(Model::load_on(F32, FLOAT.path()).unwrap(), &documents);
    let exact = compare(&embedded, &single);
    assert!(exact.all > 800.0 && exact.both / exact.all >= 0.995 && exact.apart < 0.02, "{exact:?}");
    // Eight bits of precision move what is on the edge.
    let half = compare(&single, &annotate(Model::load_on(BF16, FLOAT.path()).unwrap(), &documents));
    assert!(half.both / half.all >= 0.97, "{half:?}");
}

#[derive(Deserialize)]
struct Reference {
    ids: Vec<i32>,
    types: Vec<i32>,
    first: Vec<usize>,
    roles: Vec<Vec<f32>>,
}

fn references() -> Vec<(Window, Vec<Vec<f32>>)> {
    let references: Vec<Reference> =
        serde_json::from_slice(&fs::read(news_en().join("reference.json")).unwrap()).unwrap();
    let window = |it: Reference| {
        let owned = 0..it.first.len();
        (Window { ids: it.ids, types: it.types, first: it.first, start: 0, owned }, it.roles)
    };
    references.into_iter().map(window).collect()
}

/// The largest difference of the scores of roles from those of the training framework.
fn distance_to_training(model: &Model) -> f32 {
    let references = references();
    let windows: Vec<&Window> = references.iter().map(|(window, _)| window).collect();
    let scores = model.encoder.encode(&windows).unwrap();
    let mut largest = 0f32;
    for ((_, expected), scores) in references.iter().zip(scores) {
        assert_eq!(scores.words(), expected.len());
        for (word, expected) in expected.iter().enumerate() {
            let found = scores.row(word)[..7].iter();
            largest = found.zip(expected).fold(largest, |largest, (a, b)| largest.max((a - b).abs()));
        }
    }
    largest
}

/// The weights are stored in half precision, the scores to three digits.
#[test]
fn scores_are_those_of_the_training_framework() {
    for (backend, most) in [(F32, 0.02), (BF16, 0.5)] {
        let distance = distance_to_training(&Model::load_on(backend, &news_en()).unwrap());
        assert!(distance < most, "{distance} on {backend:?}");
    }
    let exact = distance_to_training(&Model::load_on(Backend::Embedded, FLOAT.path()).unwrap());
    assert!(exact < 0.02, "{exact} on the embedded backend");
}

#[test]
fn all_scores_agree_with_those_of_the_embedded_backend() {
    let (embedded, single) =
        (Model::load_on(Backend::Embedded, FLOAT.path()).unwrap(), Model::load_on(F32, FLOAT.path()).unwrap());
    let references = references();
    let windows: Vec<&Window> = references.iter().map(|(window, _)| window).collect();
    let scores = [&embedded, &single].map(|model| model.encoder.encode(&windows).unwrap());
    let mut compared = 0;
    for (left, right) in scores[0].iter().zip(&scores[1]) {
        for word in 0..left.words() {
            for (left, right) in left.row(word).iter().zip(right.row(word)) {
                assert!((left - right).abs() < 1e-3, "{left} and {right}");
                compared += 1;
            }
        }
    }
    assert!(compared > 10_000, "only {compared} scores");
}

#[test]
fn a_window_scores_the_same_in_any_company() {
    let model = Model::load_on(F32, &news_en()).unwrap();
    let references = references();
    let windows: Vec<&Window> = references.iter().map(|(window, _)| window).collect();
    let together = model.encoder.encode(&windows).unwrap();
    for (&window, together) in windows.iter().zip(&together) {
        let alone = &model.encoder.encode(&[window]).unwrap()[0];
        for word in 0..alone.words() {
            for (left, right) in alone.row(word).iter().zip(together.row(word)) {
                assert!((left - right).abs() < 1e-3, "{left} and {right}");
            }
        }
    }
    assert!(model.encoder.encode(&[]).unwrap().is_empty());
}
