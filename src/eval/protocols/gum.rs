//! Sources resolved to the right chain, for gold with coreference such as GUM.
//!
//! - **chain**: of the gold attributions whose source is a mention of a chain, the share for which the prediction's speaker
//!   is that chain. The prediction is the one whose source has the greatest IoU with the gold source; without one that
//!   overlaps it, the source is missed and wrong.
//! - **chain of found**: the same over those that are not missed.
//!
//! The chain of the predicted speaker is the one that its mentions speak for (see
//! [`crate::eval::chains`]), whatever it is called. Contents are not asked for: GUM's end with a discourse unit.
//!
//! The groups are the sources that are a name, a description or a pronoun.

use super::Protocol;
use crate::eval::case::{Case, Item, Role};
use crate::eval::overlap;
use crate::eval::source_form::{SourceForm, source_form};
use crate::eval::tally::{Counts, Measure};

/// See the module.
pub struct Gum;

impl Protocol for Gum {
    fn name(&self) -> &'static str {
        "gum"
    }

    fn definition(&self) -> &'static str {
        "gold sources whose predicted speaker is the right chain of mentions; a source that is not found is wrong"
    }

    fn measures(&self) -> &'static [Measure] {
        const {
            &[
                Measure::share("all", "chain"),
                Measure::share("all", "chain of found"),
                Measure::share("name", "chain"),
                Measure::share("name", "chain of found"),
                Measure::share("description", "chain"),
                Measure::share("description", "chain of found"),
                Measure::share("pronoun", "chain"),
                Measure::share("pronoun", "chain of found"),
            ]
        }
    }

    fn tally(&self, case: &Case<'_>) -> Option<Vec<Counts>> {
        let told = case.gold.speakers.iter().any(|speaker| !speaker.mentions.is_empty());
        if !(case.scope.speakers && case.scope.sources && case.scope.relations && told) {
            return None;
        }
        let best = best(case);
        let mut rows = vec![Counts::default(); 8];
        for (item, best) in case.gold.items.iter().zip(best) {
            let chained = case.gold.speaker(item).is_some_and(|speaker| !speaker.mentions.is_empty());
            if !chained || item.spans(Role::Source).is_empty() {
                continue;
            }
            let predicted = best.map(|number| &case.predicted.items[number]);
            let right = predicted.and_then(|it: &Item<'_>| case.chain(it)) == item.labels.speaker;
            let group = match source_form(case.document, &item.labels.source) {
                SourceForm::Name => 2,
                SourceForm::Description | SourceForm::None => 4,
                SourceForm::Pronoun => 6,
            };
            for row in [0, group] {
                rows[row] += Counts::share(usize::from(right), 1);
                rows[row + 1] += Counts::share(usize::from(right), usize::from(predicted.is_some()));
            }
        }
        Some(rows)
    }
}

/// For each gold attribution the predicted one whose source is most like its source; of equals one whose content overlaps,
/// then the first.
fn best(case: &Case<'_>) -> Vec<Option<usize>> {
    let mut best: Vec<Option<usize>> = vec![None; case.gold.items.len()];
    let mut most = vec![(0.0, 0.0); case.gold.items.len()];
    for (g, p) in overlap::pairs(&case.gold.lists(Role::Source), &case.predicted.lists(Role::Source)) {
        let (a, b) = (&case.gold.items[g], &case.predicted.items[p]);
        let alike = |role: Role| overlap::iou(a.spans(role), b.spans(role));
        let likeness = (alike(Role::Source), alike(Role::Content));
        if likeness > most[g] {
            (best[g], most[g]) = (Some(p), likeness);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::example::{attribution, labelled};
    use crate::eval::{Attribution, Speaker};

    #[test]
    fn worked_example() {
        let text = "Ann Lee said so. She said no. The envoy said yes. They said hm.";
        let at = |word: &str| (text.find(word).unwrap(), text.find(word).unwrap() + word.len());
        let of = |source, speaker| Attribution { speaker: Some(speaker), ..attribution(&[], &[], &[at(source)]) };
        let speaker = |mentions: &[&str]| Speaker {
            mentions: crate::eval::example::spans(&mentions.iter().map(|it| at(it)).collect::<Vec<_>>()),
            ..Speaker::default()
        };
        let mut gold = labelled(text, vec![of("Ann Lee", 0), of("She", 0), of("The envoy", 1), of("They", 2)]);
        gold.speakers = vec![speaker(&["Ann Lee", "She"]), speaker(&["The envoy"]), speaker(&["They"])];
        // "She" is put to the envoy; "They" is missed; the envoy's two mentions speak for the envoy: a pronoun has no vote.
        let mut predicted = labelled(text, vec![of("Ann Lee", 0), of("She", 1), of("The envoy", 1)]);
        predicted.speakers = vec![speaker(&["Ann Lee"]), speaker(&["She", "The envoy"])];
        let rows = Gum.tally(&Case::new(&gold, &predicted)).unwrap();
        let expected = [(2, 4), (2, 3), (1, 1), (1, 1), (1, 1), (1, 1), (0, 2), (0, 1)];
        assert_eq!(rows, expected.map(|(right, all)| Counts::share(right, all)));
    }
}
