//! The words that the forms of bylines, credits and datelines are made of.

use regex::Regex;

use super::agencies::{PICTURES, WIRE};

/// A capital letter. The classes of Unicode would make the expressions fifty times as large.
const UPPER: &str = "[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĻŁŃŅŇŌŐŒŘŚŞŠŢŤŪŮŰŹŻŽȘȚ]";
/// A letter of the Latin alphabet.
const LETTER: &str = "[A-Za-zÀ-ÖØ-öø-ɏ\u{300}-\u{36f}]";
/// A capitalised word of a name.
const NAME: &str = "UPPER[LETTER.'’-]*";
/// Small words inside names and lists of names.
const LINK: &str = "(?:and|&|de|da|del|di|du|la|le|van|von|der|den|bin|ibn|al|el|of|the|for|in|at|with|from)";
/// What separates the names of a list.
const GAP: &str = r"[\s,;/|·•–—-]+";

/// The start or end of a word.
const EDGE: &str = r"(?-u:\b)";

/// Compiles a pattern in which the names of the constants here and in [`super::agencies`] stand for their expressions.
pub(super) fn pattern(form: &str) -> Regex {
    let parts = [
        ("WIRE", WIRE),
        ("PICTURES", PICTURES),
        ("NAME", NAME),
        ("LINK", LINK),
        ("GAP", GAP),
        ("EDGE", EDGE),
        ("UPPER", UPPER),
        ("LETTER", LETTER),
    ];
    let form = parts.iter().fold(form.to_owned(), |form, (name, part)| form.replace(name, part));
    // All forms are constants, and the tests of the modules that hold them compile every one.
    Regex::new(&form).expect("a constant pattern compiles")
}
