//! The runtime against the scores that the training framework gave when the model was exported.

use dixit::document::{Byte, CharIndex, Span};
use dixit::encoder::{Words, sections};
use dixit::model::Model;
use dixit::quotations::{Quoted, quotations};
use dixit::segment;
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    text: String,
    ids: Vec<i32>,
    types: Vec<i32>,
    first: Vec<usize>,
    spans: Vec<(usize, usize)>,
    rounded: Vec<Vec<f32>>,
}

fn references() -> Vec<Reference> {
    serde_json::from_str(include_str!("../../models/news-en/reference.json")).unwrap()
}

#[test]
fn words_pieces_and_types_are_those_of_the_training() {
    let model = Model::embedded().unwrap();
    for reference in references() {
        let text = &reference.text;
        let paragraphs: Vec<Span<Byte>> = segment::paragraphs(text).iter().map(|p| p.span).collect();
        let quoted = Quoted::new(&quotations(text, &paragraphs));
        let words = Words::of(text, &paragraphs, &quoted, &model.tokens).unwrap();
        let sections = sections(&words, model.config.window, &model.tokens);
        let window = &sections[0].windows[0];
        assert_eq!(window.ids, reference.ids, "{text}");
        assert_eq!(window.types, reference.types, "{text}");
        assert_eq!(window.first, reference.first, "{text}");
        let index = CharIndex::new(text);
        let spans = (0..words.len()).map(|k| index.chars(words.span(Span::new(k, k + 1))));
        assert_eq!(spans.map(|s| (s.start, s.end)).collect::<Vec<_>>(), reference.spans, "{text}");
    }
}

/// The training rounds as the graph does, but for the words' own vectors, which the graph alone stores in 8 bits: that moves
/// some values by a step, and every layer spreads it.
#[test]
fn scores_are_those_of_the_training_framework_with_its_rounding() {
    let model = Model::embedded().unwrap();
    let (mut largest, mut sum, mut all) = (0f32, 0f32, 0f32);
    for reference in references() {
        let window = dixit::encoder::Window {
            ids: reference.ids,
            types: reference.types,
            owned: 0..reference.first.len(),
            first: reference.first,
            start: 0,
        };
        let scores = model.encoder.encode(&[&window]).unwrap();
        for (word, expected) in reference.rounded.iter().enumerate() {
            for (found, expected) in scores[0].row(word).iter().zip(expected) {
                largest = largest.max((found - expected).abs());
                sum += (found - expected).abs();
                all += 1.0;
            }
        }
    }
    assert!(all > 500.0, "only {all} scores");
    assert!(largest < 2.0 && sum / all < 0.15, "up to {largest}, on average {}", sum / all);
}
