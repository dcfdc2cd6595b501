//! Labelled documents of all sorts, for the tests of readers and writers.

use proptest::prelude::*;

use super::{Attribution, Labelled, Naming, Scope, Speaker, Tokens};
use crate::document::{Byte, Document, Span};
use crate::speakers::SpeakerType;
use crate::statement::{Kind, Mode};

const WORDS: [&str; 12] =
    ["“No", "ship", "sails,”", "said", "Zoë", "Lindqvist", "at", "the", "été", "quay 👋🏽", "a|b", "\\n—"];

/// A document whose attributions stand in text order and whose speakers stand in the order of what they say.
///
/// Every attribution has a content, and every speaker says something.
pub(crate) fn labelled() -> impl Strategy<Value = Labelled> {
    (prop::collection::vec((0..WORDS.len(), prop::bool::weighted(0.1)), 4..40), "[a-zé]{1,6}(/[a-z 1-9]{1,5})?")
        .prop_flat_map(|(words, id)| {
            let (text, spans) = text(&words);
            let lines = spans.clone();
            let attributions = prop::collection::vec(attribution(spans.clone()), 0..8);
            let speakers = prop::collection::vec(speaker(spans), 4);
            (Just(id), Just(text), attributions, speakers, scope(), prop::option::of(Just(lines)), any::<bool>())
                .prop_map(|(id, text, attributions, speakers, scope, tokens, extra)| {
                    let mut document = Document::new(id, text);
                    if extra {
                        document.extra.insert("desk".to_owned(), "north".into());
                    }
                    let tokens = tokens.map(|spans| {
                        let half = spans.len() / 2;
                        Tokens { instances: vec![0..half, half..spans.len()], spans }
                    });
                    in_order(Labelled { document, scope, attributions, speakers, tokens })
                })
        })
}

/// A text of words, some of which end a line, and where they stand.
fn text(words: &[(usize, bool)]) -> (String, Vec<Span<Byte>>) {
    let (mut text, mut spans) = (String::new(), Vec::new());
    for (word, ends_line) in words {
        spans.push(Span::new(text.len(), text.len() + WORDS[*word].len()));
        text.push_str(WORDS[*word]);
        text.push_str(if *ends_line { "\r\n" } else { " " });
    }
    (text, spans)
}

/// From `least` to `most` spans of one to three words.
fn spans(words: Vec<Span<Byte>>, least: usize, most: usize) -> impl Strategy<Value = Vec<Span<Byte>>> {
    let count = words.len();
    let span = move |(start, size): (usize, usize)| {
        Span::new(words[start].start, words[(start + size).min(words.len() - 1)].end)
    };
    prop::collection::vec((0..count, 0..3_usize).prop_map(span), least..=most)
}

fn attribution(words: Vec<Span<Byte>>) -> impl Strategy<Value = Attribution> {
    let roles = (spans(words.clone(), 1, 3), spans(words.clone(), 0, 2), spans(words, 0, 2));
    let mode = prop::option::of(prop::sample::select(vec![Mode::Direct, Mode::Mixed, Mode::Indirect]));
    let kind = prop::option::of(prop::sample::select(vec![Kind::Speech, Kind::Thought]));
    let naming = prop::option::of(prop::sample::select(Naming::ALL.to_vec()));
    let confidence = prop::option::of((0..=100_u8).prop_map(|it| f32::from(it) / 100.0));
    (roles, mode, kind, naming, prop::option::of(0..4_usize), confidence, prop::option::of(0..8_usize)).prop_map(
        |((content, cue, source), mode, kind, naming, speaker, confidence, parent)| Attribution {
            content,
            cue,
            source,
            mode,
            kind,
            naming,
            speaker,
            confidence,
            parent,
        },
    )
}

fn speaker(words: Vec<Span<Byte>>) -> impl Strategy<Value = Speaker> {
    const KINDS: [SpeakerType; 4] =
        [SpeakerType::Person, SpeakerType::Organization, SpeakerType::Group, SpeakerType::Document];
    let mentions = prop::collection::vec(prop::sample::select(words), 0..3);
    let kind = prop::option::of(prop::sample::select(KINDS.to_vec()));
    ("[A-Zé|\\\\]{1,5}", any::<bool>(), kind, mentions).prop_map(|(name, alias, kind, mentions)| Speaker {
        names: if alias { vec![name, "the envoy".to_owned()] } else { vec![name] },
        kind,
        mentions,
    })
}

fn scope() -> impl Strategy<Value = Scope> {
    (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>())
        .prop_map(|(indirect, cues, sources, relations)| Scope { indirect, cues, sources, relations, ..Scope::ALL })
}

/// The document as a reader would give it: no circle of parents, no speaker twice, none who says nothing.
fn in_order(mut labelled: Labelled) -> Labelled {
    for (at, speaker) in labelled.speakers.iter_mut().enumerate() {
        speaker.names[0].push_str(&at.to_string());
    }
    for (at, attribution) in labelled.attributions.iter_mut().enumerate() {
        attribution.parent = attribution.parent.filter(|parent| *parent < at);
    }
    let cited: Vec<bool> =
        (0..labelled.speakers.len()).map(|at| labelled.attributions.iter().any(|it| it.speaker == Some(at))).collect();
    let mut labelled = super::gold::in_text_order(labelled);
    labelled.speakers.truncate(cited.iter().filter(|it| **it).count());
    labelled
}
