//! The pass over a text, left to right, that gives every source its entity.

use std::collections::HashMap;
use std::ops::Range;

use super::antecedents::Occurrence;
use super::canonical;
use super::cast::{Cast, Manner};
use super::choices::Choice;
use super::cluster::Clusters;
use super::descriptions::{Knowledge, Scene, Trait};
use super::lexicon::{self, Pronoun};
use super::phrase::{Description, Determiner, Reader, Reading};
use super::places::Place;
use super::pronouns;
use super::referents::{self, Asked, referents};
use super::words::Shape;
use super::{Learned, SourceMention, SpeakerType};
use crate::decode::NameKind;
use crate::document::{Byte, Span};
use crate::model::AntecedentConfig;

/// What a pronoun counts as evidence of the gender of the one it was taken to mean.
const PRONOUN: f32 = 0.5;

/// The same for a pronoun that is no source, which is less surely understood.
const STRAY: f32 = 0.4;

/// Contents that are looked at for the one around a pronoun.
pub(super) const CONTENTS: usize = 32;

/// What the pass finds out.
pub(super) struct Resolved {
    pub cast: Cast,
    /// For each source, its index in the cast.
    pub of_source: Vec<Option<usize>>,
    /// For each source that is a "he" or "she", whom it can mean, with the probability.
    pub alternatives: Vec<Vec<(usize, f32)>>,
    /// What pronouns and descriptions can mean, if that was asked for.
    pub choices: Vec<Choice>,
}

/// The state of the pass.
pub(super) struct Resolver<'a> {
    pub reader: Reader<'a>,
    pub places: &'a [Place],
    pub clusters: &'a Clusters,
    pub sources: &'a [SourceMention],
    pub learned: Learned<'a>,
    /// What pronouns can mean, if that is asked for.
    pub choices: Option<Vec<Choice>>,
    pub(super) cast: Cast,
    pub(super) knowledge: Knowledge,
    first_named: Vec<Option<usize>>,
    together: HashMap<Vec<usize>, usize>,
    /// "his wife", by whose and the noun.
    pub(super) owned: HashMap<(usize, String), usize>,
    /// The persons of each surname.
    pub(super) surnames: HashMap<String, Vec<usize>>,
    /// Of whom somebody is husband or wife.
    pub(super) spouses: HashMap<usize, usize>,
    /// The named entities that are countries.
    countries: HashMap<&'a str, usize>,
    pub(super) of_source: Vec<Option<usize>>,
    /// For each source that is a "he" or "she", whom it can mean, with the probability.
    alternatives: Vec<Vec<(usize, f32)>>,
    /// The first source of each span, of those that are somebody: several statements may share one.
    of_span: HashMap<Span<Byte>, usize>,
    /// What is attributed, and the source it is attributed to, in text order.
    contents: Vec<(Span<Byte>, usize)>,
    /// Where the text speaks of texts, by the set of near-synonyms.
    pub(super) texts: HashMap<usize, Vec<usize>>,
    /// Entities that pronouns outside the sources were taken to mean, by token.
    pub(super) of_pronoun: HashMap<usize, usize>,
    next_mention: usize,
}

impl<'a> Resolver<'a> {
    /// A resolver that knows `traits` of the named entities.
    pub fn new(
        reader: Reader<'a>,
        places: &'a [Place],
        clusters: &'a Clusters,
        sources: &'a [SourceMention],
        traits: Vec<Trait>,
        learned: Learned<'a>,
    ) -> Self {
        let mut cast = Cast::new(clusters);
        let mut first_named = vec![None; cast.members.len()];
        for (mention, entity) in clusters.of_mention.iter().enumerate() {
            let Some(entity) = *entity else { continue };
            let tokens = &reader.mentions[mention].tokens;
            first_named[entity].get_or_insert(tokens.start);
            cast.members[entity].mentions.push(reader.words.span(tokens));
        }
        for told in &traits {
            let member = &mut cast.members[told.entity];
            member.show_gender(told.gender, 1.0);
            if let Some(tokens) = &told.tokens {
                member.entitle(tokens.start, reader.words.of(tokens));
            }
        }
        let is_country = |name: &str| lexicon::country(&name.to_lowercase()).is_some();
        let countries = clusters.entities.iter().enumerate().filter(|(_, named)| is_country(&named.name));
        let countries = countries.map(|(entity, named)| (named.name.as_str(), entity)).collect();
        let mut surnames: HashMap<String, Vec<usize>> = HashMap::new();
        for (mention, entity) in clusters.of_mention.iter().enumerate() {
            let Some(entity) = entity.filter(|&entity| clusters.entities[entity].kind == NameKind::Person) else {
                continue;
            };
            let surname = reader.words.fold(reader.mentions[mention].tokens.end - 1);
            let members = surnames.entry(surname.to_string()).or_default();
            if members.len() < CONTENTS && !members.contains(&entity) {
                members.push(entity);
            }
        }
        let mut contents: Vec<(Span<Byte>, usize)> = Vec::new();
        for (source, mention) in sources.iter().enumerate() {
            contents.extend(mention.content.iter().map(|span| (*span, source)));
        }
        contents.sort_unstable_by_key(|(span, _)| *span);
        let mut texts: HashMap<usize, Vec<usize>> = HashMap::new();
        for token in 0..reader.words.tokens.len() {
            let noun = lexicon::noun(reader.words.fold(token)).filter(|noun| noun.kind == SpeakerType::Document);
            if let Some(set) = noun.and_then(|noun| noun.set) {
                texts.entry(set).or_default().push(token);
            }
        }
        Self {
            contents,
            texts,
            reader,
            places,
            clusters,
            sources,
            learned,
            choices: None,
            cast,
            knowledge: Knowledge::new(traits),
            first_named,
            together: HashMap::new(),
            owned: HashMap::new(),
            surnames,
            spouses: HashMap::new(),
            countries,
            of_source: vec![None; sources.len()],
            alternatives: vec![Vec::new(); sources.len()],
            of_span: HashMap::new(),
            of_pronoun: HashMap::new(),
            next_mention: 0,
        }
    }

    /// Resolves all sources.
    pub fn run(&mut self) {
        let mut steps: Vec<(usize, Option<usize>)> =
            (0..self.sources.len()).map(|i| (self.tokens_of(i).start, Some(i))).collect();
        steps.extend(self.stray_pronouns().into_iter().map(|token| (token, None)));
        steps.sort_unstable();
        for (token, source) in steps {
            self.enter_mentions(token);
            match source {
                Some(source) => self.resolve_source(source),
                None => self.resolve_stray(token),
            }
        }
        self.resolve_first_person();
    }

    /// What the pass has found out.
    pub fn finish(self) -> Resolved {
        let choices = self.choices.unwrap_or_default();
        Resolved { cast: self.cast, of_source: self.of_source, alternatives: self.alternatives, choices }
    }

    pub(super) fn tokens_of(&self, source: usize) -> Range<usize> {
        self.reader.words.within(self.sources[source].span)
    }

    pub(super) fn place(&self, token: usize) -> Place {
        self.places.get(token).copied().unwrap_or_default()
    }

    /// "he", "her" and the like outside quotation marks that are no source: they carry the thread from one source to
    /// the next.
    fn stray_pronouns(&self) -> Vec<usize> {
        let mut taken: Vec<Range<usize>> = (0..self.sources.len()).map(|i| self.tokens_of(i)).collect();
        taken.sort_by_key(|tokens| tokens.start);
        let (mut next, mut taken_to) = (0, 0);
        let words = self.reader.words;
        let mut stray = Vec::new();
        for token in 0..words.tokens.len() {
            while taken.get(next).is_some_and(|tokens| tokens.start <= token) {
                taken_to = taken_to.max(taken[next].end);
                next += 1;
            }
            let third = matches!(lexicon::pronoun(words.fold(token)), Some(Pronoun::Third(_)));
            if third && token >= taken_to && !self.place(token).quoted {
                stray.push(token);
            }
        }
        stray
    }

    /// Puts the names before `token` on stage.
    fn enter_mentions(&mut self, token: usize) {
        while let Some(mention) = self.reader.mentions.get(self.next_mention).filter(|m| m.tokens.start < token) {
            let dateline = self.is_dateline(mention.tokens.clone());
            if let Some(entity) = self.clusters.of_mention[self.next_mention].filter(|_| !dateline) {
                let at = mention.tokens.start;
                let oblique = self.is_oblique(mention.outer, mention.tokens.end);
                self.cast.mention(at, entity, self.place(at), Manner { oblique, ..Manner::default() });
            }
            self.next_mention += 1;
        }
    }

    /// "GENEVA —": where a paragraph was written, which nothing in it means.
    fn is_dateline(&self, name: Range<usize>) -> bool {
        let words = self.reader.words;
        let before = name.start.checked_sub(1).map(|before| self.place(before).paragraph);
        let opens = before != Some(self.place(name.start).paragraph);
        let shouts = name.clone().all(|i| words.shape(i) == Shape::Upper || !words.is_word(i));
        opens && shouts && matches!(words.fold(name.end), "," | "(" | "-" | "—" | "–")
    }

    fn is_oblique(&self, start: usize, end: usize) -> bool {
        let words = self.reader.words;
        let governed = start > 0 && lexicon::is_preposition(words.fold(start - 1));
        governed || words.shape(end) == Shape::Possessive
    }

    fn resolve_source(&mut self, source: usize) {
        let tokens = self.tokens_of(source);
        if self.sources[source].span.get(self.reader.words.text).is_none() {
            return;
        }
        let reading = self.reader.read(tokens.clone());
        let hint = self.sources[source].kind.map(|(kind, _)| kind);
        if let Some(Pronoun::Third(_)) =
            lexicon::pronoun(self.reader.words.fold(tokens.start)).filter(|_| tokens.len() > 1)
            && let Some(owner) = self.owner(tokens.start)
        {
            self.note_kin(tokens.start, owner);
        }
        let known = self.of_span.get(&self.sources[source].span).copied();
        if let Some(known) = known {
            self.alternatives[source] = self.alternatives[known].clone();
        }
        let entity = known.and_then(|known| self.of_source[known]);
        let entity = entity.or_else(|| self.named_after(&reading, tokens.end));
        let entity = entity.or_else(|| self.entity(&reading, Some(source), hint));
        self.of_source[source] = entity;
        if let Some(entity) = entity {
            let pronoun = matches!(reading, Reading::Pronoun(..));
            self.of_span.entry(self.sources[source].span).or_insert(source);
            self.speak(source, entity, &tokens, pronoun);
        }
    }

    fn speak(&mut self, source: usize, entity: usize, tokens: &Range<usize>, pronoun: bool) {
        self.enter_mentions(tokens.end);
        let member = &mut self.cast.members[entity];
        member.speaks = true;
        member.mentions.push(self.sources[source].span);
        let manner = Manner { source: true, pronoun, ..Manner::default() };
        self.cast.mention(tokens.start, entity, self.place(tokens.start), manner);
    }

    /// The entity that a reading means; unnamed ones are made where none is known.
    pub(super) fn entity(
        &mut self,
        reading: &Reading,
        source: Option<usize>,
        hint: Option<SpeakerType>,
    ) -> Option<usize> {
        match reading {
            Reading::Nothing => None,
            Reading::Named(mention) => self.family(*mention).or_else(|| self.named(*mention)),
            Reading::Pronoun(pronoun, token) => self.pronoun(*pronoun, *token, source),
            Reading::OneOf(token) => self.one_of(*token),
            Reading::Together(parts) => self.several(parts, source),
            Reading::Described(description) => self.described(description, source, hint),
        }
    }

    /// A name; a capital city that speaks is its country's government if the text names the country.
    fn named(&self, mention: usize) -> Option<usize> {
        let entity = self.clusters.of_mention[mention]?;
        let named = &self.clusters.entities[entity];
        if named.kind != NameKind::Location {
            return Some(entity);
        }
        let country = lexicon::capital_of(&named.name.to_lowercase());
        let government = country.and_then(|country| self.countries.get(country).copied());
        Some(government.unwrap_or(entity))
    }

    pub(super) fn pronoun(&mut self, pronoun: Pronoun, token: usize, source: Option<usize>) -> Option<usize> {
        if pronoun == Pronoun::Relative
            && let Some(entity) = self.noun_before(token)
        {
            return Some(entity);
        }
        let content = source.map_or(&[][..], |source| self.sources[source].content.as_slice());
        let occurrence = Occurrence {
            pronoun,
            token,
            place: self.place(token),
            content,
            cited: self.cited(token),
            oblique: source.is_none() && !lexicon::is_subject(self.reader.words.fold(token)),
        };
        let (entity, candidates) = pronouns::choose(&occurrence, &self.cast, self.reader.words, self.learned);
        if let (Some(source), Pronoun::Third(_)) = (source, pronoun) {
            self.alternatives[source] = pronouns::probabilities(&candidates);
        }
        if let Some(choices) = &mut self.choices {
            choices.push(Choice::of_pronoun(token, source, candidates));
        }
        if pronoun == Pronoun::Several && source.is_some() {
            return Some(entity.unwrap_or_else(|| {
                // Who they are is not said anywhere.
                let word = self.reader.words.of(&(token..token + 1)).to_lowercase();
                self.cast.add(SpeakerType::Group, word)
            }));
        }
        let entity = entity?;
        if let Pronoun::Third(gender) = pronoun {
            let weight = if source.is_some() { PRONOUN } else { STRAY };
            self.cast.members[entity].show_gender(Some(gender), weight);
        }
        Some(entity)
    }

    /// Whose unquoted words token `token` stands in, as far as the pass has come.
    fn cited(&self, token: usize) -> Option<usize> {
        if self.place(token).quoted {
            return None;
        }
        let at = self.reader.words.tokens.get(token)?.span;
        self.around(at, None).and_then(|source| self.of_source[source])
    }

    /// The source of the innermost content around `at`, other than `except`.
    pub(super) fn around(&self, at: Span<Byte>, except: Option<usize>) -> Option<usize> {
        let until = self.contents.partition_point(|(span, _)| span.start <= at.start);
        let near = self.contents[until.saturating_sub(CONTENTS)..until].iter().rev();
        near.copied().find(|(span, source)| Some(*source) != except && span.covers(at)).map(|(_, source)| source)
    }

    fn resolve_stray(&mut self, token: usize) {
        let Some(pronoun) = lexicon::pronoun(self.reader.words.fold(token)) else { return };
        if let Some(entity) = self.pronoun(pronoun, token, None) {
            self.of_pronoun.insert(token, entity);
            self.note_kin(token, entity);
            let place = self.place(token);
            let subject = lexicon::is_subject(self.reader.words.fold(token));
            self.cast.mention(token, entity, place, Manner { oblique: !subject, pronoun: true, source: false });
        }
    }

    fn several(&mut self, parts: &[Reading], source: Option<usize>) -> Option<usize> {
        let mut entities = Vec::with_capacity(parts.len());
        for part in parts {
            entities.push(self.entity(part, source, None)?);
        }
        entities.dedup();
        if let [only] = entities.as_slice() {
            return Some(*only);
        }
        let names: Vec<String> =
            entities.iter().zip(parts).map(|(&entity, part)| self.name_beside(entity, part).to_string()).collect();
        self.group(&entities, &names)
    }

    /// The group of these entities, called by these names when it is new.
    pub(super) fn group(&mut self, entities: &[usize], names: &[String]) -> Option<usize> {
        let mut key = entities.to_vec();
        key.sort_unstable();
        if let Some(known) = self.together.get(&key) {
            return Some(*known);
        }
        let (last, rest) = names.split_last()?;
        let name = format!("{} and {last}", rest.join(", "));
        let group = self.cast.add(SpeakerType::Group, name);
        self.together.insert(key, group);
        Some(group)
    }

    /// What an entity is called beside others: "his aides", not "Roe's aides", after "Roe".
    fn name_beside(&self, entity: usize, part: &Reading) -> &str {
        match part {
            Reading::Described(description) if description.owner.is_some() => {
                let words = self.reader.words;
                words.of(&(description.tokens.start.saturating_sub(1)..description.tokens.end))
            }
            _ => &self.cast.members[entity].name,
        }
    }

    fn described(
        &mut self,
        description: &Description,
        source: Option<usize>,
        hint: Option<SpeakerType>,
    ) -> Option<usize> {
        if let Some(issuer) = &description.issuer
            && let Some(entity) = self.entity(issuer, source, None)
        {
            // "The report" that follows is by the same hand.
            self.knowledge.meet(Trait::new(entity, description, false));
            return Some(entity);
        }
        let owner = description.owner.and_then(|token| self.owner(token));
        if let Some(owner) = owner
            && description.kind() == Some(SpeakerType::Document)
            && !lexicon::is_unissued(&description.head)
        {
            self.knowledge.meet(Trait::new(owner, description, false));
            return Some(owner);
        }
        if let Some(entity) = self.knowledge.told_at(description) {
            return Some(entity);
        }
        let kin = owner.map(|owner| (owner, description.head.clone()));
        let known = match &kin {
            Some(kin) => self.owned.get(kin).copied().or_else(|| self.partner(kin.0, &kin.1)),
            None => self.referent(description, source),
        };
        let entity = known.unwrap_or_else(|| {
            let kind = kind_of(description, hint);
            let name = canonical::describe(self.reader, self.clusters, &self.cast, description, owner);
            self.cast.add(kind, name)
        });
        if let Some((owner, head)) = kin {
            self.own(owner, &head, entity);
        }
        self.cast.members[entity].show_gender(description.noun.and_then(|noun| noun.gender), 1.0);
        if self.cast.members[entity].named.is_none() {
            self.inform(entity, description, owner);
        } else {
            let title = self.reader.words.of(&description.tokens);
            self.cast.members[entity].entitle(description.tokens.start, title);
        }
        self.knowledge.meet(Trait::new(entity, description, false));
        Some(entity)
    }

    /// The entity among those known that a description means.
    fn referent(&mut self, description: &Description, source: Option<usize>) -> Option<usize> {
        let maker = self.maker(description);
        let by_rules = |this: &Self| this.knowledge.choose(description, &this.scene()).or(maker);
        let scorer = self.learned.descriptions;
        // What is not said to be known is mostly new, and rules find out best where it is not.
        let definite = description.determiner == Determiner::Definite;
        if !definite || scorer.is_none() && self.choices.is_none() {
            return by_rules(self);
        }
        let start = description.tokens.start;
        let mentions = self.reader.mentions_in(&description.tokens);
        let inside: Vec<usize> = mentions.filter_map(|mention| self.clusters.of_mention[mention]).collect();
        let asked = Asked { description, token: start.saturating_sub(1), maker, inside: &inside };
        let none = AntecedentConfig::none();
        let referents =
            referents(&asked, &self.knowledge, &self.scene(), scorer.unwrap_or(&none), self.learned.affinities);
        let best = if scorer.is_some() { referents::best(&referents) } else { by_rules(self) };
        if self.choices.is_some() {
            let described = canonical::describe(self.reader, self.clusters, &self.cast, description, None);
            self.choices.get_or_insert_default().push(Choice::of_description(start, source, described, referents));
        }
        best
    }

    /// Gives an unnamed entity the more informative of two descriptions for its name.
    fn inform(&mut self, entity: usize, description: &Description, owner: Option<usize>) {
        let name = canonical::describe(self.reader, self.clusters, &self.cast, description, owner);
        let words = |name: &str| name.split_whitespace().count();
        if words(&name) > words(&self.cast.members[entity].name) {
            self.cast.members[entity].name = name;
        }
    }

    fn scene(&self) -> Scene<'_> {
        Scene { words: self.reader.words, places: self.places, cast: &self.cast, first_named: &self.first_named }
    }
}

fn kind_of(description: &Description, hint: Option<SpeakerType>) -> SpeakerType {
    description.kind().or(hint).unwrap_or(if description.plural {
        SpeakerType::Group
    } else if description.determiner == Determiner::Indefinite {
        SpeakerType::Person
    } else {
        SpeakerType::Organization
    })
}
