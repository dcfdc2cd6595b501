//! The entities of one text while they are being found out, and the order in which they come on stage.

use super::SpeakerType;
use super::cluster::Clusters;
use super::lexicon::Gender;
use super::places::Place;
use crate::decode::NameKind;
use crate::document::{Byte, Span};

/// Titles that an entity is reported with; a text that has more repeats itself.
const MOST_TITLES: usize = 16;

/// What a title counts as evidence of gender, against 0.5 for a pronoun.
const TITLE: f32 = 2.0;

/// One entity.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub kind: SpeakerType,
    /// What the tagger takes its name for; `None` for the unnamed.
    pub named: Option<NameKind>,
    /// The canonical name.
    pub name: String,
    /// Evidence of gender: positive for a woman, negative for a man.
    pub gender: f32,
    /// Titles and descriptions with the token they begin at.
    pub titles: Vec<(usize, String)>,
    /// Where it is mentioned.
    pub mentions: Vec<Span<Byte>>,
    /// Whether a source names it.
    pub speaks: bool,
}

impl Member {
    /// Takes in that the text shows this gender.
    pub fn show_gender(&mut self, gender: Option<Gender>, weight: f32) {
        match gender {
            Some(Gender::Female) => self.gender += weight,
            Some(Gender::Male) => self.gender -= weight,
            None => {}
        }
    }

    /// Takes in a title or description that begins at `token`; of very many, the first ones only.
    pub fn entitle(&mut self, token: usize, title: &str) {
        let known = |(at, known): &(usize, String)| *at == token || known == title;
        if self.titles.len() < MOST_TITLES && !self.titles.iter().any(known) {
            self.titles.push((token, title.to_string()));
        }
    }

    /// How well the entity agrees with `gender`: 1 if it is known to, -1 if it is known not to, 0 if nothing is known.
    pub fn agrees(&self, gender: Gender) -> f32 {
        let evidence = if gender == Gender::Female { self.gender } else { -self.gender };
        evidence.clamp(-1.0, 1.0)
    }
}

/// An entity being mentioned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Event {
    pub token: usize,
    pub entity: usize,
    pub place: Place,
    /// It is said to state something.
    pub source: bool,
    /// Nobody is mentioned before it in its sentence.
    pub first: bool,
    /// It stands after a preposition or owns something.
    pub oblique: bool,
    /// It is a pronoun.
    pub pronoun: bool,
}

/// How somebody is mentioned.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Manner {
    pub source: bool,
    pub oblique: bool,
    pub pronoun: bool,
}

/// All entities and their mentions so far.
#[derive(Debug, Default)]
pub(super) struct Cast {
    pub members: Vec<Member>,
    pub events: Vec<Event>,
}

impl Cast {
    /// The named entities of the text, none of them on stage yet.
    pub fn new(clusters: &Clusters) -> Self {
        let member = |named: &super::cluster::Named| {
            let kind = if named.kind == NameKind::Person { SpeakerType::Person } else { SpeakerType::Organization };
            let mut member = Member::unseen(kind, named.name.clone());
            member.named = Some(named.kind);
            member.show_gender(named.gender, TITLE);
            member
        };
        Self { members: clusters.entities.iter().map(member).collect(), events: Vec::new() }
    }

    /// Adds an entity without a name of its own.
    pub fn add(&mut self, kind: SpeakerType, name: String) -> usize {
        self.members.push(Member::unseen(kind, name));
        self.members.len() - 1
    }

    /// Puts a mention on stage. Mentions come in text order.
    pub fn mention(&mut self, token: usize, entity: usize, place: Place, manner: Manner) {
        let Manner { source, oblique, pronoun } = manner;
        let first = self.events.last().is_none_or(|last| last.place.sentence != place.sentence);
        self.events.push(Event { token, entity, place, source, first, oblique, pronoun });
    }
}

impl Member {
    fn unseen(kind: SpeakerType, name: String) -> Self {
        Self { kind, named: None, name, gender: 0.0, titles: Vec::new(), mentions: Vec::new(), speaks: false }
    }
}
