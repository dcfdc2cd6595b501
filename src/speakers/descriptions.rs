//! Which entity a description means: a scored choice among those the text says something like it of.

use std::collections::HashMap;
use std::ops::Range;

use super::SpeakerType;
use super::cast::{Cast, Member};
use super::lexicon::{self, Gender};
use super::phrase::{Description, Determiner};
use super::places::Place;
use super::words::Words;
use crate::decode::NameKind;

/// Traits that are looked at on either side of a description.
const WINDOW: usize = 12;

/// Mentions that are looked back at for an entity of which nothing is said.
const LOOK_BACK: usize = 40;

/// Something the text says an entity is.
#[derive(Debug, Clone)]
pub(super) struct Trait {
    pub entity: usize,
    /// The token where it is said.
    pub at: usize,
    /// The head noun, in the singular.
    pub head: String,
    /// Its set of near-synonyms.
    pub set: Option<usize>,
    /// Numbers of the other words.
    pub modifiers: Vec<u32>,
    /// The words, if they make a title.
    pub tokens: Option<Range<usize>>,
    pub gender: Option<Gender>,
}

impl Trait {
    /// That `entity` is what `description` says.
    pub fn new(entity: usize, description: &Description, is_title: bool) -> Self {
        Self {
            entity,
            at: description.tokens.start,
            head: description.head.clone(),
            set: description.noun.and_then(|noun| noun.set),
            modifiers: description.modifiers.clone(),
            tokens: is_title.then(|| description.tokens.clone()),
            gender: description.noun.and_then(|noun| noun.gender),
        }
    }
}

/// Traits in text order, found by their noun or its synonyms.
#[derive(Debug, Default)]
struct Index {
    traits: Vec<Trait>,
    by_head: HashMap<String, Vec<usize>>,
    by_set: HashMap<usize, Vec<usize>>,
}

impl Index {
    fn push(&mut self, new: Trait) {
        let number = self.traits.len();
        self.by_head.entry(new.head.clone()).or_default().push(number);
        if let Some(set) = new.set {
            self.by_set.entry(set).or_default().push(number);
        }
        self.traits.push(new);
    }

    fn near<'i>(&'i self, list: Option<&'i Vec<usize>>, at: usize) -> impl Iterator<Item = &'i Trait> {
        let list = list.map_or(&[][..], Vec::as_slice);
        let middle = list.partition_point(|&number| self.traits[number].at < at);
        let from = middle.saturating_sub(WINDOW);
        let to = (middle + WINDOW).min(list.len());
        list[from..to].iter().map(|&number| &self.traits[number])
    }

    fn candidates<'i>(&'i self, description: &Description, at: usize) -> impl Iterator<Item = &'i Trait> {
        let by_set = description.noun.and_then(|noun| noun.set).and_then(|set| self.by_set.get(&set));
        self.near(self.by_head.get(&description.head), at).chain(self.near(by_set, at))
    }
}

/// Everything known of the entities of a text.
#[derive(Debug, Default)]
pub(super) struct Knowledge {
    /// What stands beside names, known from the start.
    told: Index,
    /// Descriptions met on the way.
    met: Index,
}

impl Knowledge {
    /// Knowledge of these traits, which are in text order.
    pub fn new(traits: Vec<Trait>) -> Self {
        let mut knowledge = Self::default();
        for told in traits {
            knowledge.told.push(told);
        }
        knowledge
    }

    /// Takes in a description met in text order.
    pub fn meet(&mut self, met: Trait) {
        self.met.push(met);
    }

    /// The entity that stands beside `description` by name.
    pub fn told_at(&self, description: &Description) -> Option<usize> {
        let token = description.tokens.start;
        let at = self.told.traits.partition_point(|told| told.at < token);
        let here = self.told.traits[at..].iter().take(4).take_while(|told| told.at == token);
        here.filter(|told| told.tokens.as_ref() == Some(&description.tokens)).map(|told| told.entity).next()
    }

    /// What is said near `description` in words like its own.
    pub fn told_near(&self, description: &Description) -> impl Iterator<Item = &Trait> {
        let at = description.tokens.start;
        self.told.candidates(description, at).chain(self.met.candidates(description, at))
    }

    /// The entity that `description` means, if the text shows one.
    pub fn choose(&self, description: &Description, scene: &Scene) -> Option<usize> {
        let mut best: Option<(f32, usize)> = None;
        for candidate in self.told_near(description) {
            let score = scene.score(description, candidate);
            if score > best.map_or(scene.threshold(description), |(best, _)| best) {
                best = Some((score, candidate.entity));
            }
        }
        best.map(|(_, entity)| entity).or_else(|| scene.by_kind_alone(description))
    }
}

/// What a choice looks at besides the traits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'a> {
    pub words: &'a Words<'a>,
    pub places: &'a [Place],
    pub cast: &'a Cast,
    /// Where each entity is mentioned by name first.
    pub first_named: &'a [Option<usize>],
}

impl Scene<'_> {
    pub fn place(&self, token: usize) -> Place {
        self.places.get(token).copied().unwrap_or_default()
    }

    /// The least score at which a description is taken to mean something already (or later) described.
    pub fn threshold(&self, description: &Description) -> f32 {
        let headline = self.place(description.tokens.start).headline;
        match description.determiner {
            Determiner::Definite => 1.3,
            Determiner::None if headline => 1.7,
            Determiner::None if !description.plural => 1.9,
            Determiner::None => 2.4,
            Determiner::Indefinite | Determiner::Quantified => 2.9,
        }
    }

    pub fn score(&self, description: &Description, candidate: &Trait) -> f32 {
        let member = &self.cast.members[candidate.entity];
        if !self.may_be(description, candidate, member) {
            return 0.0;
        }
        let synonym = if member.kind == SpeakerType::Organization { 1.6 } else { 2.0 };
        let mut score = if description.head == candidate.head { 3.0 } else { synonym };
        if self.is_announced(description, candidate) {
            score += 1.0;
        }
        let shared = description.modifiers.iter().filter(|m| candidate.modifiers.contains(m)).count();
        score += 0.8 * shared.min(3) as f32;
        let unmatched = description.modifiers.len() - shared;
        let penalty = if candidate.modifiers.is_empty() { 0.1 } else { 0.25 };
        score -= penalty * unmatched.min(4) as f32;
        if self.countries_differ(description, candidate) {
            score -= 2.0;
        }
        score -= self.rank_cost(description, candidate);
        if let (Some(gender), true) = (description.noun.and_then(|noun| noun.gender), member.gender != 0.0) {
            score += if member.agrees(gender) < 0.0 { -3.0 } else { 0.3 };
        }
        let here = self.place(description.tokens.start);
        let there = self.place(candidate.at);
        let distance = here.sentence.abs_diff(there.sentence) as f32;
        score -= 0.04 * distance.min(20.0);
        let unnamed_yet = self
            .first_named
            .get(candidate.entity)
            .copied()
            .flatten()
            .is_some_and(|first| first > description.tokens.start);
        if unnamed_yet && !here.headline {
            score -= 0.2;
        }
        score
    }

    fn may_be(&self, description: &Description, candidate: &Trait, member: &Member) -> bool {
        let kind = description.kind();
        let issued = kind == Some(SpeakerType::Document) && member.kind != SpeakerType::Document;
        if issued && description.head != candidate.head {
            return false;
        }
        if description.modifiers.iter().any(|&id| lexicon::is_contrasting(self.words.folded_id(id))) {
            return false;
        }
        if !issued && kind.is_some_and(|kind| kind != member.kind) {
            return false;
        }
        if member.named.is_none() && !issued {
            // Two descriptions are of one entity if neither says what the other does not, or the later is definite.
            let same = description.modifiers.iter().all(|m| candidate.modifiers.contains(m));
            let back = description.determiner == Determiner::Definite
                && candidate.modifiers.iter().all(|m| description.modifiers.contains(m));
            let equal = same && description.modifiers.len() == candidate.modifiers.len();
            if self.is_announced(description, candidate) {
                return true;
            }
            return match description.determiner {
                Determiner::Definite => same || back,
                // "Officials" are those of "local officials" no more than any others.
                Determiner::None => same && description.head == candidate.head && (!description.plural || equal),
                Determiner::Quantified => equal,
                Determiner::Indefinite => equal && description.plural,
            };
        }
        if description.determiner == Determiner::Indefinite && !issued {
            return self
                .first_named
                .get(candidate.entity)
                .copied()
                .flatten()
                .is_some_and(|first| first > description.tokens.start);
        }
        true
    }

    /// A headline says first, and short, what the text then says in full.
    pub fn is_announced(&self, description: &Description, candidate: &Trait) -> bool {
        self.place(candidate.at).headline
            && !self.place(description.tokens.start).headline
            && candidate.modifiers.iter().all(|m| description.modifiers.contains(m))
            && description.determiner != Determiner::Quantified
    }

    pub fn countries_differ(&self, description: &Description, candidate: &Trait) -> bool {
        let country = |modifiers: &[u32]| {
            modifiers.iter().find_map(|&id| {
                let word = self.words.folded_id(id);
                lexicon::demonym_of(word).or_else(|| lexicon::country(word))
            })
        };
        match (country(&description.modifiers), country(&candidate.modifiers)) {
            (Some(a), Some(b)) => a != b,
            _ => false,
        }
    }

    /// "The president" is no vice president nor a former one; "the former president" may be called president elsewhere.
    pub fn rank_cost(&self, description: &Description, candidate: &Trait) -> f32 {
        let rank = |modifiers: &[u32]| {
            modifiers.iter().copied().filter(|&id| lexicon::is_rank(self.words.folded_id(id))).min()
        };
        match (rank(&description.modifiers), rank(&candidate.modifiers)) {
            (given, told) if given == told => 0.0,
            (Some(_), None) => 0.5,
            _ => 1.0,
        }
    }

    /// Whether a description is no more than a singular noun for a body: "the company", "the Oslo-based company".
    pub fn is_wide(&self, description: &Description) -> bool {
        // Where from says little.
        let from = |id: &u32| {
            let word = self.words.folded_id(*id);
            lexicon::demonym_of(word).is_some() || word.ends_with("-based")
        };
        let body = description.noun.is_some_and(|noun| noun.kind == SpeakerType::Organization);
        body && !description.plural && description.modifiers.iter().all(from)
    }

    /// Whether a named entity is of the sort that the description's noun is for; `None` if the noun tells no sort apart.
    pub fn class_fit(&self, description: &Description, member: &Member, spoke: bool) -> Option<bool> {
        let noun = description.noun?;
        let in_set = |word: &str| lexicon::noun(word).and_then(|noun| noun.set) == noun.set;
        let public = || member.name.split(' ').any(|word| lexicon::is_public_body(&word.to_lowercase()));
        let is_country = lexicon::country(&member.name.to_lowercase()).is_some();
        let body = matches!(member.named, Some(NameKind::Organization | NameKind::Misc));
        if in_set("company") || in_set("broadcaster") {
            Some(body && !public() && !is_country)
        } else if in_set("country") {
            Some(member.named.is_some() && is_country)
        } else if in_set("city") {
            Some(member.named == Some(NameKind::Location) && !is_country)
        } else if in_set("newspaper") {
            Some(body && !public() && spoke)
        } else {
            None
        }
    }

    /// For a bare definite noun of a wide meaning ("the company"), the body of that sort that was spoken of last.
    fn by_kind_alone(&self, description: &Description) -> Option<usize> {
        if !self.is_wide(description) || description.determiner != Determiner::Definite {
            return None;
        }
        let here = self.place(description.tokens.start).sentence;
        let mut best: Option<(f32, usize)> = None;
        for event in self.cast.events.iter().rev().take(LOOK_BACK) {
            let member = &self.cast.members[event.entity];
            let fits = self.class_fit(description, member, event.source) == Some(true);
            let distance = here.abs_diff(event.place.sentence) as f32;
            let score =
                1.0 - 0.1 * distance + if event.source { 0.6 } else { 0.0 } + if event.first { 0.3 } else { 0.0 };
            if fits && score > best.map_or(0.0, |(best, _)| best) {
                best = Some((score, event.entity));
            }
        }
        best.map(|(_, entity)| entity)
    }
}
