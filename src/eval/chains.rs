//! Which gold chain of mentions a predicted speaker is.
//!
//! For gold that tells speakers by their mentions alone. Each mention of the predicted speaker speaks for the gold chain
//! whose mention it overlaps most (IoU at least one half); the chain that most of them speak for is the speaker's, and of
//! equals the one that is mentioned first. Pronouns speak only for chains that are nothing but pronouns: a system that
//! leaves "he" alone has not found out who he is.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Speaker;
use super::overlap;
use crate::document::{Byte, Span};
use crate::speakers::is_pronoun;

/// For each predicted speaker the number of the gold speaker that it is, if it is one.
pub fn chains(text: &str, gold: &[Speaker], predicted: &[Speaker]) -> Vec<Option<usize>> {
    let pronominal: Vec<bool> =
        gold.iter().map(|speaker| speaker.mentions.iter().all(|mention| is_pronoun(mention.of(text)))).collect();
    let (gold_mentions, gold_of) = flat(gold);
    let (mentions, of) = flat(predicted);
    let mut best: Vec<Option<(f64, Reverse<usize>)>> = vec![None; mentions.len()];
    for (g, p) in overlap::pairs(&views(&gold_mentions), &views(&mentions)) {
        let iou = overlap::iou(&gold_mentions[g], &mentions[p]);
        let heard = pronominal[gold_of[g]] || !is_pronoun(mentions[p][0].of(text));
        let vote = Some((iou, Reverse(g)));
        if iou >= 0.5 && heard && vote > best[p] {
            best[p] = vote;
        }
    }
    let mut votes: Vec<BTreeMap<usize, usize>> = vec![BTreeMap::new(); predicted.len()];
    for (p, (_, Reverse(g))) in best.iter().enumerate().filter_map(|(p, vote)| Some((p, (*vote)?))) {
        *votes[of[p]].entry(gold_of[g]).or_default() += 1;
    }
    let first = |chain: usize| gold[chain].mentions.iter().min().copied();
    let winner = |votes: BTreeMap<usize, usize>| {
        votes.into_iter().max_by_key(|&(chain, count)| (count, Reverse((first(chain), chain)))).map(|(chain, _)| chain)
    };
    votes.into_iter().map(winner).collect()
}

/// All mentions, each a list of its own, and whose each is.
fn flat(speakers: &[Speaker]) -> (Vec<[Span<Byte>; 1]>, Vec<usize>) {
    let mentions = speakers.iter().enumerate();
    mentions.flat_map(|(number, speaker)| speaker.mentions.iter().map(move |&mention| ([mention], number))).unzip()
}

fn views(mentions: &[[Span<Byte>; 1]]) -> Vec<&[Span<Byte>]> {
    mentions.iter().map(|mention| mention.as_slice()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speaker_is_the_chain_that_its_names_speak_for() {
        let text = "Ann Lee met Bo. She said Bo knew. He did. They all did. Lee left.";
        let at = |word: &str, nth: usize| {
            let (start, found) = text.match_indices(word).nth(nth).unwrap();
            Span::<Byte>::new(start, start + found.len())
        };
        let speaker = |mentions: &[Span<Byte>]| Speaker { mentions: mentions.to_vec(), ..Speaker::default() };
        let gold = [
            speaker(&[at("Ann Lee", 0), at("She", 0), at("Lee", 1)]),
            speaker(&[at("Bo", 0), at("Bo", 1), at("He", 0)]),
            speaker(&[at("They", 0)]),
        ];
        let cases = [
            ("two names of one", vec![at("Ann Lee", 0), at("Lee", 1)], Some(0)),
            ("a part of the name, 3 of 7 bytes", vec![at("Ann", 0)], None),
            ("one name each: the first mentioned", vec![at("Bo", 0), at("Lee", 1)], Some(0)),
            ("two against one", vec![at("Bo", 0), at("Bo", 1), at("Lee", 1)], Some(1)),
            ("a pronoun left alone", vec![at("She", 0)], None),
            ("a pronoun does not outvote a name", vec![at("She", 0), at("He", 0), at("Bo", 0)], Some(1)),
            ("a chain of pronouns", vec![at("They", 0)], Some(2)),
            ("no mention", vec![], None),
        ];
        for (name, mentions, chain) in cases {
            assert_eq!(chains(text, &gold, &[speaker(&mentions)]), [chain], "{name}");
        }
    }
}
