//! What a noun phrase without a name for its head says: its head, what counts and describes it, who made the text it is.

use std::ops::Range;

use super::SpeakerType;
use super::lexicon::{self, Pronoun};
use super::phrase::{DEPTH, Description, Determiner, Reader, Reading};
use super::words::Shape;
use crate::decode::NameKind;

/// Tokens in which the number that hedges belong to must begin: "as many as", "at least".
const HEDGED: usize = 5;

impl Reader<'_> {
    /// The phrase up to the first word that modifies its head from behind.
    pub(super) fn core(&self, phrase: &Range<usize>) -> Range<usize> {
        let start = self.after_determiners(phrase).0;
        let ends = |&i: &usize| {
            self.mention_at(i).is_none_or(|m| self.mentions[m].tokens.start == i) && self.ends_core(i, start)
        };
        let end = (start + 1..phrase.end).find(ends).unwrap_or(phrase.end);
        start..end.max(start)
    }

    pub(super) fn ends_core(&self, i: usize, start: usize) -> bool {
        let fold = self.words.function(i);
        let in_name = self.mention_at(i).is_some();
        let participle = self.words.shape(i) == Shape::Lower
            && i > start
            && (fold.len() > 5 && fold.ends_with("ing") || fold.len() > 4 && fold.ends_with("ed"))
            && lexicon::noun(fold).is_none()
            && self.is_noun_like(i - 1);
        // "his son tranquilly".
        let adverb =
            self.words.shape(i) == Shape::Lower && i > start && lexicon::is_adverb(fold) && self.is_noun_like(i - 1);
        !in_name
            && (lexicon::is_preposition(fold)
                || adverb
                || lexicon::is_clause_opener(fold)
                || participle
                || fold == "(" && !self.is_acronym_in_brackets(i))
    }

    /// Whether a word can be the head that a participle follows.
    fn is_noun_like(&self, i: usize) -> bool {
        self.mention_at(i).is_some()
            || lexicon::noun(self.words.fold(i)).is_some()
            || lexicon::singular(self.words.fold(i)).is_some()
    }

    /// Where the phrase begins without its determiners, and what they are.
    pub(super) fn after_determiners(&self, phrase: &Range<usize>) -> (usize, Determiner) {
        let mut at = phrase.start;
        let mut determiner = Determiner::None;
        while at + 1 < phrase.end && self.mention_at(at).is_none() {
            let fold = self.words.function(at);
            if let Some(next) = self.after_share(at, phrase.end) {
                determiner = Determiner::Quantified;
                at = next;
                continue;
            }
            if matches!(fold, "almost" | "especially" | "even" | "just" | "not" | "particularly") {
                at += 1;
                continue;
            }
            if fold == "no" && self.words.fold(at + 1) == "." {
                // "No. 2 Democrat".
                break;
            }
            let this = if lexicon::is_definite(fold) {
                Determiner::Definite
            } else if fold == "one" && matches!(self.words.fold(at + 1), "of") {
                break;
            } else if lexicon::is_indefinite(fold) {
                Determiner::Indefinite
            } else if self.counts(at, phrase.end) {
                // "the two ministers" are as definite as "the ministers".
                if determiner == Determiner::Definite { determiner } else { Determiner::Quantified }
            } else if lexicon::is_quantifier(fold) {
                Determiner::Quantified
            } else if fold == "of" && determiner != Determiner::None
                || lexicon::is_noncommittal(fold)
                || fold == "number" && self.words.fold(at + 1) == "of"
                || fold.ends_with("-year-old")
            {
                determiner
            } else {
                break;
            };
            determiner = if determiner == Determiner::Quantified { determiner } else { this };
            at += 1;
        }
        (at, determiner)
    }

    /// Where a phrase goes on behind a share in numbers: "nearly 54 percent of", "six in ten".
    fn after_share(&self, at: usize, end: usize) -> Option<usize> {
        let word = |i: usize| self.words.fold(i);
        let number = |i: usize| lexicon::is_numeral(word(i)) || self.words.shape(i) == Shape::Number;
        let start = (at..end.min(at + HEDGED)).find(|&i| !lexicon::is_hedge(word(i))).filter(|&i| number(i))?;
        let next = match word(start + 1) {
            "percent" | "%" | "pc" if word(start + 2) == "of" => start + 3,
            "per" if word(start + 3) == "of" => start + 4,
            "in" if number(start + 2) => start + 3,
            "out" if number(start + 3) => start + 4,
            _ => return None,
        };
        (next < end).then_some(next)
    }

    /// Whether token `i` only counts what follows: "four people", "more than a thousand users".
    fn counts(&self, i: usize, end: usize) -> bool {
        let fold = self.words.fold(i);
        let before = i.checked_sub(1).map_or("", |before| self.words.fold(before));
        let next = self.words.fold(i + 1);
        let than = fold == "than" && matches!(before, "fewer" | "less" | "more");
        let compares = matches!(fold, "fewer" | "less") && next == "than";
        // "53 percent" is all that is said of them.
        let counted = self.words.is_word(i + 1) && !matches!(next, "of" | "per" | "percent");
        let many = lexicon::is_numeral(fold) && i + 1 < end && counted;
        than || compares || many
    }

    /// The description that a phrase without commas is.
    pub fn describe(&self, phrase: Range<usize>) -> Option<Description> {
        self.describe_at(phrase, DEPTH)
    }

    pub(super) fn describe_at(&self, mut phrase: Range<usize>, depth: usize) -> Option<Description> {
        self.trim(&mut phrase);
        if phrase.is_empty() {
            return None;
        }
        if let Some(people) = self.those_who(&phrase) {
            return Some(people);
        }
        let (start, determiner) = self.after_determiners(&phrase);
        let mut core = self.core(&phrase);
        let partitive = self.words.fold(start) == "one" && self.words.fold(start + 1) == "of";
        if partitive {
            core = self.core(&(start + 2..phrase.end));
        }
        let mut head_at = core.clone().rev().find(|&i| self.words.is_word(i))?;
        if let Some(members) = self.members_of(head_at, &phrase) {
            head_at = members;
        }
        if self.is_adjective_behind(head_at, &core) {
            head_at -= 1;
        }
        let head = self.words.fold(head_at);
        let idle = |word: &str| {
            lexicon::is_preposition(word)
                || lexicon::is_conjunction(word)
                || lexicon::is_clause_opener(word)
                || word == "the"
        };
        if self.mention_at(head_at).is_none() && idle(self.words.function(head_at)) {
            return None;
        }
        let noun = lexicon::noun(head);
        let plural =
            !partitive && (noun.is_some_and(|n| n.plural) || noun.is_none() && lexicon::singular(head).is_some());
        let singular = if noun.is_some_and(|n| !n.plural) { None } else { lexicon::singular(head) };
        let tokens = start..self.extent(&phrase, core.end);
        let owner = (phrase.start..start).find(|&i| {
            let pronoun = lexicon::pronoun(self.words.fold(i));
            matches!(pronoun, Some(Pronoun::Third(_) | Pronoun::It | Pronoun::They | Pronoun::First))
        });
        let modifiers = tokens
            .clone()
            .filter(|&i| i != head_at && self.carries_meaning(i))
            .map(|i| self.words.tokens[i].id)
            .collect();
        let issuer =
            noun.filter(|n| n.kind == SpeakerType::Document).and_then(|_| self.issuer(&phrase, &core, head_at, depth));
        let head = singular.unwrap_or_else(|| head.to_string());
        Some(Description { tokens, head, noun, plural, determiner, modifiers, owner, issuer })
    }

    /// "those in favour", "many who were there": people of whom no noun tells, so that they are nobody known.
    fn those_who(&self, phrase: &Range<usize>) -> Option<Description> {
        let first = phrase.start;
        let head = self.words.fold(first);
        let stands = matches!(head, "those" | "many" | "some" | "several" | "others" | "few");
        let next = self.words.function(first + 1);
        let goes_on = next != "of" && (lexicon::is_preposition(next) || matches!(next, "who" | "whose"));
        if !stands || !goes_on || phrase.len() < 3 || self.mention_at(first + 1).is_some() {
            return None;
        }
        let modifiers = phrase.clone().skip(1).filter(|&i| self.carries_meaning(i));
        Some(Description {
            tokens: phrase.clone(),
            head: head.to_string(),
            noun: None,
            plural: true,
            determiner: Determiner::Quantified,
            modifiers: modifiers.map(|i| self.words.tokens[i].id).collect(),
            owner: None,
            issuer: None,
        })
    }

    /// "people familiar with", "the commissioner responsible for": an unknown word between a noun for people and a
    /// preposition.
    fn is_adjective_behind(&self, i: usize, core: &Range<usize>) -> bool {
        let known = |i: usize| lexicon::noun(self.words.fold(i)).filter(|noun| noun.kind == SpeakerType::Person);
        i > core.start
            && self.words.shape(i) == Shape::Lower
            && lexicon::noun(self.words.fold(i)).is_none()
            && known(i - 1).is_some()
            && lexicon::is_preposition(self.words.function(i + 1))
    }

    /// The noun after "of" in "a team of scientists".
    fn members_of(&self, collective: usize, phrase: &Range<usize>) -> Option<usize> {
        let stands = lexicon::is_collective(self.words.fold(collective)) && self.words.fold(collective + 1) == "of";
        let rest = collective + 2..phrase.end;
        if !stands || rest.start >= rest.end {
            return None;
        }
        let core = self.core(&rest);
        let members = core.clone().rev().find(|&i| self.words.is_word(i))?;
        let noun = lexicon::noun(self.words.fold(members));
        noun.is_some_and(|noun| noun.plural && noun.kind == SpeakerType::Person).then_some(members)
    }

    fn carries_meaning(&self, i: usize) -> bool {
        let fold = self.words.fold(i);
        self.words.is_word(i)
            && !lexicon::is_small(fold)
            && !lexicon::is_preposition(fold)
            && !lexicon::is_determiner(fold)
    }

    /// Where a description ends for its canonical form: prepositional phrases belong to it, clauses do not.
    fn extent(&self, phrase: &Range<usize>, core_end: usize) -> usize {
        let stops = |&i: &usize| {
            let fold = self.words.function(i);
            // "a firm hired by the city" is told from other firms by that.
            let telling =
                fold == "representing" || fold.ends_with("ed") && lexicon::is_preposition(self.words.function(i + 1));
            let participle = self.words.shape(i) == Shape::Lower
                && !telling
                && self.ends_core(i, phrase.start)
                && !lexicon::is_preposition(fold);
            self.mention_at(i).is_none()
                && (lexicon::is_clause_opener(fold)
                    || participle
                    || matches!(fold, "after" | "before" | "during" | "since" | "until")
                    || fold == "across" && !lexicon::is_preposition(self.words.function(i.saturating_sub(1)))
                    || fold == "as" && i > 0 && self.words.fold(i - 1) != "such")
        };
        let mut end = (core_end..phrase.end).find(stops).unwrap_or(phrase.end);
        let idle = |i: usize| {
            let fold = self.words.function(i);
            !self.words.is_word(i) || lexicon::is_preposition(fold) || lexicon::is_reflexive(fold)
        };
        while end > core_end && idle(end - 1) {
            end -= 1;
        }
        end
    }

    /// "from March", "from 2019": when a text was made, not by whom.
    fn is_dated(&self, i: usize) -> bool {
        let fold = self.words.fold(i);
        lexicon::is_calendar(fold) && self.mention_at(i).is_none() || fold.starts_with(|c: char| c.is_ascii_digit())
    }

    /// Who made a text: "a report by X", "X's statement", "an X press release".
    fn issuer(&self, phrase: &Range<usize>, core: &Range<usize>, head: usize, depth: usize) -> Option<Reading> {
        let noun = self.words.fold(head);
        if lexicon::is_unissued(noun) {
            return None;
        }
        let by = (core.end..phrase.end).find(|&i| {
            matches!(self.words.fold(i), "by" | "from") && self.mention_at(i).is_none() && !self.is_dated(i + 1)
        });
        if let Some(by) = by {
            return match self.read_at(by + 1..phrase.end, depth.saturating_sub(1)) {
                Reading::Nothing | Reading::Pronoun(..) => None,
                reading => Some(reading),
            };
        }
        // "the court's summary" is by the court.
        let owner = (phrase.start + 1..head)
            .find(|&i| self.words.shape(i) == Shape::Possessive && self.mention_at(i - 1).is_none());
        if let Some(owner) = owner {
            return match self.read_at(phrase.start..owner, depth.saturating_sub(1)) {
                Reading::Nothing | Reading::Pronoun(..) => None,
                reading => Some(reading),
            };
        }
        let definite = self.after_determiners(phrase).1 == Determiner::Definite || noun == "statement";
        let body = head > phrase.start
            && definite
            && lexicon::is_issued(noun)
            && self.mention_at(head - 1).is_none()
            && lexicon::noun(self.words.fold(head - 1)).is_some_and(|noun| noun.kind == SpeakerType::Organization);
        if body {
            // "the government statement" is by the government.
            return self
                .describe_at(phrase.start..head, depth.saturating_sub(1))
                .map(|body| Reading::Described(Box::new(body)));
        }
        let owner = self.mentions_in(&(phrase.start..head)).next_back()?;
        let name = &self.mentions[owner];
        let owns = self.words.shape(name.tokens.end) == Shape::Possessive;
        let maker = matches!(name.kind, NameKind::Organization | NameKind::Misc)
            && lexicon::demonym_of(self.words.fold(name.tokens.start)).is_none();
        (owns || maker).then_some(Reading::Named(owner))
    }
}
