//! The learned choice of who a description means: an entity that the text says something like it of, one that was spoken
//! of lately, or a new one.

use super::SpeakerType;
use super::cast::{Event, Member};
use super::descriptions::{Knowledge, Scene, Trait};
use super::lexicon;
use super::phrase::{Description, Determiner};
use crate::decode::NameKind;
use crate::model::AntecedentConfig;

/// Mentions that are looked back at.
const LOOK_BACK: usize = 40;

/// What is looked at in an entity that a description may mean, in the order of the weights. Those of the description
/// itself come first, and are all that a new entity has. All lie in 0..=1 or are the logarithm of a count.
pub(crate) const FEATURES: [&str; 55] = [
    "new",
    "definite",
    "indefinite",
    "quantified",
    "bare",
    "plural",
    "describes",
    "of-person",
    "of-body",
    "of-document",
    "of-unknown",
    "in-headline",
    "wide",
    "new-definite",
    "new-indefinite",
    "new-quantified",
    "new-bare",
    "new-describes",
    "new-plural",
    "new-headline",
    "new-wide",
    "head",
    "synonym",
    "no-trait",
    "told",
    "shared",
    "unmatched",
    "trait-unmatched",
    "all-shared",
    "country-against",
    "gender-known",
    "gender-against",
    "named",
    "person",
    "body",
    "group",
    "document",
    "country",
    "place",
    "public-body",
    "sentences",
    "near",
    "same-sentence",
    "last-source",
    "spoke",
    "mentions",
    "rank",
    "only",
    "named-later",
    "announced",
    "in-name",
    "fits-company",
    "fits-country",
    "fits-city",
    "fits-outlet",
];

/// What is looked at in one candidate.
pub(crate) type Features = [f32; FEATURES.len()];

/// Somebody a description can mean.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// `None` for somebody new.
    pub entity: Option<usize>,
    pub features: Features,
    pub score: f32,
}

/// All that the description can mean, in a fixed order, a new entity first.
pub(super) fn candidates(
    description: &Description,
    knowledge: &Knowledge,
    scene: &Scene,
    weights: &AntecedentConfig,
) -> Vec<Candidate> {
    let seen = seen(description, knowledge, scene);
    let around = Around { description, scene, only: seen.iter().filter(|seen| seen.is_fit(scene)).count() == 1 };
    let candidate = |(entity, features): (Option<usize>, Features)| Candidate { entity, features, score: weights.score(&features) };
    let known = seen.iter().enumerate().map(|(rank, seen)| (Some(seen.entity), around.of(seen, rank)));
    std::iter::once((None, around.new_entity())).chain(known).map(candidate).collect()
}

/// The entity with the highest score, `None` for a new one; of equal ones the first.
pub(super) fn best(candidates: &[Candidate]) -> Option<usize> {
    let mut best: Option<&Candidate> = None;
    for candidate in candidates {
        if best.is_none_or(|best| candidate.score > best.score) {
            best = Some(candidate);
        }
    }
    best.and_then(|best| best.entity)
}

/// An entity as far as it is known where the description stands.
#[derive(Debug)]
struct Seen<'k> {
    entity: usize,
    /// What the text says of it that is most like the description.
    told: Option<(&'k Trait, bool)>,
    last: Option<Event>,
    mentions: usize,
    sources: usize,
}

impl Seen<'_> {
    fn is_fit(&self, scene: &Scene) -> bool {
        self.told.is_some() || scene.cast.members[self.entity].named.is_some()
    }
}

/// The entities that the description may mean: those of a trait like it, and those of its sort mentioned lately.
fn seen<'k>(description: &Description, knowledge: &'k Knowledge, scene: &Scene) -> Vec<Seen<'k>> {
    let mut seen: Vec<Seen> = Vec::new();
    for (told, is_told) in knowledge.near(description) {
        if !scene.may_be(description, told, &scene.cast.members[told.entity]) {
            continue;
        }
        let better = |old: &Trait| likeness(description, told, scene) > likeness(description, old, scene);
        match seen.iter_mut().find(|seen| seen.entity == told.entity) {
            Some(seen) if seen.told.is_some_and(|(old, _)| better(old)) => seen.told = Some((told, is_told)),
            Some(_) => {}
            None => seen.push(Seen { entity: told.entity, told: Some((told, is_told)), last: None, mentions: 0, sources: 0 }),
        }
    }
    for event in scene.cast.events.iter().rev().take(LOOK_BACK) {
        let known = seen.iter_mut().find(|seen| seen.entity == event.entity);
        let seen = match known {
            Some(seen) => seen,
            None if is_sort(description, &scene.cast.members[event.entity]) => {
                seen.push(Seen { entity: event.entity, told: None, last: None, mentions: 0, sources: 0 });
                let Some(new) = seen.last_mut() else { continue };
                new
            }
            None => continue,
        };
        seen.last.get_or_insert(*event);
        seen.mentions += 1;
        seen.sources += usize::from(event.source);
    }
    seen
}

/// How much a trait says what the description says: same head, words in common, nearness.
fn likeness(description: &Description, told: &Trait, scene: &Scene) -> (bool, usize, std::cmp::Reverse<usize>) {
    let shared = description.modifiers.iter().filter(|m| told.modifiers.contains(m)).count();
    let here = scene.place(description.tokens.start).sentence;
    (told.head == description.head, shared, std::cmp::Reverse(here.abs_diff(scene.place(told.at).sentence)))
}

/// Whether an entity of which nothing like the description is said can be meant by it.
fn is_sort(description: &Description, member: &Member) -> bool {
    description.determiner == Determiner::Definite
        && member.named.is_some()
        && description.noun.is_some()
        && description.kind() == Some(member.kind)
}

struct Around<'a> {
    description: &'a Description,
    scene: &'a Scene<'a>,
    only: bool,
}

impl Around<'_> {
    /// What is looked at in the description itself.
    fn base(&self) -> Features {
        let d = self.description;
        let is = |determiner: Determiner| yes(d.determiner == determiner);
        let of = |kind: SpeakerType| yes(d.noun.is_some_and(|noun| noun.kind == kind));
        let mut features = [0.0; FEATURES.len()];
        let base = [
            0.0,
            is(Determiner::Definite),
            is(Determiner::Indefinite),
            is(Determiner::Quantified),
            is(Determiner::None),
            yes(d.plural),
            count(d.modifiers.len()),
            of(SpeakerType::Person),
            of(SpeakerType::Organization),
            of(SpeakerType::Document),
            yes(d.noun.is_none()),
            yes(self.scene.place(d.tokens.start).headline),
            yes(self.is_wide()),
        ];
        features[..base.len()].copy_from_slice(&base);
        features
    }

    /// Nothing but where from is said of the body: "the Oslo-based company".
    fn is_wide(&self) -> bool {
        let words = self.scene.words;
        let from = |&id: &u32| {
            let word = words.folded_id(id);
            lexicon::demonym_of(word).is_some() || word.ends_with("-based")
        };
        self.description.modifiers.iter().all(from)
    }

    fn new_entity(&self) -> Features {
        let mut features = self.base();
        features[0] = 1.0;
        let crossed = [1, 2, 3, 4, 6, 5, 11, 12];
        for (k, base) in crossed.into_iter().enumerate() {
            features[13 + k] = features[base];
        }
        features
    }

    fn of(&self, seen: &Seen, rank: usize) -> Features {
        let (d, scene) = (self.description, self.scene);
        let member = &scene.cast.members[seen.entity];
        let here = scene.place(d.tokens.start);
        let told = seen.told.map(|(told, _)| told);
        let shared = told.map_or(0, |t| d.modifiers.iter().filter(|m| t.modifiers.contains(m)).count());
        let trait_shared = told.map_or(0, |t| t.modifiers.iter().filter(|m| d.modifiers.contains(m)).count());
        let there = seen.last.map_or(told.map_or(0, |t| scene.place(t.at).sentence), |event| event.place.sentence);
        let sentences = here.sentence.abs_diff(there);
        let gender = d.noun.and_then(|noun| noun.gender).map_or(0.0, |gender| member.agrees(gender));
        let last_source = scene.cast.events.iter().rev().find(|event| event.source).map(|event| event.entity);
        let first = scene.first_named.get(seen.entity).copied().flatten();
        let name = member.name.to_lowercase();
        let has_word = |word: &str| name.split(' ').any(|part| part == word);
        let public = name.split(' ').any(lexicon::is_public_body);
        let country = lexicon::country(&name).is_some();
        let is = |kind: SpeakerType| yes(member.kind == kind);
        let body = matches!(member.named, Some(NameKind::Organization | NameKind::Misc));
        let place = member.named == Some(NameKind::Location);
        let head_in = |words: &[&str]| {
            words.iter().any(|word| lexicon::noun(word).and_then(|noun| noun.set) == d.noun.and_then(|noun| noun.set))
        };
        let mut features = self.base();
        let own = [
            yes(told.is_some_and(|t| t.head == d.head)),
            yes(told.is_some_and(|t| t.head != d.head)),
            yes(told.is_none()),
            yes(seen.told.is_some_and(|(_, is_told)| is_told)),
            count(shared),
            count(d.modifiers.len() - shared),
            count(told.map_or(0, |t| t.modifiers.len()) - trait_shared),
            yes(told.is_some() && shared == d.modifiers.len()),
            yes(told.is_some_and(|t| scene.countries_differ(d, t))),
            gender.max(0.0),
            (-gender).max(0.0),
            yes(member.named.is_some()),
            is(SpeakerType::Person),
            is(SpeakerType::Organization),
            is(SpeakerType::Group),
            is(SpeakerType::Document),
            yes(country),
            yes(place),
            yes(public),
            count(sentences),
            yes(sentences <= 2),
            yes(sentences == 0),
            yes(last_source == Some(seen.entity)),
            yes(seen.sources > 0),
            count(seen.mentions),
            count(rank),
            yes(self.only),
            yes(first.is_some_and(|first| first > d.tokens.start)),
            yes(told.is_some_and(|t| scene.is_announced(d, t))),
            yes(has_word(&d.head) || d.modifiers.iter().any(|&id| has_word(scene.words.folded_id(id)))),
            yes(head_in(&["company", "broadcaster"]) && body && !public && !country),
            yes(head_in(&["country"]) && country),
            yes(head_in(&["city"]) && place && !country),
            yes(head_in(&["newspaper"]) && body && !public && seen.sources > 0),
        ];
        let from = FEATURES.len() - own.len();
        features[from..].copy_from_slice(&own);
        features
    }
}

fn yes(it: bool) -> f32 {
    f32::from(u8::from(it))
}

fn count(n: usize) -> f32 {
    (n.min(1 << 16) as f32).ln_1p()
}
