//! One-to-one matching of gold and predictions.
//!
//! What may be matched is a sparse graph: few predictions overlap any one gold span. Its connected parts are matched
//! each by itself with the Hungarian algorithm, which takes cubic time, so that a book takes no longer than its pages.

use std::collections::BTreeMap;

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

/// A gold item and a predicted one that may be matched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// Number of the gold item.
    pub gold: usize,
    /// Number of the predicted item.
    pub predicted: usize,
    /// How well they fit, above 0 and at most 2.
    pub weight: f64,
}

/// The largest number of items of one side that are matched exactly. A connected part with more, which no text has but
/// a hostile one, is matched greedily, the best edge first.
const LARGEST: usize = 1_000;

/// Weights become whole numbers of this unit, so that sums are exact and ties are ties.
const UNIT: f64 = (1_u64 << 30) as f64;

/// For each of `gold` gold items the predicted item matched to it: as many pairs as possible and, of such matchings,
/// the greatest sum of weights.
pub fn most_pairs(gold: usize, edges: &[Edge]) -> Vec<Option<usize>> {
    // More than all the weights of a part together.
    assign(gold, edges, 1 << 42)
}

/// For each of `gold` gold items the predicted item matched to it, so that the sum of weights is greatest.
pub fn most_weight(gold: usize, edges: &[Edge]) -> Vec<Option<usize>> {
    assign(gold, edges, 0)
}

fn assign(gold: usize, edges: &[Edge], bonus: i64) -> Vec<Option<usize>> {
    let mut matched = vec![None; gold];
    for part in parts(gold, edges) {
        if let [only] = part[..] {
            matched[only.gold] = Some(only.predicted);
            continue;
        }
        let rows = numbered(part.iter().map(|edge| edge.gold));
        let columns = numbered(part.iter().map(|edge| edge.predicted));
        if rows.len().max(columns.len()) > LARGEST {
            greedy(&part, &mut matched);
            continue;
        }
        // There must be no more rows than columns.
        let turned = rows.len() > columns.len();
        let (height, width) = if turned { (columns.len(), rows.len()) } else { (rows.len(), columns.len()) };
        let mut weights = Matrix::new(height, width, 0_i64);
        for edge in &part {
            let (row, column) = (rows[&edge.gold], columns[&edge.predicted]);
            weights[if turned { (column, row) } else { (row, column) }] = (edge.weight * UNIT).round() as i64 + bonus;
        }
        let (_, assigned) = kuhn_munkres(&weights);
        let chosen = |edge: &Edge| {
            let (row, column) = (rows[&edge.gold], columns[&edge.predicted]);
            if turned { assigned[column] == row } else { assigned[row] == column }
        };
        for edge in part.iter().filter(|edge| chosen(edge)) {
            matched[edge.gold] = Some(edge.predicted);
        }
    }
    matched
}

/// The edges of each connected part of the graph.
fn parts(gold: usize, edges: &[Edge]) -> Vec<Vec<Edge>> {
    let predicted = edges.iter().map(|edge| edge.predicted + 1).max().unwrap_or(0);
    let mut leader: Vec<usize> = (0..gold + predicted).collect();
    for edge in edges {
        let (a, b) = (lead(&mut leader, edge.gold), lead(&mut leader, gold + edge.predicted));
        leader[a.max(b)] = a.min(b);
    }
    let mut parts: BTreeMap<usize, Vec<Edge>> = BTreeMap::new();
    for edge in edges {
        parts.entry(lead(&mut leader, edge.gold)).or_default().push(*edge);
    }
    parts.into_values().collect()
}

/// The leader of an item's part; paths to it are halved on the way.
fn lead(leader: &mut [usize], mut item: usize) -> usize {
    while leader[item] != item {
        leader[item] = leader[leader[item]];
        item = leader[item];
    }
    item
}

/// The distinct numbers, in order, each with its place among them.
fn numbered(numbers: impl Iterator<Item = usize>) -> BTreeMap<usize, usize> {
    let mut places: BTreeMap<usize, usize> = numbers.map(|number| (number, 0)).collect();
    for (place, slot) in places.values_mut().enumerate() {
        *slot = place;
    }
    places
}

fn greedy(part: &[Edge], matched: &mut [Option<usize>]) {
    let mut edges = part.to_vec();
    edges.sort_by(|a, b| b.weight.total_cmp(&a.weight).then((a.gold, a.predicted).cmp(&(b.gold, b.predicted))));
    let mut taken = std::collections::HashSet::new();
    for edge in edges {
        if matched[edge.gold].is_none() && taken.insert(edge.predicted) {
            matched[edge.gold] = Some(edge.predicted);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn edges(list: &[(usize, usize, f64)]) -> Vec<Edge> {
        list.iter().map(|&(gold, predicted, weight)| Edge { gold, predicted, weight }).collect()
    }

    #[test]
    fn pairs_come_before_weight_only_where_asked() {
        // 0–0 alone weighs 0.9; 0–1 and 1–0 weigh 0.4 + 0.4.
        let graph = edges(&[(0, 0, 0.9), (0, 1, 0.4), (1, 0, 0.4)]);
        assert_eq!(most_weight(2, &graph), [Some(0), None]);
        assert_eq!(most_pairs(2, &graph), [Some(1), Some(0)]);
    }

    #[test]
    fn greedy_choice_is_not_enough() {
        // Greedy takes 0.9 + 0.1 = 1.0; the best is 0.8 + 0.7 = 1.5.
        let graph = edges(&[(0, 0, 0.9), (0, 1, 0.8), (1, 0, 0.7), (1, 1, 0.1)]);
        assert_eq!(most_weight(2, &graph), [Some(1), Some(0)]);
    }

    #[test]
    fn more_gold_than_predictions_leaves_some_unmatched() {
        assert_eq!(most_pairs(3, &edges(&[(0, 0, 0.2), (1, 0, 0.6), (2, 0, 0.5)])), [None, Some(0), None]);
        assert_eq!(most_pairs(2, &[]), [None, None]);
    }

    #[test]
    fn a_part_too_large_is_matched_greedily() {
        let graph: Vec<Edge> = (0..=LARGEST).map(|gold| Edge { gold, predicted: 0, weight: 0.5 }).collect();
        let matched = most_pairs(LARGEST + 1, &graph);
        assert_eq!((matched[0], matched.iter().flatten().count()), (Some(0), 1));
    }

    /// Tries every matching.
    fn best(gold: usize, edges: &[Edge], used: &mut Vec<usize>, value: &dyn Fn(&Edge) -> f64) -> f64 {
        let Some(last) = gold.checked_sub(1) else { return 0.0 };
        let mut most = best(last, edges, used, value);
        for edge in edges.iter().filter(|edge| edge.gold == last) {
            if !used.contains(&edge.predicted) {
                used.push(edge.predicted);
                most = most.max(value(edge) + best(last, edges, used, value));
                used.pop();
            }
        }
        most
    }

    proptest! {
        #[test]
        fn no_other_matching_is_better(
            graph in prop::collection::btree_map((0usize..5, 0usize..5), 1u32..=100, 0..14),
        ) {
            let graph: Vec<Edge> = graph
                .into_iter()
                .map(|((gold, predicted), weight)| Edge { gold, predicted, weight: f64::from(weight) / 100.0 })
                .collect();
            type Value = fn(&Edge) -> f64;
            let values: [(Vec<Option<usize>>, Value); 2] =
                [(most_weight(5, &graph), |edge| edge.weight), (most_pairs(5, &graph), |edge| edge.weight + 1000.0)];
            for (matched, value) in values {
                let chosen: Vec<&Edge> =
                    graph.iter().filter(|edge| matched[edge.gold] == Some(edge.predicted)).collect();
                prop_assert_eq!(chosen.len(), matched.iter().flatten().count());
                let mut used: Vec<usize> = chosen.iter().map(|edge| edge.predicted).collect();
                used.dedup();
                used.sort_unstable();
                used.dedup();
                prop_assert_eq!(used.len(), chosen.len());
                let sum: f64 = chosen.iter().map(|edge| value(edge)).sum();
                prop_assert!((sum - best(5, &graph, &mut Vec::new(), &value)).abs() < 1e-6);
            }
        }
    }
}
