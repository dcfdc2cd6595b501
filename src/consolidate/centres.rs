//! Groups of near-identical contents, each around a centre.
//!
//! Contents that are joined pair by pair (`minhash`) are only candidates: where A is like B and B like C, A may be nothing
//! like C, and a phrase that everybody uses ties thousands of quotations together. So a content belongs to a group only if
//! it is near-identical to the group's centre itself.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::gathered::{Gathered, Lists};
use super::likeness;
use super::sets::Sets;

/// Contents of a set by which each one's standing is measured.
const SAMPLE: usize = 32;

/// Centres that a content is compared with at most, so that a set of any size takes linear time.
const COMPARED: usize = 256;

/// For each content the centre of its group: itself, if it is one. `sets` holds those together that may belong together.
pub(super) fn centres(gathered: &Gathered, by_content: &Lists, sets: Sets) -> Vec<u32> {
    let leaders = sets.leaders();
    let members = Lists::new(leaders.len(), leaders.iter().map(|&it| Some(it)));
    let groups = leaders.par_iter().enumerate().filter(|&(at, &leader)| at == leader as usize);
    let several = groups.map(|(_, &leader)| members.of(leader)).filter(|set| set.len() > 1);
    let found: Vec<(u32, u32)> = several.flat_map_iter(|set| stars(gathered, by_content, set)).collect();
    let mut centre_of: Vec<u32> = (0..).take(leaders.len()).collect();
    for (member, centre) in found {
        centre_of[member as usize] = centre;
    }
    centre_of
}

/// The members of a set with their centres. A centre is whichever content is like most statements, of those that are left.
fn stars(gathered: &Gathered, by_content: &Lists, set: &[u32]) -> Vec<(u32, u32)> {
    let words = |content: u32| &*gathered.contents[content as usize].words;
    let near = |a: u32, b: u32| likeness::near(&gathered.words, words(a), words(b)) == Some(likeness::Proof::Strong);
    let said = |content: u32| by_content.of(content).len();
    let mut sample = set.to_vec();
    sample.sort_by_key(|&it| (Reverse(said(it)), Reverse(words(it).len()), it));
    sample.truncate(SAMPLE);
    let standing = |content: u32| {
        let others = sample.iter().filter(|&&it| it != content && near(content, it));
        said(content) + others.map(|&it| said(it)).sum::<usize>()
    };
    let mut order = set.to_vec();
    order.sort_by_cached_key(|&it| (Reverse(standing(it)), Reverse(words(it).len()), it));
    let mut centres: Vec<u32> = Vec::new();
    let mut found = Vec::with_capacity(order.len());
    for content in order {
        match centres.iter().take(COMPARED).find(|&&centre| near(content, centre)) {
            Some(&centre) => found.push((content, centre)),
            None => centres.push(content),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consolidate::gathered::{Gathering, Prepared};
    use crate::corpus::annotated::{Annotated, Statement};
    use crate::statement::Mode;

    fn gathered(contents: &[String]) -> Gathered {
        let mut gathering = Gathering::default();
        for (at, content) in contents.iter().enumerate() {
            let content = content.clone();
            let statement = Statement { number: 1, content, mode: Mode::Direct, speaker: None, confidence: 0.8 };
            let document = Annotated { id: format!("d{at}"), statements: vec![statement], speakers: Vec::new() };
            gathering.add(Prepared::from(document));
        }
        gathering.finish()
    }

    /// A statement each of whose words gives way to another, one after the other.
    fn drifting(steps: usize) -> Vec<String> {
        const WORDS: [&str; 10] =
            ["we", "shall", "open", "the", "northern", "harbour", "gate", "before", "winter", "comes"];
        let word = |at: usize, step: usize| if step > at { format!("{}x", WORDS[at]) } else { WORDS[at].to_owned() };
        (0..=steps).map(|step| (0..10).map(|at| word(at, step)).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn a_chain_of_small_changes_is_not_one_group() {
        let gathered = gathered(&drifting(10));
        let count = gathered.contents.len();
        let mut sets = Sets::new(count);
        (1..u32::try_from(count).unwrap()).for_each(|it| sets.join(0, it));
        let by_content = Lists::new(count, gathered.statements.iter().map(|it| Some(it.content)));
        let centre_of = centres(&gathered, &by_content, sets);
        let words = |content: u32| &*gathered.contents[content as usize].words;
        for (content, &centre) in (0..).zip(&centre_of) {
            assert_eq!(centre_of[centre as usize], centre);
            let near = likeness::near(&gathered.words, words(content), words(centre));
            assert!(content == centre || near.is_some(), "{content} and {centre}");
        }
        let mut all = centre_of;
        all.sort_unstable();
        all.dedup();
        // Each group has at most three of eleven.
        assert!((4..=6).contains(&all.len()), "{all:?}");
    }
}
