//! Trimmed copies: contents that are a part of another.
//!
//! Of each content the three rarest runs of three words that occur elsewhere, too, are looked up in all others. Whoever
//! has all of a content's words in their order has these runs, so a part that is copied word for word is always found,
//! unless nothing in it is rare; a part of which a word was changed is found if one of the runs is left.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use super::gathered::{Gathered, Lists, small};
use super::likeness::{self, Proof, SHORT, allowed};
use super::sets::Sets;
use super::words::shingle;

/// Words of a run.
const RUN: usize = 3;

/// Runs of a content that are looked up.
const PROBES: usize = 3;

/// A run that occurs in more contents than this is a turn of phrase.
const FREQUENT: u32 = 256;

/// Contents that are searched before what was found is thinned out, which bounds the memory.
const CHUNK: usize = 1 << 16;

/// Joins each content that is a part of others with one of them in `sets`: with one by a speaker of the same surname, if
/// there is one, else with one that many documents have. It is not joined with all, because two quotations that share
/// a phrase are two. Returns the pairs that are one quotation only if one speaker makes both.
pub(super) fn join(
    gathered: &Gathered,
    surnames: &[Box<[u32]>],
    by_content: &Lists,
    sets: &mut Sets,
) -> Vec<(u32, u32)> {
    let probes = Probes::new(gathered);
    let mut weak = Vec::new();
    let mut best: Vec<Option<(Rank, Proof)>> = vec![None; gathered.contents.len()];
    let all: Vec<u32> = (0..small(gathered.contents.len())).collect();
    for chunk in all.chunks(CHUNK) {
        let found: Vec<Found> =
            chunk.par_iter().flat_map_iter(|&whole| found_in(gathered, &probes, sets, whole)).collect();
        for it in found {
            match (it.is_part, it.proof) {
                (false, Proof::Strong) => sets.join(it.content, it.other),
                (false, Proof::Weak) => weak.push((it.content, it.other)),
                (true, proof) => {
                    let rank = rank(gathered, surnames, by_content, it.content, it.other);
                    let known = &mut best[it.content as usize];
                    if known.is_none_or(|(known, _)| rank > known) {
                        *known = Some((rank, proof));
                    }
                }
            }
        }
    }
    // The contents of one set go together to one whole: the best that any of them has.
    let mut of_set: Vec<(u32, Rank, u32)> = Vec::new();
    for (content, found) in best.iter().enumerate() {
        match found {
            Some((rank, Proof::Strong)) => of_set.push((sets.leader(small(content)), *rank, rank.whole())),
            Some((rank, Proof::Weak)) => weak.push((small(content), rank.whole())),
            None => {}
        }
    }
    of_set.sort_unstable();
    let joined: Vec<(u32, u32)> = of_set
        .chunk_by(|a, b| a.0 == b.0)
        .filter_map(|set| set.last())
        .map(|(part, _, whole)| (*part, *whole))
        .collect();
    joined.into_iter().for_each(|(part, whole)| sets.join(part, whole));
    weak
}

/// How well a whole suits its part: one surname among their speakers, statements, words, and its number reversed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank(bool, usize, usize, std::cmp::Reverse<u32>);

impl Rank {
    fn whole(self) -> u32 {
        self.3.0
    }
}

fn rank(gathered: &Gathered, surnames: &[Box<[u32]>], by_content: &Lists, part: u32, whole: u32) -> Rank {
    let shares = surnames[part as usize].iter().any(|it| surnames[whole as usize].binary_search(it).is_ok());
    let words = gathered.contents[whole as usize].words.len();
    Rank(shares, by_content.of(whole).len(), words, std::cmp::Reverse(whole))
}

/// A pair of contents that are alike.
struct Found {
    content: u32,
    other: u32,
    /// Whether the content is a part of the other; if not, they are near-identical.
    is_part: bool,
    proof: Proof,
}

/// The contents that `whole` is like, or has as a part.
fn found_in(gathered: &Gathered, probes: &Probes, sets: &Sets, whole: u32) -> Vec<Found> {
    let words = &*gathered.contents[whole as usize].words;
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    for (at, run) in words.windows(RUN).enumerate() {
        for probe in probes.of(shingle(&gathered.words, run)) {
            let part = &*gathered.contents[probe.content as usize].words;
            let is_candidate = probe.content != whole
                && (part.len(), probe.content) <= (words.len(), whole)
                && !sets.is_joined(probe.content, whole);
            if !is_candidate || !seen.insert((probe.content, at.wrapping_sub(probe.at as usize))) {
                continue;
            }
            let near = (words.len() - part.len() <= allowed(part.len()))
                .then(|| likeness::near(&gathered.words, part, words))
                .flatten();
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
    fn new(gathered: &Gathered) -> Self {
        let counts = Counts::new(gathered);
        let contents = (0..small(gathered.contents.len())).into_par_iter();
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
