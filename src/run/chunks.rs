//! Where a chunk of documents ends, and where a part of the output.
//!
//! Both depend on the documents alone. A part ends with a chunk, so a run that begins where a part ended makes the same
//! chunks as one that came there from the beginning.

use std::time::{Duration, Instant};

use twox_hash::XxHash3_64;

use crate::corpus::Item;

/// Most items in a chunk.
const ITEMS: usize = 16;
/// A chunk is full with so many bytes.
const BYTES: u64 = 64 << 10;

/// How large the parts are: each ends with the document that fills it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartSize {
    /// A part is full with so many documents, failed ones included.
    pub documents: u64,
    /// A part is full with so many bytes of input.
    pub bytes: u64,
}

impl Default for PartSize {
    /// A thousand documents or 8 MB: a minute or two of work for two cores.
    fn default() -> Self {
        Self { documents: 1000, bytes: 8 << 20 }
    }
}

/// Documents that are annotated together.
pub(super) struct Chunk {
    /// The items and their fingerprints.
    pub items: Vec<(Item, u64)>,
    /// Bytes of input that they took.
    pub bytes: u64,
    /// How long reading them took.
    pub reading: Duration,
    /// Whether a part ends after them.
    pub ends_part: bool,
}

/// Cuts items into chunks. The first ones are smaller, so that a small corpus keeps all workers busy, too, and the first
/// results come soon.
pub(super) struct Chunks<I> {
    items: I,
    part: PartSize,
    /// Number of chunks so far.
    cut: u64,
    /// What is left of the current part.
    left: PartSize,
}

impl<I> Chunks<I> {
    /// Cuts `items`, the first of which begins a part, after so many chunks.
    pub(super) fn new(items: I, part: PartSize, cut: u64) -> Self {
        Self { items, part, cut, left: part }
    }
}

impl<I: Iterator<Item = Item>> Iterator for Chunks<I> {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        let begin = Instant::now();
        let full = BYTES.min((self.cut / 8 + 1) * (4 << 10));
        self.cut += 1;
        let mut chunk = Chunk { items: Vec::new(), bytes: 0, reading: Duration::ZERO, ends_part: false };
        while chunk.items.len() < ITEMS && chunk.bytes < full && !chunk.ends_part {
            let Some(item) = self.items.next() else { break };
            chunk.bytes += item.bytes;
            self.left.documents = self.left.documents.saturating_sub(1);
            self.left.bytes = self.left.bytes.saturating_sub(item.bytes);
            chunk.ends_part = self.left.documents == 0 || self.left.bytes == 0;
            let fingerprint = fingerprint(&item);
            chunk.items.push((item, fingerprint));
        }
        if chunk.ends_part {
            self.left = self.part;
        }
        chunk.reading = begin.elapsed();
        (!chunk.items.is_empty()).then_some(chunk)
    }
}

/// A hash of what was read: of the document's id, text and other fields, or of why there is none. The same for all time.
pub fn fingerprint(item: &Item) -> u64 {
    let mut seed = 0;
    let mut add = |bytes: &[u8]| seed = XxHash3_64::oneshot_with_seed(seed, bytes);
    match &item.document {
        Ok(document) => {
            add(document.id.as_bytes());
            add(document.text.as_bytes());
            for (name, value) in &document.extra {
                add(name.as_bytes());
                add(value.to_string().as_bytes());
            }
        }
        Err(failure) => add(failure.to_string().as_bytes()),
    }
    seed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Cause, Failure, Place};
    use crate::document::Document;

    const ENDLESS: PartSize = PartSize { documents: u64::MAX, bytes: u64::MAX };

    fn item(line: usize, text: &str) -> Item {
        let document = Ok(Document::new(line.to_string(), text));
        Item { document, place: Place::file("a").at_line(line), bytes: text.len() as u64 }
    }

    /// The number of items in each chunk, and whether a part ends with it.
    fn cut(items: usize, text: &str, part: PartSize, before: u64) -> Vec<(usize, bool)> {
        let items = (1..=items).map(|line| item(line, text));
        Chunks::new(items, part, before).map(|chunk| (chunk.items.len(), chunk.ends_part)).collect()
    }

    fn sizes(items: usize, text: &str) -> Vec<usize> {
        cut(items, text, ENDLESS, 0).into_iter().map(|(size, _)| size).collect()
    }

    #[test]
    fn chunks_grow_to_a_bound() {
        let small = sizes(1000, &"x".repeat(4000));
        assert_eq!(small[..10], [2, 2, 2, 2, 2, 2, 2, 2, 3, 3]);
        assert_eq!(small.iter().max(), Some(&16));
        assert_eq!(small.iter().sum::<usize>(), 1000);
        assert_eq!(sizes(40, ""), [16, 16, 8]);
        assert_eq!(sizes(3, &"x".repeat(1 << 20)), [1, 1, 1]);
        assert_eq!(sizes(0, ""), [0; 0]);
    }

    #[test]
    fn a_part_ends_with_the_document_that_fills_it() {
        let by_documents = PartSize { documents: 20, ..ENDLESS };
        assert_eq!(cut(45, "", by_documents, 0), [(16, false), (4, true), (16, false), (4, true), (5, false)]);
        let by_bytes = PartSize { bytes: 25, ..ENDLESS };
        assert_eq!(cut(5, "ten bytes.", by_bytes, 0), [(3, true), (2, false)]);
        assert_eq!(cut(2, "ten bytes.", PartSize { bytes: 10, ..ENDLESS }, 0), [(1, true), (1, true)]);
    }

    #[test]
    fn a_run_that_begins_at_a_part_makes_the_same_chunks() {
        let part = PartSize { documents: 50, ..ENDLESS };
        let text = "x".repeat(1000);
        let whole = cut(400, &text, part, 0);
        for (at, _) in whole.iter().enumerate().filter(|(_, (_, ends))| *ends) {
            let done: usize = whole[..=at].iter().map(|(size, _)| size).sum();
            assert_eq!(cut(400 - done, &text, part, at as u64 + 1), whole[at + 1..]);
        }
    }

    #[test]
    fn fingerprints_tell_what_was_read() {
        let mut with_field = Document::new("1", "Rain.");
        with_field.extra.insert("date".to_owned(), 7.into());
        let at = |document| Item { document, place: Place::file("a"), bytes: 5 };
        let failed = |cause| at(Err(Failure::at(Place::file("a"), cause)));
        let all = [
            item(1, "Rain."),
            item(2, "Rain."),
            item(1, "Hail."),
            item(1, ""),
            at(Ok(with_field)),
            failed(Cause::NoText),
            failed(Cause::NoDocuments),
        ];
        let mut found: Vec<_> = all.iter().map(fingerprint).collect();
        // Kept between runs, so it must never change.
        assert_eq!(found[0], fingerprint(&item(1, "Rain.")));
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), all.len());
    }
}
