//! What is counted as one span of a role.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Char, Span};
use crate::eval::case::{Role, Side};

/// A role's spans in one attribution.
pub type List = Vec<Span<Char>>;

/// The distinct spans of a role in a document, each part of a discontinuous one for itself.
pub fn distinct(side: &Side<'_>, role: Role) -> BTreeSet<Span<Char>> {
    side.items.iter().flat_map(|item| item.spans(role)).copied().collect()
}

/// The units of a role: where attributions tie roles together, the span list of every attribution that has the role;
/// otherwise, since a corpus without ties cannot say which spans belong to one attribution, the distinct spans.
pub fn of_role(side: &Side<'_>, role: Role, relations: bool) -> Vec<List> {
    if relations {
        side.items.iter().map(|item| item.spans(role).to_vec()).filter(|list| !list.is_empty()).collect()
    } else {
        distinct(side, role).into_iter().map(|span| vec![span]).collect()
    }
}

/// How many pairs of equal values can be made, each used once.
pub fn equal_pairs<T: Ord>(a: impl IntoIterator<Item = T>, b: impl IntoIterator<Item = T>) -> usize {
    let mut left: BTreeMap<T, usize> = BTreeMap::new();
    for value in a {
        *left.entry(value).or_default() += 1;
    }
    let mut pairs = 0;
    for value in b {
        if let Some(count) = left.get_mut(&value).filter(|count| **count > 0) {
            *count -= 1;
            pairs += 1;
        }
    }
    pairs
}
