//! The learned choice of whom a description ("the ministry") means: what is looked at in each entity it may mean, and in
//! its meaning nobody known, and the scores that they get.

use super::SpeakerType;
use super::affinity::{FAR, Shares};
use super::cast::{Event, Member};
use super::descriptions::{Knowledge, Scene, Trait};
use super::lexicon;
use super::phrase::{Description, Determiner};
use super::words::Shape;
use crate::decode::{Affinities, NameKind};
use crate::model::AntecedentConfig;

/// Mentions that are looked back at.
const LOOK_BACK: usize = 48;

/// The best score by rules that tells more than a lower one.
const SURE: f32 = 4.0;

/// What is looked at in an entity that a description may mean, and in its meaning nobody known. All lie in 0..=1, or are
/// the logarithm of a count.
pub const DESCRIPTION_FEATURES: [&str; 70] = [
    "nobody",
    "nobody-told",
    "nobody-told-best",
    "nobody-on-stage",
    "definite",
    "bare",
    "nobody-definite",
    "nobody-bare",
    "nobody-plural",
    "nobody-unmodified",
    "nobody-document",
    "nobody-headline",
    "nobody-known-noun",
    "nobody-wide",
    "nobody-maker",
    "nobody-affinity-known",
    "nobody-affinity",
    "nobody-modifiers",
    "nobody-names",
    "told",
    "told-score",
    "told-best",
    "told-rules",
    "same-noun",
    "shared",
    "unmatched",
    "untold",
    "countries-differ",
    "ranks-differ",
    "gender-for",
    "gender-against",
    "announced",
    "kind-same",
    "kind-unknown",
    "is-maker",
    "named",
    "person",
    "organization",
    "place",
    "group",
    "document",
    "class-fits",
    "class-against",
    "plural",
    "unmodified",
    "modifiers",
    "names",
    "in-name",
    "noun-in-name",
    "on-stage",
    "sentence-0",
    "sentence-1",
    "sentence-2",
    "sentences",
    "same-paragraph",
    "near-source",
    "near-first",
    "near-oblique",
    "near-headline",
    "last-source",
    "source-before",
    "mentions",
    "sources",
    "firsts",
    "rank",
    "affinity-known",
    "affinity-share",
    "affinity-best-cost",
    "affinity-nearest-cost",
    "affinity-first",
];

/// How many of the features are looked at in nobody.
const NOBODY: usize = 19;

/// What is looked at in one entity, or in nobody.
pub(super) type Features = [f32; DESCRIPTION_FEATURES.len()];

/// An entity that a description may mean, or `None` for nobody known.
#[derive(Debug, Clone)]
pub(super) struct Referent {
    pub entity: Option<usize>,
    pub features: Features,
    pub score: f32,
}

/// A description in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub description: &'a Description,
    /// The first token of the phrase, its determiner if it has one.
    pub token: usize,
    /// Who made the text that the description means, by the rules.
    pub maker: Option<usize>,
    /// The entities with a name in the description: "the government of Norland".
    pub inside: &'a [usize],
}

impl Asked<'_> {
    /// Whether only somebody can be meant of whom the like is said: "Norland's party" is not Norland, nor any other body, but
    /// "the Norland Daily newspaper" may be the Norland Daily; a ministry has the word in its name, a noun that no list has
    /// says too little, and "the Queen" is as good as a name.
    fn is_told_apart(&self, scene: &Scene) -> bool {
        let words = scene.words;
        let owned = self.description.tokens.clone().any(|i| words.shape(i) == Shape::Possessive);
        let unknown = self.description.noun.is_none();
        let mut said = self.description.tokens.clone().filter(|&i| words.is_word(i));
        let called = self.description.kind() == Some(SpeakerType::Person) && said.all(|i| words.is_capitalised(i));
        owned || unknown || called || !self.inside.is_empty() || lexicon::is_named_for_its_sort(&self.description.head)
    }
}

/// Whom the description can mean, nobody known first, then the last mentioned first.
pub(super) fn referents(
    asked: &Asked,
    knowledge: &Knowledge,
    scene: &Scene,
    scorer: &AntecedentConfig,
    affinities: &Affinities,
) -> Vec<Referent> {
    let events = &scene.cast.events;
    let recent = &events[events.len().saturating_sub(LOOK_BACK)..];
    let told = told(asked.description, knowledge, scene);
    let stage = stage(recent);
    let mut entities: Vec<usize> = stage.iter().map(|seen| seen.near.entity).collect();
    let others = told.iter().map(|(of, ..)| of.entity).chain(asked.maker);
    let mut known: std::collections::HashSet<usize> = entities.iter().copied().collect();
    entities.extend(others.filter(|&entity| known.insert(entity)));
    let is_told = |entity: usize| {
        told.iter().any(|(of, score)| of.entity == entity && *score > scene.threshold(asked.description))
    };
    // Who has no other name is called so again: "the king" of a tale.
    let again = told.iter().any(|(of, score)| {
        let nameless = scene.cast.members[of.entity].named.is_none();
        nameless && of.head == asked.description.head && *score > scene.threshold(asked.description)
    });
    let untold = !again && !asked.is_told_apart(scene);
    entities.retain(|&entity| {
        can_mean(asked, &scene.cast.members[entity], entity)
            && (untold || is_told(entity) || asked.maker == Some(entity))
    });
    let best = told.iter().map(|(_, score)| *score).fold(0.0, f32::max);
    let shares = Shares::new(affinities, scene.words, asked.token, recent);
    let mut spoke = recent.iter().rev().filter(|event| event.source).map(|event| event.entity);
    let last = spoke.next();
    let before = spoke.find(|&entity| Some(entity) != last);
    let around = Around { asked, scene, told: &told, best, stage: &stage, last, before, shares };
    let nobody = Referent { entity: None, features: around.nobody(!entities.is_empty()), score: 0.0 };
    let somebody = entities.into_iter().map(|entity| Referent {
        entity: Some(entity),
        features: around.somebody(entity),
        score: 0.0,
    });
    let mut referents: Vec<Referent> = std::iter::once(nobody).chain(somebody).collect();
    for referent in &mut referents {
        referent.score = scorer.score(&referent.features);
    }
    referents
}

/// The best of `referents`; of equal ones the first.
pub(super) fn best(referents: &[Referent]) -> Option<usize> {
    let mut best: Option<&Referent> = None;
    for referent in referents {
        if best.is_none_or(|best| referent.score > best.score) {
            best = Some(referent);
        }
    }
    best.and_then(|best| best.entity)
}

/// Whether the sort of speaker allows it.
fn can_mean(asked: &Asked, member: &Member, entity: usize) -> bool {
    if lexicon::is_several(&member.name) {
        return false;
    }
    match asked.description.kind() {
        None => true,
        Some(SpeakerType::Document) => {
            member.kind == SpeakerType::Document || asked.maker == Some(entity) || member.speaks
        }
        Some(kind) => kind == member.kind,
    }
}

/// What the text says of each entity that is most like the description, with the score that the rules give it.
fn told<'k>(description: &Description, knowledge: &'k Knowledge, scene: &Scene) -> Vec<(&'k Trait, f32)> {
    let mut told: Vec<(&Trait, f32)> = Vec::new();
    for candidate in knowledge.told_near(description) {
        let score = scene.score(description, candidate);
        match told.iter_mut().find(|(known, _)| known.entity == candidate.entity) {
            Some(known) if known.1 >= score => {}
            Some(known) => *known = (candidate, score),
            None => told.push((candidate, score)),
        }
    }
    told
}

/// An entity as far as it has been seen looking back.
#[derive(Debug)]
struct Seen {
    near: Event,
    mentions: f32,
    sources: f32,
    firsts: f32,
}

fn stage(recent: &[Event]) -> Vec<Seen> {
    let mut stage: Vec<Seen> = Vec::new();
    for event in recent.iter().rev() {
        let at = stage.iter().position(|seen| seen.near.entity == event.entity).unwrap_or_else(|| {
            stage.push(Seen { near: *event, mentions: 0.0, sources: 0.0, firsts: 0.0 });
            stage.len() - 1
        });
        stage[at].mentions += 1.0;
        stage[at].sources += f32::from(u8::from(event.source));
        stage[at].firsts += f32::from(u8::from(event.first));
    }
    stage
}

/// What the features of all referents of one description share.
struct Around<'a> {
    asked: &'a Asked<'a>,
    scene: &'a Scene<'a>,
    told: &'a [(&'a Trait, f32)],
    best: f32,
    stage: &'a [Seen],
    /// Who spoke last, and who else before.
    last: Option<usize>,
    before: Option<usize>,
    shares: Option<Shares>,
}

fn yes(it: bool) -> f32 {
    f32::from(u8::from(it))
}

fn part(n: usize) -> f32 {
    n.min(3) as f32 / 3.0
}

impl Around<'_> {
    fn nobody(&self, on_stage: bool) -> Features {
        let description = self.asked.description;
        let definite = description.determiner == Determiner::Definite;
        let bare = description.determiner == Determiner::None;
        let document = description.kind() == Some(SpeakerType::Document);
        let headline = self.scene.place(self.asked.token).headline;
        let mut features = [0.0; DESCRIPTION_FEATURES.len()];
        let values = [
            1.0,
            yes(!self.told.is_empty()),
            self.best.min(SURE) / SURE,
            yes(on_stage),
            yes(definite),
            yes(bare),
            yes(definite),
            yes(bare),
            yes(description.plural),
            yes(description.modifiers.is_empty()),
            yes(document),
            yes(headline),
            yes(description.noun.is_some()),
            yes(self.scene.is_wide(description)),
            yes(self.asked.maker.is_some()),
            yes(self.shares.is_some()),
            self.shares.as_ref().map_or(0.0, |shares| shares.none),
            part(description.modifiers.len()),
            yes(!self.asked.inside.is_empty()),
        ];
        features[..values.len()].copy_from_slice(&values);
        features
    }

    fn somebody(&self, entity: usize) -> Features {
        let description = self.asked.description;
        let member = &self.scene.cast.members[entity];
        let mut features = [0.0; DESCRIPTION_FEATURES.len()];
        features[4] = yes(description.determiner == Determiner::Definite);
        features[5] = yes(description.determiner == Determiner::None);
        let mut at = NOBODY;
        let mut put = |values: &[f32]| {
            features[at..at + values.len()].copy_from_slice(values);
            at += values.len();
        };
        put(&self.said(entity, member));
        put(&self.sort(entity, member));
        put(&self.stand(entity));
        put(&self.affinity(entity));
        features
    }

    /// What the text says of it.
    fn said(&self, entity: usize, member: &Member) -> [f32; 13] {
        let description = self.asked.description;
        let Some((told, score)) = self.told.iter().find(|(told, _)| told.entity == entity) else { return [0.0; 13] };
        let shared = description.modifiers.iter().filter(|m| told.modifiers.contains(m)).count();
        let agrees = description.noun.and_then(|noun| noun.gender).map_or(0.0, |gender| member.agrees(gender));
        [
            1.0,
            score.clamp(0.0, SURE) / SURE,
            yes(*score >= self.best),
            yes(*score > self.scene.threshold(description)),
            yes(told.head == description.head),
            part(shared),
            part(description.modifiers.len() - shared),
            part(told.modifiers.len().saturating_sub(shared)),
            yes(self.scene.countries_differ(description, told)),
            self.scene.rank_cost(description, told),
            agrees.max(0.0),
            (-agrees).max(0.0),
            yes(self.scene.is_announced(description, told)),
        ]
    }

    /// What sort of speaker it is.
    fn sort(&self, entity: usize, member: &Member) -> [f32; 17] {
        let description = self.asked.description;
        let is = |kind: SpeakerType| yes(member.kind == kind);
        let spoke = self.stage.iter().any(|seen| seen.near.entity == entity && seen.sources > 0.0);
        let class = self.scene.class_fit(description, member, spoke);
        let name = member.name.to_lowercase();
        let in_name =
            |word: &str| word.len() > 2 && name.split(|c: char| !c.is_alphanumeric()).any(|other| other == word);
        let modifiers = description.modifiers.iter().map(|&id| self.scene.words.folded_id(id));
        [
            yes(description.kind() == Some(member.kind)),
            yes(description.kind().is_none()),
            yes(self.asked.maker == Some(entity)),
            yes(member.named.is_some()),
            is(SpeakerType::Person),
            is(SpeakerType::Organization),
            yes(member.named == Some(NameKind::Location)),
            is(SpeakerType::Group),
            is(SpeakerType::Document),
            yes(class == Some(true)),
            yes(class == Some(false)),
            yes(description.plural),
            yes(description.modifiers.is_empty()),
            part(description.modifiers.len()),
            yes(!self.asked.inside.is_empty()),
            part(modifiers.filter(|word| in_name(word)).count()),
            yes(in_name(&description.head)),
        ]
    }

    /// Where it was mentioned.
    fn stand(&self, entity: usize) -> [f32; 16] {
        let Some(rank) = self.stage.iter().position(|seen| seen.near.entity == entity) else { return [0.0; 16] };
        let seen = &self.stage[rank];
        let here = self.scene.place(self.asked.token);
        let sentences = here.sentence.saturating_sub(seen.near.place.sentence);
        [
            1.0,
            yes(sentences == 0),
            yes(sentences == 1),
            yes(sentences == 2),
            count(sentences),
            yes(here.paragraph == seen.near.place.paragraph),
            yes(seen.near.source),
            yes(seen.near.first),
            yes(seen.near.oblique),
            yes(seen.near.place.headline),
            yes(self.last == Some(entity)),
            yes(self.before == Some(entity)),
            seen.mentions.ln_1p(),
            seen.sources.ln_1p(),
            seen.firsts.ln_1p(),
            count(rank),
        ]
    }

    /// What the network says of it.
    fn affinity(&self, entity: usize) -> [f32; 5] {
        let Some((rank, share)) = self.shares.as_ref().and_then(|shares| shares.of(entity)) else { return [0.0; 5] };
        let cost = |difference: f32| (-difference / FAR).clamp(0.0, 1.0);
        [1.0, share.log.exp(), cost(share.best), cost(share.nearest), yes(rank == 0)]
    }
}

fn count(n: usize) -> f32 {
    (n.min(1 << 16) as f32).ln_1p()
}
