//! Evaluation against gold labels: how right dixit is, or any other system.
//!
//! Gold and predictions are both [`Labelled`] documents, whatever format they were read from and whoever made them.
//!
//! 1. [`gold`] reads them. 2. A [`case`] sets a document's gold beside its prediction. 3. The [`protocols`] count in it.
//! 4. [`statistics`] make figures with intervals of the counts. 5. The [`report`] is the result.

#[cfg(test)]
mod arbitrary;
pub mod breakdowns;
pub mod case;
pub mod chains;
pub mod errors;
mod evaluate;
#[cfg(test)]
mod example;
mod fields;
pub mod gold;
pub mod labels;
pub mod matching;
pub mod names;
pub mod overlap;
pub mod protocols;
pub mod report;
pub mod source_form;
pub mod statistics;
pub mod tally;
#[cfg(test)]
mod tests;
pub mod tokens;
pub mod write;

pub use evaluate::{EvaluateError, Settings, compare, evaluate};
pub use labels::{Attribution, Labelled, Naming, Scope, Speaker, Tokens};
