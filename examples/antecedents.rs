//! Prints what the pronouns of texts can mean, as `models/training/antecedents.py` takes it.
//!
//! `cargo run --release --example antecedents -- TEXTS` reads JSON Lines with `id`, `text` and, where
//! names are given (GAP), `pairs`.

use std::fs::File;
use std::io::{BufRead, BufReader, Write, stdout};
use std::path::Path;

use dixit::{Annotator, CharIndex, Span};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let texts = std::env::args().nth(1).ok_or("usage: antecedents TEXTS")?;
    let annotator = Annotator::load(Path::new("models/news-en"))?;
    let mut out = stdout().lock();
    for line in BufReader::new(File::open(texts)?).lines() {
        let document: Value = serde_json::from_str(&line?)?;
        let text = document["text"].as_str().ok_or("no text")?;
        let index = CharIndex::new(text);
        let place = |span: &Span<_>| {
            let chars = index.chars(*span);
            json!([chars.start, chars.end])
        };
        let places = |spans: &[Span<_>]| spans.iter().map(place).collect::<Vec<_>>();
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let pairs = document["pairs"].as_array().into_iter().flatten();
        let names = pairs.flat_map(|pair| pair["names"].as_array().into_iter().flatten());
        let byte = |place: &Value| place.as_u64().and_then(|at| starts.get(usize::try_from(at).ok()?).copied());
        let persons: Vec<_> = names.filter_map(|name| Some(Span::new(byte(&name[0])?, byte(&name[1])?))).collect();
        let mut anaphors = Vec::new();
        for anaphor in annotator.anaphors(text, &persons)? {
            let candidate = |it: &dixit::speakers::Antecedent| json!({"name": it.name, "mentions": places(&it.mentions), "features": it.features, "score": it.score});
            let candidates: Vec<Value> = anaphor.antecedents.iter().map(candidate).collect();
            anaphors.push(
                json!({"span": place(&anaphor.span), "contents": places(&anaphor.content), "candidates": candidates}),
            );
        }
        writeln!(out, "{}", json!({"id": document["id"], "anaphors": anaphors}))?;
    }
    Ok(())
}
