//! What a noun phrase says: a pronoun, a name, several together, or a description.

use std::ops::Range;

use super::SpeakerType;
use super::lexicon::{self, Noun, Pronoun};
use super::names::{Mention, is_party_tag};
use super::words::{Shape, Words};
use crate::decode::NameKind;

/// Phrases within a phrase that are read into: "a statement by a spokesman for …".
pub(super) const DEPTH: usize = 3;

/// Tokens that brackets within a phrase have at most.
const ASIDE: usize = 10;

/// Tokens of a phrase that are read; what follows adds nothing to who is meant.
pub(super) const LONGEST: usize = 120;

/// What a phrase means, taken by itself.
#[derive(Debug, Clone)]
pub(super) enum Reading {
    /// A pronoun, and the token it is.
    Pronoun(Pronoun, usize),
    /// The mention that is its head.
    Named(usize),
    /// "one of them": a member of the group that the pronoun means, and its token.
    OneOf(usize),
    /// "A and B".
    Together(Vec<Reading>),
    /// A description without a name for its head.
    Described(Box<Description>),
    /// Nothing that can speak.
    Nothing,
}

/// How a description is introduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Determiner {
    Definite,
    Indefinite,
    Quantified,
    None,
}

/// A noun phrase whose head is a common noun.
#[derive(Debug, Clone)]
pub(super) struct Description {
    /// The phrase without its determiner and without clauses.
    pub tokens: Range<usize>,
    /// The head noun, in the singular.
    pub head: String,
    pub noun: Option<Noun>,
    pub plural: bool,
    pub determiner: Determiner,
    /// Numbers of the other words that carry meaning.
    pub modifiers: Vec<u32>,
    /// The pronoun in front of it: "his" in "his wife".
    pub owner: Option<usize>,
    /// Who made the text, if the noun is for a text and says so.
    pub issuer: Option<Reading>,
}

impl Description {
    /// What sort of speaker the description names.
    pub fn kind(&self) -> Option<SpeakerType> {
        Some(match self.noun?.kind {
            SpeakerType::Person | SpeakerType::Organization if self.plural => SpeakerType::Group,
            kind => kind,
        })
    }
}

/// Reads phrases of one text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub words: &'a Words<'a>,
    pub mentions: &'a [Mention],
}

impl Reader<'_> {
    /// The mention that token `i` belongs to.
    pub fn mention_at(&self, i: usize) -> Option<usize> {
        let at = self.mentions.partition_point(|mention| mention.tokens.end <= i);
        self.mentions.get(at).filter(|mention| mention.tokens.contains(&i)).map(|_| at)
    }

    /// The mentions that lie in `tokens`.
    pub(super) fn mentions_in(&self, tokens: &Range<usize>) -> Range<usize> {
        let first = self.mentions.partition_point(|mention| mention.tokens.end <= tokens.start);
        let last = self.mentions.partition_point(|mention| mention.tokens.start < tokens.end);
        first..last.max(first)
    }

    /// What the phrase means.
    pub fn read(&self, tokens: Range<usize>) -> Reading {
        self.read_at(tokens, DEPTH)
    }

    pub(super) fn read_at(&self, tokens: Range<usize>, depth: usize) -> Reading {
        let mut tokens = tokens.start..tokens.end.min(tokens.start + LONGEST);
        self.trim(&mut tokens);
        if tokens.is_empty() || depth == 0 {
            return Reading::Nothing;
        }
        self.drop_aside(&mut tokens);
        if let Some(pronoun) = self.pronoun(&tokens) {
            return pronoun;
        }
        if let Some(part) = self.part_of(&tokens, depth) {
            return part;
        }
        if let Some(parts) = self.together(&tokens, depth) {
            return Reading::Together(parts);
        }
        self.one(&tokens, depth)
    }

    pub(super) fn trim(&self, tokens: &mut Range<usize>) {
        while tokens.start < tokens.end && !self.words.is_word(tokens.start) {
            tokens.start += 1;
        }
        let idle =
            |i: usize| !self.words.is_word(i) || i > tokens.start && lexicon::is_reflexive(self.words.function(i));
        let mut end = tokens.end;
        while tokens.start < end && idle(end - 1) {
            end -= 1;
        }
        tokens.end = end;
    }

    /// Drops ", however," from the end of a phrase.
    fn drop_aside(&self, tokens: &mut Range<usize>) {
        let aside = tokens.len() > 2
            && self.words.fold(tokens.end - 2) == ","
            && matches!(
                self.words.fold(tokens.end - 1),
                "also" | "however" | "instead" | "meanwhile" | "though" | "too"
            );
        if aside {
            tokens.end -= 2;
        }
    }

    /// "two of the people", "most of them": the group itself; "one of them": a member.
    fn part_of(&self, tokens: &Range<usize>, depth: usize) -> Option<Reading> {
        let many = |fold: &str| lexicon::is_numeral(fold) || lexicon::is_quantifier(fold);
        let first = self.words.fold(tokens.start);
        let rest = tokens.start + 2..tokens.end;
        if self.words.fold(tokens.start + 1) != "of" || rest.is_empty() || rest.start > rest.end {
            return None;
        }
        if first == "one" && rest.len() == 1 {
            return lexicon::pronoun(self.words.fold(rest.start)).is_some().then_some(Reading::OneOf(rest.start));
        }
        let definite = lexicon::is_definite(self.words.fold(rest.start))
            || lexicon::pronoun(self.words.fold(rest.start)).is_some();
        (many(first) && definite).then(|| self.read_at(rest, depth - 1))
    }

    pub(super) fn pronoun(&self, tokens: &Range<usize>) -> Option<Reading> {
        let first = tokens.start;
        let word = self.words.fold(first);
        let adds_nothing = |i: usize| {
            !self.words.is_word(i)
                || matches!(
                    self.words.fold(i),
                    "own" | "all" | "both" | "also" | "himself" | "herself" | "itself" | "themselves"
                )
        };
        let alone = (first + 1..tokens.end).all(adds_nothing);
        let shouted = self.words.shape(first) == Shape::Upper;
        if let Some(pronoun) = lexicon::pronoun(word).filter(|_| alone && !shouted) {
            return Some(Reading::Pronoun(pronoun, first));
        }
        let last = self.words.fold(tokens.end - 1);
        let pointing = tokens.len() == 1
            && (lexicon::is_quantifier(word) || matches!(word, "others" | "one" | "these" | "those" | "such"));
        let ordinal = tokens.len() == 2
            && word == "the"
            && matches!(last, "latter" | "former" | "first" | "second" | "two" | "pair" | "duo" | "other");
        let pronoun = if lexicon::is_several(word) { Pronoun::Several } else { Pronoun::Vague };
        (pointing || ordinal).then_some(Reading::Pronoun(pronoun, first))
    }

    /// Whether "(FSB)" stands at token `i`.
    pub(super) fn is_acronym_in_brackets(&self, i: usize) -> bool {
        let inner = matches!(self.words.shape(i + 1), Shape::Upper | Shape::Title);
        let acronym = inner && !is_party_tag(self.words, i + 1);
        self.words.fold(i) == "(" && acronym && self.words.fold(i + 2) == ")"
    }

    /// The first comma (or bracket, or dash) of `tokens` that is not in a name.
    fn first_break(&self, tokens: &Range<usize>) -> usize {
        let in_date = |i: usize| {
            self.words.fold(i) == ","
                && i > 0
                && self.words.shape(i - 1) == Shape::Number
                && self.words.shape(i + 1) == Shape::Number
        };
        let mut bracketed = tokens.start;
        let is_break = |&i: &usize| {
            if self.is_acronym_in_brackets(i) || i < bracketed {
                return false;
            }
            // "the University of X (UX) and the College of Y" goes on behind the bracket.
            if self.words.fold(i) == "("
                && !is_party_tag(self.words, i + 1)
                && let Some(closing) = (i..tokens.end.min(i + ASIDE)).find(|&i| self.words.fold(i) == ")")
                && matches!(self.words.fold(closing + 1), "and" | "at" | "in" | "of")
                && closing + 2 < tokens.end
            {
                bracketed = closing + 1;
                return false;
            }
            let mark = matches!(self.words.fold(i), "," | "(" | ";" | ":" | "—" | "–");
            mark && self.mention_at(i).is_none() && !in_date(i)
        };
        tokens.clone().find(is_break).unwrap_or(tokens.end)
    }

    pub(super) fn one(&self, tokens: &Range<usize>, depth: usize) -> Reading {
        let mut cut = self.first_break(tokens);
        if self.lists_members(tokens, cut) {
            cut = tokens.end;
        }
        let mut first = tokens.start..cut;
        self.trim(&mut first);
        if first.len() > 2 && self.words.fold(first.end - 2) == "(" {
            first.end -= 2;
        }
        while first.len() > 1
            && lexicon::is_honour(self.words.fold(first.end - 1))
            && self.mention_at(first.end - 2).is_some()
        {
            first.end -= 1;
        }
        if let Some(mention) = self.head_name(&first) {
            return Reading::Named(mention);
        }
        let description = self.describe_at(first, depth);
        let cut = self.after_brackets(cut, tokens.end);
        if let Some(named) = self.apposed(&description, cut, tokens.end, depth) {
            return named;
        }
        if let Some(named) = self.named_last(&description, tokens, cut) {
            return named;
        }
        match description {
            Some(description) => Reading::Described(Box::new(description)),
            None => Reading::Nothing,
        }
    }

    /// "firms including A, B and C": the list belongs to the phrase.
    fn lists_members(&self, tokens: &Range<usize>, cut: usize) -> bool {
        if cut >= tokens.end || self.words.fold(cut) != "," {
            return false;
        }
        let is_including = |i: usize| self.words.fold(i) == "including" && self.mention_at(i).is_none();
        let including = (tokens.start + 1..cut).find(|&i| is_including(i)).or((is_including(cut + 1)).then_some(cut));
        including.is_some_and(|at| {
            let head = (tokens.start..at).rev().find(|&i| self.words.is_word(i));
            head.is_some_and(|head| lexicon::singular(self.words.fold(head)).is_some())
        })
    }

    /// The break that counts: a pair of brackets at `cut` is passed over.
    fn after_brackets(&self, cut: usize, end: usize) -> usize {
        if self.words.fold(cut) != "(" || cut >= end {
            return cut;
        }
        match (cut..end).find(|&i| self.words.fold(i) == ")") {
            Some(closing) if self.words.fold(closing + 1) == "," => closing + 1,
            Some(closing) => closing,
            None => cut,
        }
    }

    /// The name that is the head of a phrase without commas.
    fn head_name(&self, phrase: &Range<usize>) -> Option<usize> {
        let core = self.core(phrase);
        let last = (core.start..core.end).rev().find(|&i| self.words.is_word(i))?;
        if let Some(mention) = self.mention_at(last) {
            let known = &self.mentions[mention];
            if let Some(titled) = self.titled_after(known, phrase) {
                return Some(titled);
            }
            // "the Paris mayor" has its head after the name; "Paris" alone has not.
            return (known.tokens.end >= core.end || !self.words.is_word(known.tokens.end)).then_some(mention);
        }
        if let Some(outlet) = self.outlet(last) {
            return Some(outlet);
        }
        self.mentions_in(phrase).rev().find(|&mention| {
            let name = &self.mentions[mention];
            let end = name.tokens.end;
            // "the Roe adviser" is no Roe.
            let closes = end >= phrase.end || end >= core.end && self.ends_core(end, phrase.start);
            name.kind == NameKind::Person
                && closes
                && name.tokens.start > phrase.start
                && self.stands_free(name, phrase.start)
        })
    }

    /// The name in "the Tarn Express newspaper", "the TPA news agency", whose last word is at `last`.
    fn outlet(&self, last: usize) -> Option<usize> {
        let end = match self.words.function(last) {
            "newspaper" | "newswire" | "website" => last,
            "agency" if last > 0 && self.words.fold(last - 1) == "news" => last - 1,
            _ => return None,
        };
        let mention = self.mention_at(end.checked_sub(1)?)?;
        let name = &self.mentions[mention];
        let body = matches!(name.kind, NameKind::Organization | NameKind::Misc);
        let is_from = name.tokens.len() == 1 && lexicon::demonym_of(self.words.fold(name.tokens.start)).is_some();
        (body && name.tokens.end == end && !is_from).then_some(mention)
    }

    /// The person who ends a phrase right after a body's name, or after that and a title: "House of Commons Speaker Ann Roe".
    fn titled_after(&self, body: &Mention, phrase: &Range<usize>) -> Option<usize> {
        let last = self.mentions_in(phrase).next_back()?;
        let name = &self.mentions[last];
        let person = name.kind == NameKind::Person && body.kind == NameKind::Organization;
        let begin = name.outer.min(name.tokens.start);
        let title = begin < name.tokens.start
            || name.tokens.start.checked_sub(1).is_some_and(|before| lexicon::title(self.words.fold(before)).is_some());
        let follows = (body.tokens.end..=body.tokens.end + 1).contains(&begin);
        (person && title && follows && name.tokens.end >= phrase.end).then_some(last)
    }

    /// Whether no preposition governs the name: "Mayor of Leeds Ann Roe", but not "spokesman for Mayor Ann Roe".
    fn stands_free(&self, name: &Mention, start: usize) -> bool {
        if self.words.shape(name.tokens.end) == Shape::Possessive {
            return false;
        }
        if name.outer <= start {
            return true;
        }
        let mut at = name.outer.min(name.tokens.start);
        let relative = |i: usize| lexicon::is_clause_opener(self.words.function(i)) && self.mention_at(i).is_none();
        // "who goes by the name Roe", "who was identified as Roe".
        let called = matches!(self.words.fold(at - 1), "as" | "called" | "name" | "named");
        if !called && (start + 1..at).any(relative) {
            return false;
        }
        let mut titled = at < name.tokens.start;
        while at > start {
            if self.words.fold(at) == "chief" && self.words.fold(at - 1) == "in" && at > start + 1 {
                // "editor in chief Ann Roe".
                at -= 2;
                titled = true;
                continue;
            }
            let before = at - 1;
            let fold = self.words.fold(before);
            let person = lexicon::noun(fold).is_some_and(|noun| noun.kind == SpeakerType::Person);
            let attribute = titled && (self.mention_at(before).is_some() || self.words.is_capitalised(before));
            if !(person || attribute || lexicon::title(fold).is_some() || lexicon::demonym_of(fold).is_some()) {
                break;
            }
            titled = true;
            at = before;
        }
        if at == start {
            return true;
        }
        let before = self.words.fold(at - 1);
        // "Centre for Policing adviser Ann Roe": a body's name cannot be what the name depends on.
        let (opening, _) = self.after_determiners(&(start..at));
        let noun = lexicon::noun(self.words.fold(at.saturating_sub(2).max(opening)));
        if titled
            && lexicon::is_preposition(self.words.function(at - 1))
            && noun.is_some_and(|n| n.kind == SpeakerType::Organization)
        {
            return true;
        }
        // "for special counsel Ann Roe": adjectives of the title stand between.
        let plain = |&i: &usize| {
            titled && self.words.shape(i) == Shape::Lower && !is_function_word(self.words.fold(i)) && i > start
        };
        let adjectives = (start..at).rev().take_while(plain).count();
        // "a lawyer representing Roe".
        let participle = before.ends_with("ing") && self.ends_core(at - 1, start);
        let governed = adjectives > 0 && lexicon::is_preposition(self.words.fold(at - 1 - adjectives));
        let held = is_function_word(before) || governed || participle;
        !held && (self.words.is_word(at - 1) || matches!(before, "." | ")"))
    }

    /// The name that ends "his daughter, and member of the council, Ann Roe".
    fn named_last(&self, description: &Option<Description>, tokens: &Range<usize>, cut: usize) -> Option<Reading> {
        let description = description.as_ref().filter(|d| d.determiner == Determiner::Definite && !d.plural)?;
        let comma = (cut..tokens.end).rev().find(|&i| self.words.fold(i) == "," && self.mention_at(i).is_none())?;
        let mut last = comma + 1..tokens.end;
        self.trim(&mut last);
        let mention = self.mention_at(last.start)?;
        let name = &self.mentions[mention];
        let person = name.kind == NameKind::Person && description.kind() == Some(SpeakerType::Person);
        (person && name.tokens == last).then_some(Reading::Named(mention))
    }

    /// The name in "the envoy, Enrique Mora".
    fn apposed(&self, description: &Option<Description>, cut: usize, end: usize, depth: usize) -> Option<Reading> {
        if cut >= end || !matches!(self.words.fold(cut), "," | ")" | "—" | "–") {
            return None;
        }
        let rest = cut + 1..end;
        let stop = self.first_break(&rest);
        let lists =
            |d: &Description| d.tokens.clone().any(|i| matches!(self.words.fold(i), "including" | "such" | "like"));
        if description.as_ref().is_some_and(|d| d.plural && !lists(d)) {
            return self.together(&rest, depth).map(Reading::Together);
        }
        let description = description.as_ref();
        let segment = cut + 1..stop;
        let mention = self.mentions_in(&segment).next()?;
        let name = &self.mentions[mention];
        let determined = (segment.start..name.outer).all(|i| lexicon::is_determiner(self.words.function(i)));
        let ends = name.tokens.end == segment.end;
        let begins = name.outer <= segment.start || determined || ends && self.stands_free(name, segment.start);
        let fits = match (description.and_then(Description::kind), name.kind) {
            (Some(SpeakerType::Person) | None, NameKind::Person) => true,
            // The noun knows better than the tagger.
            (Some(SpeakerType::Person) | None, _) => determined && ends,
            (Some(SpeakerType::Organization), NameKind::Organization | NameKind::Misc | NameKind::Location) => true,
            _ => false,
        };
        (begins && fits && self.words.shape(name.tokens.end) != Shape::Possessive).then_some(Reading::Named(mention))
    }
}

fn is_function_word(fold: &str) -> bool {
    lexicon::is_preposition(fold) || lexicon::is_determiner(fold) || lexicon::is_conjunction(fold)
}
