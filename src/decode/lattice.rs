//! The best and the likely labels of a sequence: a linear-chain CRF (Lafferty, McCallum and Pereira 2001).

/// Score of a step that may not be taken. Finite, so that sums and differences stay numbers.
const FORBIDDEN: f32 = -1e4;

/// Steps between the labels of one BIO head: label 0 is outside, 1 + 2c begins class c, 2 + 2c continues it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lattice {
    labels: usize,
    /// Score of the step from label `i` to label `j`, at `i * labels + j`.
    steps: Vec<f32>,
}

/// How probable the labels of a sequence are, over all sequences of labels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Posterior {
    /// For each position the probability of each label.
    marginals: Vec<f32>,
    /// For each position and each label there the probability that the next position continues its class.
    continues: Vec<f32>,
    labels: usize,
}

impl Posterior {
    /// Number of positions.
    pub fn len(&self) -> usize {
        self.marginals.len() / self.labels
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.labels / 2
    }

    /// Probability of `label` at `position`; 0 beyond the end.
    pub fn probability(&self, position: usize, label: usize) -> f32 {
        self.marginals.get(position * self.labels + label).copied().unwrap_or(0.0)
    }

    /// Probability that the class of `label`, should it stand at `position`, goes on after it.
    pub fn continues(&self, position: usize, label: usize) -> f32 {
        self.continues.get(position * self.labels + label).copied().unwrap_or(0.0)
    }
}

impl Lattice {
    /// A lattice with learned scores of the steps, `scores[from][to]`; steps that BIO forbids are never taken.
    pub fn new(scores: &[Vec<f32>]) -> Self {
        let labels = scores.len();
        let mut steps: Vec<f32> = scores.iter().flatten().copied().collect();
        for from in 0..labels {
            for to in (2..labels).step_by(2).filter(|&to| from != to && from + 1 != to) {
                steps[from * labels + to] += FORBIDDEN;
            }
        }
        Self { labels, steps }
    }

    /// A lattice that knows of BIO and nothing else.
    pub fn unlearned(labels: usize) -> Self {
        Self::new(&vec![vec![0.0; labels]; labels])
    }

    /// Score of beginning a sequence with `label`.
    fn start(&self, label: usize) -> f32 {
        if label > 0 && label.is_multiple_of(2) { FORBIDDEN } else { 0.0 }
    }

    fn step(&self, from: usize, to: usize) -> f32 {
        self.steps[from * self.labels + to]
    }

    /// The best sequence of labels by the scores of each position's labels (Viterbi 1967). Takes time linear in the length.
    pub fn best(&self, scores: &[&[f32]]) -> Vec<usize> {
        let k = self.labels;
        let mut back: Vec<u8> = Vec::with_capacity(scores.len() * k);
        let mut now: Vec<f32> = Vec::new();
        for (position, row) in scores.iter().enumerate() {
            let next = (0..k).map(|to| {
                if position == 0 {
                    return (0, self.start(to) + row[to]);
                }
                let (from, score) = argmax((0..k).map(|from| now[from] + self.step(from, to)));
                (from, score + row[to])
            });
            let (from, best): (Vec<usize>, Vec<f32>) = next.unzip();
            // There are few labels, far below 256.
            back.extend(from.iter().map(|&f| f as u8));
            now = best;
        }
        let mut labels = vec![0; scores.len()];
        let mut label = argmax(now.into_iter()).0;
        for position in (0..scores.len()).rev() {
            labels[position] = label;
            label = usize::from(back[position * k + label]);
        }
        labels
    }

    /// How probable the labels are by the scores of each position's (forward–backward). Takes time linear in the length.
    pub fn posterior(&self, scores: &[&[f32]]) -> Posterior {
        let k = self.labels;
        let mut continues = vec![0.0; scores.len() * k];
        let mut forward = vec![0.0; scores.len() * k];
        for (position, row) in scores.iter().enumerate() {
            let (before, now) = forward.split_at_mut(position * k);
            let before = &before[before.len().saturating_sub(k)..];
            for to in 0..k {
                let reached = if position == 0 {
                    self.start(to)
                } else {
                    log_sum((0..k).map(|from| before[from] + self.step(from, to)))
                };
                now[to] = reached + row[to];
            }
            // Only differences matter; without this the sums lose precision on long sequences.
            let most = now[..k].iter().copied().fold(f32::MIN, f32::max);
            now[..k].iter_mut().for_each(|x| *x -= most);
        }
        let mut backward = vec![0.0; k];
        for position in (0..scores.len()).rev() {
            let here = &mut forward[position * k..(position + 1) * k];
            let total = log_sum((0..k).map(|label| here[label] + backward[label]));
            let row = scores[position];
            let ahead: Vec<f32> = (0..k).map(|label| row[label] + backward[label]).collect();
            here.iter_mut().zip(&backward).for_each(|(x, b)| *x = (*x + b - total).exp());
            backward = (0..k).map(|from| log_sum((0..k).map(|to| self.step(from, to) + ahead[to]))).collect();
            // What follows a label does not depend on what came before it, so a chain of these is a span's probability.
            if let Some(before) = position.checked_sub(1) {
                for from in 1..k {
                    let inside = from + from % 2;
                    continues[before * k + from] = (self.step(from, inside) + ahead[inside] - backward[from]).exp();
                }
            }
            let most = backward.iter().copied().fold(f32::MIN, f32::max);
            backward.iter_mut().for_each(|x| *x -= most);
        }
        Posterior { marginals: forward, continues, labels: k }
    }
}

/// The first of the largest values with its index; 0 and the smallest number if there is none.
fn argmax(values: impl Iterator<Item = f32>) -> (usize, f32) {
    values.enumerate().fold((0, f32::MIN), |best, (k, x)| if x > best.1 { (k, x) } else { best })
}

/// The logarithm of the sum of the exponentials.
fn log_sum(values: impl Iterator<Item = f32> + Clone) -> f32 {
    let most = values.clone().fold(f32::MIN, f32::max);
    most + values.map(|x| (x - most).exp()).sum::<f32>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Score of every sequence of labels, by plain enumeration.
    fn all(lattice: &Lattice, scores: &[&[f32]]) -> Vec<(Vec<usize>, f32)> {
        let mut paths = vec![(Vec::new(), 0.0)];
        for row in scores {
            paths = paths
                .into_iter()
                .flat_map(|(path, score): (Vec<usize>, f32)| {
                    (0..lattice.labels).map(move |label| {
                        let step = path.last().map_or(lattice.start(label), |&from| lattice.step(from, label));
                        ([&path[..], &[label]].concat(), score + step + row[label])
                    })
                })
                .collect();
        }
        paths
    }

    proptest! {
        #[test]
        fn labels_and_marginals_equal_those_by_enumeration(
            steps in prop::collection::vec(prop::collection::vec(-3f32..3.0, 5), 5),
            rows in prop::collection::vec(prop::collection::vec(-5f32..5.0, 5), 1..5),
        ) {
            let lattice = Lattice::new(&steps);
            let rows: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
            let found = lattice.posterior(&rows);
            let paths = all(&lattice, &rows);
            let best = paths.iter().map(|p| p.1).fold(f32::MIN, f32::max);
            let labels = lattice.best(&rows);
            let chosen = paths.iter().find(|p| p.0 == labels).map(|p| p.1);
            prop_assert!(chosen.is_some_and(|score| best - score < 1e-3));
            let total: f64 = paths.iter().map(|p| f64::from(p.1 - best).exp()).sum();
            for position in 0..rows.len() {
                for label in 0..5 {
                    let sum: f64 = paths.iter().filter(|p| p.0[position] == label).map(|p| f64::from(p.1 - best).exp()).sum();
                    prop_assert!((f64::from(found.probability(position, label)) - sum / total).abs() < 1e-3);
                    let on = label + label % 2;
                    let both: f64 = paths
                        .iter()
                        .filter(|p| label > 0 && p.0[position] == label && p.0.get(position + 1) == Some(&on))
                        .map(|p| f64::from(p.1 - best).exp())
                        .sum();
                    let product = f64::from(found.probability(position, label) * found.continues(position, label));
                    prop_assert!((product - both / total).abs() < 1e-3);
                }
            }
        }

        #[test]
        fn a_class_is_never_continued_that_has_not_begun(
            rows in prop::collection::vec(prop::collection::vec(-50f32..50.0, 7), 0..40),
        ) {
            let rows: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
            let found = Lattice::unlearned(7).best(&rows);
            for (k, &label) in found.iter().enumerate().filter(|(_, l)| **l > 0 && **l % 2 == 0) {
                prop_assert!(k > 0 && [label, label - 1].contains(&found[k - 1]));
            }
        }
    }

    #[test]
    fn a_long_sequence_keeps_its_probabilities() {
        let row = [1.0, 0.5, 0.2];
        let rows = vec![&row[..]; 20_000];
        let found = Lattice::unlearned(3).posterior(&rows);
        for position in [0, 10_000, 19_999] {
            let sum: f32 = (0..3).map(|label| found.probability(position, label)).sum();
            assert!((sum - 1.0).abs() < 1e-3);
        }
        assert!((found.probability(9_000, 0) - found.probability(11_000, 0)).abs() < 1e-3);
    }
}
