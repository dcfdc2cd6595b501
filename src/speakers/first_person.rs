//! "I" and "we", and who spoke last.

use super::cast::Event;
use super::lexicon::Pronoun;
use super::phrase::Reading;
use super::resolve::{CONTENTS, Resolver};
use crate::document::{Byte, Span};

impl Resolver<'_> {
    /// "I" and "we" mean whoever speaks the words they stand in.
    pub(super) fn resolve_first_person(&mut self) {
        for source in 0..self.sources.len() {
            let Reading::Pronoun(Pronoun::First, _) = self.reader.read(self.tokens_of(source)) else { continue };
            let at = self.sources[source].span;
            if at.get(self.reader.words.text).is_none() {
                continue;
            }
            let cited = self.around(at, Some(source)).and_then(|other| self.of_source[other]);
            let entity = cited.or_else(|| self.last_speaker(at));
            self.of_source[source] = entity;
            if let Some(entity) = entity {
                self.cast.members[entity].speaks = true;
                self.cast.members[entity].mentions.push(at);
            }
        }
    }

    pub(super) fn last_speaker(&self, before: Span<Byte>) -> Option<usize> {
        let token = self.reader.words.within(before).start;
        let paragraph = self.place(token).paragraph;
        let until = self.cast.events.partition_point(|event| event.token < token);
        let earlier = self.cast.events[until.saturating_sub(CONTENTS)..until].iter().rev();
        let spoke = |event: &&Event| event.source && event.place.paragraph == paragraph;
        earlier.take(CONTENTS).find(spoke).map(|event| event.entity)
    }
}
