//! Pronouns that can stand for a speaker.

use super::Gender;

/// What a pronoun agrees with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Pronoun {
    /// "he", "her": one person.
    Third(Gender),
    /// "it": a body or a text.
    It,
    /// "they": several, a body, or one person of unknown gender.
    They,
    /// "I", "we": whoever speaks the words it stands in.
    First,
    /// "you": whoever is spoken to.
    Second,
    /// "who", "which": the noun before it.
    Relative,
    /// "some", "many", "others": several of whom no more is said.
    Several,
    /// "this", "each", "the latter": too little to go by but the words before it.
    Vague,
}

const PRONOUNS: &[(&str, Pronoun)] = &[
    ("he", Pronoun::Third(Gender::Male)),
    ("her", Pronoun::Third(Gender::Female)),
    ("hers", Pronoun::Third(Gender::Female)),
    ("herself", Pronoun::Third(Gender::Female)),
    ("him", Pronoun::Third(Gender::Male)),
    ("himself", Pronoun::Third(Gender::Male)),
    ("his", Pronoun::Third(Gender::Male)),
    ("i", Pronoun::First),
    ("it", Pronoun::It),
    ("its", Pronoun::It),
    ("itself", Pronoun::It),
    ("me", Pronoun::First),
    ("mine", Pronoun::First),
    ("my", Pronoun::First),
    ("myself", Pronoun::First),
    ("our", Pronoun::First),
    ("ours", Pronoun::First),
    ("she", Pronoun::Third(Gender::Female)),
    ("that", Pronoun::Relative),
    ("their", Pronoun::They),
    ("theirs", Pronoun::They),
    ("them", Pronoun::They),
    ("themselves", Pronoun::They),
    ("they", Pronoun::They),
    ("this", Pronoun::Vague),
    ("us", Pronoun::First),
    ("we", Pronoun::First),
    ("which", Pronoun::Relative),
    ("who", Pronoun::Relative),
    ("whom", Pronoun::Relative),
    ("whose", Pronoun::Relative),
    ("you", Pronoun::Second),
    ("your", Pronoun::Second),
];

/// The pronoun that a folded word is, contractions included: "they've".
pub(in super::super) fn pronoun(word: &str) -> Option<Pronoun> {
    let word = word
        .split_once('\'')
        .filter(|(_, ending)| matches!(*ending, "d" | "ll" | "m" | "re" | "ve"))
        .map_or(word, |(word, _)| word);
    PRONOUNS.iter().find(|(known, _)| *known == word).map(|(_, pronoun)| *pronoun)
}

/// "some", "others": several of whom no more is said.
pub(in super::super) fn is_several(word: &str) -> bool {
    matches!(word, "few" | "many" | "most" | "numerous" | "others" | "several" | "some" | "these" | "those" | "various")
}

/// "he", "they": a pronoun that is a subject.
pub(in super::super) fn is_subject(word: &str) -> bool {
    matches!(word, "he" | "i" | "she" | "they" | "we")
}
