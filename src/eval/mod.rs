//! Evaluation against gold labels: how right dixit is, or any other system.
//!
//! Gold and predictions are both [`Labelled`] documents, whatever format they were read from and whoever made them.

#[cfg(test)]
mod arbitrary;
mod fields;
pub mod gold;
pub mod labels;
pub mod write;

pub use labels::{Attribution, Labelled, Naming, Scope, Speaker, Tokens};
