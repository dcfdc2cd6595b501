//! Speakers as a reader comes upon them.

use std::collections::HashMap;
use std::hash::Hash;

use crate::eval::Speaker;

/// Speakers by what their format tells them apart by.
#[derive(Debug)]
pub(super) struct Cast<K> {
    pub speakers: Vec<Speaker>,
    known: HashMap<K, usize>,
}

impl<K: Eq + Hash> Cast<K> {
    pub(super) fn new() -> Self {
        Self { speakers: Vec::new(), known: HashMap::new() }
    }

    /// Index of the speaker of this key, who is made if they are new.
    pub(super) fn index(&mut self, key: K, new: impl FnOnce() -> Speaker) -> usize {
        *self.known.entry(key).or_insert_with(|| {
            self.speakers.push(new());
            self.speakers.len() - 1
        })
    }

    /// What the speakers are told apart by, with their indices.
    pub(super) fn keys(&self) -> impl Iterator<Item = (&K, usize)> {
        self.known.iter().map(|(key, at)| (key, *at))
    }

    /// Index of the speaker of this key, if there is one.
    pub(super) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: std::borrow::Borrow<Q>,
    {
        self.known.get(key).copied()
    }
}
