//! Names of which a tagger saw a part, or two parts: made whole.

use std::collections::HashMap;
use std::ops::Range;

use super::SpeakerType;
use super::lexicon;
use super::names::Mention;
use super::words::{Shape, Words};
use crate::decode::NameKind;

/// "Supreme Court of Norway", "Center for River Studies": one name where a tagger sees two, or the first half.
pub(super) fn places(words: &Words, found: &mut Vec<Mention>) {
    for i in 0..found.len() {
        if found[i].tokens.is_empty() || !is_body(words, &found[i]) {
            continue;
        }
        let Some(rest) = goes_on(words, found[i].tokens.end) else { continue };
        let next = found.get(i + 1).filter(|next| next.tokens.start == rest).map(|next| (next.tokens.end, next.kind));
        let joint = words.fold(found[i].tokens.end);
        let last = words.fold(found[i].tokens.end - 1);
        let of = joint == "of" || joint == "in" && lexicon::is_mission(last);
        let seat = matches!(joint, "for" | "on") && lexicon::is_seat(head(words, &found[i]));
        let end = match next {
            Some((end, NameKind::Location)) if of => end,
            Some((end, kind)) if seat && kind != NameKind::Person => end,
            None if seat => run_end(words, rest, found.get(i + 1).map_or(usize::MAX, |next| next.tokens.start)),
            _ => continue,
        };
        if next.is_some() {
            // Nothing is left of it.
            found[i + 1].tokens = end..end;
        }
        found[i].tokens.end = end;
        found[i].kind = NameKind::Organization;
    }
    found.retain(|mention| !mention.tokens.is_empty());
}

/// Where a name goes on behind a preposition at `joint`.
fn goes_on(words: &Words, joint: usize) -> Option<usize> {
    let next = if words.fold(joint + 1) == "the" { joint + 2 } else { joint + 1 };
    let stands = words.shape(joint) == Shape::Lower && words.is_capitalised(next) && !words.breaks_after(joint);
    (stands && !lexicon::is_calendar(words.fold(next))).then_some(next)
}

fn run_end(words: &Words, start: usize, limit: usize) -> usize {
    let goes_on = |&i: &usize| i < limit && words.is_capitalised(i) && !lexicon::is_calendar(words.fold(i));
    start + (start..words.tokens.len()).take_while(goes_on).count()
}

fn is_body(words: &Words, mention: &Mention) -> bool {
    let last = mention.tokens.end - 1;
    let noun = |i: usize| lexicon::noun(words.fold(i)).is_some_and(|noun| noun.kind == SpeakerType::Organization);
    mention.kind == NameKind::Organization && (noun(last) || lexicon::is_seat(head(words, mention)))
}

/// The word that says what sort of body it is: the last, or the one before "of".
fn head<'w>(words: &'w Words, mention: &Mention) -> &'w str {
    let of = mention.tokens.clone().skip(1).find(|&i| words.fold(i) == "of");
    words.fold(of.unwrap_or(mention.tokens.end) - 1)
}

/// `Howard "Buck" Lund`: a nickname within a name is part of it.
pub(super) fn nicknames(words: &Words, found: &mut Vec<Mention>) {
    let is_quote = |i: usize| matches!(words.fold(i), "\"" | "“" | "”");
    for at in 0..found.len() {
        let tokens = found[at].tokens.clone();
        if found[at].kind != NameKind::Person || tokens.is_empty() {
            continue;
        }
        // `Buck" Lund` is how a tagger may cut it.
        let after = tokens.clone().find(|&i| is_quote(i)).map_or(tokens.start, |i| i + 1);
        let Some(given) = after.checked_sub(4) else { continue };
        let quoted = is_quote(after - 1) && words.is_capitalised(after - 2) && is_quote(after - 3);
        if !quoted || !words.is_capitalised(given) || after >= tokens.end || given >= tokens.start {
            continue;
        }
        let before = (0..at).rev().take_while(|&other| found[other].tokens.end > given).last();
        let start = before.map_or(given, |other| found[other].tokens.start.min(given));
        let outer = before.map_or(start, |other| found[other].outer.min(start));
        for part in &mut found[before.unwrap_or(at)..at] {
            part.tokens = start..start;
        }
        found[at].tokens.start = start;
        found[at].outer = outer;
    }
    found.retain(|mention| !mention.tokens.is_empty());
}

/// "5th Circuit Court of Appeals": the number belongs to the name.
pub(super) fn numbers(words: &Words, found: &mut [Mention]) {
    let mut last_end = 0;
    for mention in found {
        let before = mention.tokens.start.checked_sub(1).filter(|&before| before >= last_end);
        let is_ordinal = |i: &usize| {
            let fold = words.fold(*i);
            let ending = fold.trim_start_matches(|c: char| c.is_ascii_digit());
            fold.len() > ending.len() && matches!(ending, "st" | "nd" | "rd" | "th")
        };
        let numbered = |i: usize| matches!(words.fold(i), "circuit" | "district" | "precinct");
        if let Some(ordinal) = before.filter(is_ordinal).filter(|_| mention.tokens.clone().any(numbered)) {
            mention.tokens.start = ordinal;
            mention.outer = mention.outer.min(ordinal);
        }
        last_end = mention.tokens.end;
    }
}

/// "Edilponte SpA": what the law calls a company belongs to its name.
pub(super) fn legal_forms(words: &Words, found: &mut [Mention]) {
    for i in 0..found.len() {
        let end = found[i].tokens.end;
        let at = if words.fold(end) == "," { end + 1 } else { end };
        let free = found.get(i + 1).is_none_or(|next| next.tokens.start > at);
        let stands = words.is_capitalised(at) && lexicon::is_legal_form(words.fold(at)) && !words.breaks_after(at - 1);
        if stands && free && !found[i].tokens.is_empty() {
            found[i].tokens.end = at + 1;
            found[i].kind = NameKind::Organization;
        }
    }
}

/// Least confidence of a name that is looked for in the rest of the text.
const SURE: f32 = 0.5;

/// Names that begin with the same word and are looked for.
const ALIKE: usize = 8;

/// "Lost Valley Project": where a text has a name of several words once, it has it wherever the words stand, though a tagger
/// saw no more than "Project" there.
pub(super) fn repeated(words: &Words, found: &mut Vec<Mention>) {
    let mut forms: HashMap<u32, Vec<Mention>> = HashMap::new();
    let ids = |tokens: Range<usize>| tokens.map(|i| words.tokens[i].id);
    for mention in found.iter() {
        let is_name = matches!(mention.kind, NameKind::Organization | NameKind::Misc) && mention.confidence >= SURE;
        let alike = forms.entry(words.tokens[mention.tokens.start].id).or_default();
        let known = alike.iter().any(|known| ids(known.tokens.clone()).eq(ids(mention.tokens.clone())));
        if is_name && mention.tokens.len() > 1 && !known && alike.len() < ALIKE {
            alike.push(mention.clone());
        }
    }
    let mut out: Vec<Mention> = Vec::with_capacity(found.len());
    let (mut next, mut at) = (0, 0);
    while at < words.tokens.len() {
        let inside = found.get(next).filter(|mention| mention.tokens.start < at);
        if inside.is_some() {
            next += 1;
            continue;
        }
        let longer = |form: &&Mention| {
            let end = at + form.tokens.len();
            let last = found.partition_point(|mention| mention.tokens.start < end);
            let free = found[next..last.max(next)].iter().all(|mention| mention.tokens.end <= end);
            let whole = found.get(next).is_some_and(|mention| mention.tokens == (at..end));
            end <= words.tokens.len() && free && !whole && ids(at..end).eq(ids(form.tokens.clone()))
        };
        let capital = words.is_capitalised(at);
        let form = forms
            .get(&words.tokens[at].id)
            .filter(|_| capital)
            .and_then(|alike| alike.iter().filter(longer).max_by_key(|form| form.tokens.len()));
        match form {
            Some(form) => {
                let tokens = at..at + form.tokens.len();
                at = tokens.end;
                out.push(Mention { outer: tokens.start, tokens, ..form.clone() });
                while found.get(next).is_some_and(|mention| mention.tokens.start < at) {
                    next += 1;
                }
            }
            None => {
                if let Some(mention) = found.get(next).filter(|mention| mention.tokens.start == at) {
                    at = mention.tokens.end;
                    out.push(mention.clone());
                    next += 1;
                } else {
                    at += 1;
                }
            }
        }
    }
    *found = out;
}

/// Words before brackets that are looked at for what the acronym in them stands for.
const FULL: usize = 12;

/// "Islamic Front of Norland and the Isles (IFNI)": the name before an acronym in brackets is the words that it is made of,
/// whatever a tagger made of them.
pub(super) fn spelled_out(words: &Words, found: &mut Vec<Mention>) {
    let opens = |open: &usize| {
        let capitals = words.of(&(open + 1..open + 2)).chars().filter(|c| c.is_uppercase()).count();
        words.fold(*open) == "(" && words.fold(open + 2) == ")" && capitals > 1 && *open > 1
    };
    for open in (0..words.tokens.len()).filter(opens) {
        let Some(start) = full_name(words, open, words.fold(open + 1)) else { continue };
        let first = found.partition_point(|mention| mention.tokens.end <= start);
        let last = found.partition_point(|mention| mention.tokens.start < open);
        let inside = &found[first.min(last)..last];
        let straddles = inside.iter().any(|mention| mention.tokens.start < start);
        if straddles || inside.iter().any(|mention| mention.tokens == (start..open)) {
            continue;
        }
        let confidence = inside.iter().map(|mention| mention.confidence).fold(0.5, f32::max);
        let full =
            Mention { tokens: start..open, outer: start, kind: NameKind::Organization, confidence, gender: None };
        found.splice(first.min(last)..last, [full]);
    }
}

/// Where the name begins whose words, small ones left out or not, have these first letters and end before `open`.
fn full_name(words: &Words, open: usize, acronym: &str) -> Option<usize> {
    let mut letters = acronym.chars().rev().filter(|c| c.is_alphanumeric()).peekable();
    let mut at = open;
    while letters.peek().is_some() && open - at < FULL {
        at = at.checked_sub(1).filter(|&at| words.is_word(at) && !words.breaks_after(at))?;
        let first = words.fold(at).chars().next();
        let matches = letters.next_if(|letter| Some(*letter) == first).is_some();
        if !matches && !lexicon::is_small(words.fold(at)) {
            return None;
        }
    }
    let stands = words.is_capitalised(at) && open - at > 1 && !lexicon::is_small(words.fold(at));
    (letters.peek().is_none() && stands).then_some(at)
}

/// "Lund & Moe" is one firm where a tagger sees one partner, or two.
pub(super) fn partners(words: &Words, found: &mut Vec<Mention>) {
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
pub(super) fn fronts(words: &Words, found: &mut [Mention], missed: &mut Vec<Mention>) {
    missed.retain(|front| {
        let before = front.tokens.start.checked_sub(1);
        let governed = before.is_some_and(|before| lexicon::is_preposition(words.function(before)));
        // "the Republic Ann Roe".
        let determined = before.is_some_and(|before| words.fold(before) == "the");
        let next = found.partition_point(|mention| mention.tokens.start < front.tokens.end);
        let joined = found.get_mut(next).filter(|mention| {
            mention.tokens.start == front.tokens.end
                && mention.kind != NameKind::Misc
                && front.tokens.len() <= 2
                && !governed
                && !(determined && mention.kind == NameKind::Person)
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
