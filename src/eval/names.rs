//! When two names are the same.
//!
//! Names are compared as readers would who do not care for form: compatibility forms unified (NFKC), lower case, "'s"
//! and a last apostrophe gone, punctuation gone except "&", white space single, and the determiners before it gone
//! ("the envoy" is "envoy", "his brother" is "brother"). Nothing else is alike: "Obama" and "Barack Obama" are two names,
//! and whoever accepts both lists both in the gold.

use unicode_normalization::UnicodeNormalization;

/// Words that a name does not begin with, sorted.
const DETERMINERS: &[&str] = &[
    "a", "an", "another", "her", "his", "its", "my", "our", "some", "that", "the", "their", "these", "this", "those",
    "your",
];

/// The form of a name that is compared.
pub fn key(name: &str) -> String {
    let folded: String = name.nfkc().flat_map(char::to_lowercase).collect();
    let words: Vec<String> = folded.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect();
    let opening = words.iter().take_while(|word| DETERMINERS.binary_search(&word.as_str()).is_ok()).count();
    // A name that is all determiners ("this") is what it is.
    let kept = if opening < words.len() { &words[opening..] } else { &words[..] };
    kept.join(" ")
}

/// A word without possessive ending and punctuation.
fn bare(word: &str) -> String {
    let trimmed = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '&' && !is_apostrophe(c));
    let stem = trimmed.strip_suffix('s').and_then(|stem| stem.strip_suffix(is_apostrophe)).unwrap_or(trimmed);
    stem.chars().filter(|c| c.is_alphanumeric() || *c == '&').collect()
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '‘')
}

/// Whether `name` is one of `right`.
pub fn is_one_of(name: &str, right: &[String]) -> bool {
    let name = key(name);
    right.iter().any(|other| key(other) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn determiners_are_sorted() {
        assert!(DETERMINERS.is_sorted());
    }

    #[test]
    fn names_that_are_the_same_and_names_that_are_not() {
        let cases = [
            ("case", "ROSA LINDQVIST", "Rosa Lindqvist", true),
            ("a determiner", "the Envoy", "envoy", true),
            ("a possessive determiner", "his brother", "brother", true),
            ("a possessive", "Orsenia’s ministry of energy", "Orsenia's Ministry of Energy", true),
            ("a possessive and the name", "Orsenia's", "Orsenia", true),
            ("a plural possessive", "the Greens'", "Greens", true),
            ("dots and commas", "J. F. Kennedy, Jr.", "J F Kennedy Jr", true),
            ("a hyphen", "Al-Amin", "AlAmin", true),
            ("white space", "Lena\n  Ortiz", "Lena Ortiz", true),
            ("compatibility forms", "Oﬃce of Fair Trading", "Office of Fair Trading", true),
            ("an ampersand", "Marks & Spencer", "Marks Spencer", false),
            ("a surname alone", "Obama", "Barack Obama", false),
            ("a determiner that is all there is", "this", "that", false),
            ("a title", "President Obama", "Obama", false),
            ("diacritics", "Müller", "Muller", false),
        ];
        for (what, a, b, same) in cases {
            assert_eq!(is_one_of(a, &[b.to_owned()]), same, "{what}: {a} / {b}");
            assert_eq!(is_one_of(b, &[a.to_owned()]), same, "{what}: {b} / {a}");
        }
        assert!(is_one_of("Jeb", &["John Ellis Bush".to_owned(), "Jeb".to_owned()]), "an alias");
        assert!(!is_one_of("Jeb", &[]), "no names");
    }
}
