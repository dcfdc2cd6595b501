//! CofeNet's JSONL: a row of tokens with BIO labels a line (Wang et al. 2022).
//!
//! The labels say which tokens have which role and not what belongs together: each run of a role is an attribution of
//! its own. As in CofeNet's own scorer, an `I-` of another role, or after `O`, ends what is open and begins nothing.
//!
//! With a folder of texts, the rows whose id is NAME_WHO or NAME are aligned with NAME.txt, and all rows of a text are
//! one document. Without, each row is a document, its text the tokens with spaces between.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

use super::align;
use super::context::{self, Collector, Context};
use super::tokens::{self, TokenText};
use super::{Fault, GoldError};
use crate::corpus::Place;
use crate::document::{Byte, Document, Span};
use crate::eval::{Attribution, Labelled, Scope, Tokens};

const SCOPE: Scope = Scope { relations: false, speakers: false, ..Scope::ALL };

#[derive(Deserialize)]
struct Row {
    tokens: Vec<String>,
    labels: Vec<String>,
    id: Option<String>,
    #[serde(skip)]
    line: usize,
}

pub(super) fn read(path: &Path, context: &Context<'_>, found: &mut Collector) -> Result<(), GoldError> {
    for file in context::files(path, &["jsonl", "json", "txt"]) {
        let text = context::file(&file)?;
        // Beside the rows CofeNet has lists of words and of labels.
        if path.is_dir() && !text.trim_start().starts_with('{') {
            continue;
        }
        let place = context::place(&file);
        let rows = rows(&text, &place, found);
        let documents = by_document(rows, &context::stem(&file));
        let sources: Vec<_> = documents.iter().map(|(name, _)| source(name, context)).collect();
        let mut count: HashMap<&str, usize> = HashMap::new();
        for source in &sources {
            if let Source::Text { id, .. } = source {
                *count.entry(id).or_default() += 1;
            }
        }
        for ((name, rows), source) in documents.iter().zip(&sources) {
            let line = rows.first().map_or(0, |row| row.line);
            match source {
                Source::Text { annotator: Some(it), .. }
                    if context.options.annotator.as_ref().is_some_and(|asked| asked != it) => {}
                Source::Text { id, annotator: Some(annotator), text } if count[id.as_str()] > 1 => {
                    aligned(format!("{id}@{annotator}"), text, rows, &place, context, found);
                }
                Source::Text { id, text, .. } => aligned(id.clone(), text, rows, &place, context, found),
                Source::Rows => apart(name, rows, &place, context, found),
                Source::Missing => found.warn(place.at_line(line), Fault::NoText(name.clone())),
            }
        }
    }
    Ok(())
}

fn rows(text: &str, place: &Place, found: &mut Collector) -> Vec<Row> {
    let mut rows = Vec::new();
    for (at, line) in text.trim_start_matches('\u{FEFF}').lines().enumerate().filter(|(_, it)| !it.trim().is_empty()) {
        match serde_json::from_str::<Row>(line) {
            Ok(row) if row.tokens.len() == row.labels.len() => rows.push(Row { line: at + 1, ..row }),
            Ok(row) => {
                let fault = format!("{} tokens with {} labels", row.tokens.len(), row.labels.len());
                found.warn(place.at_line(at + 1), Fault::Malformed(fault));
            }
            Err(error) => {
                found.warn(place.at_line(at + 1), Fault::Malformed(format!("malformed JSON: {error}")));
            }
        }
    }
    rows
}

/// The rows by their id, in the order in which the ids come.
fn by_document(rows: Vec<Row>, default: &str) -> Vec<(String, Vec<Row>)> {
    let mut documents: Vec<(String, Vec<Row>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in rows {
        let id = row.id.clone().filter(|it| !it.is_empty()).unwrap_or_else(|| default.to_owned());
        let place = *places.entry(id.clone()).or_insert(documents.len());
        if place == documents.len() {
            documents.push((id, Vec::new()));
        }
        documents[place].1.push(row);
    }
    documents
}

/// Where the text of rows comes from.
enum Source {
    /// From a file or the gold.
    Text { id: String, annotator: Option<String>, text: String },
    /// From the rows themselves.
    Rows,
    /// From a file that is not there.
    Missing,
}

/// Finds the text of rows under their id, or under what is left of it without the annotator at its end.
fn source(name: &str, context: &Context<'_>) -> Source {
    let mut candidates = vec![(name.to_owned(), None)];
    if let Some((id, annotator)) = name.rsplit_once('_') {
        // Where several people labelled a text, the gold calls the documents so.
        candidates.push((format!("{id}@{annotator}"), None));
        candidates.push((id.to_owned(), Some(annotator.to_owned())));
    }
    for (id, annotator) in candidates {
        if let Ok(text) = context.text(&id) {
            return Source::Text { id, annotator, text };
        }
    }
    if context.options.texts.is_some() { Source::Missing } else { Source::Rows }
}

/// All rows of a text as one document.
fn aligned(id: String, text: &str, rows: &[Row], place: &Place, context: &Context<'_>, found: &mut Collector) {
    let words: Vec<Vec<String>> = rows.iter().map(|row| row.tokens.clone()).collect();
    let mut spans: Vec<_> = rows.iter().zip(align::align(text, &words)).collect();
    // Instances stand in text order, whatever the order of the rows.
    spans.sort_by_key(|(_, spans)| spans.iter().find(|it| !it.is_empty()).or(spans.first()).map(|it| it.start));
    let mut tokens = Tokens::default();
    let mut attributions = Vec::new();
    for (row, spans) in spans {
        for (role, start, end) in bio(&row.labels) {
            match tokens::run(&spans[start..end]) {
                Some(span) => attributions.extend(attribution(role, span)),
                None => found.warn(place.at_line(row.line), Fault::NotInText(row.tokens[start..end].join(" "))),
            }
        }
        let first = tokens.spans.len();
        tokens.spans.extend(spans);
        tokens.instances.push(first..tokens.spans.len());
    }
    let line = rows.first().map_or(0, |row| row.line);
    let document = Document::new(id, text);
    let labelled = Labelled { document, scope: SCOPE, attributions, speakers: Vec::new(), tokens: Some(tokens) };
    found.push(context, &place.at_line(line), labelled);
}

/// Every row as a document.
fn apart(name: &str, rows: &[Row], place: &Place, context: &Context<'_>, found: &mut Collector) {
    for (at, row) in rows.iter().enumerate() {
        let mut words = TokenText::default();
        row.tokens.iter().for_each(|token| words.push(" ", token));
        words.end_instance();
        let spans = &words.tokens.spans;
        let runs = bio(&row.labels).into_iter();
        let attributions = runs.filter_map(|(role, start, end)| attribution(role, tokens::run(&spans[start..end])?));
        let attributions = attributions.collect();
        let labelled = Labelled {
            attributions,
            document: Document::new(format!("{name}#{}", at + 1), words.text),
            scope: SCOPE,
            speakers: Vec::new(),
            tokens: Some(words.tokens),
        };
        found.push(context, &place.at_line(row.line), labelled);
    }
}

/// An attribution of one role.
fn attribution(role: &str, span: Span<Byte>) -> Option<Attribution> {
    let mut attribution = Attribution::default();
    match role.to_ascii_lowercase().as_str() {
        "content" => attribution.content.push(span),
        "cue" => attribution.cue.push(span),
        "source" => attribution.source.push(span),
        _ => return None,
    }
    Some(attribution)
}

/// The runs of BIO labels, as (role, first token, token after the last).
fn bio(labels: &[String]) -> Vec<(&str, usize, usize)> {
    let mut runs: Vec<(&str, usize, usize)> = Vec::new();
    let mut open = false;
    for (at, label) in labels.iter().enumerate() {
        match (label.split_once('-'), runs.last_mut()) {
            (Some(("B", role)), _) => {
                runs.push((role, at, at + 1));
                open = true;
            }
            (Some(("I", role)), Some(last)) if open && last.0 == role => last.2 = at + 1,
            _ => open = false,
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::gold::testing::{gold, gold_with};
    use crate::eval::gold::{Format, Options};

    #[test]
    fn an_orphan_ends_what_is_open_and_begins_nothing() {
        let cases = [
            ("B-cue I-cue O B-cue", [("cue", 0, 2), ("cue", 3, 4)].as_slice()),
            ("I-cue I-cue B-cue", &[("cue", 2, 3)]),
            ("B-cue I-content I-cue", &[("cue", 0, 1)]),
            ("B-cue O I-cue", &[("cue", 0, 1)]),
            ("B-cue B-cue I-cue", &[("cue", 0, 1), ("cue", 1, 3)]),
            ("O _", &[]),
        ];
        for (labels, expected) in cases {
            let labels: Vec<_> = labels.split(' ').map(str::to_owned).collect();
            assert_eq!(bio(&labels), expected, "{labels:?}");
        }
    }

    const ROWS: &str = concat!(
        r#"{"tokens": ["Nobody", "had", "asked", ",", "``", "she", "said", "."], "labels": ["B-content", "I-content", "#,
        r#""I-content", "O", "O", "B-source", "B-cue", "O"], "id": "quay_1f"}"#,
        "\n",
        r#"{"tokens": ["Rain", "."], "labels": ["O"], "id": "quay_1f"}"#,
        "\n",
        r#"{"tokens": ["Rain", "fell", "."], "labels": ["O", "O", "O"], "id": "quay_1f"}"#,
    );

    #[test]
    fn rows_become_documents() {
        let (documents, warnings) = gold(&[("a.jsonl", ROWS), ("voc.txt", "Rain\n")], "");
        assert_eq!(warnings, ["a.jsonl:2: 2 tokens with 1 labels; mend it or take it out"]);
        let texts: Vec<_> = documents.iter().map(|it| (it.document.id.as_str(), it.document.text.as_str())).collect();
        assert_eq!(texts, [("quay_1f#1", "Nobody had asked , `` she said ."), ("quay_1f#2", "Rain fell .")]);
        let first = &documents[0];
        assert_eq!((first.attributions.len(), first.scope.relations), (3, false));
        assert_eq!(first.tokens.as_ref().unwrap().instances.first(), Some(&(0..8)));
    }

    #[test]
    fn rows_of_a_text_become_one_document() {
        let files = [("a.jsonl", ROWS), ("texts/quay.txt", "Rain fell.\n\n“Nobody had asked,” she said.")];
        let (documents, warnings) = gold_with(&files, "a.jsonl", |folder| Options {
            format: Some(Format::Cofenet),
            texts: Some(folder.join("texts")),
            ..Options::default()
        });
        assert_eq!(warnings.len(), 1);
        let [only] = documents.as_slice() else { panic!("{documents:?}") };
        assert_eq!(only.document.id, "quay");
        let content = only.attributions.iter().flat_map(|it| &it.content);
        assert_eq!(content.map(|it| it.of(&only.document.text)).collect::<Vec<_>>(), ["Nobody had asked"]);
        // The rows are out of order, the instances are not.
        assert!(only.tokens.as_ref().unwrap().spans.is_sorted());
    }
}
