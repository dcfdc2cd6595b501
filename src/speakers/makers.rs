//! Who made a text that is spoken of as "the statement", "the ruling".

use super::SpeakerType;
use super::cast::Event;
use super::lexicon;
use super::phrase::{Description, Determiner};
use super::resolve::{CONTENTS, Resolver};
use super::words::Shape;
use crate::decode::NameKind;

/// Tokens before a noun in which its determiner is looked for.
const DETERMINER_REACH: usize = 4;

impl Resolver<'_> {
    /// Who made the text that a definite description means: whoever is first in the sentence that it, or a text of its
    /// sort, was brought up in ("The council issued a statement. … The statement said"); where none was, the last to speak
    /// before it, if that is near.
    pub(super) fn maker(&self, description: &Description) -> Option<usize> {
        let plain = description.modifiers.iter().all(|&id| self.reader.words.folded_id(id) == "original");
        let is_text = description.kind() == Some(SpeakerType::Document) && plain;
        if !is_text || description.determiner != Determiner::Definite || !lexicon::is_issued(&description.head) {
            return None;
        }
        match self.brought_up(description) {
            Some(token) => self.named_before(token).or_else(|| self.first_writer(self.place(token).sentence)),
            None => self.last_writer(description.tokens.start),
        }
    }

    /// Where the text was last brought up: by the same noun, or as new by one that means the like.
    fn brought_up(&self, description: &Description) -> Option<usize> {
        let words = self.reader.words;
        let told = self.texts.get(&description.noun?.set?)?;
        let before = told.partition_point(|&token| token + 1 < description.tokens.start);
        let near = told[before.saturating_sub(CONTENTS)..before].iter().copied().rev();
        let same = |token: usize| {
            let word = words.fold(token);
            word == description.head || lexicon::singular(word).as_deref() == Some(description.head.as_str())
        };
        // "the final report" is known already, "a final report" is not.
        let is_new = |token: usize| {
            let determiner = (token.saturating_sub(DETERMINER_REACH)..token)
                .rev()
                .take_while(|&i| words.is_word(i))
                .find(|&i| lexicon::is_definite(words.function(i)) || lexicon::is_indefinite(words.function(i)));
            determiner.is_none_or(|i| !lexicon::is_definite(words.function(i)))
        };
        let outside = |token: &usize| !self.place(*token).headline;
        let near = || near.clone().filter(outside);
        near()
            .find(|&token| same(token) && is_new(token))
            .or_else(|| near().find(|&token| is_new(token) || same(token)))
    }

    /// The body in "HSB guidelines", the owner in "Roe's letter".
    fn named_before(&self, token: usize) -> Option<usize> {
        let owned = token > 1 && self.reader.words.shape(token - 1) == Shape::Possessive;
        let mention = self.reader.mention_at(token.checked_sub(if owned { 2 } else { 1 })?)?;
        let kind = self.reader.mentions[mention].kind;
        let makes = if owned { kind != NameKind::Misc } else { kind == NameKind::Organization };
        self.clusters.of_mention[mention].filter(|_| makes)
    }

    fn writes(&self, event: &Event) -> bool {
        let member = &self.cast.members[event.entity];
        let place = member.named == Some(NameKind::Location) && !event.source;
        member.kind != SpeakerType::Document && !place && !event.place.headline
    }

    /// The first in a sentence who is said to speak, or else the first.
    fn first_writer(&self, sentence: usize) -> Option<usize> {
        let first = self.cast.events.partition_point(|event| event.place.sentence < sentence);
        let events =
            self.cast.events[first..].iter().take(CONTENTS).take_while(|event| event.place.sentence == sentence);
        let mut events = events.filter(|event| self.writes(event)).peekable();
        let subject = events.peek().copied();
        events.find(|event| event.source).or(subject).map(|event| event.entity)
    }

    /// The last to speak in the sentences just before `token`.
    fn last_writer(&self, token: usize) -> Option<usize> {
        let here = self.place(token);
        let events = self.cast.events.iter().rev().take(CONTENTS).filter(|event| event.token < token);
        let near = |event: &&Event| here.sentence - event.place.sentence.min(here.sentence) <= 2;
        events.take_while(near).find(|event| event.source && self.writes(event)).map(|event| event.entity)
    }
}
