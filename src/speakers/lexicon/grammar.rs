//! Function words and the commonest verbs.

/// Articles, demonstratives and possessives that open a definite description.
const DEFINITE: &[&str] =
    &["her", "his", "its", "my", "our", "such", "that", "the", "their", "these", "this", "those", "whose", "your"];

const INDEFINITE: &[&str] = &["a", "an", "another", "one"];

/// Words before a noun that count and do not describe.
const QUANTIFIERS: &[&str] = &[
    "all", "any", "both", "certain", "each", "either", "every", "few", "many", "more", "most", "multiple", "neither",
    "no", "numerous", "several", "some", "various",
];

/// Nouns and adjectives that end like an adverb.
const NO_ADVERBS: &[&str] = &[
    "anomaly",
    "assembly",
    "bully",
    "daily",
    "elderly",
    "family",
    "monopoly",
    "monthly",
    "quarterly",
    "reply",
    "supply",
    "weekly",
];

const NUMERALS: &[&str] = &[
    "dozen", "eight", "eleven", "five", "four", "hundred", "million", "nine", "seven", "six", "ten", "thousand",
    "three", "twelve", "two",
];

const PREPOSITIONS: &[&str] = &[
    "about",
    "across",
    "after",
    "against",
    "along",
    "among",
    "around",
    "as",
    "at",
    "before",
    "behind",
    "between",
    "by",
    "close",
    "during",
    "for",
    "from",
    "in",
    "including",
    "inside",
    "into",
    "near",
    "of",
    "on",
    "outside",
    "over",
    "since",
    "such",
    "than",
    "through",
    "throughout",
    "to",
    "toward",
    "towards",
    "under",
    "until",
    "via",
    "with",
    "within",
    "without",
];

const CLAUSE_OPENERS: &[&str] = &["that", "when", "where", "which", "while", "who", "whom", "whose"];

const CONJUNCTIONS: &[&str] = &["and", "but", "nor", "or"];

/// Words of names that carry no meaning of their own and leave no letter in an acronym.
const SMALL: &[&str] = &[
    "&", "a", "an", "and", "at", "de", "del", "des", "du", "et", "for", "in", "la", "le", "of", "on", "the", "to",
    "und",
];

/// Finite verbs that end a noun phrase before a name.
const VERBS: &[&str] = &[
    "added", "are", "asked", "be", "became", "been", "believes", "called", "can", "could", "did", "do", "does", "had",
    "has", "have", "is", "may", "might", "must", "replied", "reported", "reports", "said", "say", "says", "should",
    "stated", "than", "then", "told", "was", "were", "will", "would", "wrote",
];

/// Plurals that are not made with -s.
pub(super) const IRREGULAR_PLURALS: &[(&str, &str)] = &[
    ("alumni", "alumnus"),
    ("attorneys", "attorney"),
    ("children", "child"),
    ("criteria", "criterion"),
    ("data", "datum"),
    ("men", "man"),
    ("people", "person"),
    ("policemen", "policeman"),
    ("spokesmen", "spokesman"),
    ("spokespeople", "spokesperson"),
    ("spokeswomen", "spokeswoman"),
    ("wives", "wife"),
    ("women", "woman"),
];

/// Words for many of something, or some: "a team of scientists" are scientists.
const COLLECTIVE: &[&str] =
    &["coalition", "couple", "dozen", "group", "handful", "majority", "number", "pair", "panel", "team", "trio"];

/// Words before a number that make it less exact, or stress it.
const HEDGES: &[&str] = &[
    "about",
    "almost",
    "approximately",
    "around",
    "as",
    "at",
    "barely",
    "estimated",
    "exactly",
    "fully",
    "just",
    "least",
    "many",
    "more",
    "nearly",
    "only",
    "over",
    "roughly",
    "some",
    "than",
];

/// Words that set somebody apart from those spoken of.
const CONTRASTING: &[&str] = &["another", "opposing", "other", "rival", "separate"];

/// Words that say nothing of who is meant.
const NONCOMMITTAL: &[&str] = &["differing", "same", "unidentified", "unnamed", "varying"];

const CALENDAR: &[&str] = &[
    "april",
    "august",
    "december",
    "february",
    "friday",
    "january",
    "july",
    "june",
    "march",
    "may",
    "monday",
    "november",
    "october",
    "saturday",
    "september",
    "sunday",
    "thursday",
    "tuesday",
    "wednesday",
];

/// Words for the present in a possessive: "today's ruling".
const DAYS: &[&str] = &["today", "tomorrow", "tonight", "yesterday"];

const TIME_ZONES: &[&str] = &[
    "bst", "cdt", "cest", "cet", "cst", "edt", "eest", "eet", "est", "gmt", "hst", "ist", "jst", "mdt", "mst", "pdt",
    "pst", "utc",
];

/// What somebody was or is to be, before a title or a name.
const STATES: &[&str] = &["former", "incoming", "late", "outgoing", "retired", "then", "veteran"];

/// Words before an office that make it another.
const RANKS: &[&str] = &["assistant", "associate", "deputy", "ex", "former", "junior", "vice"];

fn has(list: &[&str], word: &str) -> bool {
    list.binary_search(&word).is_ok()
}

/// "the", "this", "his": the phrase means something known.
pub(in super::super) fn is_definite(word: &str) -> bool {
    has(DEFINITE, word)
}

/// "a", "another": the phrase brings something new.
pub(in super::super) fn is_indefinite(word: &str) -> bool {
    has(INDEFINITE, word)
}

/// "some", "several", "neither".
pub(in super::super) fn is_quantifier(word: &str) -> bool {
    has(QUANTIFIERS, word)
}

/// "two", "40", "thousand": a number above one.
pub(in super::super) fn is_numeral(word: &str) -> bool {
    let digits = word.starts_with(|c: char| c.is_ascii_digit()) && word.chars().all(|c| c.is_ascii_digit() || c == ',');
    // Four digits are a year more often than a count.
    digits && word != "1" && word.len() != 4 || has(NUMERALS, word)
}

/// "calmly": an adverb by its ending.
pub(in super::super) fn is_adverb(word: &str) -> bool {
    word.len() > 4 && word.ends_with("ly") && !has(NO_ADVERBS, word)
}

/// Any word that can open a noun phrase and is no part of the canonical name.
pub(in super::super) fn is_determiner(word: &str) -> bool {
    is_definite(word) || is_indefinite(word) || is_quantifier(word)
}

/// "of", "for", "including".
pub(in super::super) fn is_preposition(word: &str) -> bool {
    has(PREPOSITIONS, word)
}

/// "who", "which": a relative clause follows.
pub(in super::super) fn is_clause_opener(word: &str) -> bool {
    has(CLAUSE_OPENERS, word)
}

/// "and", "or".
pub(in super::super) fn is_conjunction(word: &str) -> bool {
    has(CONJUNCTIONS, word)
}

/// "of", "and" inside a name.
pub(in super::super) fn is_small(word: &str) -> bool {
    has(SMALL, word)
}

/// A verb that cannot stand inside a noun phrase.
pub(in super::super) fn is_verb(word: &str) -> bool {
    has(VERBS, word)
}

/// "team", "group": the noun after "of" says who they are.
pub(in super::super) fn is_collective(word: &str) -> bool {
    has(COLLECTIVE, word)
}

/// "nearly", "fully": before a number.
pub(in super::super) fn is_hedge(word: &str) -> bool {
    has(HEDGES, word)
}

/// "other", "rival": nobody spoken of so far.
pub(in super::super) fn is_contrasting(word: &str) -> bool {
    has(CONTRASTING, word)
}

/// "unnamed": dropped from a canonical name.
pub(in super::super) fn is_noncommittal(word: &str) -> bool {
    has(NONCOMMITTAL, word)
}

/// Months and days of the week.
pub(in super::super) fn is_calendar(word: &str) -> bool {
    has(CALENDAR, word)
}

/// "today", "Friday".
pub(in super::super) fn is_day(word: &str) -> bool {
    has(DAYS, word) || word.ends_with("day") && is_calendar(word)
}

/// "edt", "utc".
pub(in super::super) fn is_time_zone(word: &str) -> bool {
    has(TIME_ZONES, word)
}

/// "former", "retired".
pub(in super::super) fn is_state(word: &str) -> bool {
    has(STATES, word)
}

/// "former", "vice", "deputy".
pub(in super::super) fn is_rank(word: &str) -> bool {
    has(RANKS, word)
}

/// "itself", "themselves".
pub(in super::super) fn is_reflexive(word: &str) -> bool {
    matches!(word, "herself" | "himself" | "itself" | "themselves")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_for_binary_search() {
        for list in [
            DEFINITE,
            INDEFINITE,
            QUANTIFIERS,
            NO_ADVERBS,
            NUMERALS,
            PREPOSITIONS,
            CLAUSE_OPENERS,
            CONJUNCTIONS,
            SMALL,
            VERBS,
            COLLECTIVE,
            HEDGES,
            CONTRASTING,
            NONCOMMITTAL,
            CALENDAR,
            DAYS,
            TIME_ZONES,
            STATES,
            RANKS,
        ] {
            assert!(list.is_sorted(), "{list:?}");
        }
    }
}
