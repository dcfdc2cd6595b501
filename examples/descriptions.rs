//! Prints what the descriptions among the sources of texts can mean, as `models/training/descriptions.py` takes it.
//!
//! `cargo run --release --example descriptions -- TEXTS` reads JSON Lines with `id` and `text`.

use std::fs::File;
use std::io::{BufRead, BufReader, Write, stdout};
use std::path::Path;

use dixit::{Annotator, CharIndex, Span};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let texts = std::env::args().nth(1).ok_or("usage: descriptions TEXTS")?;
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
        let mut found = Vec::new();
        for description in annotator.descriptions(text)? {
            let candidate = |it: &dixit::speakers::Antecedent| json!({"name": it.name, "mentions": places(&it.mentions), "features": it.features, "score": it.score});
            let candidates: Vec<Value> = description.antecedents.iter().map(candidate).collect();
            found.push(
                json!({"span": place(&description.span), "contents": places(&description.content), "candidates": candidates}),
            );
        }
        writeln!(out, "{}", json!({"id": document["id"], "descriptions": found}))?;
    }
    Ok(())
}
