//! dixit's own protocol: everything that an attribution says, one to one, and end to end.
//!
//! - **role, exact**: F1 over the units of a role (see `units`); a predicted unit is right if its spans are those of a gold
//!   unit, and each gold unit is used once.
//! - **role, overlap**: the same, but a unit is right if it shares a code point with the gold unit it is matched to, in the
//!   one-to-one matching with the most pairs and, of these, the greatest sum of IoU (Hungarian algorithm).
//! - **relation, exact**: F1 over attributions whose content, cue and source are all those of one gold attribution.
//! - **relation, overlap**: F1 over attributions whose content has an IoU above ½ with a gold attribution's, and whose cue
//!   and source each overlap its cue and source, or are lacking on both sides; one to one as above.
//! - **attribution, found**: F1 over attributions with a content, right if their content has an IoU above ½ with the gold
//!   attribution that they are matched to.
//! - **speaker, by mode**: of *all* gold attributions of a mode, the share that is found and has the right canonical speaker.
//!   One that is missed is wrong. "quotations" are the direct and the mixed ones, and those of unknown mode.
//!
//! Relations and speakers are those of attributions that have a content. Roles that the gold does not label are neither
//! scored nor asked of a relation.

use super::Protocol;
use super::units::{equal_pairs, of_role};
use crate::eval::case::{Case, FOUND, Item, Role, Side};
use crate::eval::matching::{Edge, most_pairs};
use crate::eval::overlap;
use crate::eval::tally::{Counts, Measure};
use crate::statement::Mode;

/// See the module.
pub struct Headline;

const MEASURES: &[Measure] = &[
    Measure::prf("source", "exact"),
    Measure::prf("source", "overlap"),
    Measure::prf("cue", "exact"),
    Measure::prf("cue", "overlap"),
    Measure::prf("content", "exact"),
    Measure::prf("content", "overlap"),
    Measure::prf("relation", "exact"),
    Measure::prf("relation", "overlap"),
    Measure::prf("attribution", "found"),
    Measure::share("direct", "speaker"),
    Measure::share("mixed", "speaker"),
    Measure::share("indirect", "speaker"),
    Measure::share("quotations", "speaker"),
    Measure::share("all", "speaker"),
];

impl Protocol for Headline {
    fn name(&self) -> &'static str {
        "headline"
    }

    fn definition(&self) -> &'static str {
        "one to one; roles and relations exact and by overlap; the right speaker of all gold, missed ones wrong"
    }

    fn measures(&self) -> &'static [Measure] {
        MEASURES
    }

    fn tally(&self, case: &Case<'_>) -> Option<Vec<Counts>> {
        let mut rows = Vec::with_capacity(MEASURES.len());
        for role in Role::ALL {
            rows.extend(if role.is_in(case.scope) { role_counts(case, role) } else { [Counts::default(); 2] });
        }
        let tied = case.scope.relations && case.scope.contents;
        if tied {
            rows.extend([exact_relations(case), overlapping_relations(case), found(case)]);
        } else {
            rows.extend([Counts::default(); 3]);
        }
        if tied && case.scope.speakers {
            let mode = |mode| move |item: &Item<'_>| item.labels.mode == Some(mode);
            rows.push(resolved(case, mode(Mode::Direct)));
            rows.push(resolved(case, mode(Mode::Mixed)));
            rows.push(resolved(case, mode(Mode::Indirect)));
            rows.push(resolved(case, |item| item.is_quotation()));
            rows.push(resolved(case, |_| true));
        } else {
            rows.extend([Counts::default(); 5]);
        }
        Some(rows)
    }
}

fn role_counts(case: &Case<'_>, role: Role) -> [Counts; 2] {
    let gold = of_role(&case.gold, role, case.scope.relations);
    let predicted = of_role(&case.predicted, role, case.scope.relations);
    let (views, other): (Vec<_>, Vec<_>) =
        (gold.iter().map(Vec::as_slice).collect(), predicted.iter().map(Vec::as_slice).collect());
    let edges = overlap::pairs(&views, &other).into_iter().map(|(g, p)| Edge {
        gold: g,
        predicted: p,
        weight: overlap::iou(&gold[g], &predicted[p]),
    });
    let overlapping = most_pairs(gold.len(), &edges.collect::<Vec<_>>()).iter().flatten().count();
    let exact = equal_pairs(&gold, &predicted);
    [exact, overlapping].map(|pairs| Counts::matched(pairs, gold.len(), predicted.len()))
}

/// The roles that the gold labels.
fn roles<'c>(case: &'c Case<'_>) -> impl Iterator<Item = Role> + 'c {
    Role::ALL.into_iter().filter(|role| role.is_in(case.scope))
}

fn exact_relations(case: &Case<'_>) -> Counts {
    let whole = |item: &Item<'_>| -> Vec<Vec<_>> { roles(case).map(|role| item.spans(role).to_vec()).collect() };
    let (gold, predicted) = (with_content(&case.gold), with_content(&case.predicted));
    let pairs = equal_pairs(gold.iter().map(|item| whole(item)), predicted.iter().map(|item| whole(item)));
    Counts::matched(pairs, gold.len(), predicted.len())
}

fn overlapping_relations(case: &Case<'_>) -> Counts {
    let (gold, predicted) = (case.gold.lists(Role::Content), case.predicted.lists(Role::Content));
    let edges = overlap::pairs(&gold, &predicted).into_iter().filter_map(|(g, p)| {
        let weight = overlap::iou(gold[g], predicted[p]);
        let (a, b) = (&case.gold.items[g], &case.predicted.items[p]);
        let others = roles(case).filter(|&role| role != Role::Content);
        let alike = weight > FOUND && { others }.all(|role| meets(a, b, role));
        alike.then_some(Edge { gold: g, predicted: p, weight })
    });
    let pairs = most_pairs(gold.len(), &edges.collect::<Vec<_>>()).iter().flatten().count();
    Counts::matched(pairs, with_content(&case.gold).len(), with_content(&case.predicted).len())
}

/// Whether a role's spans overlap, or both attributions lack it.
pub fn meets(a: &Item<'_>, b: &Item<'_>, role: Role) -> bool {
    let (a, b) = (a.spans(role), b.spans(role));
    (a.is_empty() && b.is_empty()) || overlap::overlap(a, b)
}

fn found(case: &Case<'_>) -> Counts {
    let (gold, predicted) = (with_content(&case.gold).len(), with_content(&case.predicted).len());
    Counts::matched(case.found.iter().flatten().count(), gold, predicted)
}

fn with_content<'s, 'a>(side: &'s Side<'a>) -> Vec<&'s Item<'a>> {
    side.items.iter().filter(|item| !item.spans(Role::Content).is_empty()).collect()
}

fn resolved(case: &Case<'_>, belongs: impl Fn(&Item<'_>) -> bool) -> Counts {
    let items = case.gold.items.iter().enumerate();
    let group = items.filter(|(_, item)| !item.spans(Role::Content).is_empty() && belongs(item));
    let (right, all) = group.fold((0, 0), |(right, all), (g, _)| (right + usize::from(case.is_resolved(g)), all + 1));
    Counts::share(right, all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::example::{attribution, labelled, speaker};
    use crate::eval::{Attribution, Labelled};

    fn rows(gold: &Labelled, predicted: &Labelled) -> Vec<Counts> {
        Headline.tally(&Case::new(gold, predicted)).unwrap()
    }

    /// Sixty characters of text, none of them white space.
    fn text() -> String {
        "x".repeat(60)
    }

    #[test]
    fn roles_and_relations() {
        type Ends<'e> = &'e [(usize, usize)];
        type One<'o> = (Ends<'o>, Ends<'o>, Ends<'o>);
        // Right of gold/predicted: [source, cue, content] exact, the same by overlap, relation exact, overlap, found.
        let gold: &[One] = &[(&[(0, 10), (16, 20)], &[(10, 12)], &[(12, 15)]), (&[(30, 40)], &[(41, 43)], &[])];
        let cases: [(&str, &[One], [usize; 9], usize); 6] = [
            ("gold against itself", gold, [1, 2, 2, 1, 2, 2, 2, 2, 2], 2),
            ("nothing", &[], [0; 9], 0),
            (
                "one part of a content missing: 10 of 14 found, not exact",
                &[(&[(0, 10)], &[(10, 12)], &[(12, 15)])],
                [1, 1, 0, 1, 1, 1, 0, 1, 1],
                1,
            ),
            (
                "another cue: found, no relation; contents exact",
                &[(&[(0, 10), (16, 20)], &[(50, 52)], &[(12, 15)])],
                [1, 0, 1, 1, 0, 1, 0, 0, 1],
                1,
            ),
            (
                "a source where gold has none: found, no relation",
                &[(&[(30, 40)], &[(41, 43)], &[(44, 46)])],
                [0, 1, 1, 0, 1, 1, 0, 0, 1],
                1,
            ),
            (
                "two predictions for one: each gold is used once; 10 of 14 and 4 of 14",
                &[(&[(0, 10)], &[(10, 12)], &[(12, 15)]), (&[(16, 20)], &[(10, 12)], &[(12, 15)])],
                [1, 1, 0, 1, 1, 1, 0, 1, 1],
                2,
            ),
        ];
        let text = text();
        let of = |list: &[One]| {
            labelled(&text, list.iter().map(|(content, cue, source)| attribution(content, cue, source)).collect())
        };
        for (name, predicted, right, count) in cases {
            let rows = rows(&of(gold), &of(predicted));
            let shown = [0, 2, 4, 1, 3, 5, 6, 7, 8].map(|row: usize| rows[row].right_gold as usize);
            assert_eq!(shown, right, "{name}");
            assert_eq!(rows[6].predicted as usize, count, "{name}");
            assert_eq!(rows[6].gold, 2.0, "{name}");
        }
    }

    #[test]
    fn a_missed_quotation_has_a_wrong_speaker() {
        let of = |content: (usize, usize), mode, speaker| Attribution {
            mode: Some(mode),
            speaker,
            ..attribution(&[content], &[], &[])
        };
        let mut gold = labelled(
            &text(),
            vec![
                of((0, 10), Mode::Direct, Some(0)),
                of((10, 20), Mode::Direct, Some(0)),
                of((20, 30), Mode::Mixed, Some(1)),
                of((30, 40), Mode::Indirect, None),
            ],
        );
        gold.speakers = vec![speaker(&["Ann Lee", "Lee"]), speaker(&["Bo"])];
        let mut predicted = labelled(
            &text(),
            vec![
                of((0, 9), Mode::Direct, Some(0)),
                of((20, 30), Mode::Direct, Some(0)),
                of((30, 40), Mode::Indirect, None),
            ],
        );
        predicted.speakers = vec![speaker(&["LEE"])];
        let rows = rows(&gold, &predicted);
        let shares: Vec<(f64, f64)> = rows[9..].iter().map(|row| (row.right_gold, row.gold)).collect();
        // Direct: right by its alias, missed. Mixed: found with another's name. Indirect: nobody, as in the gold.
        assert_eq!(shares, [(1.0, 2.0), (0.0, 1.0), (1.0, 1.0), (1.0, 3.0), (2.0, 4.0)]);
    }

    #[test]
    fn nobody_is_charged_for_what_is_not_labelled() {
        let text = text();
        let mut gold = labelled(&text, vec![attribution(&[(0, 10)], &[], &[])]);
        gold.scope.cues = false;
        gold.scope.sources = false;
        gold.scope.speakers = false;
        let predicted = labelled(&text, vec![attribution(&[(0, 10)], &[(11, 13)], &[(14, 16)])]);
        let rows = rows(&gold, &predicted);
        for (row, measure) in rows.iter().zip(MEASURES) {
            match measure.group {
                "content" | "relation" | "attribution" => assert_eq!(row.f1(), Some(1.0), "{measure:?}"),
                _ => assert_eq!(*row, Counts::default(), "{measure:?}"),
            }
        }
    }

    #[test]
    fn spans_without_ties_are_counted_one_by_one() {
        let text = text();
        let mut gold = labelled(&text, vec![attribution(&[(0, 10)], &[], &[]), attribution(&[(20, 30)], &[], &[])]);
        gold.scope.relations = false;
        let predicted = labelled(&text, vec![attribution(&[(0, 10), (20, 30)], &[], &[])]);
        let rows = rows(&gold, &predicted);
        assert_eq!(rows[4], Counts::matched(2, 2, 2));
        assert_eq!(rows[8], Counts::default());
    }
}
