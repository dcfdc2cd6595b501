//! Which statements are one quotation.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use indexmap::IndexSet;

use super::fragments::Fragments;
use super::gathered::{Gathered, Lists, small};
use super::likeness::{SHORT, TELLING};
use super::sets::Sets;
use super::{centres, fragments, minhash};
use crate::speakers::alone;

/// Contents that are one quotation, as far as their words alone prove it.
#[derive(Debug)]
pub(super) struct Alike {
    found: Fragments,
}

/// Finds the contents that are alike.
pub(super) fn alike(gathered: &Gathered) -> Alike {
    let by_content = by_content(gathered);
    let surnames = surnames(gathered, &by_content);
    let mut sets = Sets::new(gathered.contents.len());
    let near = minhash::join(gathered, &mut sets);
    let centre_of = centres::centres(gathered, &by_content, sets);
    let mut found = fragments::join(gathered, &surnames, &by_content, centre_of);
    found.near.extend(near);
    Alike { found }
}

impl Alike {
    /// For each content another one that tells which quotation it is, as far as words alone prove it.
    pub fn groups(&self) -> &[u32] {
        &self.found.group_of
    }

    /// For each statement the first one that is the same quotation, now that the speakers are known: `speaker_of` has
    /// one for each index into [`Gathered::locals`].
    pub fn statements(self, gathered: &Gathered, speaker_of: &[u32]) -> Vec<u32> {
        let by_content = by_content(gathered);
        let speaker =
            |statement: u32| gathered.statements[statement as usize].local.map(|local| speaker_of[local as usize]);
        let group_of = by_speaker(gathered, &by_content, speaker, self.found);
        let mut statements = Sets::new(gathered.statements.len());
        for content in 0..small(gathered.contents.len()) {
            let said = by_content.of(content);
            if gathered.contents[content as usize].words.len() >= SHORT {
                // Every content of a group has a statement, for contents come from statements.
                let first = by_content.of(group_of[content as usize]).first().or(said.first());
                first.into_iter().for_each(|&first| said.iter().for_each(|&it| statements.join(first, it)));
                continue;
            }
            // "Yes" is the same quotation only from the same mouth.
            let mut named: Vec<(u32, u32)> = said.iter().filter_map(|&it| Some((speaker(it)?, it))).collect();
            named.sort_unstable();
            for pair in named.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
                statements.join(pair[0].1, pair[1].1);
            }
        }
        statements.leaders()
    }
}

/// The groups, now that contents of few words have gone to those that a speaker of theirs makes, too: to one that is
/// near-identical, of which the most frequent is the centre, or else, as a part, to a whole.
fn by_speaker(
    gathered: &Gathered,
    by_content: &Lists,
    speaker: impl Fn(u32) -> Option<u32>,
    found: Fragments,
) -> Vec<u32> {
    let speakers = |content: u32| by_content.of(content).iter().filter_map(|&it| speaker(it)).collect::<HashSet<u32>>();
    let one_speaker = |a: u32, b: u32| !speakers(a).is_disjoint(&speakers(b));
    let words = |content: u32| gathered.contents[content as usize].words.len();
    let standing = |content: u32| (Reverse(by_content.of(content).len()), Reverse(words(content)), content);
    let mut group_of = found.group_of;

    let mut pairs: Vec<(u32, u32)> = found.near.into_iter().flat_map(|(a, b)| [(a, b), (b, a)]).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut few: Vec<&[(u32, u32)]> = pairs.chunk_by(|a, b| a.0 == b.0).filter(|it| words(it[0].0) < TELLING).collect();
    few.sort_by_cached_key(|it| standing(it[0].0));
    let mut is_centre = HashSet::new();
    for near in few {
        let content = near[0].0;
        let centres = near.iter().map(|it| it.1).filter(|it| words(*it) >= TELLING || is_centre.contains(it));
        match centres.filter(|&it| one_speaker(content, it)).min_by_key(|&it| standing(it)) {
            Some(centre) => group_of[content as usize] = group_of[centre as usize],
            None => {
                is_centre.insert(content);
            }
        }
    }

    let mut parts = found.parts;
    parts.sort_by_cached_key(|it| (Reverse(words(it.0)), it.0));
    let mut above: HashMap<u32, u32> = HashMap::new();
    for (part, whole) in parts {
        // The whole may be of few words itself. It is longer, so its own turn was before.
        let group = group_of[whole as usize];
        let group = above.get(&group).copied().unwrap_or(group);
        if group_of[part as usize] == part && group != part && one_speaker(part, whole) {
            above.insert(part, group);
        }
    }
    group_of.iter().map(|group| above.get(group).copied().unwrap_or(*group)).collect()
}

fn by_content(gathered: &Gathered) -> Lists {
    Lists::new(gathered.contents.len(), gathered.statements.iter().map(|it| Some(it.content)))
}

/// The last words of the names of those who say each content, numbered and sorted.
fn surnames(gathered: &Gathered, by_content: &Lists) -> Vec<Box<[u32]>> {
    let mut known: IndexSet<String> = IndexSet::new();
    let of_string: Vec<u32> = gathered
        .strings
        .iter()
        .map(|name| {
            let folded = alone::folded(name);
            let last = folded.rsplit(' ').next().unwrap_or_default().to_owned();
            small(known.insert_full(last).0)
        })
        .collect();
    let of_content = |content: u32| {
        let locals = by_content.of(content).iter().filter_map(|&it| gathered.statements[it as usize].local);
        let mut all: Vec<u32> = locals.map(|local| of_string[gathered.locals[local as usize].name as usize]).collect();
        all.sort_unstable();
        all.dedup();
        all.into_boxed_slice()
    };
    (0..small(gathered.contents.len())).map(of_content).collect()
}
