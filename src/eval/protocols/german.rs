//! The protocol of the German news quotation corpus (Petersen-Frey & Biemann, LREC-COLING 2024).
//!
//! Quotes are sets of tokens, a set a role (the corpus's tokens, or words by Unicode's rules). Gold and predicted quotes are
//! assigned one to one (Hungarian algorithm) so that the sum of the token F1 of the contents is greatest, where a pair of
//! overlapping contents gains 0.01 if the modes are equal and 0.001 if the kinds are. In each assigned pair, and in each
//! quote left over against an empty one, the tokens of a role are true positives (in both), false positives or false
//! negatives.
//!
//! - **micro**: the sums over all pairs. "roles" are cue and source together, "joint" all three.
//! - **macro**: precision is the mean over the pairs, and over the roles of the group, in which something was predicted;
//!   recall the mean over those in which there is gold; F1 is that of the two means. It is what the authors report.
//!
//! Contents that have no token in common are never assigned here; the authors' program fills up the assignment with such
//! pairs, which changes the counts only if such a pair shares a cue or a source. Of equal assignments, where theirs takes
//! any, the one is taken whose sources, cues and speakers are most alike.

use super::Protocol;
use crate::document::Span;
use crate::eval::case::{Case, Item, Role, TIE, likeness};
use crate::eval::matching::{Edge, most_weight};
use crate::eval::overlap;
use crate::eval::tally::{Counts, Measure};
use crate::eval::tokens::Token;

/// See the module.
pub struct GermanNews;

impl Protocol for GermanNews {
    fn name(&self) -> &'static str {
        "german-news"
    }

    fn definition(&self) -> &'static str {
        "quotes as token sets, assigned one to one by token F1 of the content; tokens micro, and macro over pairs"
    }

    fn measures(&self) -> &'static [Measure] {
        const {
            &[
                Measure::prf("content", "micro"),
                Measure::prf("cue", "micro"),
                Measure::prf("source", "micro"),
                Measure::prf("roles", "micro"),
                Measure::prf("joint", "micro"),
                Measure::prf("content", "macro"),
                Measure::prf("roles", "macro"),
                Measure::prf("joint", "macro"),
            ]
        }
    }

    fn tally(&self, case: &Case<'_>) -> Option<Vec<Counts>> {
        if !(case.scope.relations && case.scope.contents) {
            return None;
        }
        let (gold, predicted) = (&case.gold.items, &case.predicted.items);
        let assigned = assign(case);
        let mut rows = [Counts::default(); 8];
        let mut left: Vec<bool> = vec![true; predicted.len()];
        for (item, partner) in gold.iter().zip(&assigned) {
            if let Some(partner) = *partner {
                left[partner] = false;
            }
            add(&mut rows, case, Some(item), partner.map(|partner| &predicted[partner]));
        }
        for (item, _) in predicted.iter().zip(left).filter(|(_, left)| *left) {
            add(&mut rows, case, None, Some(item));
        }
        Some(rows.to_vec())
    }
}

fn assign(case: &Case<'_>) -> Vec<Option<usize>> {
    let (gold, predicted) = (&case.gold.items, &case.predicted.items);
    let g: Vec<&[Span<Token>]> = gold.iter().map(|item| item.tokens(Role::Content)).collect();
    let p: Vec<&[Span<Token>]> = predicted.iter().map(|item| item.tokens(Role::Content)).collect();
    let edges = overlap::pairs(&g, &p).into_iter().map(|(i, j)| {
        let (a, b) = (gold[i].labels, predicted[j].labels);
        let bonus = if a.mode == b.mode { 0.01 } else { 0.0 } + if a.kind == b.kind { 0.001 } else { 0.0 };
        let tie = TIE * likeness(case, &gold[i], &predicted[j]);
        Edge { gold: i, predicted: j, weight: overlap::f1(g[i], p[j]) + bonus + tie }
    });
    most_weight(gold.len(), &edges.collect::<Vec<_>>())
}

/// Adds a pair's tokens to the rows.
fn add(rows: &mut [Counts; 8], case: &Case<'_>, gold: Option<&Item<'_>>, predicted: Option<&Item<'_>>) {
    for role in Role::ALL.into_iter().filter(|role| role.is_in(case.scope)) {
        let (gold, predicted) =
            (gold.map_or(&[][..], |it| it.tokens(role)), predicted.map_or(&[][..], |it| it.tokens(role)));
        let tokens =
            Counts::matched(overlap::common(gold, predicted), overlap::length(gold), overlap::length(predicted));
        let shares = Counts {
            right_predicted: tokens.precision().unwrap_or(0.0),
            predicted: f64::from(u8::from(tokens.precision().is_some())),
            right_gold: tokens.recall().unwrap_or(0.0),
            gold: f64::from(u8::from(tokens.recall().is_some())),
        };
        let (micro, macro_): (&[usize], &[usize]) = match role {
            Role::Content => (&[0, 4], &[5, 7]),
            Role::Cue => (&[1, 3, 4], &[6, 7]),
            Role::Source => (&[2, 3, 4], &[6, 7]),
        };
        micro.iter().for_each(|&row| rows[row] += tokens);
        macro_.iter().for_each(|&row| rows[row] += shares);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::example::{attribution, labelled};

    /// Byte spans of tokens, each a letter and a space.
    fn at(tokens: std::ops::Range<usize>) -> (usize, usize) {
        (2 * tokens.start, 2 * tokens.end - 1)
    }

    #[test]
    fn worked_example() {
        let text = "a ".repeat(20);
        // Gold: content 0..4, source 4..6; content 10..12, cue 12..13.
        let gold = labelled(
            &text,
            vec![attribution(&[at(0..4)], &[], &[at(4..6)]), attribution(&[at(10..12)], &[at(12..13)], &[])],
        );
        // Predicted: content 2..4 (2 of 4 gold), source 5..7 (1 of 2); content 16..18, left over.
        let predicted =
            labelled(&text, vec![attribution(&[at(2..4)], &[], &[at(5..7)]), attribution(&[at(16..18)], &[], &[])]);
        let rows = GermanNews.tally(&Case::new(&gold, &predicted)).unwrap();
        let counts =
            |right_predicted, predicted, right_gold, gold| Counts { right_predicted, predicted, right_gold, gold };
        let expected = [
            Counts::matched(2, 6, 4),
            Counts::matched(0, 1, 0),
            Counts::matched(1, 2, 2),
            Counts::matched(1, 3, 2),
            Counts::matched(3, 9, 6),
            counts(1.0, 2.0, 0.5, 2.0), // P: 2/2 and 0/2; R: 2/4 and 0/2
            counts(0.5, 1.0, 0.5, 2.0), // P: source 1/2; R: source 1/2, cue 0/1
            counts(1.5, 3.0, 1.0, 4.0),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn the_mode_breaks_ties() {
        use crate::eval::Attribution;
        use crate::statement::Mode::{Direct, Indirect};
        let text = "a ".repeat(8);
        let of = |tokens, mode| Attribution { mode: Some(mode), ..attribution(&[at(tokens)], &[], &[]) };
        let gold = labelled(&text, vec![of(0..4, Direct)]);
        let predicted = labelled(&text, vec![of(0..2, Indirect), of(2..4, Direct)]);
        let case = Case::new(&gold, &predicted);
        assert_eq!(assign(&case), [Some(1)]);
    }
}
