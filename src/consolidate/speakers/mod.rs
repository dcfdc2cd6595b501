//! Which speakers of different documents are the same.
//!
//! Within a document, speakers are told apart already: what is asked here is which of two documents' speakers are one.
//! A full name is enough ([`persons`], [`bodies`]); a surname, an initial or a description needs evidence besides
//! ([`Evidence`]). Where in doubt, two speakers stay two.

mod bodies;
mod persons;

use super::gathered::{Gathered, Lists};
use super::likeness::SHORT;
use super::sets::Sets;
use crate::speakers::{SpeakerType, alone};

/// The speakers of the documents, as sets: for each index into [`Gathered::locals`] the least one that is the same
/// speaker. `group_of` says of each content which quotation it is.
pub(super) fn merge(gathered: &Gathered, group_of: &[u32]) -> Vec<u32> {
    let evidence = Evidence::new(gathered, group_of);
    let mut sets = Sets::new(gathered.locals.len());
    let (mut people, mut named, mut unnamed) = (Vec::new(), Vec::new(), Vec::new());
    let is_proper: Vec<bool> = gathered.strings.iter().map(|it| alone::is_proper(it)).collect();
    for (local, it) in (0..).zip(&gathered.locals) {
        match it.kind {
            SpeakerType::Person if is_proper[it.name as usize] => people.push(local),
            SpeakerType::Organization if is_proper[it.name as usize] => named.push(local),
            _ => unnamed.push(local),
        }
    }
    persons::join(&evidence, &people, &mut sets);
    bodies::join(gathered, &named, &mut sets);
    descriptions(&evidence, &unnamed, &mut sets);
    sets.leaders()
}

/// Joins what has no name, "officials" or "the report", where the same description makes the same quotation.
fn descriptions(evidence: &Evidence<'_>, locals: &[u32], sets: &mut Sets) {
    let mut keys = Vec::new();
    for &local in locals {
        let it = &evidence.gathered.locals[local as usize];
        let name = alone::folded(&evidence.gathered.strings[it.name as usize]);
        keys.extend(evidence.groups_said_by(local).map(|group| ((it.kind, name.clone(), group), local)));
    }
    join_equal(keys, sets);
}

/// Joins the locals that have a key in common.
fn join_equal<K: Ord>(mut keys: Vec<(K, u32)>, sets: &mut Sets) {
    keys.sort_unstable();
    for pair in keys.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        sets.join(pair[0].1, pair[1].1);
    }
}

/// Who says what, and in which company.
struct Evidence<'g> {
    gathered: &'g Gathered,
    group_of: &'g [u32],
    /// Statements by speaker.
    said_by: Lists,
    /// Statements by document.
    said_in: Lists,
}

impl<'g> Evidence<'g> {
    fn new(gathered: &'g Gathered, group_of: &'g [u32]) -> Self {
        let said_by = Lists::new(gathered.locals.len(), gathered.statements.iter().map(|it| it.local));
        let said_in = Lists::new(gathered.documents.len(), gathered.statements.iter().map(|it| Some(it.document)));
        Self { gathered, group_of, said_by, said_in }
    }

    /// The quotations that a speaker makes, as far as they are long enough to be nobody else's.
    fn groups_said_by(&self, local: u32) -> impl Iterator<Item = u32> {
        self.said_by.of(local).iter().filter_map(|&statement| self.group(statement))
    }

    /// The quotations of a speaker's document, each once.
    fn groups_around(&self, local: u32) -> Vec<u32> {
        let document = self.gathered.locals[local as usize].document;
        let mut groups: Vec<_> = self.said_in.of(document).iter().filter_map(|&it| self.group(it)).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    fn group(&self, statement: u32) -> Option<u32> {
        let content = self.gathered.statements[statement as usize].content;
        let telling = self.gathered.contents[content as usize].words.len() >= SHORT;
        telling.then(|| self.group_of[content as usize])
    }
}

/// Whether two sorted lists have an item in common.
fn meet(a: &[u32], b: &[u32]) -> bool {
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    few.iter().any(|it| many.binary_search(it).is_ok())
}
