//! The names of a text, cleaned: without determiner, title and possessive ending, with what the title shows.

use std::ops::Range;

use super::lexicon::{self, Gender};
use super::missed::{Spelling, missed_in, opens_sentence};
use super::words::{Shape, Words};
use super::{SourceMention, SpeakerType, joins};
use crate::decode::{Name, NameKind};
use crate::segment::reports;

/// Words of a phrase that are looked at before it is given up as no name.
pub(super) const LONGEST_NAME: usize = 16;

/// Confidence of a name that only its capitals show.
pub(super) const GUESSED: f32 = 0.3;

/// One mention of a name.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    /// The words of the name itself.
    pub tokens: Range<usize>,
    /// Where its title begins; `tokens.start` if it has none.
    pub outer: usize,
    pub kind: NameKind,
    pub confidence: f32,
    /// The gender that the title shows.
    pub gender: Option<Gender>,
}

impl Mention {
    /// The numbers of the words by which this name is compared with others: no marks, no regnal titles, no suffixes.
    pub fn form(&self, words: &Words) -> Vec<u32> {
        let mut form: Vec<u32> = self
            .tokens
            .clone()
            .filter(|&i| words.is_word(i) && !(self.kind == NameKind::Person && lexicon::is_suffix(words.fold(i))))
            .map(|i| words.tokens[i].id)
            .collect();
        if self.kind == NameKind::Person && form.len() > 1 && lexicon::is_regnal(words.folded_id(form[0])) {
            form.remove(0);
        }
        form
    }
}

/// The mentions of all names, in text order, none overlapping another: those handed in, and those that the sources
/// show by their capitals and the tagger passed over.
pub(super) fn mentions(words: &Words, names: &[Name], sources: &[SourceMention]) -> Vec<Mention> {
    let mut found: Vec<Mention> = names.iter().filter_map(|name| clean(words, name)).collect();
    found.sort_by_key(|mention| (mention.tokens.start, std::cmp::Reverse(mention.tokens.end)));
    drop_overlaps(&mut found);
    joins::nicknames(words, &mut found);
    joins::spelled_out(words, &mut found);
    joins::places(words, &mut found);
    joins::numbers(words, &mut found);
    joins::legal_forms(words, &mut found);
    joins::repeated(words, &mut found);
    joins::partners(words, &mut found);
    let spelling = Spelling::new(words);
    let mut missed = Vec::new();
    for source in sources {
        missed.extend(missed_in(words, source, &found, &spelling));
    }
    joins::fronts(words, &mut found, &mut missed);
    found.extend(missed);
    found.sort_by_key(|mention| (mention.tokens.start, std::cmp::Reverse(mention.tokens.end)));
    drop_overlaps(&mut found);
    found
}

fn drop_overlaps(mentions: &mut Vec<Mention>) {
    let mut end = 0;
    mentions.retain(|mention| {
        let keep = mention.tokens.start >= end;
        if keep {
            end = mention.tokens.end;
        }
        keep
    });
}

fn clean(words: &Words, name: &Name) -> Option<Mention> {
    name.span.get(words.text)?;
    let mut tokens = words.within(name.span);
    if let Some(cut) = tokens.clone().find(|&i| words.fold(i) == "(" || i + 1 < tokens.end && words.breaks_after(i)) {
        tokens.end = if words.fold(cut) == "(" { cut } else { cut + 1 };
    }
    if name.kind == NameKind::Person
        && let Some(cut) = (tokens.start + 1..tokens.end).find(|&i| matches!(words.fold(i), "of" | "and" | ","))
    {
        tokens.end = cut;
    }
    trim(words, &mut tokens);
    drop_front(words, &mut tokens);
    if tokens.is_empty()
        || tokens.len() == 1 && (is_date_or_zone(words, tokens.start) || is_party_tag(words, tokens.start))
    {
        return None;
    }
    drop_partisans(words, &mut tokens);
    if tokens.is_empty() {
        return None;
    }
    if name.kind != NameKind::Person {
        drop_roles(words, &mut tokens);
    } else if tokens.clone().any(|i| words.is_capitalised(i)) {
        // "Lucy despondently": no person's name ends without a capital.
        while words.shape(tokens.end - 1) == Shape::Lower || !words.is_word(tokens.end - 1) {
            tokens.end -= 1;
        }
    }
    while tokens.len() > 1 && matches!(words.fold(tokens.start), "the" | "a" | "an") {
        tokens.start += 1;
    }
    if matches!(name.kind, NameKind::Organization | NameKind::Location) {
        drop_lower(words, &mut tokens);
    }
    let kind = if is_titled_person(words, &tokens) { NameKind::Person } else { name.kind };
    let only_roles =
        tokens.clone().all(|i| !words.is_word(i) || is_role(words, i) || lexicon::is_honour(words.fold(i)));
    let civil = |i: usize| matches!(words.fold(i), "miss" | "mr" | "mrs" | "ms");
    // "Mr. King" has no crown.
    let surname = tokens.len() == 1 && title_before(words, tokens.start).is_some_and(civil)
        || tokens.len() > 1 && civil(tokens.start) && words.is_capitalised(tokens.end - 1);
    ((surname || !only_roles) && tokens.len() <= LONGEST_NAME).then(|| with_title(words, tokens, kind, name.confidence))
}

/// Drops words that a capital at the beginning of a sentence or a headline made part of a name: "Today's Court", "Retired
/// Supreme Court", "Remarked Center", "Oslo-based Acme".
fn drop_front(words: &Words, tokens: &mut Range<usize>) {
    while let Some(first) = tokens.clone().next() {
        let fold = words.fold(first);
        let day = lexicon::is_day(fold) && words.shape(first + 1) == Shape::Possessive;
        let based = fold.ends_with("-based");
        let opens = opens_sentence(words, first) && tokens.len() > 1;
        let no_name = lexicon::is_state(fold)
            || reports(fold)
            || lexicon::is_preposition(fold) && !matches!(fold, "outside" | "inside" | "over" | "across");
        if !(day || based || opens && no_name && words.shape(first) == Shape::Title) {
            break;
        }
        tokens.start += if day { 2 } else { 1 };
        trim(words, tokens);
    }
}

/// "Friday", "from March", "March 3", "EDT": a tagger took a date or a time zone for a name. "May" and "April" may be
/// somebody's, so a month needs its surroundings.
fn is_date_or_zone(words: &Words, i: usize) -> bool {
    let fold = words.fold(i);
    let before = i.checked_sub(1).map_or("", |before| words.fold(before));
    let dated = matches!(before, "in" | "since" | "until" | "last" | "next" | "early" | "late" | "mid" | "of")
        || before == "from" && fold != "may"
        || words.fold(i + 1).starts_with(|c: char| c.is_ascii_digit());
    lexicon::is_day(fold)
        || lexicon::is_calendar(fold) && dated
        || lexicon::is_time_zone(fold) && words.shape(i) == Shape::Upper
}

/// "(R)", "D-Ohio": whose party somebody is of, behind a name.
pub(super) fn is_party_tag(words: &Words, i: usize) -> bool {
    let fold = words.fold(i);
    let bracketed = i > 0 && words.fold(i - 1) == "(";
    let party = fold.split_once('-').map_or(fold, |(party, _)| party);
    matches!(party, "d" | "i" | "r") && (bracketed || fold.len() > 2) && words.is_capitalised(i)
}

/// "Democrats" and "House Republicans" are no names, but "Social Democrats" is one.
fn drop_partisans(words: &Words, tokens: &mut Range<usize>) {
    let last = tokens.end - 1;
    let chamber = |i: usize| matches!(words.fold(i), "congressional" | "house" | "senate");
    let common = tokens.len() == 1 || tokens.len() == 2 && chamber(tokens.start);
    if common && lexicon::is_partisan(words.fold(last)) {
        tokens.end = last;
    }
}

/// "Minority Leader" is no name, and "Senate Minority Leader" only as far as "Senate" is one.
fn drop_roles(words: &Words, tokens: &mut Range<usize>) {
    while tokens.start < tokens.end
        && !(tokens.len() > 1 && lexicon::is_small(words.fold(tokens.end - 2)))
        && is_role(words, tokens.end - 1)
        && lexicon::title(words.fold(tokens.end - 1)).is_some()
    {
        tokens.end -= 1;
    }
}

/// "Ridge Institute and", "promotion Ring of Stars": a tagger took in a word that is no part of the name.
fn drop_lower(words: &Words, tokens: &mut Range<usize>) {
    let lower = |i: usize| words.shape(i) == Shape::Lower;
    if !tokens.clone().any(|i| words.is_capitalised(i)) {
        return;
    }
    while lower(tokens.end - 1) {
        tokens.end -= 1;
    }
    while lower(tokens.start) && !lexicon::is_particle(words.fold(tokens.start)) {
        tokens.start += 1;
    }
}

fn is_role(words: &Words, i: usize) -> bool {
    let noun = lexicon::noun(words.fold(i));
    lexicon::title(words.fold(i)).is_some() || noun.is_some_and(|noun| noun.kind == SpeakerType::Person && !noun.plural)
}

/// "Presidential Spokesperson Ann Roe": a title and two capitalised words that are no body's name.
fn is_titled_person(words: &Words, tokens: &Range<usize>) -> bool {
    let Some(name) = tokens.end.checked_sub(2).filter(|&name| name > tokens.start) else { return false };
    let plain = |i: usize| words.shape(i) == Shape::Title && lexicon::noun(words.fold(i)).is_none();
    is_role(words, name - 1) && plain(name) && plain(name + 1)
}

pub(super) fn names_people(words: &Words, i: usize) -> bool {
    is_role(words, i) || lexicon::noun(words.fold(i)).is_some_and(|noun| noun.kind == SpeakerType::Person)
}

/// Drops marks and possessive endings at both ends, but not the dot of an abbreviation.
fn trim(words: &Words, tokens: &mut Range<usize>) {
    while tokens.start < tokens.end && !words.is_word(tokens.start) {
        tokens.start += 1;
    }
    while tokens.start < tokens.end && !words.is_word(tokens.end - 1) {
        tokens.end -= 1;
    }
}

/// The mention of the name that is left of `tokens` when titles are set apart.
pub(super) fn with_title(words: &Words, mut tokens: Range<usize>, kind: NameKind, confidence: f32) -> Mention {
    let mut gender = None;
    let mut outer = tokens.start;
    if kind == NameKind::Person {
        let given = tokens.clone();
        while let Some(next) = title_ends(words, tokens.start, tokens.end) {
            gender = lexicon::title(words.fold(tokens.start)).flatten().or(gender);
            tokens.start = next;
        }
        if strip_front(words, &mut tokens, &mut gender) {
            outer = tokens.start;
        }
        while tokens.len() > 1 && lexicon::is_honour(words.fold(tokens.end - 1)) {
            tokens.end -= 1;
        }
        while let Some(before) = title_before(words, outer) {
            gender = gender.or(lexicon::title(words.fold(before)).flatten());
            outer = before;
        }
        keep_regnal(words, &mut tokens, given.start.min(outer));
        extend_suffix(words, &mut tokens);
    }
    Mention { outer: outer.min(tokens.start), tokens, kind, confidence, gender }
}

/// Drops what stands before a title within a name that a tagger took in: "Detective Constable Ann Roe", "Leeds Ann
/// Roe" in "Mayor of Leeds Ann Roe". Whether it was the latter, so that no title is left.
fn strip_front(words: &Words, tokens: &mut Range<usize>, gender: &mut Option<Gender>) -> bool {
    let role = tokens.clone().rev().skip(2).find(|&i| is_role(words, i));
    if let Some(role) = role {
        *gender = gender.or(lexicon::title(words.fold(role)).flatten());
        tokens.start = role + 1;
        trim(words, tokens);
    }
    // "President of the Republic Ann Roe".
    let front = tokens.start - usize::from(tokens.start > 2 && words.fold(tokens.start - 1) == "the");
    let of = front > 1 && words.fold(front - 1) == "of" && is_role(words, front - 2);
    let placed = of && tokens.len() > 2 && words.shape(tokens.start + 1) == Shape::Title;
    if placed {
        tokens.start += 1;
    }
    placed
}

/// Where the name goes on if a title stands at `start`.
fn title_ends(words: &Words, start: usize, end: usize) -> Option<usize> {
    let mut next = start + 1;
    lexicon::title(words.fold(start))?;
    if next < end && words.fold(next) == "." {
        next += 1;
    }
    (next < end && words.is_word(next)).then_some(next)
}

/// Where the title in front of `start` stands, if there is one.
pub(super) fn title_before(words: &Words, start: usize) -> Option<usize> {
    let mut at = start.checked_sub(1)?;
    // "Mrs." goes on in the next line; "Senator" may end a headline.
    let abbreviated = words.fold(at) == ".";
    if abbreviated {
        at = at.checked_sub(1)?;
    }
    ((abbreviated || !words.breaks_after(start - 1)) && words.is_word(at) && lexicon::title(words.fold(at)).is_some())
        .then_some(at)
}

fn keep_regnal(words: &Words, tokens: &mut Range<usize>, earliest: usize) {
    let names = tokens.clone().filter(|&i| words.is_word(i) && !lexicon::is_suffix(words.fold(i))).count();
    let Some(before) = tokens.start.checked_sub(1) else { return };
    if names == 1 && before >= earliest && lexicon::is_regnal(words.fold(before)) && words.is_capitalised(before) {
        tokens.start = before;
    }
}

fn extend_suffix(words: &Words, tokens: &mut Range<usize>) {
    let mut at = tokens.end;
    if words.fold(at) == "," {
        at += 1;
    }
    if words.is_capitalised(at) && lexicon::is_suffix(words.fold(at)) && !words.breaks_after(at - 1) {
        tokens.end = at + 1;
    }
    if lexicon::is_suffix(words.fold(tokens.end - 1)) && words.fold(tokens.end) == "." {
        let abbreviated = matches!(words.fold(tokens.end - 1), "jr" | "sr");
        tokens.end += usize::from(abbreviated && words.touches_next(tokens.end - 1));
    }
}
