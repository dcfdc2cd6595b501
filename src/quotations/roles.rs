//! The cheapest reading of a row of marks: which open, which close, which do neither.
//!
//! A Viterbi search whose state is the stack of open marks, at most [`DEEPEST`] high. Whoever nests marks of one size
//! deeper than that gets the inner ones read as stray.
use super::Kind;
use super::marks::{Cost, Glyph, Mark};

/// What a mark does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Begins a quotation.
    Opens,
    /// Ends the innermost open quotation.
    Closes,
    /// Neither: an apostrophe, an inch mark, a mark whose partner is missing.
    Stands,
}

/// How many marks of one size can be open at once.
const DEEPEST: u32 = 2;
/// No reading leads there.
const NEVER: Cost = Cost::MAX;
/// The price of a missing closing mark, by whether the next paragraph takes the quotation up again.
const UNCLOSED_CONTINUED: Cost = 2;
const UNCLOSED_DOUBLE: Cost = 12;
const UNCLOSED_SINGLE: Cost = 30;
/// Only a curly mark says that it is no apostrophe.
const UNCLOSED_SINGLE_LEFT: Cost = 14;

/// The role of each of `marks`, all single or all double. `next` are the marks that open the next paragraph.
pub(super) fn assign(marks: &[Mark], next: &[Kind]) -> Vec<Role> {
    let stacks = Stacks::of(marks);
    let mut costs = vec![NEVER; stacks.count()];
    if let Some(empty) = costs.first_mut() {
        *empty = 0;
    }
    let mut after = costs.clone();
    let mut before = vec![0; marks.len() * stacks.count()];
    for (mark, from) in marks.iter().zip(before.chunks_exact_mut(stacks.count())) {
        step(&stacks, mark, &costs, &mut after, from);
        std::mem::swap(&mut costs, &mut after);
    }
    let double = marks.first().is_some_and(|mark| mark.double);
    let mut state = (0..stacks.count())
        .min_by_key(|&state| costs[state].saturating_add(unclosed(&stacks, state, double, next)))
        .unwrap_or(0);
    let mut roles = vec![Role::Stands; marks.len()];
    for (number, role) in roles.iter_mut().enumerate().rev() {
        let earlier = usize::from(before[number * stacks.count() + state]);
        *role = match stacks.height(earlier).cmp(&stacks.height(state)) {
            std::cmp::Ordering::Less => Role::Opens,
            std::cmp::Ordering::Greater => Role::Closes,
            std::cmp::Ordering::Equal => Role::Stands,
        };
        state = earlier;
    }
    roles
}

/// Writes the costs of all states after `mark` to `after`, and the state each was reached from to `from`.
///
/// Of readings that cost the same, the one that opens late and closes early wins: it quotes the least.
fn step(stacks: &Stacks, mark: &Mark, costs: &[Cost], after: &mut [Cost], from: &mut [u8]) {
    after.fill(NEVER);
    let mut reach = |state: usize, earlier: usize, cost: Cost| {
        if cost < after[state] {
            after[state] = cost;
            // There are at most 43 states: six shapes, two levels.
            from[state] = earlier as u8;
        }
    };
    let live = || costs.iter().copied().enumerate().filter(|&(_, cost)| cost < NEVER);
    for (state, cost) in live() {
        if let Some(opened) = stacks.push(state, mark.glyph) {
            let nesting = stacks.top(state).map_or(0, |around| around.nesting(mark.glyph));
            reach(opened, state, cost.saturating_add(mark.open).saturating_add(nesting));
        }
    }
    for (state, cost) in live() {
        reach(state, state, cost.saturating_add(mark.stand));
    }
    for (state, cost) in live() {
        if let Some(opening) = stacks.top(state) {
            let mismatch = opening.closed_by(mark.glyph).unwrap_or(NEVER);
            reach(stacks.pop(state), state, cost.saturating_add(mark.close).saturating_add(mismatch));
        }
    }
}

/// The price of ending in `state`.
fn unclosed(stacks: &Stacks, mut state: usize, double: bool, next: &[Kind]) -> Cost {
    let mut cost: Cost = 0;
    while let Some(glyph) = stacks.top(state) {
        cost += match (double, glyph) {
            _ if next.contains(&(glyph, double)) => UNCLOSED_CONTINUED,
            (true, _) => UNCLOSED_DOUBLE,
            (false, Glyph::Left) => UNCLOSED_SINGLE_LEFT,
            (false, _) => UNCLOSED_SINGLE,
        };
        state = stacks.pop(state);
    }
    cost
}

/// Numbers the stacks of open marks: 0 is the empty one, then come those of one mark, then those of two.
///
/// Only the shapes that occur are told apart, so that the common paragraph has three states.
struct Stacks {
    glyphs: Vec<Glyph>,
}

impl Stacks {
    fn of(marks: &[Mark]) -> Self {
        let glyphs = Glyph::ALL.into_iter().filter(|glyph| marks.iter().any(|mark| mark.glyph == *glyph)).collect();
        Self { glyphs }
    }

    fn count(&self) -> usize {
        1 + self.glyphs.len() + self.glyphs.len().pow(2)
    }

    fn height(&self, state: usize) -> u32 {
        match state {
            0 => 0,
            _ if state <= self.glyphs.len() => 1,
            _ => DEEPEST,
        }
    }

    fn top(&self, state: usize) -> Option<Glyph> {
        let last = state.checked_sub(1)?;
        self.glyphs.get(last % self.glyphs.len().max(1)).copied()
    }

    fn push(&self, state: usize, glyph: Glyph) -> Option<usize> {
        let place = self.glyphs.iter().position(|known| *known == glyph)?;
        (self.height(state) < DEEPEST).then_some(1 + state * self.glyphs.len() + place)
    }

    fn pop(&self, state: usize) -> usize {
        state.saturating_sub(1) / self.glyphs.len().max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_that_is_pushed_and_popped_is_the_same() {
        let stacks = Stacks { glyphs: vec![Glyph::Straight, Glyph::Left, Glyph::Low] };
        for state in 0..=3 {
            for glyph in [Glyph::Straight, Glyph::Left, Glyph::Low] {
                let pushed = stacks.push(state, glyph).unwrap();
                assert_eq!((stacks.pop(pushed), stacks.top(pushed)), (state, Some(glyph)));
                assert_eq!(stacks.height(pushed), stacks.height(state) + 1);
                assert!(pushed < stacks.count());
            }
        }
        assert_eq!(stacks.push(stacks.count() - 1, Glyph::Low), None);
    }
}
