//! Names of persons: full names, parts of them, initials.

use std::collections::HashMap;

use super::cluster::{CANDIDATES, Clusters, Form, Named, fullest};
use super::lexicon::{self, Gender, Pronoun, pronoun};
use super::names::Mention;
use super::words::Words;
use crate::decode::NameKind;

/// Words of a name that are indexed; longer ones are hardly a person's.
const INDEXED_WORDS: usize = 6;

/// Tokens after a full name within which its surname alone means the same person, whoever else has it.
const NOW: usize = 12;

/// Tokens after a full name in which a pronoun may mean the same person.
const NEXT: usize = 30;

/// Mentions by title and surname that make somebody known, though the text has not given the full name.
const OFTEN: usize = 3;

/// One person: the fullest form first, then the forms that are parts of it.
#[derive(Debug, Default)]
struct Person {
    full: Vec<u32>,
    mentions: Vec<usize>,
    /// The mentions that are more than a surname.
    full_mentions: Vec<usize>,
    gender: Option<Gender>,
}

/// Adds the persons to `clusters`.
pub(super) fn cluster(words: &Words, mentions: &[Mention], forms: &[&Form], clusters: &mut Clusters) {
    let mut people = People { words, mentions, persons: Vec::new(), pairs: HashMap::new(), singles: HashMap::new() };
    let mut order: Vec<&&Form> = forms.iter().collect();
    order.sort_by_key(|form| (std::cmp::Reverse(weight(words, &form.words)), form.mentions.first().copied()));
    for form in order.iter().filter(|form| form.words.len() > 1) {
        people.add_full(form);
    }
    for person in &mut people.persons {
        person.mentions.sort_unstable();
        person.full_mentions = person.mentions.clone();
    }
    for form in order.iter().filter(|form| form.words.len() == 1) {
        people.add_single(form);
    }
    people.finish(clusters);
}

/// Full words first, so that initials and parts come to the name they abbreviate.
fn weight(words: &Words, form: &[u32]) -> (usize, usize) {
    let spelled = form.iter().filter(|&&id| words.folded_id(id).chars().count() > 1).count();
    (spelled, form.len())
}

struct People<'w, 't> {
    words: &'w Words<'t>,
    mentions: &'w [Mention],
    persons: Vec<Person>,
    /// Persons by the first letter of one word and a later word of their name.
    pairs: HashMap<(char, u32), Vec<usize>>,
    /// Persons by each word, with its place counted from the end of the name.
    singles: HashMap<u32, Vec<(usize, usize)>>,
}

impl People<'_, '_> {
    fn add_full(&mut self, form: &Form) {
        let key = self.initial(form.words[0]).zip(form.words.last().copied());
        let found = key.and_then(|key| self.pairs.get(&key)).and_then(|candidates| {
            candidates
                .iter()
                .copied()
                .find(|&person| is_part(&form.words, &self.persons[person].full, |id| self.words.folded_id(id)))
        });
        let person = found.unwrap_or_else(|| self.new_person(&form.words));
        self.attach(person, form.mentions.iter().copied());
    }

    fn new_person(&mut self, full: &[u32]) -> usize {
        let person = self.persons.len();
        self.persons.push(Person { full: full.to_vec(), ..Person::default() });
        let indexed = &full[..full.len().min(INDEXED_WORDS)];
        for (i, &word) in indexed.iter().enumerate() {
            for &earlier in &indexed[..i] {
                if let Some(letter) = self.initial(earlier) {
                    push(self.pairs.entry((letter, word)).or_default(), person);
                }
            }
            push(self.singles.entry(word).or_default(), (full.len() - 1 - i, person));
        }
        person
    }

    fn attach(&mut self, person: usize, mentions: impl Iterator<Item = usize>) {
        for mention in mentions {
            self.persons[person].gender = self.persons[person].gender.or(self.mentions[mention].gender);
            self.persons[person].mentions.push(mention);
        }
    }

    fn initial(&self, word: u32) -> Option<char> {
        self.words.folded_id(word).chars().next()
    }

    /// Gives the mentions of a single word to the person whose name has it: by surname, else by first, else by middle
    /// name; of several such persons to the one whose title agrees and who was named last.
    fn add_single(&mut self, form: &Form) {
        let candidates = self.bearers(form.words[0]);
        let form = &self.without_known_by_title(&candidates, form);
        match candidates.as_slice() {
            [] => self.add_unknown(form),
            [only] => self.add_namesakes(*only, form),
            several => {
                for &mention in &form.mentions {
                    let person = self.nearest(several, mention);
                    self.attach(person, std::iter::once(mention));
                }
            }
        }
    }

    /// Makes a person of those whom the text knows by title and surname before it gives anybody of that surname in full:
    /// "Mrs Lund" is no "Ida Lund" who comes later. The mentions that are left.
    fn without_known_by_title(&mut self, candidates: &[usize], form: &Form) -> Form {
        let mut left = Form { words: form.words.clone(), kind: form.kind, mentions: Vec::new() };
        let first_full =
            candidates.iter().filter_map(|&person| self.persons[person].full_mentions.first()).min().copied();
        let mut by_title: Vec<(u32, Vec<usize>)> = Vec::new();
        for &mention in &form.mentions {
            let named = &self.mentions[mention];
            let title = self.words.tokens.get(named.outer).filter(|_| named.gender.is_some()).map(|token| token.id);
            let known = title.and_then(|title| by_title.iter().position(|(other, _)| *other == title));
            match (title, known) {
                (Some(_), Some(known)) => by_title[known].1.push(mention),
                (Some(title), None) if by_title.len() < CANDIDATES => by_title.push((title, vec![mention])),
                _ => left.mentions.push(mention),
            }
        }
        for (title, mentions) in by_title {
            let early = first_full.is_some_and(|full| mentions.get(OFTEN - 1).is_some_and(|&mention| mention < full));
            let gender = mentions.first().and_then(|&mention| self.mentions[mention].gender);
            let married = matches!(self.words.folded_id(title), "mrs" | "miss");
            let same = |person: usize| match self.persons[person].gender.or_else(|| self.spoken_of_as(person)) {
                None => !married,
                known => known == gender,
            };
            if early && !matches!(candidates, [only] if same(*only)) {
                self.persons.push(Person { full: form.words.clone(), ..Person::default() });
                self.attach(self.persons.len() - 1, mentions.into_iter());
            } else {
                left.mentions.extend(mentions);
            }
        }
        left.mentions.sort_unstable();
        left
    }

    /// Where the one full name of a surname is that of somebody's relative ("his daughter, Ida Lund"), the surname with a
    /// title, or before that name, is somebody else's: makes a person of these mentions, and gives those that are left.
    fn without_relatives(&mut self, person: usize, form: &Form) -> Form {
        let is_surname = self.persons[person].full.last() == form.words.first();
        let full = &self.persons[person].full_mentions;
        let relative = full.iter().find_map(|&mention| self.relative(mention));
        let (Some(&first), Some(relative), true) = (full.first(), relative, is_surname) else {
            return Form { words: form.words.clone(), kind: form.kind, mentions: form.mentions.clone() };
        };
        let just_named = |mention: usize| {
            let before = full.partition_point(|&other| other < mention);
            before > 0 && self.tokens_between(full[before - 1], mention) <= NOW
        };
        // "Ms. Lund" may well be the daughter.
        let titled = |mention: usize| {
            let named = &self.mentions[mention];
            named.outer < named.tokens.start && (named.gender.is_none() || named.gender != relative)
        };
        let junior =
            |mention: usize| self.mentions[mention].tokens.clone().any(|i| lexicon::is_suffix(self.words.fold(i)));
        let is_other = form.mentions.iter().any(|&mention| mention < first || titled(mention));
        let (others, left): (Vec<usize>, Vec<usize>) = form
            .mentions
            .iter()
            .partition(|&&mention| is_other && !junior(mention) && (titled(mention) || !just_named(mention)));
        if !others.is_empty() {
            self.persons.push(Person { full: form.words.clone(), ..Person::default() });
            self.attach(self.persons.len() - 1, others.into_iter());
        }
        Form { words: form.words.clone(), kind: form.kind, mentions: left }
    }

    /// The gender of the word for a relative that a full name follows: "the president's wife, Ida Lund", "first lady Ida
    /// Lund"; `None` if none stands there.
    fn relative(&self, mention: usize) -> Option<Option<Gender>> {
        let words = self.words;
        let start = self.mentions[mention].outer.min(self.mentions[mention].tokens.start);
        let before = (start.saturating_sub(2)..start).rev().find(|&i| words.is_word(i))?;
        if words.fold(before) == "lady" && before > 0 && words.fold(before - 1) == "first" {
            return Some(Some(Gender::Female));
        }
        let stands = lexicon::is_relative(words.fold(before)) && !words.breaks_after(before);
        stands.then(|| lexicon::noun(words.fold(before)).and_then(|noun| noun.gender))
    }

    /// Mentions of the one person of that name; where titles show a man and a woman, one of them is somebody else:
    /// "Mrs Lund" beside "Jan Lund", who is spoken of as "he".
    fn add_namesakes(&mut self, person: usize, form: &Form) {
        let form = &self.without_relatives(person, form);
        let shows = |gender: Gender| form.mentions.iter().any(|&mention| self.mentions[mention].gender == Some(gender));
        let both = shows(Gender::Female) && shows(Gender::Male);
        let own = self.persons[person].gender.or_else(|| if both { self.spoken_of_as(person) } else { None });
        let other = |mention: usize| matches!((self.mentions[mention].gender, own), (Some(a), Some(b)) if a != b);
        let (others, same): (Vec<usize>, Vec<usize>) = form.mentions.iter().partition(|&&mention| other(mention));
        self.attach(person, same.into_iter());
        if !others.is_empty() {
            self.persons.push(Person { full: form.words.clone(), ..Person::default() });
            self.attach(self.persons.len() - 1, others.into_iter());
        }
    }

    /// The gender of the pronouns that come next after a person's full name, if most are of one.
    fn spoken_of_as(&self, person: usize) -> Option<Gender> {
        let mut votes = 0i32;
        for &mention in self.persons[person].full_mentions.iter().take(CANDIDATES) {
            let from = self.mentions[mention].tokens.end;
            let to = self.mentions.get(mention + 1).map_or(from + NEXT, |next| next.tokens.start.min(from + NEXT));
            let next = (from..to).find_map(|i| match pronoun(self.words.fold(i)) {
                Some(Pronoun::Third(gender)) => Some(gender),
                _ => None,
            });
            votes += next.map_or(0, |gender| if gender == Gender::Female { 1 } else { -1 });
        }
        match votes {
            0 => None,
            1.. => Some(Gender::Female),
            _ => Some(Gender::Male),
        }
    }

    fn tokens_between(&self, a: usize, b: usize) -> usize {
        self.mentions[b].tokens.start.saturating_sub(self.mentions[a].tokens.end)
    }

    fn bearers(&self, word: u32) -> Vec<usize> {
        let Some(all) = self.singles.get(&word) else { return Vec::new() };
        let is_first = |&&(from_end, person): &&(usize, usize)| from_end + 1 == self.persons[person].full.len();
        let surname: Vec<usize> =
            all.iter().filter(|(from_end, _)| *from_end == 0).map(|(_, person)| *person).collect();
        if !surname.is_empty() {
            return surname;
        }
        let first: Vec<usize> = all.iter().filter(is_first).map(|(_, person)| *person).collect();
        if first.is_empty() { all.iter().map(|(_, person)| *person).collect() } else { first }
    }

    fn nearest(&self, candidates: &[usize], mention: usize) -> usize {
        let gender = self.mentions[mention].gender;
        let rank = |person: usize| {
            let person = &self.persons[person];
            let agrees = match (gender, person.gender) {
                (Some(a), Some(b)) => 2 * i32::from(a == b),
                _ => 1,
            };
            let before = person.full_mentions.partition_point(|&other| other < mention);
            // Just now, in full; else the one that the text is about.
            let now = before > 0 && self.tokens_between(person.full_mentions[before - 1], mention) <= NOW;
            let last = before.checked_sub(1).map(|at| person.full_mentions[at]);
            (agrees, if now { last } else { None }, person.full_mentions.len(), last)
        };
        candidates.iter().copied().max_by_key(|&person| rank(person)).unwrap_or(candidates[0])
    }

    /// A surname without a full name: one person, or two if titles show a man and a woman.
    fn add_unknown(&mut self, form: &Form) {
        let person = self.new_person(&form.words);
        let mut other = None;
        for &mention in &form.mentions {
            let clash =
                matches!((self.mentions[mention].gender, self.persons[person].gender), (Some(a), Some(b)) if a != b);
            let to = if clash { *other.get_or_insert(self.persons.len()) } else { person };
            if to == self.persons.len() {
                self.persons.push(Person { full: form.words.clone(), ..Person::default() });
            }
            self.attach(to, std::iter::once(mention));
        }
    }

    fn finish(self, clusters: &mut Clusters) {
        for mut person in self.persons {
            person.mentions.sort_unstable();
            for &mention in &person.mentions {
                clusters.of_mention[mention] = Some(clusters.entities.len());
            }
            let name = fullest(self.words, self.mentions, &person.mentions).to_string();
            clusters.entities.push(Named { kind: NameKind::Person, name, gender: person.gender });
        }
    }
}

/// Whether `short` spells a part of `full`, or both differ in middle names only. `fold` gives the folded form of a word.
pub(super) fn is_part<'w, W: Copy + PartialEq>(short: &[W], full: &[W], fold: impl Fn(W) -> &'w str) -> bool {
    let is_initial = |word: W| fold(word).chars().count() == 1;
    let same_word =
        |a: W, b: W| a == b || (is_initial(a) || is_initial(b)) && fold(a).chars().next() == fold(b).chars().next();
    let mut rest = full.iter();
    let in_order = short.iter().all(|&word| rest.any(|&other| same_word(word, other)));
    let middles_only = match (short, full) {
        ([a, middle @ .., z], [b, other @ .., y]) => {
            z == y && same_word(*a, *b) && (other.is_empty() || middle.iter().all(|&m| fold(m).len() == 1))
        }
        _ => false,
    };
    in_order || middles_only
}

/// Adds to a list of candidates while it is short enough to be looked through.
fn push<T>(candidates: &mut Vec<T>, candidate: T) {
    if candidates.len() < CANDIDATES {
        candidates.push(candidate);
    }
}
