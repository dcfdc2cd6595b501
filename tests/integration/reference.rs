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
    roles: Vec<Vec<f32>>,
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

#[test]
fn eight_bit_scores_prefer_the_labels_of_the_training_framework() {
    let model = Model::embedded().unwrap();
    let best = |row: &[f32]| (0..7).max_by(|&a, &b| row[a].total_cmp(&row[b]));
    let (mut same, mut all) = (0, 0);
    for reference in references() {
        let window = dixit::encoder::Window {
            ids: reference.ids,
            types: reference.types,
            owned: 0..reference.first.len(),
            first: reference.first,
            start: 0,
        };
        let scores = model.encoder.encode(&[&window]).unwrap();
        for (word, expected) in reference.roles.iter().enumerate() {
            all += 1;
            same += usize::from(best(scores[0].row(word)) == best(expected));
        }
    }
    assert!(all > 50, "only {all} words");
    assert!(same * 100 >= all * 95, "{same} of {all} words keep their label");
}
