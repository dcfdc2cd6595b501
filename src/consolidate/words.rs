//! Contents as they are compared: words without case, marks and accents.

use indexmap::IndexMap;
use twox_hash::XxHash3_64;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::claims::{Claim, claim};

/// The words of `text` with one blank between them: lower case, without accents, marks and quotation marks.
///
/// An apostrophe within a word stays ("don't"), a dot between digits too ("3.5"); the dots of "U.S." and the comma of
/// "1,000" go, "%" is written out, and whatever else stands between letters or digits separates words.
pub fn normal(text: &str) -> String {
    if text.is_ascii() {
        return folded(text.chars(), text.len());
    }
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    folded(plain, text.len())
}

fn folded(letters: impl Iterator<Item = char>, size: usize) -> String {
    let mut out = String::with_capacity(size);
    let mut letters = letters.peekable();
    // The letters and digits of the word so far.
    let mut length = 0;
    while let Some(c) = letters.next() {
        let next = letters.peek().copied().filter(|next| next.is_alphanumeric());
        let after_digit = out.ends_with(|c: char| c.is_ascii_digit());
        let before_digit = next.is_some_and(|next| next.is_ascii_digit());
        match c {
            c if c.is_alphanumeric() => {
                if length == 0 && !out.is_empty() {
                    out.push(' ');
                }
                out.push(c.to_ascii_lowercase());
                length += 1;
                continue;
            }
            '\'' | '’' | '‘' if length > 0 && next.is_some() => out.push('\''),
            '.' if length > 0 && after_digit && before_digit => out.push('.'),
            ',' if length > 0 && after_digit && before_digit => {}
            '.' if length == 1 && next.is_some() => {
                // The next letter goes on with the abbreviation and is as short as the first.
                length = 0;
                if let Some(letter) = letters.next() {
                    out.push(letter.to_ascii_lowercase());
                    length = 1;
                }
            }
            '%' => {
                out.push_str(if out.is_empty() { "percent" } else { " percent" });
                length = 0;
            }
            _ => length = 0,
        }
    }
    out
}

/// A word of the vocabulary.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    /// A hash of its letters, the same in every run.
    pub hash: u64,
    /// The claim that it makes, with a hash of what is claimed.
    pub claim: Option<(Claim, u64)>,
}

/// All words that occur, numbered.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: IndexMap<Box<str>, Word>,
}

impl Vocabulary {
    /// The numbers of the words of a [`normal`] text.
    pub fn numbers(&mut self, normal: &str) -> Box<[u32]> {
        normal.split(' ').filter(|word| !word.is_empty()).map(|word| self.number(word)).collect()
    }

    fn number(&mut self, word: &str) -> u32 {
        let index = self.words.get_index_of(word).unwrap_or_else(|| {
            let claim = claim(word).map(|(claim, what)| (claim, hash(what)));
            self.words.insert_full(word.into(), Word { hash: hash(word), claim }).0
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    /// The words by number.
    pub fn into_words(self) -> Vec<Word> {
        self.words.into_values().collect()
    }
}

/// A hash that is the same on every machine.
fn hash(text: &str) -> u64 {
    XxHash3_64::oneshot(text.as_bytes())
}

/// Scatters the bits of a number.
pub(super) const fn scattered(mut number: u64) -> u64 {
    number ^= number >> 30;
    number = number.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    number ^= number >> 27;
    number = number.wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

/// The hash of a run of words.
pub(super) fn shingle(words: &[Word], run: &[u32]) -> u64 {
    run.iter().fold(0, |hash: u64, &word| scattered(hash.rotate_left(17) ^ words[word as usize].hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_marks_and_accents_do_not_count() {
        for (text, expected) in [
            ("“We will NOT sell,” … “ever.”", "we will not sell ever"),
            ("  'Don’t'  go\n— Zoë ", "don't go zoe"),
            ("The U.S. and the U.K.", "the us and the uk"),
            ("1,000 at 3.5%, 4 percent.", "1000 at 3.5 percent 4 percent"),
            ("co-operate.Now", "co operate now"),
            ("«Ça va?»", "ca va"),
            ("ﬁne Ⅳ", "fine iv"),
            ("…", ""),
            ("%", "percent"),
        ] {
            assert_eq!(normal(text), expected, "{text}");
        }
    }

    #[test]
    fn a_word_has_one_number() {
        let mut vocabulary = Vocabulary::default();
        assert_eq!(*vocabulary.numbers("a rose is a rose"), [0, 1, 2, 0, 1]);
        assert!(vocabulary.numbers("").is_empty());
    }
}
