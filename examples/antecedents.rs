//! Prints what the pronouns and descriptions of texts can mean, as `models/training/antecedents.py` takes it.
//!
//! `cargo run --release --example antecedents -- MODEL TEXTS` reads JSON Lines with `id`, `text` and, where names are given
//! (GAP), `pairs`. MODEL is a model folder.

use std::fs::File;
use std::io::{BufRead, BufReader, Write, stdout};
use std::path::Path;

use dixit::speakers::{Anaphor, Antecedent, DESCRIPTION_FEATURES, FEATURES};
use dixit::{Annotator, CharIndex, Span};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, texts] = arguments.as_slice() else { return Err("usage: antecedents MODEL TEXTS".into()) };
    let annotator = Annotator::load(Path::new(model))?;
    let mut out = stdout().lock();
    for line in BufReader::new(File::open(texts)?).lines() {
        let document: Value = serde_json::from_str(&line?)?;
        let text = document["text"].as_str().ok_or("no text")?;
        let anaphors = annotator.anaphors(text, &persons(&document, text))?;
        let index = CharIndex::new(text);
        let of = |described: bool| -> Vec<Value> {
            anaphors.iter().filter(|it| it.is_description == described).map(|it| anaphor(it, &index)).collect()
        };
        let found = json!({
            "id": document["id"],
            "antecedents": {"features": FEATURES.to_vec(), "anaphors": of(false)},
            "descriptions": {"features": DESCRIPTION_FEATURES.to_vec(), "anaphors": of(true)},
        });
        writeln!(out, "{found}")?;
    }
    Ok(())
}

/// The names that are given with a document.
fn persons(document: &Value, text: &str) -> Vec<Span<dixit::document::Byte>> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let byte = |place: &Value| place.as_u64().and_then(|at| starts.get(usize::try_from(at).ok()?).copied());
    let pairs = document["pairs"].as_array().into_iter().flatten();
    let names = pairs.flat_map(|pair| pair["names"].as_array().into_iter().flatten());
    names.filter_map(|name| Some(Span::new(byte(&name[0])?, byte(&name[1])?))).collect()
}

fn anaphor(anaphor: &Anaphor, index: &CharIndex) -> Value {
    let place = |span: &Span<_>| {
        let chars = index.chars(*span);
        json!([chars.start, chars.end])
    };
    let places = |spans: &[Span<_>]| spans.iter().map(place).collect::<Vec<_>>();
    let candidate = |it: &Antecedent| json!({"name": it.name, "mentions": places(&it.mentions), "features": it.features, "score": it.score});
    let candidates: Vec<Value> = anaphor.antecedents.iter().map(candidate).collect();
    json!({"span": place(&anaphor.span), "contents": places(&anaphor.content), "candidates": candidates})
}
