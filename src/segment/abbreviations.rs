//! Words written with a period that does not, or need not, end a sentence.

/// What the period after an abbreviation says about the end of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// Stands before the word it belongs to ("Gov.", "e.g."): its period never ends a sentence.
    Leading,
    /// Belongs to the number after it ("No. 5"): without one, its period ends the sentence.
    BeforeNumber,
    /// Stands anywhere ("Inc.", "Calif."): its period ends the sentence only where a new one clearly starts.
    Anywhere,
}

/// Looks up the word before a period, that period not included.
pub(super) fn abbreviation(word: &str) -> Option<Abbreviation> {
    let longest = 12;
    if word.len() > longest {
        return None;
    }
    let lower = word.to_lowercase();
    let listed = |list: &[&str]| list.binary_search(&lower.as_str()).is_ok();
    let capital = word.starts_with(char::is_uppercase);
    if LEADING.binary_search(&word).is_ok() || capital && listed(TITLES) {
        Some(Abbreviation::Leading)
    } else if listed(BEFORE_NUMBER) {
        Some(Abbreviation::BeforeNumber)
    } else if listed(ANYWHERE) || capital && listed(NAMES) {
        Some(Abbreviation::Anywhere)
    } else {
        None
    }
}

/// Titles and parts of names that stand before a name, in lower case.
const TITLES: &[&str] = &[
    "adm", "ald", "amb", "asst", "atty", "brig", "capt", "cmdr", "col", "comdr", "cpl", "cpt", "det", "dr", "drs",
    "fr", "ft", "gen", "gov", "govs", "hon", "insp", "lt", "ltc", "maj", "messrs", "mlle", "mme", "mr", "mrs", "ms",
    "msgr", "mt", "pfc", "pres", "prof", "profs", "pte", "pvt", "rep", "reps", "rev", "sen", "sens", "sgt", "sr", "st",
    "sta", "ste", "supt",
];

/// Words that a sentence goes on after.
const LEADING: &[&str] =
    &["approx", "b", "c", "ca", "cf", "d", "e.g", "eg", "i.e", "ie", "incl", "m", "ph", "v", "viz", "vs"];

/// Words that count what comes after them.
const BEFORE_NUMBER: &[&str] =
    &["art", "ch", "chap", "eq", "fig", "figs", "no", "nos", "op", "p", "para", "pp", "sec", "tel", "vol", "vols"];

/// Abbreviations that may end a sentence, in any case.
const ANYWHERE: &[&str] = &[
    "al", "assn", "assoc", "ave", "blvd", "bros", "co", "corp", "cos", "dept", "dist", "div", "est", "etc", "ext",
    "govt", "hwy", "inc", "intl", "jr", "llc", "ltd", "mfg", "mins", "mph", "natl", "pct", "plc", "pts", "pty", "rd",
    "univ",
];

/// Months, weekdays and states, which are other words without their capital.
const NAMES: &[&str] = &[
    "ala", "apr", "ariz", "ark", "aug", "calif", "colo", "conn", "dec", "del", "feb", "fla", "fri", "ga", "ill", "ind",
    "jan", "jul", "jun", "kan", "kans", "ky", "la", "mar", "mass", "md", "mich", "minn", "miss", "mo", "mon", "mont",
    "neb", "nebr", "nev", "nov", "oct", "okla", "ont", "ore", "pa", "penn", "que", "sat", "sep", "sept", "sun", "tenn",
    "tex", "thu", "thur", "thurs", "tue", "tues", "va", "vt", "wash", "wed", "wis", "wyo",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_for_the_binary_search() {
        for list in [TITLES, LEADING, BEFORE_NUMBER, ANYWHERE, NAMES] {
            assert!(list.is_sorted(), "{list:?}");
        }
    }

    #[test]
    fn a_month_needs_its_capital() {
        assert_eq!(abbreviation("Sun"), Some(Abbreviation::Anywhere));
        assert_eq!(abbreviation("sun"), None);
    }
}
