//! Whether a content stands in quotation marks.

use crate::document::{Byte, Span};
use crate::quotations::Quoted;
use crate::statement::Mode;

/// Words that may stand outside the marks of a content that is quoted all the same: `that "…"`, `to "…"`.
const OUTSIDE: [&str; 8] = ["that", "to", "as", "of", "a", "an", "the", "and"];

/// The mode of a content: direct if nothing but a connecting word and punctuation stands outside quotation marks,
/// mixed if some of it stands inside.
pub(super) fn mode(text: &str, content: &[Span<Byte>], quoted: &Quoted) -> Mode {
    let mut inside = false;
    let mut outside = false;
    for &part in content {
        let mut at = part.start;
        while at < part.end {
            let rest = Span::new(at, part.end);
            match quoted.next(rest) {
                Some(quotation) => {
                    inside = true;
                    outside |= has_words(Span::new(at, quotation.start).of(text));
                    at = quotation.end.max(at + 1);
                }
                None => {
                    outside |= has_words(rest.of(text));
                    break;
                }
            }
        }
    }
    match (inside, outside) {
        (true, false) => Mode::Direct,
        (true, true) => Mode::Mixed,
        (false, _) => Mode::Indirect,
    }
}

/// Whether `text` has a word that does more than connect.
fn has_words(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .any(|word| !OUTSIDE.contains(&word.to_lowercase().as_str()))
}
