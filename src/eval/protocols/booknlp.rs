//! BookNLP's protocol for speakers: B³ over quotations.
//!
//! The things are the gold quotations (direct, mixed, or of unknown mode) that have a speaker; each speaker's are a cluster.
//! On the predicted side the quotations whose found counterparts (content IoU above ½, one to one) have the same speaker are
//! a cluster, whatever its name; a quotation that is not found, or has no speaker, is alone. BookNLP's own figures are of
//! gold quotations handed to the system.

use std::collections::BTreeMap;

use super::Protocol;
use super::clusters::{Clusters, b_cubed};
use crate::eval::case::{Case, Item};
use crate::eval::tally::{Counts, Measure};

/// See the module.
pub struct BookNlp;

impl Protocol for BookNlp {
    fn name(&self) -> &'static str {
        "booknlp"
    }

    fn definition(&self) -> &'static str {
        "B³ of the quotations clustered by speaker; a missed one is alone"
    }

    fn measures(&self) -> &'static [Measure] {
        const { &[Measure::prf("speakers", "B³")] }
    }

    fn tally(&self, case: &Case<'_>) -> Option<Vec<Counts>> {
        if !(case.scope.speakers && case.scope.contents && case.scope.relations) {
            return None;
        }
        let asked = |item: &Item<'_>| item.is_quotation() && item.labels.speaker.is_some();
        let items: Vec<(usize, &Item<'_>)> = case.gold.items.iter().enumerate().filter(|(_, it)| asked(it)).collect();
        let gold = grouped(items.iter().map(|(g, item)| (*g, item.labels.speaker)));
        let predicted = grouped(items.iter().map(|(g, _)| (*g, case.found(*g).and_then(|it| it.labels.speaker))));
        Some(vec![b_cubed(&gold, &predicted)])
    }
}

/// Quotations by speaker, those without one each alone.
fn grouped(quotations: impl Iterator<Item = (usize, Option<usize>)>) -> Clusters<usize> {
    let mut groups: BTreeMap<(Option<usize>, usize), Vec<usize>> = BTreeMap::new();
    for (quotation, speaker) in quotations {
        let alone = if speaker.is_none() { quotation } else { 0 };
        groups.entry((speaker, alone)).or_default().push(quotation);
    }
    Clusters::new(groups.into_values())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Attribution;
    use crate::eval::example::{attribution, labelled, speaker};

    #[test]
    fn worked_example() {
        let text = "x".repeat(60);
        let of = |start: usize, speaker| Attribution { speaker, ..attribution(&[(start, start + 8)], &[], &[]) };
        let (ann, bo) = (Some(0), Some(1));
        let mut gold = labelled(&text, vec![of(0, ann), of(10, ann), of(20, ann), of(30, bo)]);
        gold.speakers = vec![speaker(&["Ann"]), speaker(&["Bo"])];
        // Names do not matter: {0 10} {30}; 20 is missed and alone.
        let mut predicted = labelled(&text, vec![of(0, bo), of(10, bo), of(30, ann)]);
        predicted.speakers = vec![speaker(&["X"]), speaker(&["Y"])];
        let rows = BookNlp.tally(&Case::new(&gold, &predicted)).unwrap();
        // Recall: {0 10 20} → (2² + 1²)/3, {30} → 1; precision: 1 each.
        let expected =
            Counts { right_gold: 5.0 / 3.0 + 1.0, gold: 4.0, right_predicted: 2.0 + 1.0 + 1.0, predicted: 4.0 };
        assert_eq!(rows, [expected]);
    }
}
