//! Trimmed copies: contents that are a part of another.
//!
//! Of each content the three rarest runs of three words that occur elsewhere, too, are looked up in all others. Whoever
//! has all of a content's words in their order has these runs, so a part that is copied word for word is always found,
//! unless nothing in it is rare; a part of which a word was changed is found if one of the runs is left.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use super::gathered::{Gathered, Lists, small};
use super::likeness::{self, Proof, SHORT, allowed};
use super::words::shingle;

/// Words of a run.
const RUN: usize = 3;

/// Runs of a content that are looked up.
const PROBES: usize = 3;

/// A run that occurs in more contents than this is a turn of phrase.
const FREQUENT: u32 = 256;

/// Contents that are searched before what was found is thinned out, which bounds the memory.
const CHUNK: usize = 1 << 16;

/// What fragments tell.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    /// For each content the centre of the group that it belongs to.
    pub group_of: Vec<u32>,
    /// Pairs of near-identical contents that are one quotation if one speaker makes both.
    pub near: Vec<(u32, u32)>,
    /// Parts and their wholes that are one quotation if one speaker makes both.
    pub parts: Vec<(u32, u32)>,
}

/// Joins groups, whose centres `centre_of` tells, with others that they are a part of: each with one only, because two
/// quotations that share a phrase are two. It is one by a speaker of the same surname, if there is one, else one that many
/// documents have; and it is no part of yet another, so that groups do not form chains.
pub(super) fn join(gathered: &Gathered, surnames: &[Box<[u32]>], by_content: &Lists, centre_of: Vec<u32>) -> Fragments {
    let mut weights = vec![0; centre_of.len()];
    for (content, &centre) in (0..).zip(&centre_of) {
        weights[centre as usize] += by_content.of(content).len();
    }
    let probes = Probes::new(gathered, &centre_of);
    let mut order: Vec<u32> = (0..small(gathered.contents.len())).collect();
    // When a content's turn comes, all that it can be a part of has been looked at.
    order.sort_by_key(|&it| (Reverse(gathered.contents[it as usize].words.len()), Reverse(it)));
    let mut near = Vec::new();
    let mut best: Vec<Option<(Rank, Proof)>> = vec![None; centre_of.len()];
    for chunk in order.chunks(CHUNK) {
        let found: Vec<Found> =
            chunk.par_iter().flat_map_iter(|&whole| found_in(gathered, &probes, &centre_of, whole)).collect();
        for it in found {
            let centre = centre_of[it.other as usize];
            if !it.is_part && it.proof == Proof::Weak {
                near.push((it.content, it.other));
            } else if !matches!(best[centre as usize], Some((_, Proof::Strong))) {
                let words = gathered.contents[it.other as usize].words.len();
                let shares = meet(&surnames[it.content as usize], &surnames[it.other as usize]);
                let rank = Rank(shares, weights[centre as usize], words, Reverse(it.other));
                let known = &mut best[it.content as usize];
                if known.is_none_or(|(known, _)| rank > known) {
                    *known = Some((rank, it.proof));
                }
            }
        }
    }
    let (above, parts) = wholes(gathered, &centre_of, &best);
    let group_of = centre_of.iter().map(|&centre| above[centre as usize]).collect();
    Fragments { group_of, near, parts }
}

/// For each centre the one of the group that it goes to, and the pairs that need a speaker.
fn wholes(gathered: &Gathered, centre_of: &[u32], best: &[Option<(Rank, Proof)>]) -> (Vec<u32>, Vec<(u32, u32)>) {
    let words = |content: u32| &*gathered.contents[content as usize].words;
    let strong = |content: u32| match best[content as usize] {
        Some((rank, Proof::Strong)) => Some(centre_of[rank.whole() as usize]),
        _ => None,
    };
    let mut above: Vec<u32> = (0..).take(best.len()).collect();
    let mut parts = Vec::new();
    for (content, found) in (0..).zip(best) {
        match found {
            // A whole may have turned out to be a part itself, after this part had come to it.
            Some((_, Proof::Strong)) => {
                let direct = strong(content).filter(|&whole| strong(whole).is_none());
                let beyond = || strong(content).and_then(strong).filter(|&whole| strong(whole).is_none());
                let beyond = || beyond().filter(|&it| likeness::somewhere(&gathered.words, words(content), words(it)));
                if let Some(whole) = direct.or_else(beyond) {
                    above[content as usize] = whole;
                }
            }
            Some((rank, Proof::Weak)) => parts.push((content, rank.whole())),
            None => {}
        }
    }
    (above, parts)
}

/// Whether two sorted lists have an item in common.
fn meet(a: &[u32], b: &[u32]) -> bool {
    a.iter().any(|it| b.binary_search(it).is_ok())
}

/// How well a whole suits its part: one surname among their speakers, statements of its group, words, and its number
/// reversed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank(bool, usize, usize, Reverse<u32>);

impl Rank {
    fn whole(self) -> u32 {
        self.3.0
    }
}

/// A pair of contents that are alike.
struct Found {
    content: u32,
    other: u32,
    /// Whether the content is a part of the other; if not, they are near-identical.
    is_part: bool,
    proof: Proof,
}

/// The centres of other groups that `whole` has as a part, or is like: if it is no centre itself, only those which its own
/// centre is like, too.
fn found_in(gathered: &Gathered, probes: &Probes, centre_of: &[u32], whole: u32) -> Vec<Found> {
    let words = &*gathered.contents[whole as usize].words;
    let centre = centre_of[whole as usize];
    let near = |a: &[u32], b: &[u32]| {
        let comparable = a.len().abs_diff(b.len()) <= allowed(a.len().min(b.len()));
        comparable.then(|| likeness::near(&gathered.words, a, b)).flatten()
    };
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    for (at, run) in words.windows(RUN).enumerate() {
        for probe in probes.of(shingle(&gathered.words, run)) {
            let part = &*gathered.contents[probe.content as usize].words;
            let is_candidate = probe.content != whole
                && (part.len(), probe.content) <= (words.len(), whole)
                && centre != probe.content;
            if !is_candidate || !seen.insert((probe.content, at.wrapping_sub(probe.at as usize))) {
                continue;
            }
            let near_centre = || centre == whole || near(part, &gathered.contents[centre as usize].words).is_some();
            let near = near(part, words).filter(|_| near_centre());
            let within = || likeness::within(&gathered.words, part, words, (probe.at as usize, at));
            if let Some(proof) = near {
                found.push(Found { content: probe.content, other: whole, is_part: false, proof });
            } else if let Some(proof) = within() {
                found.push(Found { content: probe.content, other: whole, is_part: true, proof });
            }
        }
    }
    found
}

/// A run of words of a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Probe {
    hash: u64,
    content: u32,
    /// The first word of the run.
    at: u32,
}

/// The runs to look up, by their hashes.
struct Probes {
    sorted: Vec<Probe>,
    /// Where in `sorted` the hashes with the same first bits begin.
    starts: Vec<u32>,
    shift: u32,
}

impl Probes {
    /// The runs of the centres.
    fn new(gathered: &Gathered, centre_of: &[u32]) -> Self {
        let counts = Counts::new(gathered);
        let contents = (0..small(centre_of.len())).into_par_iter().filter(|&it| centre_of[it as usize] == it);
        let mut sorted: Vec<Probe> = contents.flat_map_iter(|content| rarest(gathered, &counts, content)).collect();
        sorted.par_sort_unstable();
        let bits = (usize::BITS - sorted.len().leading_zeros()).clamp(1, 24);
        let shift = u64::BITS - bits;
        let mut starts = vec![0; (1 << bits) + 1];
        for probe in &sorted {
            starts[(probe.hash >> shift) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self { sorted, starts, shift }
    }

    fn of(&self, hash: u64) -> impl Iterator<Item = &Probe> {
        let at = (hash >> self.shift) as usize;
        let bucket = &self.sorted[self.starts[at] as usize..self.starts[at + 1] as usize];
        let from = bucket.partition_point(|probe| probe.hash < hash);
        bucket[from..].iter().take_while(move |probe| probe.hash == hash)
    }
}

/// The rarest runs of a content that do not overlap.
fn rarest(gathered: &Gathered, counts: &Counts, content: u32) -> Vec<Probe> {
    let words = &*gathered.contents[content as usize].words;
    if words.len() < SHORT {
        return Vec::new();
    }
    let hashes = words.windows(RUN).map(|run| shingle(&gathered.words, run)).enumerate();
    let counted = hashes.map(|(at, hash)| (counts.of(hash), at, hash));
    let mut runs: Vec<_> = counted.filter(|(count, ..)| (2..=FREQUENT).contains(count)).collect();
    runs.sort_unstable();
    let mut probes: Vec<Probe> = Vec::with_capacity(PROBES);
    for (_, at, hash) in runs {
        if probes.iter().all(|other| (other.at as usize).abs_diff(at) >= RUN) {
            probes.push(Probe { hash, content, at: small(at) });
            if probes.len() == PROBES {
                break;
            }
        }
    }
    probes
}

/// How often each run occurs, a little too often where the hashes of two end alike.
struct Counts {
    counts: Vec<AtomicU32>,
}

impl Counts {
    fn new(gathered: &Gathered) -> Self {
        let runs: usize = gathered.contents.iter().map(|it| it.words.len()).sum();
        let size = runs.next_power_of_two().clamp(1 << 10, 1 << 25);
        let counts = Self { counts: (0..size).map(|_| AtomicU32::new(0)).collect() };
        gathered.contents.par_iter().for_each(|content| {
            for run in content.words.windows(RUN) {
                counts.slot(shingle(&gathered.words, run)).fetch_add(1, Ordering::Relaxed);
            }
        });
        counts
    }

    fn of(&self, hash: u64) -> u32 {
        self.slot(hash).load(Ordering::Relaxed)
    }

    fn slot(&self, hash: u64) -> &AtomicU32 {
        // The number of counts is a power of two.
        &self.counts[(hash as usize) & (self.counts.len() - 1)]
    }
}
