//! Names, titles and descriptions apart from any text: what they are compared by over documents.

use std::collections::BTreeSet;

use super::lexicon::{self, Gender};
use super::names;
use super::people;
use super::words::{Shape, Words};
use super::{SpeakerType, bodies::Spelling};
use crate::decode::NameKind;

/// Whether `name` is a proper name: one that is not in lower case throughout.
pub(crate) fn is_proper(name: &str) -> bool {
    let words = Words::new(name);
    (0..words.tokens.len()).any(|i| words.is_capitalised(i))
}

/// A name or description as [`Words`] folds it: lower case, no accents, no determiner in front.
pub(crate) fn folded(name: &str) -> String {
    let words = Words::new(name);
    let mut rest = (0..words.tokens.len()).filter(|&i| words.is_word(i)).map(|i| words.fold(i)).peekable();
    while rest.next_if(|word| lexicon::is_determiner(word)).is_some() {}
    rest.collect::<Vec<_>>().join(" ")
}

/// The name of a person without titles, honours and marks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PersonName {
    /// The folded words, given names first. A title without which a name is not complete ("Pope Francis") is one.
    pub words: Vec<String>,
    /// "jr", "iii".
    pub suffix: Option<String>,
}

impl PersonName {
    /// The name that `name` spells; `None` if it has no word.
    pub fn new(name: &str) -> Option<Self> {
        let words = Words::new(name);
        let mention = names::with_title(&words, 0..words.tokens.len(), NameKind::Person, 1.0);
        let (mut spelled, mut suffix) = (Vec::new(), None);
        for i in mention.tokens.filter(|&i| words.is_word(i)) {
            let fold = words.fold(i).to_owned();
            if lexicon::is_suffix(&fold) && !spelled.is_empty() {
                suffix = Some(fold);
            } else {
                spelled.push(fold);
            }
        }
        (!spelled.is_empty()).then_some(Self { words: spelled, suffix })
    }

    /// The last word, which a bare surname repeats.
    pub fn surname(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }

    /// Whether this says too little to tell people apart: a single word, or an initial for the given name.
    pub fn is_abbreviated(&self) -> bool {
        let is_initial = |word: &String| word.chars().count() == 1;
        self.words.len() == 1 || self.words.first().is_some_and(is_initial)
    }

    /// Whether this spells a part of `full`, or both differ in middle names only.
    pub fn is_part_of(&self, full: &Self) -> bool {
        fn words(name: &PersonName) -> Vec<&str> {
            name.words.iter().map(String::as_str).collect()
        }
        let same_suffix = self.suffix.is_none() || self.suffix == full.suffix;
        same_suffix && self.surname() == full.surname() && people::is_part(&words(self), &words(full), |word| word)
    }

    /// How much it says: words that are spelled out, all words, a suffix.
    pub fn fullness(&self) -> (usize, usize, bool) {
        let spelled = self.words.iter().filter(|word| word.chars().count() > 1).count();
        (spelled, self.words.len(), self.suffix.is_some())
    }
}

/// The name of a body: a ministry, a company, a country.
#[derive(Debug, Clone)]
pub(crate) struct BodyName {
    /// What two spellings of one name have in common: a country, or the words that carry meaning, in the order of the
    /// alphabet ("Department of State", "State Department"), without "Inc" and the like.
    pub key: Vec<String>,
    /// The acronyms that the name can have; none for a single word.
    pub acronyms: Vec<String>,
    /// The name itself, if it can be an acronym: one word in capitals.
    pub acronym: Option<String>,
}

impl BodyName {
    /// The name that `name` spells; `None` if it has no word.
    pub fn new(name: &str) -> Option<Self> {
        let words = Words::new(name);
        let is_word = |i: &usize| words.is_word(*i);
        let mut tokens = 0..words.tokens.len();
        while tokens.len() > 1 && lexicon::is_determiner(words.function(tokens.start)) {
            tokens.start += 1;
        }
        let spelling = Spelling::at(&words, tokens.clone());
        let mut only = tokens.filter(is_word);
        let acronym = only.next().filter(|&i| only.next().is_none() && words.shape(i) == Shape::Upper);
        let acronyms = if spelling.content.len() > 1 { spelling.acronyms() } else { Vec::new() };
        let mut key = spelling.content;
        while key.len() > 1 && key.last().is_some_and(|word| lexicon::is_company_suffix(word)) {
            key.pop();
        }
        key.sort_unstable();
        if let Some(country) = spelling.country {
            key = vec![country.to_owned()];
        }
        let acronym = acronym.map(|i| words.fold(i).to_owned()).filter(|_| spelling.country.is_none());
        (!key.is_empty()).then_some(Self { key, acronyms, acronym })
    }
}

/// What a title says of its bearer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Title {
    /// The title, folded; empty for a mere form of address ("Mr").
    pub whole: String,
    /// The proper names in it: the "state department" of "State Department spokesman".
    pub names: BTreeSet<String>,
    /// Whether it is that of a woman (`Some(true)`) or a man, as far as a form of address shows it.
    pub is_female: Option<bool>,
}

impl Title {
    /// What `title` says.
    pub fn new(title: &str) -> Self {
        let words = Words::new(title);
        let mut result = Self::default();
        let (mut only_address, mut run) = (true, Vec::new());
        for i in (0..words.tokens.len()).filter(|&i| words.is_word(i)) {
            let fold = words.fold(i);
            let gender = lexicon::title(fold).flatten();
            result.is_female = result.is_female.or(gender.map(|gender| gender == Gender::Female));
            only_address &= gender.is_some() || lexicon::is_determiner(fold);
            let person = lexicon::noun(fold).is_some_and(|noun| noun.kind == SpeakerType::Person);
            if words.is_capitalised(i) && lexicon::title(fold).is_none() && !person {
                run.push(fold);
            } else {
                result.add_name(&mut run);
            }
        }
        result.add_name(&mut run);
        if !only_address {
            result.whole = folded(title);
        }
        result
    }

    /// Takes in words in capitals that stand together, unless they are a mere "Ministry".
    fn add_name(&mut self, run: &mut Vec<&str>) {
        let is_name = match run.as_slice() {
            [] => false,
            [word] => lexicon::noun(word).is_none(),
            _ => true,
        };
        if is_name {
            self.names.insert(run.join(" "));
        }
        run.clear();
    }
}

/// How much a name tells: its words, of a person only those that are spelled out.
pub(crate) fn name_words(name: &str, kind: SpeakerType) -> usize {
    match kind {
        SpeakerType::Person => PersonName::new(name).map_or(0, |name| name.fullness().0),
        _ => folded(name).split(' ').count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_named_without_title_and_suffix() {
        for (name, words, suffix) in [
            ("Ned Price", "ned price", None),
            ("Dr. Zoë Lindqvist, QC", "zoe lindqvist", None),
            ("President Robert G. Mugabe", "robert g mugabe", None),
            ("Sammy Lund Jr.", "sammy lund", Some("jr")),
            ("Pope Francis", "pope francis", None),
            ("Price", "price", None),
        ] {
            let found = PersonName::new(name).unwrap();
            assert_eq!((found.words.join(" ").as_str(), found.suffix.as_deref()), (words, suffix), "{name}");
        }
        assert_eq!(PersonName::new("—"), None);
    }

    #[test]
    fn a_shorter_name_is_part_of_a_fuller_one() {
        for (short, full, expected) in [
            ("Robert Mugabe", "Robert Gabriel Mugabe", true),
            ("R. Mugabe", "Robert Mugabe", true),
            ("Mugabe", "Robert Mugabe", true),
            ("Robert", "Robert Mugabe", false),
            ("Grace Mugabe", "Robert Mugabe", false),
            ("Sammy Lund", "Sammy Lund Jr", true),
            ("Sammy Lund Sr", "Sammy Lund Jr", false),
        ] {
            let (a, b) = (PersonName::new(short).unwrap(), PersonName::new(full).unwrap());
            assert_eq!(a.is_part_of(&b), expected, "{short} in {full}");
        }
    }

    #[test]
    fn bodies_are_compared_by_the_words_that_carry_meaning() {
        let key = |name: &str| BodyName::new(name).unwrap().key;
        for (a, b) in [
            ("State Department", "Department of State"),
            ("the Acme Works", "Acme Works Inc."),
            ("U.S.", "the United States"),
            ("US State Department", "United States Department of State"),
        ] {
            assert_eq!(key(a), key(b), "{a}, {b}");
        }
        assert_ne!(key("Ministry of Energy"), key("Ministry of Justice"));
        let full = BodyName::new("Federal Security Service").unwrap();
        assert!(!full.acronyms.contains(&BodyName::new("FSB").unwrap().acronym.unwrap()));
        assert!(full.acronyms.contains(&BodyName::new("FSS").unwrap().acronym.unwrap()));
        assert_eq!(BodyName::new("Acme").unwrap().acronym, None);
    }

    #[test]
    fn a_title_shows_role_place_and_gender() {
        let title = Title::new("State Department spokesman");
        assert_eq!(title.whole, "state department spokesman");
        assert_eq!(title.names.into_iter().collect::<Vec<_>>(), ["state department"]);
        assert_eq!(Title::new("Mrs").whole, "");
        assert_eq!(Title::new("Mrs").is_female, Some(true));
        assert_eq!(Title::new("the mayor").whole, "mayor");
    }

    #[test]
    fn descriptions_are_no_proper_names() {
        assert!(is_proper("Velmark"));
        assert!(!is_proper("two residents"));
        assert_eq!(folded("The Officials"), "officials");
    }
}
