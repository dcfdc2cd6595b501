//! People: equal full names, names that differ in middle names, and surnames with evidence.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::gathered::small;
use super::super::sets::Sets;
use super::{Evidence, join_equal, meet};
use crate::speakers::alone::{PersonName, Title};

/// Names with one surname and one first letter among which shorter and fuller forms are looked for.
const NAMESAKES: usize = 1000;

/// Quotations that two documents share before they are taken for copies of one text.
const COPIES: usize = 2;

/// Joins those of the locals that are the same person.
pub(super) fn join(evidence: &Evidence<'_>, locals: &[u32], sets: &mut Sets) {
    let mut forms: BTreeMap<PersonName, Form> = BTreeMap::new();
    for &local in locals {
        let it = &evidence.gathered.locals[local as usize];
        let Some(name) = PersonName::new(&evidence.gathered.strings[it.name as usize]) else { continue };
        let form = forms.entry(name).or_default();
        form.locals.push(local);
        form.documents.push(it.document);
    }
    let (short, full): (Vec<_>, Vec<_>) = forms.into_iter().partition(|(name, _)| name.is_abbreviated());
    for (_, form) in &full {
        form.locals.windows(2).for_each(|pair| sets.join(pair[0], pair[1]));
    }
    join_shorter(&full, sets);
    Surnames::new(evidence, &full, &short, sets).join(&short, sets);
}

/// All who are called alike, by document.
#[derive(Debug, Default)]
struct Form {
    locals: Vec<u32>,
    documents: Vec<u32>,
}

/// Joins a name with a fuller one, "Robert Mugabe" with "Robert Gabriel Mugabe", if there is just one that is no part of
/// another and no document has both.
fn join_shorter(full: &[(PersonName, Form)], sets: &mut Sets) {
    let mut namesakes: BTreeMap<_, Vec<&(PersonName, Form)>> = BTreeMap::new();
    for named in full {
        let initial = named.0.words.first().and_then(|word| word.chars().next());
        namesakes.entry((initial, named.0.surname())).or_default().push(named);
    }
    for group in namesakes.values().filter(|group| (2..=NAMESAKES).contains(&group.len())) {
        for (name, form) in group {
            let is_fuller = |other: &PersonName| other.fullness() > name.fullness() && name.is_part_of(other);
            let fuller: Vec<_> = group.iter().filter(|(other, _)| is_fuller(other)).collect();
            let is_part = |it: &PersonName| {
                fuller.iter().any(|(other, _)| other.fullness() > it.fullness() && it.is_part_of(other))
            };
            let mut fullest = fuller.iter().filter(|(it, _)| !is_part(it));
            if let (Some((_, other)), None) = (fullest.next(), fullest.next())
                && !meet(&form.documents, &other.documents)
            {
                sets.join(form.locals[0], other.locals[0]);
            }
        }
    }
}

/// Somebody whose full name is known.
#[derive(Default)]
struct Person<'f> {
    leader: u32,
    names: Vec<&'f PersonName>,
    documents: Vec<u32>,
    titles: BTreeSet<String>,
    affiliations: BTreeSet<String>,
    genders: BTreeSet<bool>,
}

/// Those who have one of the surnames by which somebody is called without a given name.
struct Surnames<'e, 'f> {
    evidence: &'e Evidence<'e>,
    titles: HashMap<u32, Title>,
    persons: Vec<Person<'f>>,
    /// Persons by surname.
    bearers: HashMap<&'f str, Vec<u32>>,
    /// A quotation, a person in whose company it stands, and whether that person makes it; sorted.
    company: Vec<(u32, u32, bool)>,
}

impl<'e, 'f> Surnames<'e, 'f> {
    fn new(
        evidence: &'e Evidence<'e>,
        full: &'f [(PersonName, Form)],
        short: &'f [(PersonName, Form)],
        sets: &Sets,
    ) -> Self {
        let wanted: BTreeSet<&str> = short.iter().map(|(name, _)| name.surname()).collect();
        let mut surnames = Self {
            evidence,
            titles: HashMap::new(),
            persons: Vec::new(),
            bearers: HashMap::new(),
            company: Vec::new(),
        };
        let mut known: HashMap<u32, u32> = HashMap::new();
        for (name, form) in full.iter().filter(|(name, _)| wanted.contains(name.surname())) {
            let leader = sets.leader(form.locals[0]);
            let person = *known.entry(leader).or_insert_with(|| {
                surnames.persons.push(Person { leader, ..Person::default() });
                let person = small(surnames.persons.len() - 1);
                surnames.bearers.entry(name.surname()).or_default().push(person);
                person
            });
            surnames.add(person, name, form);
        }
        for person in &mut surnames.persons {
            person.documents.sort_unstable();
        }
        surnames.company.sort_unstable();
        surnames.company.dedup();
        surnames
    }

    fn add(&mut self, person: u32, name: &'f PersonName, form: &Form) {
        for &local in &form.locals {
            self.company.extend(self.evidence.groups_said_by(local).map(|group| (group, person, true)));
            self.company.extend(self.evidence.groups_around(local).into_iter().map(|group| (group, person, false)));
            for title in self.titles_of(local) {
                let person = &mut self.persons[person as usize];
                person.genders.extend(title.is_female);
                person.affiliations.extend(title.names);
                if !title.whole.is_empty() {
                    person.titles.insert(title.whole);
                }
            }
        }
        let person = &mut self.persons[person as usize];
        person.names.push(name);
        person.documents.extend(&form.documents);
    }

    fn titles_of(&mut self, local: u32) -> Vec<Title> {
        let gathered = self.evidence.gathered;
        let titles = gathered.locals[local as usize].titles.iter();
        let parsed = |title: &u32| {
            self.titles.entry(*title).or_insert_with(|| Title::new(&gathered.strings[*title as usize])).clone()
        };
        titles.map(parsed).collect()
    }

    /// Joins each of those called by a surname or an initial with whoever is meant. Those for whom nobody is found are
    /// joined among themselves, if they make the same quotation or have the same title.
    fn join(mut self, short: &[(PersonName, Form)], sets: &mut Sets) {
        let mut left = Vec::new();
        for (at, (name, form)) in short.iter().enumerate() {
            for (index, &local) in form.locals.iter().enumerate() {
                // Two of one surname in a document are told apart by what other documents do not have.
                let is_only = form.documents.get(index + 1) != Some(&form.documents[index])
                    && (index == 0 || form.documents[index - 1] != form.documents[index]);
                if !is_only {
                    continue;
                }
                let titles = self.titles_of(local);
                match self.meant(name, local, &titles) {
                    Some(person) => sets.join(local, self.persons[person as usize].leader),
                    None => left.extend(self.keys(name, small(at), local, titles)),
                }
            }
        }
        join_equal(left, sets);
    }

    /// The person whom a shortened name means.
    fn meant(&self, name: &PersonName, local: u32, titles: &[Title]) -> Option<u32> {
        let bearers = self.bearers.get(name.surname())?;
        let document = self.evidence.gathered.locals[local as usize].document;
        let can_be = |person: &Person<'_>| {
            let other_gender = |title: &Title| title.is_female.is_some_and(|it| person.genders.contains(&!it));
            // A document that has both tells them apart.
            person.documents.binary_search(&document).is_err()
                && person.names.iter().any(|full| name.is_part_of(full))
                && !titles.iter().any(other_gender)
        };
        let candidates: Vec<u32> =
            bearers.iter().copied().filter(|&person| can_be(&self.persons[person as usize])).collect();
        let mut shared = candidates.iter().copied().filter(|&person| self.shares_quotations(local, person));
        match (shared.next(), shared.next()) {
            (Some(only), None) => return Some(only),
            (Some(_), Some(_)) => return None,
            _ => {}
        }
        let (&[only], [_]) = (candidates.as_slice(), bearers.as_slice()) else { return None };
        let person = &self.persons[only as usize];
        let shares =
            |title: &Title| person.titles.contains(&title.whole) || !person.affiliations.is_disjoint(&title.names);
        titles.iter().any(shares).then_some(only)
    }

    /// Whether a quotation that the local makes is made by that person in another document, or the local's document is
    /// a copy of one in which that person speaks.
    fn shares_quotations(&self, local: u32, person: u32) -> bool {
        let has = |group: u32, makes: bool| self.company.binary_search(&(group, person, makes)).is_ok();
        self.evidence.groups_said_by(local).any(|group| has(group, true))
            || self.evidence.groups_around(local).into_iter().filter(|&group| has(group, false)).count() >= COPIES
    }

    /// What a shortened name without a known bearer has in common with others of the same form.
    fn keys(&self, name: &PersonName, form: u32, local: u32, titles: Vec<Title>) -> Vec<((u32, Key), u32)> {
        let mut keys: Vec<_> =
            self.evidence.groups_said_by(local).map(|group| ((form, Key::Quotation(group)), local)).collect();
        // Where two people are known by the surname, one title may be that of both.
        if self.bearers.get(name.surname()).is_none_or(|bearers| bearers.len() < 2) {
            let titles = titles.into_iter().map(|title| title.whole).filter(|title| !title.is_empty());
            keys.extend(titles.map(|title| ((form, Key::Title(title)), local)));
        }
        keys
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Quotation(u32),
    Title(String),
}
