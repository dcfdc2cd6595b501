//! Which document ids a run has seen.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher;

use super::failure::Place;

/// The ids seen so far, as 128-bit hashes: the memory an id takes does not depend on its length.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// Two independently keyed hashes of 64 bits. Ten million ids collide with a probability below 10⁻²⁴.
    keys: (RandomState, RandomState),
    taken: HashMap<(u64, u64), Place>,
}

impl Ids {
    /// Takes an id for the document at `place`, or says where the document stands that has it already.
    pub(super) fn take(&mut self, id: &str, place: &Place) -> Result<(), Place> {
        let hash = (self.keys.0.hash_one(id), self.keys.1.hash_one(id));
        match self.taken.entry(hash) {
            Entry::Occupied(first) => Err(first.get().clone()),
            Entry::Vacant(free) => {
                free.insert(place.clone());
                Ok(())
            }
        }
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
    }
}
