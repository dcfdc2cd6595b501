//! Disjoint sets of things that belong together.

/// Disjoint sets of the numbers below some number; each set is led by its smallest member, so that the result does not
/// depend on the order in which sets are joined.
#[derive(Debug, Clone)]
pub(super) struct Sets {
    parents: Vec<u32>,
}

impl Sets {
    /// So many sets of one member each.
    pub fn new(count: usize) -> Self {
        Self { parents: (0..u32::try_from(count).unwrap_or(u32::MAX)).collect() }
    }

    /// The smallest member of the set that `member` is in.
    pub fn leader(&self, mut member: u32) -> u32 {
        while self.parents[member as usize] != member {
            member = self.parents[member as usize];
        }
        member
    }

    /// Whether the two are in one set.
    pub fn is_joined(&self, a: u32, b: u32) -> bool {
        self.leader(a) == self.leader(b)
    }

    /// Joins the sets of `a` and `b`.
    pub fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.shortened(a), self.shortened(b));
        self.parents[a.max(b) as usize] = a.min(b);
    }

    /// The leader; the way to it is shorter next time.
    fn shortened(&mut self, mut member: u32) -> u32 {
        while self.parents[member as usize] != member {
            let above = self.parents[self.parents[member as usize] as usize];
            self.parents[member as usize] = above;
            member = above;
        }
        member
    }

    /// The leader of every member.
    pub fn leaders(mut self) -> Vec<u32> {
        for member in 0..self.parents.len() {
            // A parent is smaller than its child and has its leader already.
            self.parents[member] = self.parents[self.parents[member] as usize];
        }
        self.parents
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_member_leads_whatever_the_order() {
        let pairs = [(4, 5), (1, 4), (7, 5), (2, 3), (6, 6)];
        let expected = [0, 1, 2, 2, 1, 1, 6, 1];
        let mut forwards = Sets::new(8);
        pairs.iter().for_each(|&(a, b)| forwards.join(a, b));
        let mut backwards = Sets::new(8);
        pairs.iter().rev().for_each(|&(a, b)| backwards.join(b, a));
        assert!(forwards.is_joined(7, 1) && !forwards.is_joined(0, 1));
        assert_eq!((forwards.leaders(), backwards.leaders()), (expected.to_vec(), expected.to_vec()));
    }
}
