//! The protocols of the field, one file each, each defined exactly in its file's comment.
//!
//! A protocol counts in one document at a time; figures follow from sums over documents (see [`super::tally`]). Gold that
//! does not label what a protocol needs is left out of it.

mod begin;
mod booknlp;
mod citron;
mod clusters;
mod cofenet;
mod coreference;
mod exact;
mod german;
mod ggt;
mod gum;
mod headline;
mod muzny;
mod pareti;
mod pdnc;
mod quobert;
mod units;

pub use headline::meets;

use super::case::Case;
use super::tally::{Counts, Measure};

/// A way to score a document.
pub trait Protocol: Sync {
    /// What the command line calls it.
    fn name(&self) -> &'static str;

    /// Its definition in a line.
    fn definition(&self) -> &'static str;

    /// The rows of its table.
    fn measures(&self) -> &'static [Measure];

    /// The counts of a document, one a row of [`Self::measures`]; `None` if the gold does not label what the protocol
    /// needs.
    fn tally(&self, case: &Case<'_>) -> Option<Vec<Counts>>;
}

/// All protocols, the headline first.
pub static ALL: [&dyn Protocol; 14] = [
    &headline::Headline,
    &exact::Exact,
    &begin::Begin,
    &cofenet::CofeNet,
    &pareti::Pareti,
    &citron::Citron,
    &german::GermanNews,
    &ggt::GenderGapTracker,
    &muzny::Muzny,
    &quobert::Quobert,
    &pdnc::Pdnc,
    &booknlp::BookNlp,
    &coreference::Coreference,
    &gum::Gum,
];

/// The protocol of this name.
pub fn named(name: &str) -> Option<&'static dyn Protocol> {
    ALL.into_iter().find(|protocol| protocol.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for protocol in ALL {
            assert_eq!(
                named(protocol.name()).map(Protocol::measures),
                Some(protocol.measures()),
                "{}",
                protocol.name()
            );
        }
        assert!(named("nonesuch").is_none());
    }
}
