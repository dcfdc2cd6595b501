//! What annotating took.

use std::ops::AddAssign;
use std::time::Duration;

/// What went through the network, and how long each stage took.
///
/// Times are those on the clock, summed over the threads: with two of them busy, two seconds pass in one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Word pieces that the network read, the opening and the closing piece of each window included.
    pub pieces: u64,
    /// Pieces that only filled up the shorter windows of a batch.
    pub padding: u64,
    /// Paragraphs, sentences, quotation marks, word pieces and windows.
    pub layout: Duration,
    /// The network.
    pub encoder: Duration,
    /// From scores to spans.
    pub decoding: Duration,
    /// From spans to speakers and statements.
    pub linking: Duration,
}

impl AddAssign for Work {
    fn add_assign(&mut self, other: Self) {
        self.pieces += other.pieces;
        self.padding += other.padding;
        self.layout += other.layout;
        self.encoder += other.encoder;
        self.decoding += other.decoding;
        self.linking += other.linking;
    }
}
