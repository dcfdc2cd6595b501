//! Small networks whose weights follow from their names, as model folders.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use safetensors::tensor::{Dtype, TensorView, serialize};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;

/// A network, and what the training framework computes with it.
#[derive(Clone, Deserialize)]
pub struct Small {
    pub name: String,
    /// The encoder's part of `config.json`.
    pub config: Value,
    /// The shapes of the weights.
    pub weights: BTreeMap<String, Vec<usize>>,
    pub windows: Vec<Reference>,
}

#[derive(Clone, Deserialize)]
pub struct Reference {
    pub ids: Vec<i32>,
    pub types: Vec<i32>,
    /// The first columns of each piece's scores.
    pub scores: Vec<Vec<f32>>,
}

/// All of them: one a family or more.
pub fn all() -> Vec<Small> {
    serde_json::from_str(include_str!("architectures.json")).unwrap()
}

/// The one of this name.
pub fn named(name: &str) -> Small {
    all().into_iter().find(|small| small.name == name).unwrap()
}

impl Small {
    /// Writes the network as a model folder without a graph, with dixit's part of the configuration of `news-en`.
    pub fn write(&self, folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        let write = |name: &str, content: &[u8]| fs::write(folder.join(name), content).unwrap();
        let mut config = self.config.clone();
        let news_en: Value = serde_json::from_str(include_str!("../../../models/news-en/config.json")).unwrap();
        if config["dixit"].is_null() {
            config["dixit"] = news_en["dixit"].clone();
            // The small networks have no head for the roles within contents, and none for the affinity of mentions.
            config["dixit"]["inner_transitions"] = Value::Null;
            config["dixit"]["affinity"] = Value::Null;
        }
        write("config.json", config.to_string().as_bytes());
        let tokenizer = if self.config["model_type"] == "roberta" { byte_level() } else { word_piece() };
        write("tokenizer.json", tokenizer.to_string().as_bytes());
        let data: Vec<(&String, Vec<u8>)> =
            self.weights.iter().map(|(name, shape)| (name, bytes(name, shape.iter().product()))).collect();
        let views = data
            .iter()
            .map(|(name, bytes)| (*name, TensorView::new(Dtype::F32, self.weights[*name].clone(), bytes).unwrap()));
        write("model.safetensors", &serialize(views, &None).unwrap());
    }
}

/// Numbers between -0.25 and 0.25; those of a norm's weight lie around 1. `architectures.py` has the same.
fn bytes(name: &str, count: usize) -> Vec<u8> {
    let seed = name.bytes().fold(0u32, |seed, byte| seed.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let center = if name.ends_with("LayerNorm.weight") || name.ends_with("layer_norm.weight") { 1.0 } else { 0.0 };
    let value = |at: u32| {
        let mut x = at.wrapping_mul(2654435761).wrapping_add(seed);
        for _ in 0..2 {
            x = (x ^ (x >> 16)).wrapping_mul(0x45D9F3B);
        }
        (f64::from(x ^ (x >> 16)) / 2f64.powi(32) / 2.0 - 0.25 + center) as f32
    };
    (0..count as u32).flat_map(|at| value(at).to_le_bytes()).collect()
}

/// A tokenizer of single letters in the manner of BERT.
pub fn word_piece() -> Value {
    let letters = "abcdefghijklmnopqrstuvwxyz0123456789.,:;!?'\"“”()-".chars();
    let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"].map(str::to_owned).into_iter();
    let pieces = pieces.chain(letters.flat_map(|letter| [letter.to_string(), format!("##{letter}")]));
    json!({
        "version": "1.0",
        "added_tokens": [],
        "normalizer": {
            "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null,
            "lowercase": true,
        },
        "pre_tokenizer": { "type": "BertPreTokenizer" },
        "post_processor": { "type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2] },
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 40,
            "vocab": vocabulary(pieces),
        },
    })
}

/// A tokenizer of single bytes in the manner of RoBERTa, with its usual numbers for the special pieces.
fn byte_level() -> Value {
    let mut letters: Vec<String> = ByteLevel::alphabet().into_iter().map(String::from).collect();
    letters.sort();
    let special = ["<s>", "<pad>", "</s>", "<unk>"].map(str::to_owned).into_iter();
    json!({
        "version": "1.0",
        "added_tokens": [],
        "pre_tokenizer": { "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true },
        "post_processor": {
            "type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": true,
            "add_prefix_space": false,
        },
        "model": { "type": "BPE", "unk_token": "<unk>", "vocab": vocabulary(special.chain(letters)), "merges": [] },
    })
}

fn vocabulary(pieces: impl Iterator<Item = String>) -> Map<String, Value> {
    pieces.enumerate().map(|(id, piece)| (piece, id.into())).collect()
}
