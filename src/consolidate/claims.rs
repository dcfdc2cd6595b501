//! Words on which a statement's truth hangs: two quotations that differ in one of them are two quotations, however alike
//! they are otherwise.

use crate::speakers::is_calendar;

/// Words that turn a statement round; in the order of the alphabet.
const NEGATIONS: &[&str] =
    &["cannot", "hardly", "neither", "never", "no", "nobody", "none", "nor", "not", "nothing", "nowhere", "without"];

/// Numbers in words, as digits; in the order of the alphabet.
const NUMERALS: &[(&str, &str)] = &[
    ("eight", "8"),
    ("eighteen", "18"),
    ("eighth", "8th"),
    ("eighty", "80"),
    ("eleven", "11"),
    ("fifteen", "15"),
    ("fifth", "5th"),
    ("fifty", "50"),
    ("first", "1st"),
    ("five", "5"),
    ("forty", "40"),
    ("four", "4"),
    ("fourteen", "14"),
    ("fourth", "4th"),
    ("nine", "9"),
    ("nineteen", "19"),
    ("ninety", "90"),
    ("ninth", "9th"),
    ("second", "2nd"),
    ("seven", "7"),
    ("seventeen", "17"),
    ("seventh", "7th"),
    ("seventy", "70"),
    ("six", "6"),
    ("sixteen", "16"),
    ("sixth", "6th"),
    ("sixty", "60"),
    ("ten", "10"),
    ("tenth", "10th"),
    ("third", "3rd"),
    ("thirteen", "13"),
    ("thirty", "30"),
    ("three", "3"),
    ("twelve", "12"),
    ("twenty", "20"),
    ("two", "2"),
];

/// What sort of claim a word makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Claim {
    /// That something is not so.
    Negation,
    /// How many.
    Number,
    /// When.
    Day,
}

/// The claim that a word makes, if it makes one, and the form by which it is compared with others.
pub(super) fn claim(word: &str) -> Option<(Claim, &str)> {
    if NEGATIONS.binary_search(&word).is_ok() || word.ends_with("n't") {
        return Some((Claim::Negation, "not"));
    }
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return Some((Claim::Number, word));
    }
    if let Ok(at) = NUMERALS.binary_search_by_key(&word, |(words, _)| words) {
        return Some((Claim::Number, NUMERALS[at].1));
    }
    is_calendar(word).then_some((Claim::Day, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        assert!(NEGATIONS.is_sorted());
        assert!(NUMERALS.is_sorted());
    }

    #[test]
    fn claims_are_compared_by_what_they_say() {
        for (a, b) in [("seven", "7"), ("don't", "not"), ("cannot", "never"), ("monday", "monday"), ("sea", "ship")] {
            assert_eq!(claim(a), claim(b), "{a}, {b}");
        }
        for (a, b) in [("seven", "8"), ("monday", "friday"), ("not", "now")] {
            assert_ne!(claim(a), claim(b), "{a}, {b}");
        }
    }
}
