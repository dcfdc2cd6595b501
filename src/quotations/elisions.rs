//! English words that begin with an apostrophe.

/// Without the apostrophe, in lower case, sorted.
const ELISIONS: &[&str] = &[
    "alf", "appen", "ave", "bout", "cause", "cept", "cos", "coz", "cuz", "d", "e", "ead", "em", "er", "ere", "fraid",
    "gainst", "gator", "im", "is", "kay", "ll", "m", "mongst", "n", "nother", "nuff", "re", "round", "s", "scuse",
    "self", "spect", "t", "tain", "taint", "til", "till", "tis", "tude", "twas", "tween", "twere", "twill", "twould",
    "un", "ve", "y",
];

/// Whether `word` begins with an apostrophe that stands for missing letters ("'tis") or missing digits ("the '90s").
pub(super) fn begins_short(word: &str) -> bool {
    let word = word.to_lowercase();
    word.starts_with(|c: char| c.is_ascii_digit()) || ELISIONS.binary_search(&word.as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(ELISIONS.is_sorted());
    }

    #[test]
    fn only_words_that_lost_their_beginning_are_elisions() {
        for word in ["tis", "Twas", "em", "90s", "68", "n"] {
            assert!(begins_short(word), "{word}");
        }
        for word in ["", "the", "emperor", "no"] {
            assert!(!begins_short(word), "{word}");
        }
    }
}
