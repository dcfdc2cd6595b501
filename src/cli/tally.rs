//! Who speaks most, in bounded memory.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Names that are kept when it gets full; twice as many are the most that are kept.
const NAMES: usize = 8192;

/// Counts of names. Exact up to 16,384 names; beyond that, the count of a name may be too low by up to `missing` (Misra and
/// Gries 1982, in the form of Agarwal et al. 2012), which is at most one in 8,192 of all that was counted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// By how much a count may be too low.
    missing: u64,
    counts: BTreeMap<String, u64>,
}

impl Tally {
    /// Counts a name.
    pub fn add(&mut self, name: &str) {
        self.add_within(name, NAMES);
    }

    fn add_within(&mut self, name: &str, names: usize) {
        if let Some(count) = self.counts.get_mut(name) {
            *count += 1;
            return;
        }
        self.counts.insert(name.to_owned(), 1);
        if self.counts.len() > 2 * names {
            let mut counts: Vec<u64> = self.counts.values().copied().collect();
            let (_, &mut off, _) = counts.select_nth_unstable_by(names, |one, other| other.cmp(one));
            self.missing += off;
            self.counts.retain(|_, count| {
                *count = count.saturating_sub(off);
                *count > 0
            });
        }
    }

    /// By how much the counts may be too low; 0 if they are exact.
    pub fn missing(&self) -> u64 {
        self.missing
    }

    /// The names of the highest counts, the highest first.
    pub fn top(&self, number: usize) -> Vec<(&str, u64)> {
        let mut all: Vec<_> = self.counts.iter().map(|(name, &count)| (name.as_str(), count)).collect();
        all.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(other.0)));
        all.truncate(number);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_names_are_counted_exactly() {
        let mut tally = Tally::default();
        ["Holm", "Pinto", "Holm", "Diallo", "Pinto", "Holm"].into_iter().for_each(|name| tally.add(name));
        assert_eq!(tally.top(2), [("Holm", 3), ("Pinto", 2)]);
        assert_eq!((tally.top(9).len(), tally.missing()), (3, 0));
    }

    #[test]
    fn of_many_names_those_that_speak_most_stay() {
        let mut tally = Tally::default();
        for at in 0..10_000 {
            tally.add_within(&format!("passer-by {at}"), 10);
            if at % 5 == 0 {
                tally.add_within("Holm", 10);
            }
        }
        let (name, count) = tally.top(1)[0];
        assert_eq!(name, "Holm");
        assert!(count <= 2000 && count + tally.missing() >= 2000, "{count} and {}", tally.missing());
        assert!(tally.counts.len() <= 20 && tally.missing() <= 12_000 / 10);
    }
}
