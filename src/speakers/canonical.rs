//! What the unnamed are called: the most informative description, with the names in it in full.

use std::ops::Range;

use super::cast::Cast;
use super::cluster::Clusters;
use super::lexicon;
use super::phrase::{Description, Reader};
use super::words::Shape;
use crate::decode::NameKind;

/// The canonical form of a description. `owner` is the entity that the possessive pronoun in front of it means.
pub(super) fn describe(
    reader: Reader,
    clusters: &Clusters,
    cast: &Cast,
    description: &Description,
    owner: Option<usize>,
) -> String {
    let mut name = String::new();
    if let Some(owner) = owner {
        name.push_str(&cast.members[owner].name);
        name.push_str("'s ");
    }
    let mut at = description.tokens.start;
    while at < description.tokens.end {
        if reader.is_acronym_in_brackets(at) {
            at += 3;
            continue;
        }
        if reader.words.fold(at) == "("
            && let Some(closing) = (at..description.tokens.end).find(|&i| reader.words.fold(i) == ")")
        {
            at = closing + 1;
            continue;
        }
        match spelled_out_at(reader, clusters, at, description.tokens.end) {
            Some((mention, entity)) => {
                name.push_str(&clusters.entities[entity].name);
                at = reader.mentions[mention].tokens.end;
            }
            None => {
                push_word(reader, &description.tokens, at, &mut name);
                at += 1;
            }
        }
        if at < description.tokens.end {
            name.push_str(gap(reader, at));
        }
    }
    name
}

/// The mention that begins at token `at` and is written in full: a person with a title or as an owner, an acronym.
fn spelled_out_at(reader: Reader, clusters: &Clusters, at: usize, end: usize) -> Option<(usize, usize)> {
    let next = reader.mentions.partition_point(|mention| mention.tokens.start < at);
    let mention = reader.mentions.get(next)?;
    let words = reader.words;
    // "British Prime Minister Roe": what is said of the title keeps it.
    let qualified =
        |i: usize| lexicon::demonym_of(words.fold(i)).is_some() || lexicon::country(words.fold(i)).is_some();
    let titled = mention.outer == at && !at.checked_sub(1).is_some_and(qualified);
    let begins = titled || mention.tokens.start == at;
    let inside = mention.tokens.end <= end && mention.kind == NameKind::Person;
    // "former Dorn executive": the title is not the name's.
    let modifies = mention.tokens.end < end && words.shape(mention.tokens.end) == Shape::Lower;
    let stands = mention.outer < mention.tokens.start && !modifies
        || words.shape(mention.tokens.end) == Shape::Possessive
        || at > 0 && lexicon::is_preposition(words.function(at - 1));
    let entity = clusters.of_mention[next].filter(|_| begins && mention.tokens.end <= end)?;
    // "an official from the FSB": an acronym is written out, a country's is not.
    let acronym = mention.kind == NameKind::Organization
        && mention.tokens.len() == 1
        && at > 0
        && lexicon::is_preposition(words.function(at - 1))
        && clusters.entities[entity].kind == NameKind::Organization
        && lexicon::country(words.fold(at)).is_none();
    (inside && stands || acronym).then_some((next, entity))
}

/// Adds a word; the first loses a capital that it has only as the first word of a sentence.
fn push_word(reader: Reader, tokens: &Range<usize>, at: usize, name: &mut String) {
    let words = reader.words;
    let word = words.of(&(at..at + 1));
    let common = lexicon::noun(words.fold(at)).is_some() || lexicon::singular(words.fold(at)).is_some();
    let opens = at == 0 || words.breaks_after(at - 1) || !words.is_word(at - 1) && words.fold(at - 1) != ",";
    let first = at == tokens.start && reader.mention_at(at).is_none() && words.shape(at) == Shape::Title;
    let next_lower = words.shape(at + 1) != Shape::Title;
    let proper = lexicon::demonym_of(words.fold(at)).is_some() || lexicon::is_partisan(words.fold(at));
    if first && (common || opens) && next_lower && !proper {
        name.push_str(&word.to_lowercase());
    } else {
        name.push_str(word);
    }
}

/// The white space before token `at`, as one blank.
fn gap(reader: Reader, at: usize) -> &'static str {
    if reader.words.touches_next(at - 1) { "" } else { " " }
}
