//! Coreference of speakers' mentions: MUC, B³, CEAF-φ4, their mean (the CoNLL score), and LEA.
//!
//! The things are mentions, equal if start and end are, white space at the ends aside; the clusters are the speakers. A
//! mention of several speakers is the first one's. Scored are documents whose gold tells mentions; it is charged with all of
//! them, so that a system that mentions only who speaks has a low recall where the gold has everybody.

use super::Protocol;
use super::clusters::{Clusters, b_cubed, ceaf, lea, muc};
use crate::document::{Byte, Span};
use crate::eval::Speaker;
use crate::eval::case::Case;
use crate::eval::tally::{Counts, Measure, Shape};

/// See the module.
pub struct Coreference;

impl Protocol for Coreference {
    fn name(&self) -> &'static str {
        "coreference"
    }

    fn definition(&self) -> &'static str {
        "mentions of speakers as clusters: MUC, B³, CEAF-φ4, CoNLL (mean F1 of the three), LEA"
    }

    fn measures(&self) -> &'static [Measure] {
        const {
            &[
                Measure::prf("mentions", "MUC"),
                Measure::prf("mentions", "B³"),
                Measure::prf("mentions", "CEAF-φ4"),
                Measure { group: "mentions", measure: "CoNLL", shape: Shape::MeanF1(&[0, 1, 2]) },
                Measure::prf("mentions", "LEA"),
            ]
        }
    }

    fn tally(&self, case: &Case<'_>) -> Option<Vec<Counts>> {
        let text = &case.document.text;
        let gold = clusters(case.gold.speakers, text);
        if !case.scope.speakers || gold.is_empty() {
            return None;
        }
        let predicted = clusters(case.predicted.speakers, text);
        Some(vec![
            muc(&gold, &predicted),
            b_cubed(&gold, &predicted),
            ceaf(&gold, &predicted),
            Counts::default(),
            lea(&gold, &predicted),
        ])
    }
}

fn clusters(speakers: &[Speaker], text: &str) -> Clusters<Span<Byte>> {
    // By first mention, so that who keeps a shared one does not depend on the order of the file.
    let mut mentions: Vec<Vec<Span<Byte>>> = speakers
        .iter()
        .map(|speaker| {
            let mut mentions: Vec<_> = speaker.mentions.iter().map(|mention| mention.trim(text)).collect();
            mentions.sort_unstable();
            mentions
        })
        .collect();
    mentions.sort_unstable();
    Clusters::new(mentions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::example::{labelled, spans};
    use crate::eval::{Labelled, Speaker};

    fn document(clusters: &[&[usize]]) -> Labelled {
        let mut document = labelled("a b c d e f g h i", Vec::new());
        let mention = |&at: &usize| (2 * at, 2 * at + 1);
        document.speakers = clusters
            .iter()
            .map(|mentions| Speaker {
                mentions: spans(&mentions.iter().map(mention).collect::<Vec<_>>()),
                ..Speaker::default()
            })
            .collect();
        document
    }

    #[test]
    fn the_conll_score_is_the_mean_of_three() {
        // The example of Pradhan et al. 2014 (see `clusters`): F1 0.4, and of 5/12 and 1/2, and of 0.65 and 1.3/3 (0.52).
        let gold = document(&[&[0, 1, 2], &[3, 4, 5, 6]]);
        let predicted = document(&[&[0, 1], &[2, 3], &[5, 6, 7, 8]]);
        let rows = Coreference.tally(&Case::new(&gold, &predicted)).unwrap();
        let values = Coreference.measures()[3].values(3, &rows);
        let f1 = |p: f64, r: f64| 2.0 * p * r / (p + r);
        let recall = (4.0 / 3.0 + 1.0 / 3.0 + 0.25 + 1.0) / 7.0;
        let expected = (0.4 + f1(recall, 0.5) + 0.52) / 3.0;
        assert!((values.share.unwrap() - expected).abs() < 1e-6);
    }

    #[test]
    fn gold_without_mentions_is_left_out() {
        let gold = document(&[&[]]);
        assert_eq!(Coreference.tally(&Case::new(&gold, &document(&[&[0, 1]]))), None);
        let mut unlabelled = document(&[&[0, 1]]);
        unlabelled.scope.speakers = false;
        assert_eq!(Coreference.tally(&Case::new(&unlabelled, &unlabelled)), None);
    }
}
