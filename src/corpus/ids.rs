//! Which document ids a run has seen.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use twox_hash::XxHash3_64;

use super::failure::Place;

/// The ids seen so far, as 64-bit hashes with the place of each: 17 to 39 bytes an id, whatever its length.
///
/// Two different ids out of a hundred million have the same hash with a probability of 0.03 %; the second document would
/// then fail, with a message that names both.
#[derive(Debug)]
pub(super) struct Ids {
    /// By the first bits of the hash. One after the other needs new room, so that there are never two copies of all.
    taken: Vec<Shard>,
    /// The files in which ids were found.
    files: Vec<Arc<str>>,
}

type Shard = HashMap<u64, Stands, BuildHasherDefault<Hashed>>;

const SHARDS: usize = 64;

/// A [`Place`], without its column.
#[derive(Debug, Clone, Copy)]
struct Stands {
    /// Index in `files`; those past four billion count as one.
    file: u32,
    /// 0 if it is the whole file.
    line: u32,
}

/// Hands through what is a hash already.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = XxHash3_64::oneshot(bytes);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl Default for Ids {
    fn default() -> Self {
        Self { taken: (0..SHARDS).map(|_| Shard::default()).collect(), files: Vec::new() }
    }
}

impl Ids {
    /// Takes an id for the document at `place`, or says where the document stands that has it already.
    pub(super) fn take(&mut self, id: &str, place: &Place) -> Result<(), Place> {
        let stands = Stands { file: self.file(&place.file), line: place.line.map_or(0, Into::into) };
        let hash = XxHash3_64::oneshot(id.as_bytes());
        // From the middle: a table looks at the first and the last bits.
        let shard = (hash >> 32) as usize % SHARDS;
        match self.taken[shard].entry(hash) {
            Entry::Occupied(first) => {
                let Stands { file, line } = *first.get();
                Err(Place::file(Arc::clone(&self.files[file as usize])).at_line(line as usize))
            }
            Entry::Vacant(free) => {
                free.insert(stands);
                Ok(())
            }
        }
    }

    /// The number of the file that is read now.
    fn file(&mut self, file: &Arc<str>) -> u32 {
        if self.files.last() != Some(file) && self.files.len() < u32::MAX as usize {
            self.files.push(Arc::clone(file));
        }
        (self.files.len() - 1) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_taker_learns_of_the_first() {
        let mut ids = Ids::default();
        let file = Place::file("a.jsonl");
        assert_eq!(ids.take("x", &file.at_line(1)), Ok(()));
        assert_eq!(ids.take("y", &file.at_line(2)), Ok(()));
        assert_eq!(ids.take("x", &file.at_line(3)), Err(file.at_line(1)));
        assert_eq!(ids.take("z", &Place::file("z.txt")), Ok(()));
        assert_eq!(ids.take("y", &Place::file("z.txt")), Err(file.at_line(2)));
        assert_eq!(ids.take("z", &file.at_line(4)), Err(Place::file("z.txt")));
    }

    #[test]
    fn many_ids_are_told_apart() {
        let (mut ids, file) = (Ids::default(), Place::file("a.jsonl"));
        let fresh = (1..=100_000).filter(|line| ids.take(&format!("article {line}"), &file.at_line(*line)).is_ok());
        assert_eq!(fresh.count(), 100_000);
        assert_eq!(ids.take("article 99999", &file), Err(file.at_line(99_999)));
    }
}
