//! Evaluation against gold labels: how right dixit is, or any other system.
//!
//! Gold and predictions are both [`Labelled`] documents, whatever format they were read from and whoever made them.
//!
//! 1. [`gold`] reads them. 2. A [`case`] sets a document's gold beside its prediction. 3. The [`protocols`] count in it.
//! 4. [`statistics`] make figures with intervals of the counts. 5. The [`report`] is the result.

pub mod case;
pub mod chains;
#[cfg(test)]
mod example;
pub mod gold;
pub mod labels;
pub mod matching;
pub mod names;
pub mod overlap;
pub mod protocols;
pub mod report;
pub mod source_form;
pub mod tally;
pub mod tokens;

pub use labels::{Attribution, Labelled, Naming, Scope, Speaker, Tokens};
