//! The way from text to statements, over one document or several at once.

mod stretches;
#[cfg(test)]
mod tests;
mod work;

use std::cmp::Reverse;
use std::path::Path;
use std::time::Instant;

use crate::decode::{Decoder, Input, Name, NameKind, Reading};
use crate::document::{Byte, Document, Layout, Span};
use crate::encoder::{EncodeError, Scores, Section, Window, Words, sections};
use crate::link::{self, Attribution};
use crate::model::{Model, ModelError};
use crate::quotations::{Quotation, Quoted, quotations};
use crate::segment;
use crate::speakers::{self, Anaphor, Learned, SourceMention};
use crate::statement::Annotation;

pub use stretches::{is_huge, join, stretches};
pub use work::Work;

/// Windows that are scored before any of them is decoded. More make batches of more even length, and take more memory.
const GROUP: usize = 256;

/// Annotates documents with one model; cheap to share between threads by reference.
pub struct Annotator {
    model: Model,
    decoder: Decoder,
}

impl Annotator {
    /// An annotator with this model.
    pub fn new(model: Model) -> Self {
        Self { decoder: Decoder::new(&model.config), model }
    }

    /// An annotator with the model that is built in.
    ///
    /// # Errors
    /// None, unless the program was built from a broken model folder.
    #[cfg(feature = "embedded-model")]
    pub fn embedded() -> Result<Self, ModelError> {
        Model::embedded().map(Self::new)
    }

    /// An annotator with the model in this folder.
    ///
    /// # Errors
    /// A [`ModelError`] that names the file which is missing, broken or of another version.
    pub fn load(folder: &Path) -> Result<Self, ModelError> {
        Model::load(folder).map(Self::new)
    }

    /// The statements of a text.
    ///
    /// # Errors
    /// When the network cannot be run.
    pub fn annotate_text(&self, text: &str) -> Result<Annotation, AnnotateError> {
        let (mut annotations, _) = self.annotate_texts(&[Text { text, given: None }])?;
        Ok(annotations.pop().unwrap_or_default())
    }

    /// Annotates a few documents at once on the calling thread, one result a document, in their order.
    ///
    /// The result for a document does not depend on its neighbours; handing in more than one only fills the
    /// encoder's batches better. A huge document is annotated in [`stretches`].
    ///
    /// # Errors
    /// When the network cannot be run.
    pub fn annotate(&self, documents: &[Document]) -> Result<Vec<Annotation>, AnnotateError> {
        self.annotate_measured(documents).map(|(annotations, _)| annotations)
    }

    /// The same as [`Annotator::annotate`], and what it took.
    ///
    /// # Errors
    /// When the network cannot be run.
    pub fn annotate_measured(&self, documents: &[Document]) -> Result<(Vec<Annotation>, Work), AnnotateError> {
        let texts: Vec<_> = documents.iter().map(|document| Text { text: &document.text, given: None }).collect();
        self.annotate_texts(&texts)
    }

    /// The same as [`Annotator::annotate_measured`] for documents whose quotations somebody else has found: `quotations`
    /// gives the parts of each, and they take the place of the direct contents that the network finds. Only who says them
    /// is left to be found out.
    ///
    /// # Errors
    /// When the network cannot be run.
    pub fn annotate_given<'q>(
        &self,
        documents: &[Document],
        quotations: impl Fn(&Document) -> &'q [Vec<Span<Byte>>],
    ) -> Result<(Vec<Annotation>, Work), AnnotateError> {
        let texts: Vec<_> = documents
            .iter()
            .map(|document| Text { text: &document.text, given: Some(quotations(document).to_vec()) })
            .collect();
        self.annotate_texts(&texts)
    }

    fn annotate_texts(&self, texts: &[Text<'_>]) -> Result<(Vec<Annotation>, Work), AnnotateError> {
        let mut work = Work::default();
        let mut annotations = Vec::with_capacity(texts.len());
        for group in texts.chunk_by(|one, other| !is_huge(one.text) && !is_huge(other.text)) {
            match group {
                [huge] if is_huge(huge.text) => annotations.push(self.annotate_stretches(huge, &mut work)?),
                group => annotations.extend(self.annotate_whole(group, &mut work)?),
            }
        }
        Ok((annotations, work))
    }

    fn annotate_stretches(&self, huge: &Text<'_>, work: &mut Work) -> Result<Annotation, AnnotateError> {
        let annotate = |stretch: Span<Byte>| {
            let annotation = self.annotate_whole(&[huge.part(stretch)], work)?.pop().unwrap_or_default();
            Ok((stretch, annotation))
        };
        stretches(huge.text).into_iter().map(annotate).collect::<Result<Vec<_>, _>>().map(join)
    }

    fn annotate_whole(&self, texts: &[Text<'_>], work: &mut Work) -> Result<Vec<Annotation>, AnnotateError> {
        let begin = Instant::now();
        let prepared = texts.iter().map(|text| self.prepare(text)).collect::<Result<Vec<_>, _>>()?;
        work.layout += begin.elapsed();
        let readings = self.read(&prepared, work)?;
        let begin = Instant::now();
        let annotations = prepared.iter().zip(readings).map(|(prepared, reading)| self.finish(prepared, &reading));
        let annotations = annotations.collect();
        work.linking += begin.elapsed();
        Ok(annotations)
    }

    /// What the pronouns of a text can mean, in text order, as [`speakers::anaphors`] finds them.
    ///
    /// `persons` are names of persons that the caller knows to stand in the text.
    ///
    /// # Errors
    /// When the network cannot be run.
    pub fn anaphors(&self, text: &str, persons: &[Span<Byte>]) -> Result<Vec<Anaphor>, AnnotateError> {
        let prepared = self.prepare(&Text { text, given: None })?;
        let mut reading = self.read(std::slice::from_ref(&prepared), &mut Work::default())?.pop().unwrap_or_default();
        reading.names.retain(|name| !persons.iter().any(|person| person.overlaps(name.span)));
        reading.names.extend(persons.iter().map(|&span| Name { span, kind: NameKind::Person, confidence: 1.0 }));
        reading.names.sort_by_key(|name| name.span);
        let Prepared { text, layout, quotations, .. } = &prepared;
        let attributions = link::attributions(&reading, layout, quotations, &self.model.config.links);
        let mut mentions = Sources::of(&prepared, &reading, &attributions).mentions;
        in_text_order(&mut mentions);
        let learned = self.learned(&reading);
        Ok(speakers::anaphors(text, layout, quotations, &reading.names, &mentions, learned))
    }

    /// What can be known of a text without the network.
    fn prepare<'t>(&self, text: &Text<'t>) -> Result<Prepared<'t>, AnnotateError> {
        let given = text.given.clone();
        let text = text.text;
        let paragraphs = segment::paragraphs(text);
        let spans: Vec<Span<Byte>> = paragraphs.iter().map(|paragraph| paragraph.span).collect();
        let quotations = quotations(text, &spans);
        let layout = segment::layout(text, paragraphs, &quotations);
        let quoted = Quoted::new(&quotations);
        let words = Words::of(text, &spans, &quoted, &self.model.tokens).map_err(AnnotateError::Tokenize)?;
        let sections = sections(&words, self.model.config.window, &self.model.tokens);
        let parts = given.as_ref().map(|given| apart(given.iter().flatten().copied().collect()));
        Ok(Prepared { text, layout, quotations, quoted, words, sections, given: given.unwrap_or_default(), parts })
    }

    /// What the network finds in the texts.
    fn read(&self, prepared: &[Prepared<'_>], work: &mut Work) -> Result<Vec<Reading>, AnnotateError> {
        let given = prepared.iter().map(|it| Reading { given: it.given.clone(), ..Reading::default() });
        let mut readings: Vec<Reading> = given.collect();
        let sections: Vec<(usize, &Section)> = prepared
            .iter()
            .enumerate()
            .flat_map(|(document, prepared)| prepared.sections.iter().map(move |section| (document, section)))
            .collect();
        let mut rest = sections.as_slice();
        while !rest.is_empty() {
            let (group, after) = rest.split_at(group_length(rest));
            let windows: Vec<&Window> = group.iter().flat_map(|(_, section)| &section.windows).collect();
            let begin = Instant::now();
            let mut scores = self.score(&windows, work)?.into_iter();
            work.encoder += begin.elapsed();
            let begin = Instant::now();
            for &(document, section) in group {
                let scores: Vec<Scores> = scores.by_ref().take(section.windows.len()).collect();
                let Prepared { text, words, quoted, parts, .. } = &prepared[document];
                let input = Input { text, words, quoted, given: parts.as_deref() };
                self.decoder.decode(input, section, &scores, &mut readings[document]);
            }
            work.decoding += begin.elapsed();
            rest = after;
        }
        Ok(readings)
    }

    /// The scores of windows, in their order; they are encoded in batches of like length.
    fn score(&self, windows: &[&Window], work: &mut Work) -> Result<Vec<Scores>, EncodeError> {
        let mut order: Vec<usize> = (0..windows.len()).collect();
        order.sort_by_key(|&index| (windows[index].ids.len(), index));
        let mut scores = vec![None; windows.len()];
        let (most, pads) = (self.model.encoder.batch_pieces(), self.model.encoder.pads());
        let mut rest = order.as_slice();
        while !rest.is_empty() {
            let mut unpadded = 0;
            let fits = |&(count, &index): &(usize, &usize)| {
                let length = windows[index].ids.len();
                unpadded += length;
                (if pads { length * (count + 1) } else { unpadded }) <= most
            };
            let (batch, after) = rest.split_at(rest.iter().enumerate().take_while(fits).count().max(1));
            let inputs: Vec<&Window> = batch.iter().map(|&index| windows[index]).collect();
            // They are in the order of their lengths.
            let longest = inputs.last().map_or(0, |window| window.ids.len());
            let pieces: usize = inputs.iter().map(|window| window.ids.len()).sum();
            work.pieces += pieces as u64;
            work.padding += if pads { (longest * inputs.len() - pieces) as u64 } else { 0 };
            for (&index, found) in batch.iter().zip(self.model.encoder.encode(&inputs)?) {
                scores[index] = Some(found);
            }
            rest = after;
        }
        scores
            .into_iter()
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| EncodeError("the encoder left out a window".to_owned()))
    }

    /// What the model knows of who an anaphor means.
    fn learned<'a>(&'a self, reading: &'a Reading) -> Learned<'a> {
        let config = &self.model.config;
        Learned {
            antecedents: &config.antecedents,
            descriptions: config.descriptions.as_ref(),
            affinities: &reading.affinities,
        }
    }

    /// From spans to statements.
    fn finish(&self, prepared: &Prepared<'_>, reading: &Reading) -> Annotation {
        let Prepared { text, layout, quotations, quoted, .. } = prepared;
        let config = &self.model.config;
        let attributions = link::attributions(reading, layout, quotations, &config.links);
        let Sources { numbers, mut mentions } = Sources::of(prepared, reading, &attributions);
        let order = in_text_order(&mut mentions);
        let learned = self.learned(reading);
        let mut speakers = speakers::resolve(text, layout, quotations, &reading.names, &mentions, learned);
        let mut of_source = vec![None; attributions.len()];
        let mut alternatives = vec![Vec::new(); attributions.len()];
        for (found, &place) in order.iter().enumerate() {
            of_source[numbers[place]] = speakers.of_source[found];
            alternatives[numbers[place]] = std::mem::take(&mut speakers.alternatives[found]);
        }
        (speakers.of_source, speakers.alternatives) = (of_source, alternatives);
        link::statements(text, layout, quoted, &attributions, speakers, config.confidence)
    }
}

/// The sources of a document's attributions.
struct Sources {
    /// The attribution of each.
    numbers: Vec<usize>,
    mentions: Vec<SourceMention>,
}

impl Sources {
    /// The same source may stand in several attributions; each is asked for with its own content.
    fn of(prepared: &Prepared<'_>, reading: &Reading, attributions: &[Attribution<'_>]) -> Self {
        let Prepared { text, layout, quoted, .. } = prepared;
        let source = |(number, attribution): (usize, &Attribution<'_>)| {
            let content = attribution.content.iter().map(|it| it.span).collect();
            let (span, kind) = match attribution.source {
                Some(source) => (source.span, Some(source.speaker_type)),
                None => (link::named_beside(reading, layout, quoted, attribution, text)?, None),
            };
            Some((number, SourceMention { span, kind, content }))
        };
        let (numbers, mentions) = attributions.iter().enumerate().filter_map(source).unzip();
        Self { numbers, mentions }
    }
}

/// The spans in text order, of those that overlap the outer or the first.
fn apart(mut spans: Vec<Span<Byte>>) -> Vec<Span<Byte>> {
    spans.sort_unstable_by_key(|span| (span.start, Reverse(span.end)));
    let mut end = 0;
    spans.retain(|span| {
        let free = span.start >= end;
        end = end.max(span.end);
        free
    });
    spans
}

/// Sorts the mentions by their place in the text; where each of them stood before.
fn in_text_order(mentions: &mut Vec<SourceMention>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..mentions.len()).collect();
    order.sort_by_key(|&index| (mentions[index].span, index));
    *mentions = order.iter().map(|&index| mentions[index].clone()).collect();
    order
}

/// How many of the sections are scored together; at least one.
fn group_length(sections: &[(usize, &Section)]) -> usize {
    let mut windows = 0;
    sections
        .iter()
        .take_while(|(_, section)| {
            windows += section.windows.len();
            windows <= GROUP
        })
        .count()
        .max(1)
}

/// A text with all that is known of it before the network has seen it.
struct Prepared<'t> {
    text: &'t str,
    layout: Layout,
    quotations: Vec<Quotation>,
    quoted: Quoted,
    words: Words,
    sections: Vec<Section>,
    /// The parts of each content that was given.
    given: Vec<Vec<Span<Byte>>>,
    /// All of these parts, in text order; `None` where nothing was given.
    parts: Option<Vec<Span<Byte>>>,
}

/// A text to be annotated.
struct Text<'t> {
    text: &'t str,
    /// The parts of each of its quotations, if these are known.
    given: Option<Vec<Vec<Span<Byte>>>>,
}

impl<'t> Text<'t> {
    /// A stretch of the text, and the quotations in it.
    fn part(&self, stretch: Span<Byte>) -> Text<'t> {
        let within = |parts: &Vec<Span<Byte>>| {
            let inside = parts.iter().filter(|part| stretch.covers(**part));
            inside.map(|part| Span::new(part.start - stretch.start, part.end - stretch.start)).collect()
        };
        let given = self.given.as_ref().map(|given| given.iter().map(within).collect());
        Text { text: stretch.of(self.text), given }
    }
}

/// A document could not be annotated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnnotateError {
    /// The tokenizer gave up.
    #[error("the tokenizer cannot cut the text into words: {0}")]
    Tokenize(String),
    /// The network could not be run.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}
