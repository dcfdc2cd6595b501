//! Names that the tagger passed over and the capitals of a source show.

use std::collections::HashSet;
use std::ops::Range;

use super::lexicon;
use super::names::{GUESSED, LONGEST_NAME, Mention, is_party_tag, names_people, with_title};
use super::words::{Shape, Words};
use super::{SourceMention, SpeakerType};
use crate::decode::NameKind;
use crate::segment::reports;

/// Words by how the text writes them.
pub(super) struct Spelling {
    /// Written without a capital somewhere.
    lower: HashSet<u32>,
    /// Written with one where no sentence begins.
    proper: HashSet<u32>,
}

impl Spelling {
    pub fn new(words: &Words) -> Self {
        let lower = words.tokens.iter().filter(|token| token.shape == Shape::Lower).map(|token| token.id).collect();
        let inside = (1..words.tokens.len()).filter(|&i| words.is_capitalised(i) && words.shape(i - 1) == Shape::Lower);
        Self { lower, proper: inside.map(|i| words.tokens[i].id).collect() }
    }
}

/// Runs of capitals in a source that no mention covers.
pub(super) fn missed_in(words: &Words, source: &SourceMention, found: &[Mention], spelling: &Spelling) -> Vec<Mention> {
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
            || lexicon::is_hedge(fold)
            || is_party_tag(words, i)
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
    // "Remarked Ann Roe": a verb has its capital from the sentence.
    let verb = |i: usize| opens_sentence(words, i) && reports(words.fold(i));
    let drops = |i: usize| lexicon::is_determiner(words.fold(i)) || !words.is_word(i) || verb(i);
    while !run.is_empty() && drops(run.start) {
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
pub(super) fn opens_sentence(words: &Words, i: usize) -> bool {
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
    // "HSB director Ann Roe": what stands before somebody's role is a body.
    let end = words.within(source.span).end;
    let before_role =
        run.len() == 1 && words.shape(run.start) == Shape::Upper && run.end < end && names_people(words, run.end);
    match source.kind {
        _ if before_role => NameKind::Organization,
        _ if person_before || lexicon::title(words.fold(run.start)).is_some() => NameKind::Person,
        Some((SpeakerType::Person, _)) => NameKind::Person,
        Some(_) => NameKind::Organization,
        None if run.clone().all(|i| words.shape(i) == Shape::Upper) => NameKind::Organization,
        None if run.len() > 1 => NameKind::Person,
        None => NameKind::Misc,
    }
}
