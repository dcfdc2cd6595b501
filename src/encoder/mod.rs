//! From words to scores: the neural network and what feeds it.
//!
//! [`Words`] cuts a text into the network's words, [`sections`] groups them into windows that fit it, and an [`Encoder`]
//! turns windows into [`Scores`], one row a word.

mod backend;
mod embedded;
#[cfg(feature = "rust-bert")]
mod rust_bert;
mod windows;
mod words;

pub use backend::{Backend, BackendError, Device, Precision, UnknownDevice};
pub use embedded::{Embedded, Graph};
#[cfg(feature = "rust-bert")]
pub use rust_bert::{LoadError, Parts, RustBert};
pub use windows::{Section, Window, WindowSize, sections};
pub use words::{Tokens, Words};

/// A network that scores words.
///
/// Implementations must give a window the same scores (beyond float rounding) whatever the other windows of the batch
/// are: dixit's output for a document may not depend on its neighbours.
pub trait Encoder: Send + Sync {
    /// The scores of each window's words, one [`Scores`] a window, in their order.
    ///
    /// # Errors
    /// When the network cannot be run, with the runtime's reason.
    fn encode(&self, windows: &[&Window]) -> Result<Vec<Scores>, EncodeError>;

    /// The most pieces, padding included, that are best encoded at once. A longer window comes alone.
    fn batch_pieces(&self) -> usize;

    /// Whether the shorter windows of a batch are filled up to the length of the longest.
    fn pads(&self) -> bool {
        true
    }
}

/// The network could not be run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the network cannot be run: {0}")]
pub struct EncodeError(pub String);

/// A matrix of scores: one row a word, the columns of all heads side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    values: Vec<f32>,
    width: usize,
}

impl Scores {
    /// A matrix of `words` rows of zeros.
    pub fn zeros(words: usize, width: usize) -> Self {
        Self { values: vec![0.0; words * width], width }
    }

    /// Number of rows.
    pub fn words(&self) -> usize {
        self.values.len().checked_div(self.width).unwrap_or(0)
    }

    /// The scores of one word; panics if there is no such row, as a slice does.
    pub fn row(&self, word: usize) -> &[f32] {
        &self.values[word * self.width..(word + 1) * self.width]
    }

    /// The scores of one word, to be written.
    pub fn row_mut(&mut self, word: usize) -> &mut [f32] {
        &mut self.values[word * self.width..(word + 1) * self.width]
    }
}
