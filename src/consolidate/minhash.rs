//! Near-identical contents, by locality-sensitive hashing.
//!
//! The pairs of adjacent words of a content are its features. A MinHash is the least of their hashes; two contents agree
//! in one as often as they share features (Jaccard). Contents that agree in all [`ROWS`] MinHashes of one of [`BANDS`]
//! bands are compared word by word. Half of the features shared, a pair is missed once in 25 times; a twentieth shared, one
//! in 300 pairs is compared in vain.
//!
//! The crates that do this (gaoya, probminhash) keep a table a band in memory and answer which documents are similar, by
//! Jaccard alone. Here one band at a time is sorted, which takes a twentieth of the memory, and what is alike is decided
//! by the words.

use rayon::prelude::*;

use super::gathered::{Gathered, small};
use super::likeness::{self, Proof, SHORT, allowed};
use super::sets::Sets;
use super::words::{scattered, shingle};

const BANDS: u64 = 24;
const ROWS: u64 = 3;

/// Features of a content that are looked at. More would be those of a whole article.
const FEATURES: usize = 4096;

/// Contents of a bucket that each one is compared with: enough to join all of a bucket if it is one quotation, and few
/// enough that a bucket of any size takes linear time.
const NEIGHBOURS: usize = 16;

/// Joins the near-identical contents in `sets`; returns the pairs that are so only if one speaker makes both.
pub(super) fn join(gathered: &Gathered, sets: &mut Sets) -> Vec<(u32, u32)> {
    let long: Vec<u32> =
        (0..gathered.contents.len()).filter(|&at| gathered.contents[at].words.len() >= SHORT).map(small).collect();
    let mut weak = Vec::new();
    for band in 0..BANDS {
        let mut keys: Vec<(u64, u32)> =
            long.par_iter().map(|&content| (key(gathered, content, band), content)).collect();
        // Contents are sorted by their words: those that begin alike are neighbours.
        keys.par_sort_unstable();
        let alike: Vec<(u32, u32, Proof)> =
            keys.par_chunk_by(|a, b| a.0 == b.0).flat_map_iter(|bucket| compared(gathered, sets, bucket)).collect();
        for (a, b, proof) in alike {
            match proof {
                Proof::Strong => sets.join(a, b),
                Proof::Weak => weak.push((a, b)),
            }
        }
        weak.sort_unstable();
        weak.dedup();
    }
    weak
}

/// The MinHashes of one band.
fn key(gathered: &Gathered, content: u32, band: u64) -> u64 {
    let mut least = [u64::MAX; ROWS as usize];
    for pair in gathered.contents[content as usize].words.windows(2).take(FEATURES) {
        let feature = shingle(&gathered.words, pair);
        for (row, least) in (0..ROWS).zip(&mut least) {
            *least = (*least).min(scattered(feature ^ scattered(band * ROWS + row + 1)));
        }
    }
    least.into_iter().fold(0, |key: u64, least| scattered(key.rotate_left(23) ^ least))
}

/// The pairs of a bucket that are alike.
fn compared<'g>(
    gathered: &'g Gathered,
    sets: &'g Sets,
    bucket: &'g [(u64, u32)],
) -> impl Iterator<Item = (u32, u32, Proof)> + 'g {
    let pairs = bucket
        .iter()
        .enumerate()
        .flat_map(|(at, &(_, a))| bucket[at + 1..].iter().take(NEIGHBOURS).map(move |&(_, b)| (a, b)));
    pairs.filter_map(|(a, b)| {
        let words = |content: u32| &*gathered.contents[content as usize].words;
        let (x, y) = (words(a), words(b));
        if x.len().abs_diff(y.len()) > allowed(x.len().min(y.len())) || sets.is_joined(a, b) {
            return None;
        }
        likeness::near(&gathered.words, x, y).map(|proof| (a, b, proof))
    })
}
