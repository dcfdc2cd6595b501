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

#[cfg(test)]
mod tests {
    use crate::eval::gold::testing::{gold, words};

    const CONLLU: &str = "\
# newdoc id = GUM_news_quay
# global.Entity = GRP-etype-infstat-centering-minspan-link-identity
# newpar_block = p
1\tZoë\tZoë\tPROPN\tNNP\t_\t3\tnsubj\t_\tDiscourse=attribution-positive:1->2:1:sem-atsrc-1-2+lex-indwd-3|\
Entity=(1-person-new-cf1-1,2-sgl-Zoë_Lindqvist_%28sailor%29
2\tLindqvist\tLindqvist\tPROPN\tNNP\t_\t1\tflat\t_\tEntity=1)
3\tsays\tsay\tVERB\tVBZ\t_\t0\troot\t_\t_
4-5\tit's\t_\t_\t_\t_\t_\t_\t_\t_
4\tit\tit\tPRON\tPRP\t_\t6\tnsubj\t_\tDiscourse=ROOT:2:0
5\t's\tbe\tAUX\tVBZ\t_\t6\tcop\t_\t_
6\tlate\tlate\tADJ\tJJ\t_\t3\tccomp\t_\tSpaceAfter=No
7\t,\t,\tPUNCT\t,\t_\t6\tpunct\t_\t_
8\tsadly\tsadly\tADV\tRB\t_\t6\tadvmod\t_\tDiscourse=evaluation-comment:3->2:0:_|SpaceAfter=No
9\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\t_

# newpar
1\tShe\tshe\tPRON\tPRP\t_\t2\tnsubj\t_\tDiscourse=joint-list_m:4->2:2:_|Entity=(1-person-giv:act-cf1-1-ana-Zoë_Lindqvist_%28sailor%29)
2\tleft\tleave\tVERB\tVBD\t_\t0\troot\t_\tSpaceAfter=No
3\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_
";

    #[test]
    fn conllu_has_discourse_and_entities() {
        let (documents, warnings) = gold(&[("quay.conllu", CONLLU)], "");
        assert_eq!(warnings, [""; 0]);
        let [only] = documents.as_slice() else { panic!("{documents:?}") };
        assert_eq!(only.document.id, "GUM_news_quay");
        assert_eq!(only.document.text, "Zoë Lindqvist says it's late, sadly.\n\nShe left.");
        assert_eq!(words(only), [["it's late, sadly.", "says", "Zoë Lindqvist", "Zoë Lindqvist"]]);
        assert_eq!(only.speakers[0].mentions.len(), 2);
        assert_eq!(only.tokens.as_ref().unwrap().instances, [0..9, 9..12]);
    }

    #[test]
    fn a_line_that_is_no_word_is_located() {
        let (documents, warnings) = gold(&[("quay.conllu", &format!("{CONLLU}4\tthen\n"))], "quay.conllu");
        assert_eq!(warnings, ["quay.conllu:19: a word without ten columns; mend it or take it out"]);
        assert_eq!(documents.len(), 1);
    }

    #[test]
    fn attributions_count_tokens() {
        let line = r#"{"id": "g", "tokens": ["Zoë", "hopes", "so", ".", "She", "left", "."], "space_after": [true, true, false,
            true, true, false, false], "sentences": [[0, 4], [4, 7]], "mentions": [{"start": 0, "end": 1, "entity": "5",
            "type": "person", "infstat": "new", "wiki": ""}, {"start": 4, "end": 5, "entity": "5", "type": "person"}],
            "attributions": [{"relation": "attribution-positive", "source_tokens": [0], "cue_tokens": [1],
            "content_tokens": [2, 3, 5]}]}"#;
        let line = line.replace('\n', " ");
        let (documents, warnings) = gold(&[("g.jsonl", &line)], "g.jsonl");
        assert_eq!(warnings, [""; 0]);
        assert_eq!(documents[0].document.text, "Zoë hopes so. She left.");
        assert_eq!(words(&documents[0]), [["so.|left", "hopes", "Zoë", "Zoë"]]);
        assert_eq!(documents[0].speakers[0].mentions.len(), 2);
    }
}
