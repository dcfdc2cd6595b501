//! The learned choice of who a pronoun means: what is looked at in each entity on stage, and the score it gives.

use super::affinity::{FAR, Shares};
use super::cast::{Cast, Event, Member};
use super::lexicon::{self, Pronoun};
use super::places::Place;
use super::words::Words;
use super::{Learned, SpeakerType};
use crate::decode::NameKind;
use crate::document::{Byte, Span};

/// Mentions that are looked back at.
const LOOK_BACK: usize = 48;

/// What is looked at in an entity that a pronoun may mean. All lie in 0..=1 or are the logarithm of a count; those that
/// begin with "affinity" are what the network says, and 0 where it says nothing.
pub const FEATURES: [&str; 47] = [
    "bias-person",
    "bias-thing",
    "bias-several",
    "gender-known",
    "gender-against",
    "is-organization",
    "is-group",
    "is-document",
    "is-place",
    "several-person",
    "several-organization",
    "named",
    "sentence-0",
    "sentence-1",
    "sentence-2",
    "sentences",
    "tokens",
    "same-paragraph",
    "paragraph-before",
    "near-source",
    "near-first",
    "near-oblique",
    "near-quoted",
    "near-headline",
    "near-content",
    "near-pronoun",
    "last-source",
    "source-before",
    "cited",
    "mentions",
    "sources",
    "firsts",
    "rank",
    "only-candidate",
    "first-before",
    "first-here",
    "parallel",
    "oblique-both",
    "first-mentioned",
    "affinity-known",
    "affinity-share",
    "affinity-share-cost",
    "affinity-best-cost",
    "affinity-nearest-cost",
    "affinity-rank",
    "affinity-first",
    "affinity-none",
];

/// What is looked at in one entity.
pub(crate) type Features = [f32; FEATURES.len()];

/// A pronoun in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occurrence<'a> {
    pub pronoun: Pronoun,
    pub token: usize,
    pub place: Place,
    /// The words attributed to the pronoun, if it is a source.
    pub content: &'a [Span<Byte>],
    /// Who is cited by the words that the pronoun stands in, if these are known and not quoted.
    pub cited: Option<usize>,
    /// It is no subject: "him", "his".
    pub oblique: bool,
}

/// An entity that a pronoun may mean.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub entity: usize,
    pub features: Features,
    pub score: f32,
}

/// The entities among those on stage that the pronoun can mean, the last mentioned first.
pub(super) fn candidates(occurrence: &Occurrence, cast: &Cast, words: &Words, learned: Learned) -> Vec<Candidate> {
    let recent = &cast.events[cast.events.len().saturating_sub(LOOK_BACK)..];
    let mut seen: Vec<Seen> = Vec::new();
    let mut sources: Vec<usize> = Vec::new();
    for event in recent.iter().rev() {
        if event.source && !sources.contains(&event.entity) {
            sources.push(event.entity);
        }
        let far = occurrence.place.sentence.saturating_sub(event.place.sentence) > 1;
        let few = occurrence.pronoun == Pronoun::Several && far;
        if few || !can_mean(occurrence.pronoun, &cast.members[event.entity]) {
            continue;
        }
        match seen.iter_mut().find(|seen| seen.near.entity == event.entity) {
            Some(seen) => seen.again(event, occurrence, words),
            None => seen.push(Seen::new(event, occurrence, words)),
        }
    }
    let sentence_before =
        recent.iter().rev().map(|event| event.place.sentence).find(|&sentence| sentence < occurrence.place.sentence);
    let only = seen.len() == 1;
    let shares = Shares::new(learned.affinities, words, occurrence.token, recent);
    let scene = Around { occurrence, sources: &sources, sentence_before, only, shares };
    seen.iter()
        .enumerate()
        .map(|(rank, seen)| {
            let features = scene.features(seen, &cast.members[seen.near.entity], rank);
            Candidate { entity: seen.near.entity, features, score: learned.antecedents.score(&features) }
        })
        .collect()
}

/// Whether number and sort allow it; gender is left to the weights, as its evidence may be weak.
fn can_mean(pronoun: Pronoun, member: &Member) -> bool {
    match pronoun {
        Pronoun::Third(gender) => member.kind == SpeakerType::Person && member.agrees(gender) > -1.0,
        Pronoun::It => matches!(member.kind, SpeakerType::Organization | SpeakerType::Document),
        Pronoun::Several => member.kind == SpeakerType::Group && !lexicon::is_several(&member.name),
        Pronoun::They | Pronoun::Vague => member.named != Some(NameKind::Location),
        Pronoun::First | Pronoun::Second | Pronoun::Relative => false,
    }
}

/// One entity as far as it has been seen looking back.
#[derive(Debug)]
struct Seen {
    /// Its last mention, outside the attributed words and quotation marks where there is one.
    near: Event,
    inside: bool,
    mentions: f32,
    sources: f32,
    firsts: f32,
    opens: Vec<usize>,
    first_here: bool,
}

impl Seen {
    fn new(event: &Event, occurrence: &Occurrence, words: &Words) -> Self {
        let inside = is_inside(event, occurrence, words);
        let mut seen = Self {
            near: *event,
            inside,
            mentions: 0.0,
            sources: 0.0,
            firsts: 0.0,
            opens: Vec::new(),
            first_here: false,
        };
        seen.count(event, occurrence);
        seen
    }

    fn again(&mut self, event: &Event, occurrence: &Occurrence, words: &Words) {
        let inside = is_inside(event, occurrence, words);
        let hidden = |inside: bool, event: &Event| inside || event.place.quoted && !occurrence.place.quoted;
        // A mention that is said to speak and one that only names the same place are one.
        let better = hidden(self.inside, &self.near) && !hidden(inside, event);
        let same = self.near.token == event.token && event.source && !self.near.source;
        if better || same {
            (self.near, self.inside) = (*event, inside);
        }
        self.count(event, occurrence);
    }

    fn count(&mut self, event: &Event, occurrence: &Occurrence) {
        self.mentions += 1.0;
        self.sources += f32::from(event.source);
        if event.first {
            self.firsts += 1.0;
            self.opens.push(event.place.sentence);
            self.first_here |= event.place.sentence == occurrence.place.sentence;
        }
    }
}

fn is_inside(event: &Event, occurrence: &Occurrence, words: &Words) -> bool {
    let at = words.tokens.get(event.token).map_or(0, |token| token.span.start);
    occurrence.content.iter().any(|content| content.contains(at))
}

/// What the features of all candidates of one pronoun share.
struct Around<'a> {
    occurrence: &'a Occurrence<'a>,
    /// Who spoke, the last first.
    sources: &'a [usize],
    /// The last sentence before the pronoun's that mentions somebody.
    sentence_before: Option<usize>,
    only: bool,
    shares: Option<Shares>,
}

impl Around<'_> {
    fn features(&self, seen: &Seen, member: &Member, rank: usize) -> Features {
        let occurrence = self.occurrence;
        let yes = |it: bool| f32::from(u8::from(it));
        let (person, several) = match occurrence.pronoun {
            Pronoun::Third(gender) => (Some(member.agrees(gender)), false),
            Pronoun::It => (None, false),
            _ => (None, true),
        };
        let agrees = person.unwrap_or(0.0);
        let near = &seen.near;
        let is = |kind: SpeakerType| member.kind == kind;
        let sentences = occurrence.place.sentence.saturating_sub(near.place.sentence);
        let paragraphs = occurrence.place.paragraph.saturating_sub(near.place.paragraph);
        let place = matches!(member.named, Some(NameKind::Location | NameKind::Misc));
        let first_before = self.sentence_before.is_some_and(|before| seen.opens.contains(&before));
        let [known, share, log, best, nearest, network_rank, network_first, none] = self.affinity(near.entity);
        [
            yes(person.is_some()),
            yes(person.is_none() && !several),
            yes(several),
            agrees.max(0.0),
            (-agrees).max(0.0),
            yes(is(SpeakerType::Organization)),
            yes(is(SpeakerType::Group)),
            yes(is(SpeakerType::Document)),
            yes(place),
            yes(several && is(SpeakerType::Person)),
            yes(several && is(SpeakerType::Organization)),
            yes(member.named.is_some()),
            yes(sentences == 0),
            yes(sentences == 1),
            yes(sentences == 2),
            count(sentences),
            count(occurrence.token.saturating_sub(near.token)),
            yes(paragraphs == 0),
            yes(paragraphs == 1),
            yes(near.source),
            yes(near.first),
            yes(near.oblique),
            yes(near.place.quoted && !occurrence.place.quoted),
            yes(near.place.headline),
            yes(seen.inside),
            yes(near.pronoun),
            yes(self.sources.first() == Some(&near.entity)),
            yes(self.sources.get(1) == Some(&near.entity)),
            yes(occurrence.cited == Some(near.entity)),
            seen.mentions.ln_1p(),
            seen.sources.ln_1p(),
            seen.firsts.ln_1p(),
            count(rank),
            yes(self.only),
            yes(first_before),
            yes(seen.first_here),
            yes(!occurrence.oblique && near.first),
            yes(occurrence.oblique && near.oblique),
            yes(rank == 0),
            known,
            share,
            log,
            best,
            nearest,
            network_rank,
            network_first,
            none,
        ]
    }

    /// What the network says of an entity.
    fn affinity(&self, entity: usize) -> [f32; 8] {
        let Some((shares, (rank, share))) = self.shares.as_ref().and_then(|it| Some((it, it.of(entity)?))) else {
            return [0.0; 8];
        };
        let cost = |difference: f32| (-difference / FAR).clamp(0.0, 1.0);
        let first = f32::from(u8::from(rank == 0));
        let costs = [share.log, share.best, share.nearest].map(cost);
        [1.0, share.log.exp(), costs[0], costs[1], costs[2], count(rank), first, shares.none]
    }
}

fn count(n: usize) -> f32 {
    (n.min(1 << 16) as f32).ln_1p()
}
