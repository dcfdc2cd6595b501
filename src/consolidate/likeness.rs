//! Whether two contents are one quotation: near-identical, or one a part of the other.

use super::claims::Claim;
use super::words::Word;

/// Contents of fewer words are compared as wholes only.
pub(super) const SHORT: usize = 5;

/// From so many words on, likeness is proof enough; below, the speakers must agree, too.
pub(super) const TELLING: usize = 8;

/// Edits are counted up to this many, so that comparing two contents takes linear time.
const MOST_EDITS: usize = 64;

/// How much it proves that two contents are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Proof {
    /// They are one quotation if one speaker makes both.
    Weak,
    /// They are one quotation.
    Strong,
}

/// The words inserted, left out or replaced (15 in 100, at least one) that leave a quotation of so many words the same.
pub(super) fn allowed(words: usize) -> usize {
    (words * 3 / 20).clamp(1, MOST_EDITS)
}

/// Whether the two contents are the same but for a few words, and how much that proves.
pub(super) fn near(words: &[Word], a: &[u32], b: &[u32]) -> Option<Proof> {
    let (least, most) = (a.len().min(b.len()), a.len().max(b.len()));
    let edits = allowed(least);
    if least < SHORT || most - least > edits || contradict(words, a, b) {
        return None;
    }
    let band = isize::try_from(edits).ok()?;
    edit_distance(a, b, -band..=band, false, edits)?;
    Some(proof(least))
}

/// Whether `part` is a part of `whole` but for a few words, and how much that proves. Word `at.0` of the part stands
/// where word `at.1` of the whole is.
pub(super) fn within(words: &[Word], part: &[u32], whole: &[u32], at: (usize, usize)) -> Option<Proof> {
    if part.len() < SHORT || part.len() >= whole.len() {
        return None;
    }
    let edits = if part.len() < TELLING { 0 } else { allowed(part.len()) };
    let first = at.1.saturating_sub(at.0);
    let exact = whole.get(first..first + part.len());
    if exact != Some(part) {
        let start = (at.1.saturating_sub(at.0)).saturating_sub(edits);
        let end = (first + part.len() + edits).min(whole.len());
        let window = &whole[start.min(end)..end];
        let core = &whole[first.min(end)..(first + part.len()).min(end)];
        if edits == 0 || denies(words, part, core, window) {
            return None;
        }
        edit_distance(part, window, 0..=isize::try_from(2 * edits).ok()?, true, edits)?;
    }
    Some(proof(part.len()))
}

/// Whether `part` is a part of `whole`, wherever it stands there, and that proves that they are one quotation.
pub(super) fn somewhere(words: &[Word], part: &[u32], whole: &[u32]) -> bool {
    const RUN: usize = 3;
    let starts =
        |run: &[u32]| (0..).zip(whole.windows(RUN)).filter(|it| it.1 == run).map(|it| it.0).collect::<Vec<_>>();
    let mut places =
        part.windows(RUN).enumerate().flat_map(|(at, run)| starts(run).into_iter().map(move |it| (at, it)));
    places.any(|at| within(words, part, whole, at) == Some(Proof::Strong))
}

fn proof(words: usize) -> Proof {
    if words < TELLING { Proof::Weak } else { Proof::Strong }
}

/// Whether each of the two claims something that the other does not: another number, another day; or one denies what the
/// other does not.
fn contradict(words: &[Word], a: &[u32], b: &[u32]) -> bool {
    let (a, b) = (claims(words, a), claims(words, b));
    let negations = |all: &[(Claim, u64)]| all.iter().filter(|(claim, _)| *claim == Claim::Negation).count();
    let other = |all: &[(Claim, u64)], than: &[(Claim, u64)], sort: Claim| {
        all.iter().any(|it| it.0 == sort && than.binary_search(it).is_err())
    };
    let differ = |sort: Claim| other(&a, &b, sort) && other(&b, &a, sort);
    negations(&a) != negations(&b) || differ(Claim::Number) || differ(Claim::Day)
}

/// Whether a part claims what the words around its place in the whole (`window`) do not, or fails to deny what those at
/// its place (`core`) do.
fn denies(words: &[Word], part: &[u32], core: &[u32], window: &[u32]) -> bool {
    let (part, core, window) = (claims(words, part), claims(words, core), claims(words, window));
    let negations = |all: &[(Claim, u64)]| all.iter().filter(|(claim, _)| *claim == Claim::Negation).count();
    part.iter().any(|it| window.binary_search(it).is_err()) || negations(&core) > negations(&part)
}

/// The claims that the words make, sorted.
fn claims(words: &[Word], content: &[u32]) -> Vec<(Claim, u64)> {
    let mut claims: Vec<_> = content.iter().filter_map(|&word| words[word as usize].claim).collect();
    claims.sort_unstable();
    claims
}

/// The number of words to insert, leave out or replace to make `a` of `b`, or with `free_ends` of the part of `b` that is
/// most like it; `None` if it is more than `most`. Word `i` of `a` is compared with those words `j` of `b` only for
/// which `j - i` is in the band.
fn edit_distance(
    a: &[u32],
    b: &[u32],
    band: std::ops::RangeInclusive<isize>,
    free_ends: bool,
    most: usize,
) -> Option<usize> {
    const FAR: usize = usize::MAX / 2;
    let (low, width) = (*band.start(), band.clone().count());
    // The place in `b` that stands in column `x` of row `i`.
    let place = |i: usize, x: usize| (i + x).checked_add_signed(low).filter(|j| *j <= b.len());
    let start = |x: usize| place(0, x).map_or(FAR, |j| if free_ends { 0 } else { j });
    let mut row: Vec<usize> = (0..width).map(start).collect();
    let mut next = vec![FAR; width];
    for i in 1..=a.len() {
        for x in 0..width {
            next[x] = place(i, x).map_or(FAR, |j| {
                let left_out = if x + 1 < width { row[x + 1] + 1 } else { FAR };
                let inserted = if x > 0 { next[x - 1] + 1 } else { FAR };
                let kept = if j > 0 { row[x] + usize::from(a[i - 1] != b[j - 1]) } else { FAR };
                left_out.min(inserted).min(kept)
            });
        }
        std::mem::swap(&mut row, &mut next);
        if row.iter().all(|cost| *cost > most) {
            return None;
        }
    }
    let ends = (0..width).filter(|&x| place(a.len(), x).is_some_and(|j| free_ends || j == b.len()));
    ends.map(|x| row[x]).min().filter(|cost| *cost <= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consolidate::words::{Vocabulary, normal};
    use proptest::prelude::*;

    fn numbered(texts: [&str; 2]) -> (Vec<Word>, [Box<[u32]>; 2]) {
        let mut vocabulary = Vocabulary::default();
        let contents = texts.map(|text| vocabulary.numbers(&normal(text)));
        (vocabulary.into_words(), contents)
    }

    #[test]
    fn near_identical_contents_differ_in_few_words() {
        let base = "we will rebuild the harbour wall before the winter storms arrive";
        for (other, expected, case) in [
            ("“We will rebuild the harbor wall before the winter storms arrive.”", true, "another spelling"),
            ("we will rebuild the harbour wall before winter storms arrive", true, "an article left out"),
            ("we will not rebuild the harbour wall before the winter storms arrive", false, "a negation"),
            ("they must sell the harbour ferry before the winter storms arrive", false, "too many words"),
            ("we will rebuild the harbour wall", false, "a part is not near"),
        ] {
            let (words, [a, b]) = numbered([base, other]);
            assert_eq!(near(&words, &a, &b).is_some(), expected, "{case}");
            assert_eq!(near(&words, &b, &a).is_some(), expected, "{case}");
        }
    }

    #[test]
    fn another_number_or_day_is_another_quotation() {
        for (a, b, expected) in [
            ("profits rose by 3 percent in the quarter", "profits rose by 5 percent in the quarter", false),
            ("profits rose by 3 percent in the quarter", "profits rose by three percent in the quarter", true),
            ("the ferry will sail again on Monday morning", "the ferry will sail again on Friday morning", false),
            ("the ferry will sail again on Monday morning", "the ferry will sail again Monday morning", true),
        ] {
            let (words, [a, b]) = numbered([a, b]);
            assert_eq!(near(&words, &a, &b).is_some(), expected);
        }
    }

    #[test]
    fn few_words_prove_little() {
        let (words, [a, b]) = numbered(["we have waited far too long", "we have waited much too long"]);
        assert_eq!(near(&words, &a, &b), Some(Proof::Weak));
        let (words, [a, b]) = numbered(["we have long waited", "we have long waited"]);
        assert_eq!(near(&words, &a, &b), None);
    }

    #[test]
    fn a_trimmed_copy_is_within_the_whole() {
        let whole = "the council will decide on the bridge next week and we have not seen any reason to wait longer";
        for (part, at, expected, case) in [
            ("the council will decide on the bridge next week", (0, 0), Some(Proof::Strong), "its beginning"),
            ("have not seen any reason to wait longer", (0, 11), Some(Proof::Strong), "its end"),
            ("the council decides on the bridge next week", (3, 4), None, "two words changed of eight"),
            ("council will decide on a bridge next week and", (0, 1), Some(Proof::Strong), "a word changed"),
            ("we have seen any reason to wait longer", (3, 14), None, "a negation left out"),
            ("decide on the bridge next", (0, 3), Some(Proof::Weak), "five words"),
            ("decide on that bridge next", (0, 3), None, "five words, one changed"),
        ] {
            let (words, [part, whole]) = numbered([part, whole]);
            assert_eq!(within(&words, &part, &whole, at), expected, "{case}");
        }
    }

    /// The textbook's table, all of it.
    fn plain_distance(a: &[u32], b: &[u32]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut diagonal = std::mem::replace(&mut row[0], i + 1);
            for (j, y) in b.iter().enumerate() {
                let cost = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
                diagonal = std::mem::replace(&mut row[j + 1], cost);
            }
        }
        row[b.len()]
    }

    proptest! {
        #[test]
        fn the_band_finds_what_the_whole_table_finds(
            a in prop::collection::vec(0u32..4, 0..14),
            b in prop::collection::vec(0u32..4, 0..14),
            most in 1usize..6,
        ) {
            let plain = plain_distance(&a, &b);
            let band = isize::try_from(most).unwrap();
            let found = edit_distance(&a, &b, -band..=band, false, most);
            prop_assert_eq!(found, (plain <= most).then_some(plain));
        }
    }
}
