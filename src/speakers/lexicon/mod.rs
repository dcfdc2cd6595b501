//! What the stage knows of English words: one list a file, and the questions asked of them.
//!
//! All words are folded as [`super::words`] folds them: lower case, no diacritics, no dots.

mod countries;
mod documents;
mod grammar;
mod organizations;
mod persons;
mod pronouns;
mod titles;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::SpeakerType;
pub(super) use countries::{capital_of, country, demonym_of};
pub(super) use documents::{is_issued, is_unissued};
pub(super) use grammar::{
    is_adverb, is_calendar, is_clause_opener, is_collective, is_conjunction, is_contrasting, is_day, is_definite,
    is_determiner, is_hedge, is_indefinite, is_noncommittal, is_numeral, is_preposition, is_quantifier, is_rank,
    is_reflexive, is_small, is_state, is_time_zone, is_verb,
};
pub(super) use organizations::{
    is_company_suffix, is_dropped, is_legal_form, is_masthead, is_mission, is_named_for_its_sort, is_public_body,
    is_seat,
};
pub(super) use persons::{is_partisan, is_relative};
pub(super) use pronouns::{Pronoun, is_several, is_subject, pronoun};
pub(super) use titles::{is_honour, is_particle, is_regnal, is_suffix, spelled_out, title};

/// Grammatical gender, as far as a text shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gender {
    Female,
    Male,
}

/// What is known of a common noun that can head a description.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Noun {
    /// What the noun names in the singular.
    pub kind: SpeakerType,
    /// Number of the first set of near-synonyms that it is in.
    pub set: Option<usize>,
    /// The gender it implies.
    pub gender: Option<Gender>,
    /// Whether the word is a plural.
    pub plural: bool,
}

static NOUNS: LazyLock<HashMap<&'static str, Noun>> = LazyLock::new(|| {
    let mut nouns = HashMap::new();
    let lists = [
        (SpeakerType::Person, persons::SETS),
        (SpeakerType::Organization, organizations::SETS),
        (SpeakerType::Document, documents::SETS),
    ];
    let mut set = 0;
    for (kind, sets) in lists {
        for words in sets {
            for word in *words {
                let gender = persons::gender(word);
                nouns.entry(*word).or_insert(Noun { kind, set: Some(set), gender, plural: false });
            }
            set += 1;
        }
    }
    nouns
});

/// The noun that `word` is, singular or plural, if the lists have it.
pub(super) fn noun(word: &str) -> Option<Noun> {
    if let Some(noun) = NOUNS.get(word) {
        return Some(*noun);
    }
    if let Some(last) = word.rsplit_once('-').map(|(_, last)| last).filter(|last| last.len() > 3) {
        return noun(last);
    }
    let many = singular(word);
    let one = many.as_deref().unwrap_or(word);
    let listed = NOUNS.get(one).copied().or_else(|| {
        let gender = if one.ends_with("woman") { Some(Gender::Female) } else { None };
        persons::is_made_from_trade(one).then_some(Noun { kind: SpeakerType::Person, set: None, gender, plural: false })
    });
    listed.map(|noun| Noun { plural: many.is_some(), ..noun })
}

/// The singular of a word that looks like a plural, or `None`.
pub(super) fn singular(word: &str) -> Option<String> {
    if let Some((_, one)) = grammar::IRREGULAR_PLURALS.iter().find(|(many, _)| *many == word) {
        return Some((*one).to_string());
    }
    if word.len() < 4 || word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return None;
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return Some(format!("{stem}y"));
    }
    for hissing in ["ches", "shes", "xes", "sses"] {
        if word.ends_with(hissing) {
            return word.strip_suffix("es").map(str::to_string);
        }
    }
    if let Some(stem) = word.strip_suffix("smen") {
        return Some(format!("{stem}sman"));
    }
    word.strip_suffix('s').map(str::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plural_is_the_noun_it_is_the_plural_of() {
        for (many, one) in
            [("officials", "official"), ("companies", "company"), ("judges", "judge"), ("women", "woman")]
        {
            assert_eq!(singular(many).as_deref(), Some(one));
            assert_eq!(noun(many).map(|n| n.set), noun(one).map(|n| n.set), "{many}");
        }
    }

    #[test]
    fn words_that_only_end_in_s_are_no_plurals() {
        for word in ["press", "virus", "basis", "bus"] {
            assert_eq!(singular(word), None, "{word}");
        }
    }

    #[test]
    fn a_compound_is_what_its_last_part_is() {
        assert_eq!(noun("co-author").map(|n| n.set), noun("author").map(|n| n.set));
        assert_eq!(noun("vice-president").map(|n| n.kind), Some(SpeakerType::Person));
    }
}
