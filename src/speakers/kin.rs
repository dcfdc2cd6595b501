//! People known by whose they are: "his wife, Ann Roe", "her husband", "the Wolks", "one of them".

use super::SpeakerType;
use super::descriptions::Trait;
use super::lexicon::{self, Pronoun};
use super::names;
use super::phrase::{Determiner, Reading};
use super::resolve::Resolver;
use crate::decode::NameKind;
use crate::document::{Byte, Span};

/// Mentions of a person that are looked at for a title: bounds the time that one who is always mentioned takes.
const MENTIONS: usize = 32;

impl Resolver<'_> {
    /// "his wife, Ann Roe,": the name that stands behind a source.
    pub(super) fn named_after(&mut self, reading: &Reading, end: usize) -> Option<usize> {
        let Reading::Described(description) = reading else { return None };
        let words = self.reader.words;
        let one = description.kind() == Some(SpeakerType::Person) && description.determiner == Determiner::Definite;
        if !one || words.fold(end) != "," || words.breaks_after(end - 1) {
            return None;
        }
        let next = self.reader.mention_at(end + 1)?;
        let name = &self.reader.mentions[next];
        let closed = matches!(words.fold(name.tokens.end), "," | "." | ";" | "—" | "–") && name.tokens.start == end + 1;
        let entity = self.clusters.of_mention[next].filter(|_| closed && name.kind == NameKind::Person)?;
        self.knowledge.meet(Trait::new(entity, description, false));
        if let Some(owner) = description.owner.and_then(|token| self.owner(token)) {
            self.own(owner, &description.head, entity);
        }
        Some(entity)
    }

    /// Takes in "his wife, Ann Roe" or "his wife Ann Roe", the pronoun at `token` meaning `owner`.
    pub(super) fn note_kin(&mut self, token: usize, owner: usize) {
        let words = self.reader.words;
        let noun = lexicon::noun(words.fold(token + 1)).filter(|noun| noun.kind == SpeakerType::Person && !noun.plural);
        if noun.is_none() {
            return;
        }
        let name = if words.fold(token + 2) == "," { token + 3 } else { token + 2 };
        let Some(mention) = self.reader.mention_at(name) else { return };
        let named = &self.reader.mentions[mention];
        let begins = named.tokens.start == name && named.kind == NameKind::Person;
        if let Some(entity) = self.clusters.of_mention[mention].filter(|&entity| begins && entity != owner) {
            let head = words.fold(token + 1).to_string();
            self.own(owner, &head, entity);
        }
    }

    /// "the Wolnys": the two or three people of that name.
    pub(super) fn family(&mut self, mention: usize) -> Option<usize> {
        let words = self.reader.words;
        let tokens = &self.reader.mentions[mention].tokens;
        let definite = tokens.start > 0 && words.fold(tokens.start - 1) == "the";
        let surname = lexicon::singular(words.fold(tokens.start)).filter(|_| definite && tokens.len() == 1)?;
        let members = self.surnames.get(&surname).filter(|members| (2..=3).contains(&members.len()))?;
        let members = members.clone();
        self.group(&members, &members.iter().map(|&member| self.cast.members[member].name.clone()).collect::<Vec<_>>())
    }

    /// "one of them".
    pub(super) fn one_of(&mut self, token: usize) -> Option<usize> {
        let pronoun = lexicon::pronoun(self.reader.words.fold(token))?;
        let group = self.pronoun(pronoun, token, None)?;
        if self.cast.members[group].kind != SpeakerType::Group {
            return Some(self.cast.add(SpeakerType::Person, "one of them".to_string()));
        }
        let key = (group, "one of them".to_string());
        if let Some(known) = self.owned.get(&key) {
            return Some(*known);
        }
        let name = format!("one of the {}", self.cast.members[group].name);
        let one = self.cast.add(SpeakerType::Person, name);
        self.owned.insert(key, one);
        Some(one)
    }

    /// "her husband" is he whose wife she is.
    pub(super) fn partner(&self, of: usize, head: &str) -> Option<usize> {
        let told = if is_married(head) { self.spouses.get(&of).copied() } else { None };
        told.or_else(|| self.titled_kin(of, head))
    }

    /// "his wife" of Mr Lund is Mrs Lund, "her father" of Ida Lund Mr Lund, if the text has only one.
    fn titled_kin(&self, of: usize, head: &str) -> Option<usize> {
        let titles: &[&str] = match head {
            "wife" | "mother" | "lady" => &["mrs", "lady"],
            "husband" | "father" => &["mr", "lord", "sir"],
            _ => return None,
        };
        let words = self.reader.words;
        let surname = self.cast.members[of].name.split_whitespace().next_back()?.to_lowercase();
        let title = |mention: &Span<Byte>| {
            let before = names::title_before(words, words.within(*mention).start);
            before.is_some_and(|before| titles.contains(&words.fold(before)))
        };
        let is_titled =
            |&&person: &&usize| person != of && self.cast.members[person].mentions.iter().take(MENTIONS).any(title);
        let mut titled = self.surnames.get(&surname)?.iter().filter(is_titled);
        titled.next().copied().filter(|_| titled.next().is_none())
    }

    /// Takes in that `entity` is what `head` says to `owner`.
    pub(super) fn own(&mut self, owner: usize, head: &str, entity: usize) {
        if is_married(head) {
            self.spouses.insert(entity, owner);
        }
        self.owned.insert((owner, head.to_string()), entity);
    }

    pub(super) fn owner(&mut self, token: usize) -> Option<usize> {
        if let Some(known) = self.of_pronoun.get(&token) {
            return Some(*known);
        }
        let pronoun = lexicon::pronoun(self.reader.words.fold(token))?;
        if pronoun == Pronoun::First {
            let at = self.reader.words.tokens.get(token)?.span;
            return self.around(at, None).and_then(|source| self.of_source[source]).or_else(|| self.last_speaker(at));
        }
        self.pronoun(pronoun, token, None)
    }
}

fn is_married(noun: &str) -> bool {
    matches!(noun, "husband" | "partner" | "spouse" | "wife")
}
