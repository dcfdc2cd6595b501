//! Every family of encoders that the backend runs, on small networks.

use dixit::encoder::Window;
use dixit::model::Model;

use super::small::{self, Reference, Small};
use super::{BF16, F32};
use crate::sandbox::Sandbox;

/// A window in which each piece is a word.
fn window(reference: &Reference) -> Window {
    let pieces = reference.ids.len();
    Window {
        ids: reference.ids.clone(),
        types: reference.types.clone(),
        first: (0..pieces).collect(),
        start: 0,
        owned: 0..pieces,
    }
}

/// The largest difference of the scores from the training framework's, with all windows in one batch.
fn distance(model: &Model, small: &Small) -> f32 {
    let windows: Vec<Window> = small.windows.iter().map(window).collect();
    let scores = model.encoder.encode(&windows.iter().collect::<Vec<_>>()).unwrap();
    let mut largest = 0f32;
    for (reference, scores) in small.windows.iter().zip(scores) {
        assert_eq!(scores.words(), reference.scores.len());
        for (word, expected) in reference.scores.iter().enumerate() {
            let found = scores.row(word).iter();
            largest = found.zip(expected).fold(largest, |largest, (a, b)| largest.max((a - b).abs()));
        }
    }
    largest
}

#[test]
fn every_family_computes_what_the_training_framework_does() {
    let smalls = small::all();
    assert!(smalls.len() >= 6);
    for small in smalls {
        let sandbox = Sandbox::new(&[]);
        small.write(&sandbox.path("model"));
        let far = distance(&Model::load_on(F32, &sandbox.path("model")).unwrap(), &small);
        assert!(far < 1e-3, "{}: {far}", small.name);
        let far = distance(&Model::load_on(BF16, &sandbox.path("model")).unwrap(), &small);
        assert!(far < 0.1, "{} in bf16: {far}", small.name);
    }
}

#[test]
fn every_family_annotates_text_with_offsets_that_fit() {
    let text = "“It’s over,” said Zoë Ng, 41.\n\nShe — a nurse — told    reporters: \"Nothing <pad> new\". 中文 👋🏽";
    for small in small::all() {
        let sandbox = Sandbox::new(&[("a.txt", text.as_bytes())]);
        small.write(&sandbox.path("model"));
        let lines = sandbox.annotate(&["a.txt", "--backend", "rust-bert", "--model", "model"]);
        let statements = lines[0]["statements"].as_array().unwrap();
        let spans = statements.iter().flat_map(|it| ["content", "cue", "source"].map(|field| &it[field]));
        for span in spans.flat_map(|it| it.as_array().unwrap()) {
            let (start, end) = (span["start"].as_u64().unwrap() as usize, span["end"].as_u64().unwrap() as usize);
            let words: String = text.chars().skip(start).take(end - start).collect();
            assert_eq!(span["text"], words.as_str());
            assert_eq!(words.trim(), words, "{}", small.name);
        }
    }
}
