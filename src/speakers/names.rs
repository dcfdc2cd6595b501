//! The names of a text, cleaned: without determiner, title and possessive ending, with what the title shows.

use std::collections::HashSet;
use std::ops::Range;

use super::lexicon::{self, Gender};
use super::words::{Shape, Words};
use super::{SourceMention, SpeakerType};
use crate::decode::{Name, NameKind};

/// Words of a phrase that are looked at before it is given up as no name.
const LONGEST_NAME: usize = 16;

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
    join_places(words, &mut found);
    join_partners(words, &mut found);
    let spelling = Spelling::new(words);
    let mut missed = Vec::new();
    for source in sources {
        missed.extend(missed_in(words, source, &found, &spelling));
    }
    join_fronts(words, &mut found, &mut missed);
    found.extend(missed);
    found.sort_by_key(|mention| (mention.tokens.start, std::cmp::Reverse(mention.tokens.end)));
    drop_overlaps(&mut found);
    found
}

/// Words by how the text writes them.
struct Spelling {
    /// Written without a capital somewhere.
    lower: HashSet<u32>,
    /// Written with one where no sentence begins.
    proper: HashSet<u32>,
}

impl Spelling {
    fn new(words: &Words) -> Self {
        let lower = words.tokens.iter().filter(|token| token.shape == Shape::Lower).map(|token| token.id).collect();
        let inside = (1..words.tokens.len()).filter(|&i| words.is_capitalised(i) && words.shape(i - 1) == Shape::Lower);
        Self { lower, proper: inside.map(|i| words.tokens[i].id).collect() }
    }
}

/// "Supreme Court of Norway" is one name where a tagger sees two.
fn join_places(words: &Words, found: &mut Vec<Mention>) {
    for i in 1..found.len() {
        let (body, place) = (&found[i - 1], &found[i]);
        let between = body.tokens.end..place.tokens.start;
        let last = body.tokens.end.saturating_sub(1);
        let joint = words.fold(between.start);
        let of = between.len() <= 2
            && (joint == "of" || joint == "in" && lexicon::is_mission(words.fold(last)))
            && between.clone().skip(1).all(|t| words.fold(t) == "the");
        let is_body = body.kind == NameKind::Organization
            && between.start < between.end
            && lexicon::noun(words.fold(last)).is_some_and(|noun| noun.kind == SpeakerType::Organization);
        if of && is_body && place.kind == NameKind::Location {
            found[i].tokens.start = found[i - 1].tokens.start;
            found[i].outer = found[i - 1].outer;
            found[i].kind = NameKind::Organization;
            // The longer one comes first among those that begin together, and the other is dropped.
            found[i - 1].tokens.end = found[i - 1].tokens.start;
        }
    }
    found.retain(|mention| !mention.tokens.is_empty());
}

/// "Lund & Moe" is one firm where a tagger sees one partner, or two.
fn join_partners(words: &Words, found: &mut Vec<Mention>) {
    for i in 0..found.len() {
        let joint = found[i].tokens.end;
        if words.fold(joint) != "&" || !words.is_capitalised(joint + 1) || found[i].tokens.is_empty() {
            continue;
        }
        let next = found.get(i + 1).filter(|next| next.tokens.start == joint + 1).map(|next| next.tokens.clone());
        let end = next.as_ref().map_or(joint + 2, |next| next.end);
        if next.is_some() {
            found[i + 1].tokens = end..end;
        }
        found[i].tokens.end = end;
        found[i].kind = NameKind::Organization;
    }
    found.retain(|mention| !mention.tokens.is_empty());
}

/// A run of capitals directly before a name is its beginning that the tagger left out: "Carmen" in "Carmen Yulín Cruz".
fn join_fronts(words: &Words, found: &mut [Mention], missed: &mut Vec<Mention>) {
    missed.retain(|front| {
        let before = front.tokens.start.checked_sub(1);
        let governed = before.is_some_and(|before| lexicon::is_preposition(words.function(before)));
        let next = found.partition_point(|mention| mention.tokens.start < front.tokens.end);
        let joined = found.get_mut(next).filter(|mention| {
            mention.tokens.start == front.tokens.end
                && mention.kind != NameKind::Misc
                && front.tokens.len() <= 2
                && !governed
        });
        if let Some(mention) = joined {
            mention.tokens.start = front.tokens.start;
            mention.outer = front.outer;
            mention.gender = mention.gender.or(front.gender);
            if mention.kind == NameKind::Location {
                mention.kind = NameKind::Organization;
            }
            return false;
        }
        true
    });
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
    (!only_roles && tokens.len() <= LONGEST_NAME).then(|| with_title(words, tokens, kind, name.confidence))
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

fn names_people(words: &Words, i: usize) -> bool {
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
        strip_front(words, &mut tokens, &mut gender);
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
/// Roe" in "Mayor of Leeds Ann Roe".
fn strip_front(words: &Words, tokens: &mut Range<usize>, gender: &mut Option<Gender>) {
    let role = tokens.clone().rev().skip(2).find(|&i| is_role(words, i));
    if let Some(role) = role {
        *gender = gender.or(lexicon::title(words.fold(role)).flatten());
        tokens.start = role + 1;
        trim(words, tokens);
    }
    let of = tokens.start > 1 && words.fold(tokens.start - 1) == "of" && is_role(words, tokens.start - 2);
    if of && tokens.len() > 2 && words.shape(tokens.start + 1) == Shape::Title {
        tokens.start += 1;
    }
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
fn title_before(words: &Words, start: usize) -> Option<usize> {
    let mut at = start.checked_sub(1)?;
    if words.fold(at) == "." {
        at = at.checked_sub(1)?;
    }
    (!words.breaks_after(start - 1) && words.is_word(at) && lexicon::title(words.fold(at)).is_some()).then_some(at)
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

/// Runs of capitals in a source that no mention covers.
fn missed_in(words: &Words, source: &SourceMention, found: &[Mention], spelling: &Spelling) -> Vec<Mention> {
    let tokens = words.within(source.span);
    let mut missed = Vec::new();
    let mut at = tokens.start;
    while at < tokens.end {
        let run = run_of_capitals(words, at..tokens.end, found);
        if run.is_empty() {
            at += 1;
            continue;
        }
        at = run.end;
        let rest = strip_common(words, run.clone(), tokens.end, spelling);
        if !rest.is_empty() && rest.len() <= LONGEST_NAME {
            let kind = kind_of_run(words, &rest, source);
            missed.push(with_title(words, rest, kind, GUESSED));
        }
    }
    missed
}

fn run_of_capitals(words: &Words, tokens: Range<usize>, found: &[Mention]) -> Range<usize> {
    let taken = found.partition_point(|mention| mention.tokens.end <= tokens.start);
    let limit = found.get(taken).map_or(tokens.end, |mention| mention.tokens.start.min(tokens.end));
    let mut end = tokens.start;
    while end < limit
        && (words.is_capitalised(end) || words.fold(end) == "." && end > tokens.start && is_initial(words, end - 1))
    {
        end += 1;
    }
    tokens.start..end
}

fn is_initial(words: &Words, i: usize) -> bool {
    words.fold(i).chars().count() == 1
}

/// The run without words at its front that are common nouns, titles or function words; empty if nothing else is in it.
fn strip_common(words: &Words, mut run: Range<usize>, end: usize, spelling: &Spelling) -> Range<usize> {
    let is_common = |i: usize| {
        let fold = words.function(i);
        let first_of_many =
            run.len() == 1 && opens_sentence(words, i) && words.shape(i + 1) == Shape::Lower && i + 1 < end;
        lexicon::is_determiner(fold)
            || lexicon::is_preposition(fold)
            || lexicon::is_clause_opener(fold)
            || lexicon::is_conjunction(fold)
            || lexicon::pronoun(fold).is_some()
            || fold.ends_with("-year-old")
            || lexicon::title(fold).is_some()
            || lexicon::noun(fold).is_some()
            || lexicon::demonym_of(fold).is_some()
            || lexicon::is_calendar(fold)
            || lexicon::is_honour(fold) && i > 0 && words.is_capitalised(i - 1)
            || spelling.lower.contains(&words.tokens[i].id) && words.shape(i) != Shape::Upper
            || first_of_many && !spelling.proper.contains(&words.tokens[i].id) && words.shape(i) != Shape::Upper
    };
    if run.clone().all(|i| !words.is_word(i) || is_common(i)) && !is_proper_body(words, &run, spelling) {
        return run.end..run.end;
    }
    let ends_in_role = run.end > run.start && names_people(words, run.end - 1) && run.len() <= 4;
    if ends_in_role {
        return run.end..run.end;
    }
    while !run.is_empty() && (lexicon::is_determiner(words.fold(run.start)) || !words.is_word(run.start)) {
        run.start += 1;
    }
    run
}

/// "Supreme Court", "State Department": common words that are a name when they are capitalised together.
fn is_proper_body(words: &Words, run: &Range<usize>, spelling: &Spelling) -> bool {
    let last = run.end.saturating_sub(1);
    let body =
        lexicon::noun(words.fold(last)).is_some_and(|noun| noun.kind == SpeakerType::Organization && !noun.plural);
    let first = run.clone().find(|&i| !lexicon::is_determiner(words.fold(i)));
    let id = words.tokens[last].id;
    let alone_proper = !spelling.lower.contains(&id) && (!opens_sentence(words, last) || spelling.proper.contains(&id));
    body && first.is_some_and(|first| first < last || alone_proper)
}

/// Whether a capital says nothing because a sentence may begin at token `i`.
fn opens_sentence(words: &Words, i: usize) -> bool {
    i == 0 || !words.is_word(i - 1) || words.breaks_after(i - 1)
}

fn kind_of_run(words: &Words, run: &Range<usize>, source: &SourceMention) -> NameKind {
    let noun = |i: usize| lexicon::noun(words.fold(i));
    if run.clone().any(|i| noun(i).is_some_and(|n| n.kind == SpeakerType::Organization)) {
        return NameKind::Organization;
    }
    let before = run.start.checked_sub(1);
    let person_before = before.is_some_and(|i| {
        lexicon::title(words.fold(i)).is_some() || noun(i).is_some_and(|n| n.kind == SpeakerType::Person && !n.plural)
    });
    match source.kind {
        _ if person_before || lexicon::title(words.fold(run.start)).is_some() => NameKind::Person,
        Some((SpeakerType::Person, _)) => NameKind::Person,
        Some(_) => NameKind::Organization,
        None if run.clone().all(|i| words.shape(i) == Shape::Upper) => NameKind::Organization,
        None if run.len() > 1 => NameKind::Person,
        None => NameKind::Misc,
    }
}
