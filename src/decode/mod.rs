//! Scores become spans: which words are a source, a cue or a content, and which are names.

mod affinities;
mod given;
mod lattice;
mod runs;

use crate::document::{Byte, Span, Word};
use crate::encoder::{Scores, Section, Words};
use crate::model::{AffinityConfig, Columns, Config, SpanChoice};
use crate::quotations::Quoted;
use crate::speakers::{self, SpeakerType};
use crate::statement::Kind;
pub use affinities::Affinities;
#[cfg(test)]
pub(crate) use affinities::affinities_of;
use lattice::{Lattice, Posterior};

/// What a span does in an attribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Who is cited: "the envoy", "he", "a report".
    Source,
    /// The words that signal the attribution: "said", "according to".
    Cue,
    /// What is attributed.
    Content,
}

/// A span that plays a [`Role`], with what the network says of its first word.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleSpan {
    /// Where it stands.
    pub span: Span<Byte>,
    /// The same in words.
    pub words: Span<Word>,
    /// What it does.
    pub role: Role,
    /// Probability, by the model, that the span is right, in 0..=1.
    pub confidence: f32,
    /// For a cue: whether something was uttered.
    pub kind: Kind,
    /// For a source: what it is, and how probable that is.
    pub speaker_type: (SpeakerType, f32),
    /// Link queries and then link keys, one after the other for each relation.
    pub vectors: Vec<f32>,
}

/// What a [`Name`] names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NameKind {
    /// A person: "Ned Price", "Mora".
    Person,
    /// An organization: "State Department", "AFP".
    Organization,
    /// A place, a country included: "Vienna", "Iran".
    Location,
    /// Nationalities, events, works, products: "Iranian", "World Cup".
    Misc,
}

/// A proper name in the text, without title or determiner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Name {
    /// Where it stands.
    pub span: Span<Byte>,
    /// What it names.
    pub kind: NameKind,
    /// Probability, by the model, that the name is right, in 0..=1.
    pub confidence: f32,
}

/// What a text was found to contain, each list in text order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// Sources, cues and contents.
    pub roles: Vec<RoleSpan>,
    /// Those of attributions that stand in the content of another; only where they do are they to be believed.
    pub inner: Vec<RoleSpan>,
    /// Names.
    pub names: Vec<Name>,
    /// What the network says of mentions being one entity.
    pub affinities: Affinities,
    /// The parts of each content that was given.
    pub given: Vec<Vec<Span<Byte>>>,
}

const ROLES: [Role; 3] = [Role::Source, Role::Cue, Role::Content];
const NAMES: [NameKind; 4] = [NameKind::Person, NameKind::Organization, NameKind::Location, NameKind::Misc];
const TYPES: [SpeakerType; 4] =
    [SpeakerType::Person, SpeakerType::Organization, SpeakerType::Group, SpeakerType::Document];

/// A document whose scores are decoded.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Its text.
    pub text: &'a str,
    /// The words of the text that have the scores.
    pub words: &'a Words,
    /// Its quotations.
    pub quoted: &'a Quoted,
    /// The parts of its direct contents, in text order, where somebody else has found them.
    pub given: Option<&'a [Span<Byte>]>,
}

/// Decodes the scores of one model.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoder {
    roles: Lattice,
    inner: Option<Lattice>,
    names: Lattice,
    columns: Columns,
    choice: SpanChoice,
    quotation_words: usize,
    affinity: Option<AffinityConfig>,
}

impl Decoder {
    /// A decoder for the scores of the model with this configuration.
    pub fn new(config: &Config) -> Self {
        Self {
            roles: Lattice::new(&config.transitions),
            inner: config.inner_transitions.as_deref().map(Lattice::new),
            names: Lattice::unlearned(config.entities.len()),
            columns: config.columns(),
            choice: config.spans,
            quotation_words: config.quotation_words,
            affinity: config.affinity.clone(),
        }
    }

    /// Appends to `reading` what one section of a document contains. `scores` holds those of the section's windows,
    /// in their order. No span crosses the end of a paragraph. Quotation marks are facts: a content takes in the mark
    /// that it stops short of, and a long quotation without content is one.
    pub fn decode(&self, input: Input<'_>, section: &Section, scores: &[Scores], reading: &mut Reading) {
        let words = input.words;
        let rows: Vec<&[f32]> = section
            .windows
            .iter()
            .zip(scores)
            .flat_map(|(window, scores)| window.owned.clone().map(|word| scores.row(word - window.start)))
            .collect();
        let first = section.words.start;
        let paragraphs = words.paragraphs();
        let begin = paragraphs.partition_point(|paragraph| paragraph.end <= first);
        for paragraph in paragraphs[begin..].iter().take_while(|paragraph| paragraph.start < section.words.end) {
            let (start, end) = (paragraph.start.max(first), paragraph.end.min(section.words.end));
            let rows = &rows[start - first..end - first];
            let before = [reading.roles.len(), reading.inner.len(), reading.names.len()];
            self.decode_paragraph(input, start, rows, reading);
            if let Some(affinity) = &self.affinity {
                self.keep_affinities(affinity, input, start, rows, before, reading);
            }
        }
    }

    /// Keeps the affinity vectors of the words of a paragraph that may begin a mention: words with a capital, which may be
    /// names that the network overlooks, words that mean somebody known, and the first ones of names and sources, those
    /// lists of `reading` being looked at from the places in `before`.
    fn keep_affinities(
        &self,
        config: &AffinityConfig,
        input: Input<'_>,
        first: usize,
        rows: &[&[f32]],
        before: [usize; 3],
        reading: &mut Reading,
    ) {
        let Input { text, words, .. } = input;
        let [roles, inner, names] = before;
        let sources = reading.roles[roles..].iter().chain(&reading.inner[inner..]).filter(|it| it.role == Role::Source);
        let mut sources: Vec<usize> = sources.map(|it| it.span.start).collect();
        sources.sort_unstable();
        let names = &reading.names[names..];
        for (k, row) in rows.iter().enumerate() {
            let word = words.span(Span::new(first + k, first + k + 1));
            let is_anaphor = sources.binary_search(&word.start).is_ok() || speakers::opens_anaphor(word.of(text));
            let is_named = || names.binary_search_by_key(&word.start, |name| name.span.start).is_ok();
            if is_anaphor || words.is_capitalised(first + k) || is_named() {
                let columns = &row[self.columns.affinity..self.columns.end];
                reading.affinities.keep(word.start, columns, is_anaphor, config);
            }
        }
    }

    /// Appends what one paragraph, or the part of it in a section, contains. `first` is the number of its first word.
    fn decode_paragraph(&self, input: Input<'_>, first: usize, rows: &[&[f32]], reading: &mut Reading) {
        let Input { words, quoted, given, .. } = input;
        let before = reading.roles.len();
        let posterior = match given {
            None => self.roles.posterior(rows),
            Some(given) => {
                let rows = given::roles(given, words, quoted, first, rows);
                self.roles.posterior(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
            }
        };
        let found = self.role_spans(words, quoted, first, rows, &posterior);
        reading.roles.extend(found.filter(|it| it.role != Role::Content || !given::overlaps(given, it.span)));
        for content in given::within(given, words, first..first + rows.len()) {
            let inside = words.within(content);
            reading.roles.push(self.role_span(Role::Content, content, inside, 1.0, rows[inside.start - first]));
        }
        if let Some(inner) = &self.inner {
            let scores: Vec<&[f32]> = rows.iter().map(|row| &row[self.columns.inner..self.columns.affinity]).collect();
            reading.inner.extend(self.role_spans(words, quoted, first, rows, &inner.posterior(&scores)));
        }
        let after = reading.roles.len();
        let paragraph = words.span(Span::new(first, first + rows.len()));
        for quotation in quoted.within(paragraph).filter(|_| given.is_none()) {
            let inside = words.within(quotation);
            // The labelled spans follow one another, so the first that ends after the quotation's start is found at once.
            let labelled = &reading.roles[before..after];
            let near = labelled.partition_point(|it| it.span.end <= quotation.start);
            let mut inner = labelled[near..].iter().take_while(|it| it.span.start < quotation.end);
            let taken = inner.any(|it| it.role == Role::Content);
            if taken || inside.len() < self.quotation_words || inside.start < first {
                continue;
            }
            let likely =
                |word: usize| [5, 6].iter().map(|&label| posterior.probability(word - first, label)).sum::<f32>();
            let confidence = (inside.start..inside.end).map(likely).sum::<f32>() / inside.len() as f32;
            let row = rows[inside.start - first];
            reading.roles.push(self.role_span(Role::Content, quotation, inside, confidence, row));
        }
        reading.roles[before..].sort_by_key(|it| it.span);
        let entities: Vec<&[f32]> = rows.iter().map(|row| &row[self.columns.entities..self.columns.kinds]).collect();
        reading.names.extend(runs::best(&self.names, &entities).into_iter().map(|run| Name {
            span: words.span(Span::new(first + run.start, first + run.end)),
            kind: NAMES[run.class],
            confidence: run.confidence,
        }));
    }

    /// The spans of a paragraph.
    fn role_spans(
        &self,
        words: &Words,
        quoted: &Quoted,
        first: usize,
        rows: &[&[f32]],
        posterior: &Posterior,
    ) -> impl Iterator<Item = RoleSpan> {
        runs::most_promising(posterior, &self.choice).into_iter().map(move |run| {
            let place = Span::new(first + run.start, first + run.end);
            let role = ROLES[run.class];
            let span = words.span(place);
            let span = if role == Role::Content { with_marks(words, quoted, span) } else { span };
            self.role_span(role, span, place, run.confidence, rows[run.start])
        })
    }

    fn role_span(&self, role: Role, span: Span<Byte>, words: Span<Word>, confidence: f32, row: &[f32]) -> RoleSpan {
        RoleSpan {
            span,
            words,
            role,
            confidence,
            kind: self.kind(row),
            speaker_type: self.speaker_type(row),
            vectors: row[self.columns.queries..self.columns.inner].to_vec(),
        }
    }

    fn kind(&self, row: &[f32]) -> Kind {
        if row[self.columns.kinds] >= row[self.columns.kinds + 1] { Kind::Speech } else { Kind::Thought }
    }

    fn speaker_type(&self, row: &[f32]) -> (SpeakerType, f32) {
        let scores = &row[self.columns.speaker_types..self.columns.queries];
        let most = scores.iter().copied().fold(f32::MIN, f32::max);
        let total: f32 = scores.iter().map(|s| (s - most).exp()).sum();
        let best = scores.iter().position(|&s| s == most).unwrap_or(0);
        (TYPES[best], 1.0 / total)
    }
}

/// A content with the quotation mark before or after it, if only that is missing to a whole quotation.
fn with_marks(words: &Words, quoted: &Quoted, content: Span<Byte>) -> Span<Byte> {
    let one_word = |from: usize, to: usize| words.within(Span::new(from, to)).len() <= 1;
    let start = match quoted.at(content.start) {
        Some(quotation) if one_word(quotation.start, content.start) => quotation.start,
        _ => content.start,
    };
    let end = match quoted.at(content.end) {
        Some(quotation) if one_word(content.end, quotation.end) => quotation.end,
        _ => content.end,
    };
    Span::new(start, end)
}
