//! Names of bodies and countries: short forms, acronyms, aliases.

use std::collections::HashMap;
use std::ops::Range;

use super::cluster::{CANDIDATES, Clusters, Form, Named, fullest};
use super::lexicon;
use super::names::Mention;
use super::words::Words;
use crate::decode::NameKind;

/// Adds the bodies, places and other named things to `clusters`.
pub(super) fn cluster(words: &Words, mentions: &[Mention], forms: &[&Form], clusters: &mut Clusters) {
    let mut bodies = Bodies {
        words,
        bodies: Vec::new(),
        by_head: HashMap::new(),
        by_first: HashMap::new(),
        acronyms: HashMap::new(),
        countries: HashMap::new(),
        exact: HashMap::new(),
    };
    let explicit = explicit_acronyms(words, mentions);
    let mut order: Vec<(Spelling, &&Form)> =
        forms.iter().map(|form| (Spelling::new(words, mentions, form), form)).collect();
    order.sort_by_key(|(spelling, form)| (std::cmp::Reverse(spelling.content.len()), form.mentions.first().copied()));
    // Acronyms wait until every name they may stand for is known.
    let (short, long): (Vec<_>, Vec<_>) = order.into_iter().partition(|(spelling, _)| spelling.content.len() <= 1);
    for (spelling, form) in long {
        bodies.add(spelling, form, None);
    }
    for (spelling, form) in short {
        let stands_for = form.words.first().and_then(|word| explicit.get(word));
        bodies.add(spelling, form, stands_for.map(|&mention| mentions[mention].form(words)));
    }
    bodies.finish(mentions, clusters);
}

/// What a body's name is compared by.
#[derive(Debug, Clone)]
pub(super) struct Spelling {
    /// The folded words that carry meaning, countries written out.
    pub content: Vec<String>,
    /// The first letters of all words, small ones too.
    initials: String,
    /// The word that says what sort of body it is: the last, or the one before "of".
    head: String,
    pub country: Option<&'static str>,
}

impl Spelling {
    fn new(words: &Words, mentions: &[Mention], form: &Form) -> Self {
        Self::at(words, form.mentions.first().map_or(0..0, |&m| mentions[m].tokens.clone()))
    }

    /// What the name that these tokens spell is compared by.
    pub fn at(words: &Words, tokens: Range<usize>) -> Self {
        let folds: Vec<&str> = tokens.filter(|&i| words.is_word(i)).map(|i| words.fold(i)).collect();
        let mut content = Vec::new();
        for fold in folds.iter().filter(|fold| !lexicon::is_small(fold)) {
            match *fold {
                "us" | "usa" if folds.len() > 1 => content.extend(["united".to_string(), "states".to_string()]),
                "uk" if folds.len() > 1 => content.extend(["united".to_string(), "kingdom".to_string()]),
                other => content.push(other.to_string()),
            }
        }
        let head = match folds.iter().position(|fold| *fold == "of" || *fold == "for") {
            Some(at) if at > 0 => folds[at - 1].to_string(),
            _ => folds.last().map_or(String::new(), |fold| (*fold).to_string()),
        };
        let country = lexicon::country(&folds.join(" "));
        let initials = folds.iter().filter_map(|fold| fold.chars().next()).collect();
        Self { content, initials, head, country }
    }

    /// Whether this name is a shortened form of `full`.
    fn shortens(&self, full: &Self) -> bool {
        let inside = self.content.iter().all(|word| full.content.contains(word));
        let same_length = self.content.len() == full.content.len();
        let tail = full.content.strip_prefix(self.content.as_slice());
        let known = lexicon::noun(&self.head).is_some() || lexicon::is_masthead(&self.head);
        let telling = self.content.len() > 1 || known;
        inside && (same_length || self.head == full.head && telling)
            || tail.is_some_and(|tail| {
                tail.iter().all(|word| lexicon::is_company_suffix(word) || lexicon::is_dropped(word))
            })
    }

    /// The acronyms that the name can have.
    pub fn acronyms(&self) -> Vec<String> {
        let letters = |words: &[String]| words.iter().filter_map(|word| word.chars().next()).collect::<String>();
        let all = letters(&self.content);
        let mut acronyms = vec![all.clone(), self.initials.clone()];
        if let Some((_, rest)) = self.content.split_last().filter(|(last, _)| lexicon::is_company_suffix(last)) {
            acronyms.push(letters(rest));
        }
        for i in 1..all.chars().count() {
            let (head, tail): (String, String) = (all.chars().take(i).collect(), all.chars().skip(i).collect());
            acronyms.push(format!("{head}&{tail}"));
            if let Some(shorter) = acronyms.get(2).filter(|a| !a.contains('&') && i < a.len()).cloned() {
                let (head, tail): (String, String) =
                    (shorter.chars().take(i).collect(), shorter.chars().skip(i).collect());
                acronyms.push(format!("{head}&{tail}"));
            }
        }
        // "ICE" for "U.S. Immigration and Customs Enforcement", "DOJ" for "Justice Department".
        if let ["united", "states" | "kingdom", rest @ ..] =
            self.content.iter().map(String::as_str).collect::<Vec<_>>().as_slice()
        {
            acronyms.push(rest.iter().filter_map(|word| word.chars().next()).collect());
        }
        if let [subject, head] = self.content.as_slice()
            && head == "department"
        {
            acronyms.extend(subject.chars().next().map(|letter| format!("do{letter}")));
        }
        acronyms.retain(|acronym| acronym.chars().count() > 1);
        acronyms
    }
}

/// "Federal Security Service (FSB)": for the word in brackets, the mention before them.
pub(super) fn explicit_acronyms(words: &Words, mentions: &[Mention]) -> HashMap<u32, usize> {
    let mut explicit = HashMap::new();
    for (i, mention) in mentions.iter().enumerate() {
        let open = mention.tokens.end;
        let stands = words.fold(open) == "(" && words.is_capitalised(open + 1) && words.fold(open + 2) == ")";
        if stands && mention.kind != NameKind::Person && mention.tokens.len() > 1 {
            explicit.entry(words.tokens[open + 1].id).or_insert(i);
        }
    }
    explicit
}

#[derive(Debug)]
struct Body {
    spelling: Spelling,
    kind: NameKind,
    mentions: Vec<usize>,
}

struct Bodies<'w, 't> {
    words: &'w Words<'t>,
    bodies: Vec<Body>,
    by_head: HashMap<String, Vec<usize>>,
    by_first: HashMap<String, Vec<usize>>,
    acronyms: HashMap<String, usize>,
    countries: HashMap<&'static str, usize>,
    exact: HashMap<Vec<u32>, usize>,
}

impl Bodies<'_, '_> {
    fn add(&mut self, spelling: Spelling, form: &Form, stands_for: Option<Vec<u32>>) {
        let known = stands_for
            .and_then(|full| self.exact.get(&full).copied())
            .or_else(|| spelling.country.and_then(|country| self.countries.get(country).copied()))
            .or_else(|| self.find_full(&spelling, form));
        let body = known.unwrap_or_else(|| self.new_body(spelling, form));
        self.bodies[body].mentions.extend(&form.mentions);
        self.exact.insert(form.words.clone(), body);
    }

    fn find_full(&self, spelling: &Spelling, form: &Form) -> Option<usize> {
        if spelling.country.is_some() || form.kind == NameKind::Location && lexicon::noun(&spelling.head).is_none() {
            return None;
        }
        let clipped = (spelling.content == ["fed"]).then(|| self.by_first.get("federal")).flatten();
        if let Some(body) = clipped.and_then(|bodies| bodies.iter().find(|&&body| self.is_federal_reserve(body))) {
            return Some(*body);
        }
        if spelling.content.len() <= 1
            && let Some(&body) = spelling.content.first().and_then(|word| self.acronyms.get(word))
        {
            return Some(body);
        }
        let by_head = self.by_head.get(&spelling.head);
        let by_first = spelling.content.first().and_then(|first| self.by_first.get(first));
        let candidates = by_head.into_iter().chain(by_first).flatten();
        candidates.copied().find(|&body| {
            let full = &self.bodies[body];
            full.spelling.country.is_none() && spelling.shortens(&full.spelling)
        })
    }

    fn is_federal_reserve(&self, body: usize) -> bool {
        self.bodies[body].spelling.content.starts_with(&["federal".to_string(), "reserve".to_string()])
    }

    fn new_body(&mut self, spelling: Spelling, form: &Form) -> usize {
        let body = self.bodies.len();
        if let Some(country) = spelling.country {
            self.countries.insert(country, body);
        }
        if spelling.content.len() > 1 {
            push(&mut self.by_head, &spelling.head, body);
            if let Some(first) = spelling.content.first() {
                push(&mut self.by_first, first, body);
            }
            if form.kind != NameKind::Location && spelling.content.len() < 12 {
                for acronym in spelling.acronyms() {
                    self.acronyms.entry(acronym).or_insert(body);
                }
            }
        }
        self.bodies.push(Body { spelling, kind: form.kind, mentions: Vec::new() });
        body
    }

    fn finish(self, mentions: &[Mention], clusters: &mut Clusters) {
        for mut body in self.bodies {
            body.mentions.sort_unstable();
            for &mention in &body.mentions {
                clusters.of_mention[mention] = Some(clusters.entities.len());
            }
            // "America" is how its people call a country that has a name.
            let proper = |&&mention: &&usize| self.words.fold(mentions[mention].tokens.start) != "america";
            let mut spelled: Vec<usize> = body.mentions.iter().filter(proper).copied().collect();
            if spelled.is_empty() || body.spelling.country.is_none() {
                spelled.clone_from(&body.mentions);
            }
            let mut name = fullest(self.words, mentions, &spelled).to_string();
            if let Some(country) = body.spelling.country
                && is_written(self.words, mentions, &body.mentions, country)
            {
                name = country.to_string();
            }
            clusters.entities.push(Named { kind: body.kind, name, gender: None });
        }
    }
}

/// Whether one of the mentions spells `name`.
fn is_written(words: &Words, mentions: &[Mention], of: &[usize], name: &str) -> bool {
    of.iter().any(|&i| words.of(&mentions[i].tokens).eq_ignore_ascii_case(name))
}

fn push(index: &mut HashMap<String, Vec<usize>>, word: &str, body: usize) {
    let candidates = index.entry(word.to_string()).or_default();
    if candidates.len() < CANDIDATES {
        candidates.push(body);
    }
}
