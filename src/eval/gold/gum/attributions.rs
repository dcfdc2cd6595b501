//! GUM's attributions as JSONL: `tokens`, `space_after`, `sentences`, `mentions` and `attributions`, by token numbers.

use serde::Deserialize;

use super::{Cited, GumDocument, Mention, kind};
use crate::corpus::Place;
use crate::eval::gold::Fault;
use crate::eval::gold::context::{Collector, Context};

#[derive(Deserialize)]
struct Line {
    id: String,
    tokens: Vec<String>,
    #[serde(default)]
    space_after: Vec<bool>,
    #[serde(default)]
    sentences: Vec<(usize, usize)>,
    #[serde(default)]
    mentions: Vec<MentionFields>,
    #[serde(default)]
    attributions: Vec<AttributionFields>,
}

#[derive(Deserialize)]
struct MentionFields {
    start: usize,
    end: usize,
    entity: String,
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    wiki: Option<String>,
}

#[derive(Deserialize)]
struct AttributionFields {
    #[serde(default)]
    source_tokens: Vec<usize>,
    #[serde(default)]
    cue_tokens: Vec<usize>,
    #[serde(default)]
    content_tokens: Vec<usize>,
}

pub(super) fn read(text: &str, file: &Place, context: &Context<'_>, found: &mut Collector) {
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let place = file.at_line(at + 1);
        match serde_json::from_str::<Line>(line.trim_start_matches('\u{FEFF}')) {
            Ok(line) => document(line).finish(&place, context, found),
            Err(error) => found.warn(place, Fault::Malformed(format!("malformed JSON: {error}"))),
        }
    }
}

fn document(line: Line) -> GumDocument {
    let mut document = GumDocument { id: line.id, ..GumDocument::default() };
    let ends: std::collections::HashSet<usize> = line.sentences.iter().map(|(_, end)| *end).collect();
    let mut separator = "";
    for (at, token) in line.tokens.iter().enumerate() {
        document.words.push(separator, token);
        let sentence_ends = ends.contains(&(at + 1));
        separator = if sentence_ends || line.space_after.get(at).copied().unwrap_or(true) { " " } else { "" };
        if sentence_ends {
            document.words.end_instance();
        }
    }
    document.words.end_instance();
    document.mentions.extend(line.mentions.into_iter().map(|it| Mention {
        entity: it.entity,
        kind: kind(&it.r#type),
        wiki: it.wiki.unwrap_or_default(),
        start: it.start,
        end: it.end,
    }));
    document.attributions.extend(line.attributions.into_iter().map(|it| Cited {
        content: it.content_tokens,
        cue: it.cue_tokens,
        source: it.source_tokens,
    }));
    document
}
