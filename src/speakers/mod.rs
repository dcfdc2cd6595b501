//! Stage 2: which mentions are the same speaker, and what that speaker is called.
//!
//! Names are cleaned (`names`), made whole (`joins`), joined by those that the tagger passed over (`missed`), and become
//! entities (`cluster`: `people` and `bodies`). What stands beside a name says who its bearer is (`appositions`). Then
//! one pass from left to right (`resolve`) reads each source as a phrase (`phrase`): a name goes to its entity, a
//! description to the entity that the text says something like it of (`descriptions`, `referents`), a text to its author
//! (`makers`), a pronoun to whoever is in the reader's mind (`pronouns`). All choices look at a bounded number of candidates, so that
//! time grows with the length of the text.

mod affinity;
pub(crate) mod alone;
mod antecedents;
mod appositions;
mod bodies;
mod canonical;
mod cast;
mod choices;
mod cluster;
mod descriptions;
mod first_person;
mod groups;
mod initials;
mod joins;
mod kin;
mod lexicon;
mod makers;
mod missed;
mod names;
mod noun_phrase;
mod people;
mod phrase;
mod places;
mod pronouns;
mod referents;
mod relatives;
mod resolve;
#[cfg(test)]
mod tests;
mod words;

use std::collections::HashMap;

use crate::decode::{Affinities, Name};
use crate::document::{Byte, Layout, Span};
use crate::model::AntecedentConfig;
use crate::quotations::Quotation;
pub use antecedents::FEATURES;
use lexicon::Pronoun;
pub use referents::DESCRIPTION_FEATURES;
use resolve::Resolved;

/// Whether a phrase is nothing but a pronoun.
pub(crate) fn is_pronoun(phrase: &str) -> bool {
    lexicon::pronoun(&phrase.trim().to_lowercase().replace('’', "'")).is_some()
}

/// Whether a word can be the first of those that mean somebody known: "she", "their", "the".
pub(crate) fn opens_anaphor(word: &str) -> bool {
    let word = word.to_lowercase();
    lexicon::is_definite(&word)
        || matches!(lexicon::pronoun(&word), Some(Pronoun::Third(_) | Pronoun::It | Pronoun::They | Pronoun::Vague))
}

/// Whether a word is one for people, bodies or texts ("officials", "report"), so that its capital is no sign of a name.
pub(crate) fn is_common_noun(word: &str) -> bool {
    lexicon::noun(&word.to_lowercase()).is_some()
}

/// Whether a folded word is the name of a month or a day of the week.
pub(crate) fn is_calendar(word: &str) -> bool {
    lexicon::is_calendar(word)
}

/// What sort of speaker an [`Entity`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SpeakerType {
    /// One human being.
    Person,
    /// A body with a name: a ministry, a company, a country that acts.
    Organization,
    /// People without a name: "officials", "two residents".
    Group,
    /// A text: "the report", "a statement".
    Document,
}

/// A source span of the text, as the decoder found it, in text order.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceMention {
    /// Where it stands.
    pub span: Span<Byte>,
    /// What the model takes the source for, with its probability, or `None` if the model has no such head.
    pub kind: Option<(SpeakerType, f32)>,
    /// The words attributed to it, as far as they are known: a speaker hardly names himself inside them.
    pub content: Vec<Span<Byte>>,
}

/// Somebody or something that makes statements in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// The canonical name, without titles: the fullest form the document has, or the one of two words or more that it
    /// uses most for a person, if it uses one repeatedly; for the unnamed, the most informative description without its
    /// determiner.
    pub name: String,
    /// What sort of speaker it is.
    pub kind: SpeakerType,
    /// Titles and descriptions it goes by ("State Department spokesman"), in the order of first use.
    pub titles: Vec<String>,
    /// Where the document mentions it, in text order.
    pub mentions: Vec<Span<Byte>>,
}

/// The speakers of a document, and which of them each source is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Speakers {
    /// The entities in the order of first mention.
    pub entities: Vec<Entity>,
    /// For each source handed in, its index in `entities`; `None` where nobody can be named.
    pub of_source: Vec<Option<usize>>,
    /// For each source that is a "he" or "she", whom it can mean, as indices in `entities`, with the probability; empty for
    /// all others.
    pub alternatives: Vec<Vec<(usize, f32)>>,
}

/// What a model knows of who an anaphor means.
#[derive(Debug, Clone, Copy)]
pub struct Learned<'a> {
    /// The antecedent scorer of pronouns.
    pub antecedents: &'a AntecedentConfig,
    /// That of descriptions; without it rules choose.
    pub descriptions: Option<&'a AntecedentConfig>,
    /// What the network says of the mentions of the text; empty where it says nothing.
    pub affinities: &'a Affinities,
}

/// Finds out which speaker each source is. Entities that no source means, nor can mean, are left out.
///
/// `names` and `sources` may come in any order and overlap; spans that leave the text or cut a character are tolerated
/// and name nobody.
pub fn resolve(
    text: &str,
    layout: &Layout,
    quotations: &[Quotation],
    names: &[Name],
    sources: &[SourceMention],
    learned: Learned<'_>,
) -> Speakers {
    let words = words::Words::new(text);
    speakers(resolved(&words, layout, quotations, names, sources, learned, false))
}

/// The entities, the one that each source is and, if `remembers`, what every pronoun could mean.
fn resolved(
    words: &words::Words<'_>,
    layout: &Layout,
    quotations: &[Quotation],
    names: &[Name],
    sources: &[SourceMention],
    learned: Learned<'_>,
    remembers: bool,
) -> Resolved {
    let places = places::places(words, layout, quotations);
    let mentions = names::mentions(words, names, sources);
    let clusters = cluster::cluster(words, &mentions);
    let reader = phrase::Reader { words, mentions: &mentions };
    let traits = appositions::traits(reader, &clusters);
    let mut resolver = resolve::Resolver::new(reader, &places, &clusters, sources, traits, learned);
    resolver.choices = remembers.then(Vec::new);
    resolver.run();
    resolver.finish()
}

/// A pronoun or a description of a text, and the entities it can mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Anaphor {
    /// Where it stands; of a description the first word after its determiner.
    pub span: Span<Byte>,
    /// Whether it is a description ("the ministry") and not a pronoun.
    pub is_description: bool,
    /// The words attributed to it, if it is a source.
    pub content: Vec<Span<Byte>>,
    /// Those it can mean, the last mentioned first; of a description first of all, that it means nobody known.
    pub antecedents: Vec<Antecedent>,
}

/// An entity that an anaphor can mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Antecedent {
    /// Its name, as in [`Entity::name`]; if a description means nobody known, what the entity it makes is called.
    pub name: String,
    /// Where the text names or describes it, in text order.
    pub mentions: Vec<Span<Byte>>,
    /// What the scorer looks at, in the order of [`FEATURES`], of a description of [`DESCRIPTION_FEATURES`].
    pub features: Vec<f32>,
    /// Its score; a softmax over the antecedents of the pronoun gives probabilities.
    pub score: f32,
}

/// What the pronouns and descriptions of a text can mean, in text order: those that are sources, and pronouns outside
/// quotation marks, as far as any entity agrees with them. [`resolve`] takes the antecedent of the highest score.
///
/// The arguments are those of [`resolve`].
pub fn anaphors(
    text: &str,
    layout: &Layout,
    quotations: &[Quotation],
    names: &[Name],
    sources: &[SourceMention],
    learned: Learned<'_>,
) -> Vec<Anaphor> {
    let words = words::Words::new(text);
    let Resolved { cast, choices, .. } = resolved(&words, layout, quotations, names, sources, learned, true);
    let antecedent = |described: &Option<String>, considered: choices::Considered| {
        let choices::Considered { entity, features, score } = considered;
        let Some(member) = entity.map(|entity| &cast.members[entity]) else {
            let name = described.clone().unwrap_or_default();
            return Antecedent { name, mentions: Vec::new(), features, score };
        };
        let mut mentions = member.mentions.clone();
        mentions.sort_unstable();
        mentions.dedup();
        Antecedent { name: member.name.clone(), mentions, features, score }
    };
    let anaphor = |choice: choices::Choice| Anaphor {
        span: words.span(&(choice.token..choice.token + 1)),
        is_description: choice.described.is_some(),
        content: choice.source.map_or_else(Vec::new, |source| sources[source].content.clone()),
        antecedents: choice.considered.into_iter().map(|it| antecedent(&choice.described, it)).collect(),
    };
    let mut anaphors: Vec<Anaphor> = choices.into_iter().map(anaphor).collect();
    anaphors.sort_by_key(|anaphor| anaphor.span);
    anaphors
}

/// Those of the cast that speak or may, in the order of first mention.
fn speakers(resolved: Resolved) -> Speakers {
    let Resolved { mut cast, of_source, alternatives, .. } = resolved;
    for &(entity, _) in alternatives.iter().flatten() {
        cast.members[entity].speaks = true;
    }
    let mut members: Vec<(usize, cast::Member)> =
        cast.members.into_iter().enumerate().filter(|(_, m)| m.speaks).collect();
    for (_, member) in &mut members {
        member.mentions.sort_unstable();
        member.mentions.dedup();
        drop_inner(&mut member.mentions);
    }
    members.sort_by_key(|(number, member)| (member.mentions.first().copied(), *number));
    let index: HashMap<usize, usize> = members.iter().enumerate().map(|(new, (old, _))| (*old, new)).collect();
    let of_source = of_source.into_iter().map(|entity| entity.and_then(|old| index.get(&old).copied())).collect();
    let renumbered = |means: Vec<(usize, f32)>| {
        means.into_iter().filter_map(|(old, probability)| Some((*index.get(&old)?, probability))).collect()
    };
    let alternatives = alternatives.into_iter().map(renumbered).collect();
    Speakers { entities: members.into_iter().map(|(_, member)| entity(member)).collect(), of_source, alternatives }
}

/// Of mentions that overlap, keeps the outer: "Enrique Mora" is no second mention in "The envoy, Enrique Mora".
fn drop_inner(mentions: &mut Vec<Span<Byte>>) {
    mentions.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    let mut end = 0;
    mentions.retain(|span| {
        let outer = span.start >= end;
        end = end.max(span.end);
        outer
    });
}

fn entity(mut member: cast::Member) -> Entity {
    member.titles.sort();
    let titles = member.titles.into_iter().map(|(_, title)| title).collect();
    Entity { name: member.name, kind: member.kind, titles, mentions: member.mentions }
}
