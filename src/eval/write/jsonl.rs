//! Labelled documents as dixit's gold JSONL: one object a line, with nothing lost.
//!
//! `id`, `text` and `attributions`, each with `id`, `content`, `cue`, `source`, `mode`, `kind`, `speaker` (a name, empty
//! where there is none) and `speaker_type`; what is not known is left out. Where names alone do not say who the speakers
//! are, `speakers` lists them and `speaker_id` refers to the list. `scope` is there where not everything is labelled,
//! `tokens` where the corpus has some.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::corpus::labels;
use crate::document::{Byte, CharIndex, Span};
use crate::eval::fields::{ScopeFields, TokenFields};
use crate::eval::{Attribution, Labelled, Naming, Scope, Speaker};

/// Writes one labelled document as a line.
///
/// # Errors
/// If `output` cannot be written to.
pub fn write(output: &mut impl Write, labelled: &Labelled) -> io::Result<()> {
    serde_json::to_writer(&mut *output, &Line::new(labelled))?;
    output.write_all(b"\n")
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    text: &'a str,
    attributions: Vec<AttributionFields<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    speakers: Vec<SpeakerFields<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<ScopeFields>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<TokenFields>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

#[derive(Serialize)]
struct SpanFields<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct AttributionFields<'a> {
    id: usize,
    content: Vec<SpanFields<'a>>,
    cue: Vec<SpanFields<'a>>,
    source: Vec<SpanFields<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    naming: Option<&'static str>,
    speaker: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker_id: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<usize>,
}

#[derive(Serialize)]
struct SpeakerFields<'a> {
    id: usize,
    name: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    names: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    mentions: Vec<SpanFields<'a>>,
}

impl<'a> Line<'a> {
    fn new(labelled: &'a Labelled) -> Self {
        let text = labelled.document.text.as_str();
        let index = CharIndex::new(text);
        let listed = !speak_for_themselves(labelled);
        let attributions = labelled.attributions.iter().enumerate();
        let speakers = labelled.speakers.iter().enumerate().filter(|_| listed);
        Self {
            id: &labelled.document.id,
            text,
            attributions: attributions.map(|(at, it)| attribution(at, it, labelled, &index, listed)).collect(),
            speakers: speakers.map(|(at, it)| speaker(at, it, text, &index)).collect(),
            scope: (labelled.scope != Scope::ALL).then(|| labelled.scope.into()),
            tokens: labelled.tokens.as_ref().map(|it| TokenFields::new(it, &index)),
            extra: extra(labelled),
        }
    }
}

/// The further fields, less those whose names are taken.
fn extra(labelled: &Labelled) -> Map<String, Value> {
    const OWN: [&str; 7] = ["id", "text", "attributions", "statements", "speakers", "scope", "tokens"];
    let free = labelled.document.extra.iter().filter(|(name, _)| !OWN.contains(&name.as_str()));
    free.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Whether the speakers are those, and in the order, that one finds by the names in the attributions.
fn speak_for_themselves(labelled: &Labelled) -> bool {
    let mut seen: Vec<usize> = Vec::new();
    let mut called = std::collections::HashSet::new();
    for at in labelled.attributions.iter().filter_map(|it| it.speaker) {
        if at == seen.len() {
            seen.push(at);
        } else if at > seen.len() {
            return false;
        }
    }
    let simple = |it: &Speaker| it.mentions.is_empty() && it.names.len() == 1 && !it.names[0].is_empty();
    seen.len() == labelled.speakers.len()
        && labelled.speakers.iter().all(|it| simple(it) && called.insert((&it.names[0], it.kind)))
}

fn attribution<'a>(
    at: usize,
    it: &'a Attribution,
    labelled: &'a Labelled,
    index: &CharIndex<'_>,
    listed: bool,
) -> AttributionFields<'a> {
    let text = labelled.document.text.as_str();
    let speaker = it.speaker.and_then(|at| labelled.speakers.get(at));
    AttributionFields {
        id: at + 1,
        content: spans(&it.content, text, index),
        cue: spans(&it.cue, text, index),
        source: spans(&it.source, text, index),
        mode: it.mode.map(labels::mode),
        kind: it.kind.map(labels::kind),
        naming: it.naming.map(Naming::name),
        speaker: speaker.and_then(|it| it.names.first()).map_or("", String::as_str),
        speaker_type: speaker.and_then(|it| it.kind).map(labels::speaker_type),
        speaker_id: speaker.and(it.speaker).filter(|_| listed).map(|at| at + 1),
        confidence: it.confidence.filter(|it| it.is_finite()),
        parent: it.parent.map(|at| at + 1),
    }
}

fn speaker<'a>(at: usize, it: &'a Speaker, text: &'a str, index: &CharIndex<'_>) -> SpeakerFields<'a> {
    SpeakerFields {
        id: at + 1,
        name: it.names.first().map_or("", String::as_str),
        names: if it.names.len() > 1 { &it.names } else { &[] },
        r#type: it.kind.map(labels::speaker_type),
        mentions: spans(&it.mentions, text, index),
    }
}

fn spans<'a>(spans: &[Span<Byte>], text: &'a str, index: &CharIndex<'_>) -> Vec<SpanFields<'a>> {
    let fields = |span: &Span<Byte>| {
        let chars = index.chars(*span);
        SpanFields { start: chars.start, end: chars.end, text: span.of(text) }
    };
    spans.iter().map(fields).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::arbitrary::labelled;
    use crate::eval::gold::{self, Options};
    use proptest::prelude::*;

    fn written(documents: &[Labelled]) -> String {
        let mut output = Vec::new();
        documents.iter().for_each(|it| write(&mut output, it).unwrap());
        String::from_utf8(output).unwrap()
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(labelled in labelled()) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.jsonl");
            std::fs::write(&path, written(std::slice::from_ref(&labelled))).unwrap();
            let read = gold::read(&path, &Options::default()).unwrap();
            prop_assert_eq!(read.warnings.len(), 0);
            prop_assert_eq!(read.documents, vec![labelled]);
        }
    }

    #[test]
    fn speakers_who_are_names_need_no_list() {
        let text = "“Stay,” said Ana Ruiz.";
        let speaker =
            |names: &[&str]| Speaker { names: names.iter().map(|it| (*it).to_owned()).collect(), ..Speaker::default() };
        let document = |speaker: Speaker| Labelled {
            document: crate::document::Document::new("a", text),
            scope: Scope::ALL,
            attributions: vec![Attribution {
                content: vec![Span::new(0, 11)],
                speaker: Some(0),
                ..Attribution::default()
            }],
            speakers: vec![speaker],
            tokens: None,
        };
        let expected = concat!(
            r#"{"id":"a","text":"“Stay,” said Ana Ruiz.","attributions":[{"id":1,"content":[{"start":0,"end":7,"#,
            r#""text":"“Stay,”"}],"cue":[],"source":[],"speaker":"Ana Ruiz"}]}"#,
            "\n",
        );
        assert_eq!(written(&[document(speaker(&["Ana Ruiz"]))]), expected);
        let listed = written(&[document(speaker(&["Ana Ruiz", "Ruiz"]))]);
        assert!(
            listed.contains(r#""speakers":[{"id":1,"name":"Ana Ruiz","names":["Ana Ruiz","Ruiz"],"mentions":[]}]"#)
        );
    }
}
