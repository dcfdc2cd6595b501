//! Evaluation against gold labels: how right dixit is, or any other system.
//!
//! Gold and predictions are both [`Labelled`] documents, whatever format they were read from and whoever made them.

pub mod gold;
pub mod labels;
pub mod report;

pub use labels::{Attribution, Labelled, Naming, Scope, Speaker, Tokens};
