//! Mentions of names become the entities they name.

use std::collections::HashMap;

use super::lexicon::{self, Gender};
use super::names::Mention;
use super::words::{Shape, Words};
use super::{bodies, initials, people};
use crate::decode::NameKind;

/// Entities that a lookup considers at most; more than that share a name only in lists and made-up texts.
pub(super) const CANDIDATES: usize = 32;

/// Somebody or something with a name.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub kind: NameKind,
    /// The canonical name.
    pub name: String,
    /// The gender that titles show.
    pub gender: Option<Gender>,
}

/// The named entities of a text and which of them each mention names.
#[derive(Debug, Default)]
pub(super) struct Clusters {
    pub entities: Vec<Named>,
    pub of_mention: Vec<Option<usize>>,
}

/// All mentions that are spelled alike, but for case and accents.
#[derive(Debug)]
pub(super) struct Form {
    /// Numbers of the folded words.
    pub words: Vec<u32>,
    pub kind: NameKind,
    /// Indices of the mentions, in text order.
    pub mentions: Vec<usize>,
}

/// Finds out which mentions name the same person or body.
pub(super) fn cluster(words: &Words, mentions: &[Mention]) -> Clusters {
    let forms = forms(words, mentions);
    let mut clusters = Clusters { entities: Vec::new(), of_mention: vec![None; mentions.len()] };
    let (persons, others): (Vec<&Form>, Vec<&Form>) = forms.iter().partition(|form| form.kind == NameKind::Person);
    people::cluster(words, mentions, &persons, &mut clusters);
    bodies::cluster(words, mentions, &others, &mut clusters);
    initials::resolve(words, mentions, &mut clusters);
    clusters
}

/// The forms in the order of first mention, each with the kind that most of its mentions are given.
fn forms(words: &Words, mentions: &[Mention]) -> Vec<Form> {
    let mut index: HashMap<Vec<u32>, usize> = HashMap::new();
    let mut forms: Vec<Form> = Vec::new();
    let mut votes: Vec<[f32; 4]> = Vec::new();
    for (i, mention) in mentions.iter().enumerate() {
        let form = mention.form(words);
        let slot = *index.entry(form.clone()).or_insert_with(|| {
            forms.push(Form { words: form, kind: mention.kind, mentions: Vec::new() });
            votes.push([0.0; 4]);
            forms.len() - 1
        });
        forms[slot].mentions.push(i);
        // A title says more than the tagger does.
        let weight = mention.confidence.max(0.1) + if mention.outer < mention.tokens.start { 1.0 } else { 0.0 };
        votes[slot][mention.kind as usize] += weight;
        // "in Velmark" is no person, whatever the tagger makes of it.
        let before = mention.tokens.start.checked_sub(1).map_or("", |before| words.function(before));
        if mention.tokens.len() == 1 {
            let end = mention.tokens.end;
            let placed = matches!(before, "in" | "near" | "across") || owns_as_a_thing(words, end);
            let country = mention.kind != NameKind::Organization && governs(words, end);
            let is_place = mention.kind == NameKind::Person && placed || country;
            votes[slot][NameKind::Location as usize] += if is_place { PLACED } else { 0.0 };
        }
    }
    for (form, votes) in forms.iter_mut().zip(&votes) {
        form.kind = winner(votes);
    }
    reclaim_surnames(words, &mut forms);
    reclaim_acronyms(words, mentions, &mut forms);
    forms
}

/// What it counts, of the votes for what a name is, that it stands where only a place does.
const PLACED: f32 = 3.0;

/// Words between a country and its minister: "Velmark's deputy foreign".
const QUALIFIERS: usize = 3;

/// Whether what ends at `end` owns what only a country or another place does: "Velmark's deputy foreign minister".
fn governs(words: &Words, end: usize) -> bool {
    let owned = end + 1..words.tokens.len().min(end + 2 + QUALIFIERS);
    let is_public = |fold: &str| matches!(fold, "embassy" | "minister" | "ministry" | "parliament");
    words.shape(end) == Shape::Possessive && owned.take_while(|&i| words.is_word(i)).any(|i| is_public(words.fold(i)))
}

/// Words between a subject and what it owns: "Velmark has repeatedly accused its neighbour".
const NEAR: usize = 6;

/// Whether the first pronoun after `end` is "its", in the same clause.
fn owns_as_a_thing(words: &Words, end: usize) -> bool {
    let after = (end..words.tokens.len().min(end + NEAR)).take_while(|&i| words.is_word(i) && !words.is_capitalised(i));
    let mut pronouns = after.map(|i| words.fold(i)).filter(|fold| lexicon::pronoun(fold).is_some());
    pronouns.next() == Some("its")
}

fn winner(votes: &[f32; 4]) -> NameKind {
    let kinds = [NameKind::Person, NameKind::Organization, NameKind::Location, NameKind::Misc];
    let mut best = kinds[0];
    for kind in kinds {
        if votes[kind as usize] > votes[best as usize] {
            best = kind;
        }
    }
    best
}

/// A single word that ends a person's full name and begins no longer name of another kind is that person's surname,
/// whatever the tagger made of it.
fn reclaim_surnames(words: &Words, forms: &mut [Form]) {
    let long = |form: &&Form| form.words.len() > 1;
    let surnames: std::collections::HashSet<u32> = forms
        .iter()
        .filter(long)
        .filter(|form| form.kind == NameKind::Person)
        .filter_map(|form| form.words.last().copied())
        .collect();
    let firsts: std::collections::HashSet<u32> = forms
        .iter()
        .filter(long)
        .filter(|form| form.kind != NameKind::Person)
        .filter_map(|form| form.words.first().copied())
        .collect();
    for form in forms.iter_mut().filter(|form| form.words.len() == 1 && form.kind != NameKind::Person) {
        let word = form.words[0];
        let is_country = lexicon::country(words.folded_id(word)).is_some();
        if surnames.contains(&word) && !firsts.contains(&word) && !is_country {
            form.kind = NameKind::Person;
        }
    }
}

/// One in so many mentions may spell a name in a way of its own before the way is taken for a slip.
const SLIP: usize = 100;

/// The fullest way in which `mentions` spell the name; of a person, the one that the text uses most if it uses one more
/// than once ("Robert Mugabe" although "Robert Gabriel Mugabe" occurs). Headlines in capitals only if there is no other. In
/// a book with hundreds of mentions, what occurs once or twice is no form of the name ("Darling Helen").
pub(super) fn fullest<'t>(words: &Words<'t>, mentions: &[Mention], of: &[usize]) -> &'t str {
    let mut uses: HashMap<Vec<u32>, usize> = HashMap::new();
    for mention in of.iter().filter_map(|&i| mentions.get(i)) {
        *uses.entry(mention.form(words)).or_default() += 1;
    }
    // What most of them are taken for: a slip of the tagger must not decide.
    let persons =
        of.iter().filter(|&&i| mentions.get(i).is_some_and(|mention| mention.kind == NameKind::Person)).count();
    let is_person = persons * 2 > of.len();
    let rank = |mention: &Mention| {
        let is_shouted = |i: usize| !words.is_word(i) || words.shape(i) == Shape::Upper;
        let shouted = mention.tokens.len() > 1 && mention.tokens.clone().all(is_shouted);
        let form = mention.form(words);
        // "de Roe" is no fuller than "Roe"; "Princess Ann" is as full as "Ann".
        let own = form.iter().filter(|&&id| !is_person || !lexicon::is_particle(words.folded_id(id))).count();
        let is_usual = is_person && own > 1;
        let usual = uses.get(&form).copied().filter(|&uses| is_usual && uses > 1);
        let count = mention.tokens.clone().filter(|&i| words.is_word(i)).count();
        (!shouted, usual, own.min(if is_person { own } else { 0 }), count, words.span(&mention.tokens).len())
    };
    let is_slip = |mention: &Mention| uses.get(&mention.form(words)).is_some_and(|&uses| uses * SLIP < of.len());
    let mut best: Option<&Mention> = None;
    // Some form is frequent enough, unless there are a hundred of them.
    let spelled = || of.iter().filter_map(|&i| mentions.get(i));
    let all_slips = spelled().all(is_slip);
    for mention in spelled().filter(|&mention| all_slips || !is_slip(mention)) {
        if best.is_none_or(|best| rank(mention) > rank(best)) {
            best = Some(mention);
        }
    }
    best.map_or("", |mention| words.of(&mention.tokens))
}

/// "WHO" after "World Health Organization" in brackets is no person.
fn reclaim_acronyms(words: &Words, mentions: &[Mention], forms: &mut [Form]) {
    let explicit = bodies::explicit_acronyms(words, mentions);
    for form in forms.iter_mut().filter(|form| form.words.len() == 1 && form.kind == NameKind::Person) {
        if explicit.contains_key(&form.words[0]) {
            form.kind = NameKind::Organization;
        }
    }
}
