//! Descriptions that stand beside a name and say who its bearer is.

use std::ops::Range;

use super::SpeakerType;
use super::cluster::Clusters;
use super::descriptions::Trait;
use super::lexicon;
use super::phrase::{Description, Reader};
use super::words::Shape;
use crate::decode::NameKind;

/// Tokens that a description beside a name has at most.
const REACH: usize = 24;

/// Tokens that a description directly before a name has at most.
const REACH_BEFORE: usize = 10;

/// What the text says of its named entities, in text order.
pub(super) fn traits(reader: Reader, clusters: &Clusters) -> Vec<Trait> {
    let mut traits = Vec::new();
    for (i, mention) in reader.mentions.iter().enumerate() {
        let Some(entity) = clusters.of_mention[i] else { continue };
        let kind = clusters.entities[entity].kind;
        traits.extend(own_words(reader, i, entity, kind));
        let tokens = mention.tokens.clone();
        traits.extend(partisan(reader, tokens.end).filter(|_| kind == NameKind::Person).map(|tag| Trait {
            entity,
            at: tag.0,
            head: tag.1.to_string(),
            set: lexicon::noun(tag.1).and_then(|noun| noun.set),
            modifiers: Vec::new(),
            tokens: None,
            gender: None,
        }));
        let beside = [
            before(reader, tokens.start),
            after_comma(reader, tokens.end),
            before_comma(reader, mention.outer.min(tokens.start)),
            predicate(reader, tokens.end),
        ];
        traits.extend(beside.into_iter().flatten().filter(|d| fits(d, kind)).map(|d| Trait::new(entity, &d, true)));
    }
    traits.sort_by_key(|t| t.at);
    traits
}

/// "(R-Calif.)", ", D-Ohio,": the party of somebody whose name ends at `name`, and where it is said.
fn partisan(reader: Reader, name: usize) -> Option<(usize, &'static str)> {
    let words = reader.words;
    if !matches!(words.fold(name), "(" | ",") {
        return None;
    }
    let tag = words.fold(name + 1);
    let state = tag.split_once('-').map(|(party, _)| party);
    let bracketed = words.fold(name) == "(" && matches!(words.fold(name + 2), ")" | "." | ",");
    let party = state.or(Some(tag).filter(|_| bracketed))?;
    match party {
        "d" => Some((name + 1, "democrat")),
        "r" => Some((name + 1, "republican")),
        _ => None,
    }
}

fn fits(description: &Description, kind: NameKind) -> bool {
    let Some(noun) = description.noun.filter(|_| !description.plural) else { return false };
    match kind {
        NameKind::Person => noun.kind == SpeakerType::Person,
        NameKind::Organization | NameKind::Misc => noun.kind != SpeakerType::Person,
        NameKind::Location => noun.kind == SpeakerType::Organization,
    }
}

/// "Department of Justice" is a department, "Oslo District Court" a court, "Queen Sonja" a queen.
fn own_words(reader: Reader, mention: usize, entity: usize, kind: NameKind) -> Vec<Trait> {
    let words = reader.words;
    let tokens = reader.mentions[mention].tokens.clone();
    let is_regnal = |i: &usize| kind == NameKind::Person && lexicon::is_regnal(words.fold(*i));
    let is_body = |i: &usize| lexicon::noun(words.fold(*i)).is_some_and(|noun| noun.kind == SpeakerType::Organization);
    let others = |head: usize| {
        tokens.clone().filter(move |&i| i != head && words.is_word(i)).map(|i| words.tokens[i].id).collect()
    };
    // The head is the last word, or the one before "of"; of a monarch's name, the first.
    let of = tokens.clone().find(|&i| matches!(words.fold(i), "of" | "for" | "in"));
    let head = of.unwrap_or(tokens.end).checked_sub(1).filter(|&i| i >= tokens.start);
    let last = Some(tokens.end - 1).filter(is_body);
    let named = matches!(kind, NameKind::Organization | NameKind::Misc) && tokens.len() > 1;
    let head = match kind {
        NameKind::Person => Some(tokens.start).filter(is_regnal),
        // "Gun Violence Archive" is an archive, though no list of bodies has archives.
        _ => head.filter(is_body).or(last).or(head.filter(|_| named)),
    };
    head.into_iter()
        .map(|head| Trait {
            entity,
            at: tokens.start,
            head: words.fold(head).to_string(),
            set: lexicon::noun(words.fold(head)).and_then(|noun| noun.set),
            modifiers: others(head),
            tokens: None,
            gender: None,
        })
        .collect()
}

/// "State Department spokesman" in front of a name that begins at `name`, title words included.
fn before(reader: Reader, name: usize) -> Option<Description> {
    let words = reader.words;
    if name > 0 && words.shape(name - 1) == Shape::Possessive {
        return None;
    }
    let mut start = name;
    while start > 0 && name - start < REACH_BEFORE && continues_before(reader, start - 1, name) {
        start -= 1;
    }
    while start < name && (!words.is_word(start) || matches!(words.fold(start), "of" | "and")) {
        start += 1;
    }
    // "archbishop Monsignor" is an archbishop.
    let mut end = name;
    let bare = |i: usize| {
        let fold = words.fold(i);
        lexicon::title(fold).is_some() && lexicon::noun(fold).is_none() && lexicon::spelled_out(fold).is_none()
    };
    while end > start + 1 && bare(end - 1) && lexicon::noun(words.fold(end - 2)).is_some() {
        end -= 1;
    }
    let mut described = reader.describe(start..end)?;
    if let Some(long) = lexicon::spelled_out(&described.head).filter(|_| described.noun.is_none()) {
        described.head = long.to_string();
        described.noun = lexicon::noun(long);
    }
    (described.noun.is_some() && described.tokens.start < name).then_some(described)
}

fn continues_before(reader: Reader, i: usize, name: usize) -> bool {
    let words = reader.words;
    let fold = words.fold(i);
    // "Kim Dorn met President Ann Roe"; but "Mayor of Leeds", whatever a tagger takes Leeds for.
    let other = |mention: usize| {
        let named = &reader.mentions[mention];
        let governed = named.tokens.start.checked_sub(1).is_some_and(|before| words.fold(before) == "of");
        named.kind == NameKind::Person && words.shape(i + 1) != Shape::Possessive && !governed
    };
    if words.breaks_after(i) || reader.mention_at(i).is_some_and(other) {
        return false;
    }
    match words.shape(i) {
        Shape::Possessive => true,
        Shape::Mark => {
            fold == "." && i > 0 && (lexicon::title(words.fold(i - 1)).is_some() || words.fold(i - 1).len() <= 2)
        }
        Shape::Number => false,
        _ if fold == "of" || fold == "and" => i + 1 < name && words.is_capitalised(i + 1),
        Shape::Lower => {
            let stops = lexicon::is_determiner(fold)
                || lexicon::is_preposition(fold)
                || lexicon::is_conjunction(fold)
                || lexicon::is_clause_opener(fold)
                || lexicon::is_verb(fold)
                || fold.ends_with("ly");
            !stops && (i + 1 < name || lexicon::noun(fold).is_some() || lexicon::title(fold).is_some())
        }
        Shape::Title | Shape::Upper => !lexicon::is_determiner(fold) && !lexicon::is_preposition(fold),
    }
}

/// ", a Toronto lawyer representing the firm," after a name that ends at `name`.
fn after_comma(reader: Reader, name: usize) -> Option<Description> {
    let words = reader.words;
    if words.fold(name) != "," {
        return None;
    }
    let mut start = name + 1;
    // "Ann Roe, 54, a surgeon".
    if words.shape(start) == Shape::Number && words.fold(start + 1) == "," {
        start += 2;
    }
    while matches!(words.fold(start), "who" | "is" | "was" | "which" | "also" | "currently" | "now" | "then") {
        start += 1;
    }
    let end = segment_end(reader, start);
    let opener = (start + 1..end).find(|&i| lexicon::is_clause_opener(words.function(i)) && words.fold(i) != "that");
    let end = opener.unwrap_or(end);
    let first_name = reader.mention_at(start).is_some_and(|m| reader.mentions[m].kind == NameKind::Person);
    let closed = opener.is_some()
        || words.breaks_after(end - 1)
        || matches!(words.fold(end), "," | "." | ";" | "\"" | "”" | ")" | "—" | "–");
    if end <= start || !closed || first_name || lexicon::is_conjunction(words.fold(start)) {
        return None;
    }
    reader.describe(start..end)
}

fn segment_end(reader: Reader, start: usize) -> usize {
    let words = reader.words;
    let ends = |&i: &usize| {
        let mark = matches!(words.fold(i), "," | ";" | ":" | "(" | ")" | "\"" | "“" | "”" | "—" | "–" | "?" | "!");
        let stop = words.fold(i) == "." && (i == start || words.fold(i - 1).chars().count() > 3);
        mark || stop || lexicon::is_verb(words.fold(i)) || words.breaks_after(i.saturating_sub(1)) && i > start
    };
    (start..(start + REACH).min(words.tokens.len())).find(ends).unwrap_or((start + REACH).min(words.tokens.len()))
}

/// "The envoy," before a name that begins (with its title) at `name`.
fn before_comma(reader: Reader, name: usize) -> Option<Description> {
    let words = reader.words;
    let comma = name.checked_sub(1).filter(|&i| words.fold(i) == ",")?;
    let earliest = comma.saturating_sub(REACH);
    let start = (earliest..comma)
        .rev()
        .take_while(|&i| !matches!(words.fold(i), "," | ";" | "\"" | "“" | "”" | ":") && !words.breaks_after(i))
        .find(|&i| {
            let fold = words.fold(i);
            let owned = reader.mention_at(i).is_some_and(|m| {
                words.shape(reader.mentions[m].tokens.end) == Shape::Possessive && reader.mentions[m].tokens.start == i
            });
            let opens = lexicon::is_definite(fold) && fold != "that" || lexicon::is_indefinite(fold) || owned;
            opens && !(i > 0 && lexicon::is_preposition(words.fold(i - 1)) && words.fold(i - 1) != "by")
        })?;
    let described = reader.describe(start..comma)?;
    let spoken = (start..comma).any(|i| lexicon::is_verb(words.fold(i)));
    (!spoken && described.noun.is_some()).then_some(described)
}

/// "is the bank's chief economist" after a name that ends at `name`.
fn predicate(reader: Reader, name: usize) -> Option<Description> {
    let words = reader.words;
    let joined = matches!(words.fold(name), "is" | "was" | "became")
        && matches!(words.fold(name + 1), "a" | "an" | "the" | "one");
    let range: Range<usize> = name + 1..segment_end(reader, name + 1);
    if !joined || range.is_empty() { None } else { reader.describe(range) }
}
