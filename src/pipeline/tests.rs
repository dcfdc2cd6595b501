//! The whole way with a network made for the purpose.

use std::path::Path;

use serde_json::{Value, json};

use super::*;
use crate::encoder::{Encoder, Tokens};
use crate::model::{Columns, Config};

const TEXT: &str = "Vogt met Petit. She said that it rained.";

/// The words the made network knows, by their ids.
const WORDS: [&str; 13] = ["?", "<", ">", "vogt", "met", "petit", ".", "she", "said", "that", "it", "rained", "mr"];

/// A network that labels the words of [`TEXT`], and gives each name the affinity to "She" that it was made with.
struct Made {
    columns: Columns,
    /// "vogt" and "petit".
    affinities: [f32; 2],
}

impl Encoder for Made {
    fn encode(&self, windows: &[&Window]) -> Result<Vec<Scores>, EncodeError> {
        Ok(windows.iter().map(|window| self.score(window)).collect())
    }

    fn batch_pieces(&self) -> usize {
        256
    }
}

impl Made {
    fn score(&self, window: &Window) -> Scores {
        const SURE: f32 = 40.0;
        let mut scores = Scores::zeros(window.first.len(), self.columns.end);
        for (word, &piece) in window.first.iter().enumerate() {
            let row = scores.row_mut(word);
            let name = WORDS[window.ids[piece] as usize];
            let role = match name {
                "she" => 1,
                "said" => 3,
                "that" => 5,
                "it" | "rained" => 6,
                _ => 0,
            };
            row[role] = SURE;
            row[self.columns.entities + usize::from(matches!(name, "vogt" | "petit"))] = SURE;
            if self.columns.inner < self.columns.affinity {
                row[self.columns.inner] = SURE;
            }
            if self.columns.affinity < self.columns.end {
                let vectors = &mut row[self.columns.affinity..];
                match name {
                    "she" => vectors[1] = 1.0,
                    "vogt" => vectors[3] = self.affinities[0],
                    "petit" => vectors[3] = self.affinities[1],
                    _ => {}
                }
            }
        }
        scores
    }
}

fn annotator(affinity: Option<Value>, affinities: [f32; 2]) -> Annotator {
    let mut config: Value =
        serde_json::from_str(include_str!("../../models/news-en/config.json")).expect("the configuration is JSON");
    let dixit = &mut config["dixit"];
    dixit["links"]["none_bias"] = json!([-90.0, -90.0, -90.0]);
    dixit["affinity"] = affinity.unwrap_or(Value::Null);
    dixit["antecedents"]["features"] = json!(["affinity-share", "tokens"]);
    dixit["antecedents"]["linear"] = json!([10.0, 0.1]);
    for none in ["hidden", "bias", "out"] {
        dixit["antecedents"][none] = json!([]);
    }
    let config = Config::parse(config.to_string().as_bytes(), Path::new("config.json")).expect("the parts fit");
    let vocabulary: Value = WORDS.iter().enumerate().map(|(id, word)| ((*word).to_owned(), json!(id))).collect();
    let tokenizer = json!({
        "version": "1.0", "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "BertProcessing", "cls": ["<", 1], "sep": [">", 2]},
        "model": {"type": "WordLevel", "unk_token": "?", "vocab": vocabulary},
    });
    let tokens = Tokens::from_json(tokenizer.to_string().as_bytes()).expect("the tokenizer is sound");
    let encoder = Box::new(Made { columns: config.columns(), affinities });
    Annotator::new(Model { config, tokens, encoder })
}

fn speaker(annotator: &Annotator) -> String {
    let annotation = annotator.annotate_text(TEXT).expect("the network can be run");
    let [statement] = annotation.statements.as_slice() else { panic!("{:?}", annotation.statements) };
    statement.speaker.map_or_else(|| "-".to_owned(), |speaker| annotation.speakers[speaker].name.clone())
}

#[test]
fn the_affinity_columns_decide_who_a_pronoun_means() {
    let affinity = || Some(json!({"size": 2, "none": [0.0, 0.5], "none_bias": -1.0}));
    let cases = [
        ("the first name is nearer", affinity(), [3.0, -3.0], "Vogt"),
        ("the second name is nearer", affinity(), [-3.0, 3.0], "Petit"),
        // Of equals the one further back has the larger "tokens".
        ("a network without such columns", None, [-3.0, 3.0], "Vogt"),
    ];
    for (name, affinity, affinities, expected) in cases {
        assert_eq!(speaker(&annotator(affinity, affinities)), expected, "{name}");
    }
}

#[test]
fn anaphors_show_what_the_network_says() {
    let affinity = json!({"size": 2, "none": [0.0, 0.5], "none_bias": -1.0});
    let annotator = annotator(Some(affinity), [3.0, -3.0]);
    let anaphors = annotator.anaphors(TEXT, &[]).expect("the network can be run");
    let she = anaphors.first().expect("there is a pronoun");
    let place = |name: &str| speakers::FEATURES.iter().position(|it| *it == name).expect("there is such a feature");
    let told = |feature: &str| she.antecedents.iter().map(|of| of.features[place(feature)]).collect::<Vec<_>>();
    let names: Vec<_> = she.antecedents.iter().map(|of| of.name.as_str()).collect();
    assert_eq!(names, ["Petit", "Vogt"]);
    assert_eq!(told("affinity-known"), [1.0, 1.0]);
    assert_eq!(told("affinity-first"), [0.0, 1.0]);
    let root = 2f32.sqrt();
    let [petit, vogt, none] = [-3.0 / root, 3.0 / root, 0.5 / root - 1.0].map(f32::exp);
    let total = petit + vogt + none;
    for (found, expected) in told("affinity-share").into_iter().zip([petit / total, vogt / total]) {
        assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
    }
    assert!(told("affinity-none").iter().all(|found| (found - none / total).abs() < 1e-5));
}
