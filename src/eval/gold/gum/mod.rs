//! GUM: tokens, entities with coreference, and attributions as relations of discourse (Zeldes 2017; eRST).
//!
//! Read are GUM's own CoNLL-U, whose column MISC has entities and discourse, and attributions as JSONL, one document a
//! line, with token numbers. Speakers are chains of coreference; an attribution's speaker is the chain of the mention
//! that is its source.

mod attributions;
mod conllu;

use std::path::Path;

use super::GoldError;
use super::cast::Cast;
use super::chain;
use super::context::{self, Collector, Context};
use super::tokens::{self, TokenText};
use crate::corpus::Place;
use crate::document::{Byte, Document, Span};
use crate::eval::{Attribution, Labelled, Scope, Speaker};
use crate::speakers::SpeakerType;

pub(super) fn read(path: &Path, context: &Context<'_>, found: &mut Collector) -> Result<(), GoldError> {
    for file in context::files(path, &["conllu", "jsonl"]) {
        match context::file(&file) {
            Ok(text) if text.trim_start().starts_with('{') => {
                attributions::read(&text, &context::place(&file), context, found);
            }
            Ok(text) => conllu::read(&text, &file, context, found),
            Err(error) => found.skip(error),
        }
    }
    Ok(())
}

/// A document as both forms have it; numbers are those of tokens, from 0.
#[derive(Debug, Default)]
struct GumDocument {
    id: String,
    words: TokenText,
    mentions: Vec<Mention>,
    attributions: Vec<Cited>,
}

/// A mention of an entity.
#[derive(Debug)]
struct Mention {
    entity: String,
    kind: Option<SpeakerType>,
    /// The title of the entity's page in Wikipedia, or nothing.
    wiki: String,
    start: usize,
    end: usize,
}

/// An attribution by its tokens.
#[derive(Debug, Default)]
struct Cited {
    content: Vec<usize>,
    cue: Vec<usize>,
    source: Vec<usize>,
}

/// What GUM calls an entity, as a type of speaker.
fn kind(name: &str) -> Option<SpeakerType> {
    match name {
        "person" => Some(SpeakerType::Person),
        "organization" | "place" => Some(SpeakerType::Organization),
        _ => None,
    }
}

impl GumDocument {
    fn finish(self, place: &Place, context: &Context<'_>, found: &mut Collector) {
        let spans = &self.words.tokens.spans;
        let mut cast = Cast::new();
        let mut attributions = Vec::with_capacity(self.attributions.len());
        for mut cited in self.attributions.into_iter() {
            for tokens in [&mut cited.content, &mut cited.cue, &mut cited.source] {
                tokens.sort_unstable();
                tokens.dedup();
            }
            let entity = best(&self.mentions, &cited.source).map(|it| it.entity.clone());
            let speaker = entity.map(|entity| {
                let new = || speaker(&entity, &self.mentions, spans, &self.words.text);
                cast.index(entity.clone(), new)
            });
            attributions.push(Attribution {
                content: tokens::runs(&cited.content, spans),
                cue: tokens::runs(&cited.cue, spans),
                source: tokens::runs(&cited.source, spans),
                speaker,
                ..Attribution::default()
            });
        }
        attributions.retain(|it| !it.content.is_empty() || !it.cue.is_empty());
        let document = Document::new(self.id, self.words.text);
        let (speakers, tokens) = (cast.speakers, Some(self.words.tokens));
        found.push(context, place, Labelled { document, scope: Scope::ALL, attributions, speakers, tokens });
    }
}

/// The mention that shares most with the tokens of a source, if that is at least half of what they have together.
fn best<'m>(mentions: &'m [Mention], source: &[usize]) -> Option<&'m Mention> {
    let shared = |it: &Mention| source.iter().filter(|at| (it.start..it.end).contains(at)).count();
    let fit = |it: &Mention| {
        let shared = shared(it);
        let together = (source.len() + it.end.saturating_sub(it.start)).saturating_sub(shared);
        (shared > 0 && shared * 2 >= together).then(|| shared as f64 / together as f64)
    };
    let fits = mentions.iter().filter_map(|it| Some((fit(it)?, it)));
    fits.max_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, it)| it)
}

/// The speaker that an entity is, by all its mentions.
fn speaker(entity: &str, mentions: &[Mention], spans: &[Span<Byte>], text: &str) -> Speaker {
    let own: Vec<_> = mentions.iter().filter(|it| it.entity == entity).collect();
    let mut places: Vec<_> = own.iter().filter_map(|it| tokens::run(spans.get(it.start..it.end)?)).collect();
    places.sort();
    let title = own.iter().map(|it| it.wiki.as_str()).find(|it| !it.is_empty());
    // What stands in brackets at a title's end tells pages apart and is no part of the name.
    let title = title.map(|it| it.split("_(").next().unwrap_or(it).replace('_', " "));
    let mut names: Vec<_> = title.into_iter().collect();
    for name in chain::names(places.iter().map(|it| it.of(text))) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Speaker { names, kind: own.first().and_then(|it| it.kind), mentions: places }
}
