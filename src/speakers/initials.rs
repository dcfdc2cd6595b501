//! Initials that stand for a name given in full elsewhere, as interviews label their turns: "((WSS)) :".

use std::collections::HashMap;

use super::cluster::Clusters;
use super::names::Mention;
use super::words::{Shape, Words};
use crate::decode::NameKind;

/// Letters that initials have at most.
const MOST_LETTERS: usize = 4;

/// Gives mentions of initials to the person they belong to, and bracketed labels to the one-word name they abbreviate.
pub(super) fn resolve(words: &Words, mentions: &[Mention], clusters: &mut Clusters) {
    let mut persons: HashMap<String, Option<usize>> = HashMap::new();
    let mut bodies: HashMap<char, Vec<usize>> = HashMap::new();
    for (number, entity) in clusters.entities.iter().enumerate() {
        let name = entity.name.to_lowercase();
        match entity.kind {
            NameKind::Person => {
                let letters = name.split_whitespace().filter_map(|word| word.chars().next()).collect();
                // Two people with the same initials: neither is meant for sure.
                persons.entry(letters).and_modify(|known| *known = None).or_insert(Some(number));
            }
            NameKind::Location => {}
            _ if name.contains(' ') || name.len() <= MOST_LETTERS => {}
            _ => {
                if let Some(first) = name.chars().next() {
                    bodies.entry(first).or_default().push(number);
                }
            }
        }
    }
    let handles = handles(words, mentions, clusters);
    for (i, mention) in mentions.iter().enumerate() {
        if let Some(&owner) = handles.get(&words.tokens[mention.tokens.start].id).filter(|_| mention.tokens.len() == 1)
        {
            clusters.of_mention[i] = Some(owner);
        }
        let Some(label) = initials(words, mention) else { continue };
        let alone = clusters.of_mention[i].is_some_and(|entity| clusters.entities[entity].name.len() == label.len());
        if !alone {
            continue;
        }
        let body = || {
            let candidates = label.chars().next().and_then(|first| bodies.get(&first))?;
            let bracketed = mention.tokens.start > 0 && words.fold(mention.tokens.start - 1) == "(";
            candidates
                .iter()
                .copied()
                .take(MOST_LETTERS)
                .find(|&body| bracketed && abbreviates(label, &clusters.entities[body].name))
        };
        if let Some(full) = persons.get(label).copied().flatten().or_else(body) {
            clusters.of_mention[i] = Some(full);
        }
    }
}

/// "Rosa Lind (@rosa_l)": whose handle it is that stands in brackets behind a name.
fn handles(words: &Words, mentions: &[Mention], clusters: &Clusters) -> HashMap<u32, usize> {
    let mut handles = HashMap::new();
    for (i, mention) in mentions.iter().enumerate() {
        let open = mention.tokens.end;
        if let Some(owner) = clusters.of_mention[i].filter(|_| words.fold(open) == "(" && is_handle(words, open + 1)) {
            handles.entry(words.tokens[open + 1].id).or_insert(owner);
        }
    }
    handles
}

fn is_handle(words: &Words, i: usize) -> bool {
    words.fold(i).starts_with('@') && words.is_word(i)
}

/// The folded letters of a mention that can be initials.
fn initials<'w>(words: &'w Words, mention: &Mention) -> Option<&'w str> {
    let at = mention.tokens.start;
    let letters = words.fold(at);
    let stands = mention.tokens.len() == 1 && words.shape(at) == Shape::Upper && letters.len() <= MOST_LETTERS;
    (stands && letters.len() > 1).then_some(letters)
}

/// Whether the letters occur in the name in this order.
fn abbreviates(letters: &str, name: &str) -> bool {
    let name = name.to_lowercase();
    let mut rest = name.chars();
    letters.chars().all(|letter| rest.any(|c| c == letter))
}
