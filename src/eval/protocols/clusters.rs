//! Measures of how well one partition of things into clusters agrees with another.
//!
//! A thing that one side lacks is in none of its clusters. The definitions are those of the reference scorer (Pradhan et
//! al., ACL 2014) and, for LEA, of Moosavi & Strube (ACL 2016).

use std::collections::{BTreeMap, BTreeSet};

use crate::eval::matching::{Edge, most_weight};
use crate::eval::tally::Counts;

/// Clusters of things, none of which is in two.
#[derive(Debug, Clone, Default)]
pub struct Clusters<T> {
    clusters: Vec<BTreeSet<T>>,
    of: BTreeMap<T, usize>,
}

impl<T: Ord + Copy> Clusters<T> {
    /// The clusters of these things; a thing that is in several stays in the first.
    pub fn new(clusters: impl IntoIterator<Item = impl IntoIterator<Item = T>>) -> Self {
        let mut made = Self { clusters: Vec::new(), of: BTreeMap::new() };
        for things in clusters {
            let number = made.clusters.len();
            let things: BTreeSet<T> = things.into_iter().filter(|it| !made.of.contains_key(it)).collect();
            if !things.is_empty() {
                made.of.extend(things.iter().map(|&it| (it, number)));
                made.clusters.push(things);
            }
        }
        made
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.clusters.is_empty()
    }

    /// How many things of a cluster each of these clusters has; those that have none are left out.
    fn shares(&self, cluster: &BTreeSet<T>) -> BTreeMap<usize, usize> {
        let mut shares = BTreeMap::new();
        for number in cluster.iter().filter_map(|it| self.of.get(it)) {
            *shares.entry(*number).or_default() += 1;
        }
        shares
    }

    /// A sum over these clusters, and what it is divided by.
    fn score(&self, each: impl Fn(&BTreeSet<T>) -> (f64, f64)) -> (f64, f64) {
        self.clusters.iter().map(each).fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1))
    }
}

/// Applies a measure of how well the second clusters recover the first to both sides: recall and precision.
fn both<T: Ord + Copy>(
    gold: &Clusters<T>,
    predicted: &Clusters<T>,
    recovered: impl Fn(&Clusters<T>, &Clusters<T>) -> (f64, f64),
) -> Counts {
    let ((right_gold, gold_), (right_predicted, predicted_)) = (recovered(gold, predicted), recovered(predicted, gold));
    Counts { right_predicted, predicted: predicted_, right_gold, gold: gold_ }
}

/// MUC (Vilain et al. 1995): of the links that hold a cluster together, those that are left when the other side parts it.
pub fn muc<T: Ord + Copy>(gold: &Clusters<T>, predicted: &Clusters<T>) -> Counts {
    both(gold, predicted, |of, by| {
        of.score(|cluster| {
            let shares = by.shares(cluster);
            // Things that the other side lacks are parts of their own.
            let parts = shares.len() + cluster.len() - shares.values().sum::<usize>();
            ((cluster.len() - parts) as f64, (cluster.len() - 1) as f64)
        })
    })
}

/// B³ (Bagga & Baldwin 1998): over the things, the mean share of their cluster that the other side's cluster has.
pub fn b_cubed<T: Ord + Copy>(gold: &Clusters<T>, predicted: &Clusters<T>) -> Counts {
    both(gold, predicted, |of, by| {
        of.score(|cluster| {
            let squares: usize = by.shares(cluster).values().map(|share| share * share).sum();
            (squares as f64 / cluster.len() as f64, cluster.len() as f64)
        })
    })
}

/// CEAF-φ4 (Luo 2005): clusters are aligned one to one; the sum of 2·|common| / (|a| + |b|) over the number of clusters.
pub fn ceaf<T: Ord + Copy>(gold: &Clusters<T>, predicted: &Clusters<T>) -> Counts {
    let mut edges = Vec::new();
    for (g, cluster) in gold.clusters.iter().enumerate() {
        for (p, common) in predicted.shares(cluster) {
            let weight = 2.0 * common as f64 / (cluster.len() + predicted.clusters[p].len()) as f64;
            edges.push(Edge { gold: g, predicted: p, weight });
        }
    }
    let aligned = most_weight(gold.clusters.len(), &edges);
    let chosen = edges.iter().filter(|edge| aligned[edge.gold] == Some(edge.predicted));
    let similarity: f64 = chosen.map(|edge| edge.weight).sum();
    Counts {
        right_predicted: similarity,
        predicted: predicted.clusters.len() as f64,
        right_gold: similarity,
        gold: gold.clusters.len() as f64,
    }
}

/// LEA (Moosavi & Strube 2016): over the clusters, weighted by their size, the share of their links that the other side
/// has. A cluster of one has a link to itself, which the other side has if the thing is alone there, too.
pub fn lea<T: Ord + Copy>(gold: &Clusters<T>, predicted: &Clusters<T>) -> Counts {
    let links = |size: usize| (size * size.saturating_sub(1) / 2) as f64;
    both(gold, predicted, |of, by| {
        of.score(|cluster| {
            let size = cluster.len() as f64;
            let shares = by.shares(cluster);
            let resolved = if cluster.len() == 1 {
                f64::from(u8::from(shares.keys().any(|&other| by.clusters[other].len() == 1)))
            } else {
                shares.values().map(|&share| links(share)).sum::<f64>() / links(cluster.len())
            };
            (size * resolved, size)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `"a bc def"` as clusters of letters.
    fn clusters(text: &str) -> Clusters<char> {
        Clusters::new(text.split_whitespace().map(str::chars))
    }

    /// Recall and precision.
    type Pair = [f64; 2];

    #[test]
    fn the_reference_scorers_test_cases() {
        // TC-A of the reference scorer, as its README draws it; "B" is another mention than "b". Recall and precision by
        // MUC, B³, CEAF-φ4 as in the scorer's test configuration, and by LEA as in coval's.
        let key = "a bc def";
        let cases: [(&str, &str, Pair, Pair, Pair, Pair); 7] = [
            ("A1", "a bc def", [1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, 1.0]),
            // CEAF: 1 + 4/5 = 1.8 over 3 and 2. LEA: (1 + 3·1/3)/6; 1.
            ("A2", "a de", [1.0 / 3.0, 1.0], [7.0 / 18.0, 1.0], [0.6, 0.9], [2.0 / 6.0, 1.0]),
            (
                "A3",
                "a bcx defy z",
                [1.0, 3.0 / 5.0],
                [1.0, (4.0 + 7.0 / 12.0) / 9.0],
                [0.885_71, 0.664_29],
                [1.0, (1.0 + 3.0 / 3.0 + 4.0 * 3.0 / 6.0) / 9.0],
            ),
            (
                "A4",
                "a bcx dy z",
                [1.0 / 3.0, 1.0 / 3.0],
                [(3.0 + 1.0 / 3.0) / 6.0, (1.0 + 4.0 / 3.0 + 0.5) / 7.0],
                [0.733_33, 0.55],
                [3.0 / 6.0, (1.0 + 3.0 / 3.0) / 7.0],
            ),
            (
                "A5",
                "a bcxB dy z",
                [1.0 / 3.0, 1.0 / 4.0],
                [(3.0 + 1.0 / 3.0) / 6.0, 2.5 / 8.0],
                [0.688_89, 0.516_67],
                [3.0 / 6.0, (1.0 + 4.0 / 6.0) / 8.0],
            ),
            (
                "A6",
                "a bcx dy Bz",
                [1.0 / 3.0, 1.0 / 4.0],
                [(10.0 / 3.0) / 6.0, (1.0 + 4.0 / 3.0 + 0.5) / 8.0],
                [0.733_33, 0.55],
                [3.0 / 6.0, 2.0 / 8.0],
            ),
            // A7 repeats "b" in a cluster and A8 in another one: the repetition goes.
            (
                "A8",
                "a bcx dy bz",
                [1.0 / 3.0, 1.0 / 3.0],
                [(10.0 / 3.0) / 6.0, (1.0 + 4.0 / 3.0 + 0.5) / 7.0],
                [0.733_33, 0.55],
                [3.0 / 6.0, 2.0 / 7.0],
            ),
        ];
        for (name, response, muc_, b_cubed_, ceaf_, lea_) in cases {
            check(name, key, response, [muc_, b_cubed_, ceaf_, lea_]);
        }
    }

    #[test]
    fn worked_examples_of_the_literature() {
        // Pradhan et al. 2014, section 4: K = {a b c} {d e f g}, R = {a b} {c d} {f g h i}.
        // MUC: R = (1 + 1)/(2 + 3); P = (1 + 0 + 1)/(1 + 1 + 3).
        // B³: R = (4/3 + 1/3 + 1/4 + 4/4)/7, printed as .42; P = (4/2 + 1/2 + 1/2 + 4/4)/8 = .5.
        // CEAF-φ4: 2·2/5 + 2·2/8 = 1.3 over 2 and 3.
        // LEA (Moosavi & Strube 2016 on the same example): R = (3·1/3 + 4·1/6)/7; P = (2·1 + 2·0 + 4·1/6)/8.
        let b_cubed_ = [(4.0 / 3.0 + 1.0 / 3.0 + 0.25 + 1.0) / 7.0, 0.5];
        let lea_ = [(1.0 + 4.0 / 6.0) / 7.0, (2.0 + 4.0 / 6.0) / 8.0];
        check("Pradhan", "abc defg", "ab cd fghi", [[0.4, 0.4], b_cubed_, [0.65, 1.3 / 3.0], lea_]);
        // Bagga & Baldwin 1998: merging the five with the other five is worse than with the two, which MUC does not see.
        // Truth {1–5} {6 7} {8–C}: first response joins 6 7 with 8–C, the second 1–5 with 8–C.
        let key = "12345 67 89ABC";
        let first = [[1.0, 0.9], [1.0, 16.0 / 21.0]];
        let second = [[1.0, 0.9], [1.0, 7.0 / 12.0]];
        for (response, [muc_, b_cubed_]) in [("12345 6789ABC", first), ("1234589ABC 67", second)] {
            close(response, muc(&clusters(key), &clusters(response)), muc_);
            close(response, b_cubed(&clusters(key), &clusters(response)), b_cubed_);
        }
    }

    fn check(name: &str, key: &str, response: &str, expected: [Pair; 4]) {
        let (key, response) = (clusters(key), clusters(response));
        let scores = [muc(&key, &response), b_cubed(&key, &response), ceaf(&key, &response), lea(&key, &response)];
        for (score, expected) in scores.into_iter().zip(expected) {
            close(name, score, expected);
        }
    }

    fn close(name: &str, score: Counts, [recall, precision]: Pair) {
        let near = |ours: Option<f64>, theirs: f64| ours.is_some_and(|ours| (ours - theirs).abs() < 1e-5);
        assert!(near(score.recall(), recall) && near(score.precision(), precision), "{name}: {score:?}");
    }

    #[test]
    fn singletons() {
        // MUC sees no link; LEA sees the link of "a" to itself.
        assert_eq!(muc(&clusters("a b"), &clusters("a b")).f1(), None);
        assert_eq!(lea(&clusters("a b"), &clusters("a b")).f1(), Some(1.0));
        assert_eq!(lea(&clusters("a b c"), &clusters("a bc")).recall(), Some(1.0 / 3.0));
        assert_eq!(ceaf(&clusters("a b"), &clusters("")).f1(), Some(0.0));
    }
}
