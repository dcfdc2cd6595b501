//! The way from text to statements, over one document or several at once.

mod stretches;
mod work;

use std::path::Path;
use std::time::Instant;

use crate::decode::{Decoder, Name, NameKind, Reading};
use crate::document::{Byte, Document, Layout, Span};
use crate::encoder::{EncodeError, Scores, Section, Window, Words, sections};
use crate::link::{self, Attribution};
use crate::model::{Model, ModelError};
use crate::quotations::{Quotation, Quoted, quotations};
use crate::segment;
use crate::speakers::{self, Anaphor, SourceMention};
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
        let (mut annotations, _) = self.annotate_texts(&[text])?;
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
        let texts: Vec<&str> = documents.iter().map(|document| document.text.as_str()).collect();
        self.annotate_texts(&texts)
    }

    fn annotate_texts(&self, texts: &[&str]) -> Result<(Vec<Annotation>, Work), AnnotateError> {
        let mut work = Work::default();
        let mut annotations = Vec::with_capacity(texts.len());
        for group in texts.chunk_by(|one, other| !is_huge(one) && !is_huge(other)) {
            match group {
                [text] if is_huge(text) => annotations.push(self.annotate_stretches(text, &mut work)?),
                group => annotations.extend(self.annotate_whole(group, &mut work)?),
            }
        }
        Ok((annotations, work))
    }

    fn annotate_stretches(&self, text: &str, work: &mut Work) -> Result<Annotation, AnnotateError> {
        let annotate = |stretch: Span<Byte>| {
            let annotation = self.annotate_whole(&[stretch.of(text)], work)?.pop().unwrap_or_default();
            Ok((stretch, annotation))
        };
        stretches(text).into_iter().map(annotate).collect::<Result<Vec<_>, _>>().map(join)
    }

    fn annotate_whole(&self, texts: &[&str], work: &mut Work) -> Result<Vec<Annotation>, AnnotateError> {
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
        let prepared = self.prepare(text)?;
        let mut reading = self.read(std::slice::from_ref(&prepared), &mut Work::default())?.pop().unwrap_or_default();
        reading.names.retain(|name| !persons.iter().any(|person| person.overlaps(name.span)));
        reading.names.extend(persons.iter().map(|&span| Name { span, kind: NameKind::Person, confidence: 1.0 }));
        reading.names.sort_by_key(|name| name.span);
        let Prepared { text, layout, quotations, .. } = &prepared;
        let config = &self.model.config;
        let attributions = link::attributions(&reading, layout, quotations, &config.links);
        let mut mentions = Sources::of(&prepared, &reading, &attributions).mentions;
        in_text_order(&mut mentions);
        Ok(speakers::anaphors(text, layout, quotations, &reading.names, &mentions, &config.antecedents))
    }

    /// What can be known of a text without the network.
    fn prepare<'t>(&self, text: &'t str) -> Result<Prepared<'t>, AnnotateError> {
        let paragraphs = segment::paragraphs(text);
        let spans: Vec<Span<Byte>> = paragraphs.iter().map(|paragraph| paragraph.span).collect();
        let quotations = quotations(text, &spans);
        let layout = segment::layout(text, paragraphs, &quotations);
        let quoted = Quoted::new(&quotations);
        let words = Words::of(text, &spans, &quoted, &self.model.tokens).map_err(AnnotateError::Tokenize)?;
        let sections = sections(&words, self.model.config.window, &self.model.tokens);
        Ok(Prepared { text, layout, quotations, quoted, words, sections })
    }

    /// What the network finds in the texts.
    fn read(&self, prepared: &[Prepared<'_>], work: &mut Work) -> Result<Vec<Reading>, AnnotateError> {
        let mut readings = vec![Reading::default(); prepared.len()];
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
                let Prepared { words, quoted, .. } = &prepared[document];
                self.decoder.decode(words, quoted, section, &scores, &mut readings[document]);
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
        let most = self.model.encoder.batch_pieces();
        let mut rest = order.as_slice();
        while !rest.is_empty() {
            let fits = |(count, &index): (usize, &usize)| windows[index].ids.len() * (count + 1) <= most;
            let (batch, after) = rest.split_at(rest.iter().enumerate().take_while(|&it| fits(it)).count().max(1));
            let inputs: Vec<&Window> = batch.iter().map(|&index| windows[index]).collect();
            // They are in the order of their lengths.
            let longest = inputs.last().map_or(0, |window| window.ids.len());
            let pieces: usize = inputs.iter().map(|window| window.ids.len()).sum();
            work.pieces += pieces as u64;
            work.padding += (longest * inputs.len() - pieces) as u64;
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

    /// From spans to statements.
    fn finish(&self, prepared: &Prepared<'_>, reading: &Reading) -> Annotation {
        let Prepared { text, layout, quotations, quoted, .. } = prepared;
        let config = &self.model.config;
        let attributions = link::attributions(reading, layout, quotations, &config.links);
        let Sources { numbers, mut mentions } = Sources::of(prepared, reading, &attributions);
        let order = in_text_order(&mut mentions);
        let mut speakers = speakers::resolve(text, layout, quotations, &reading.names, &mentions, &config.antecedents);
        let mut of_source = vec![None; attributions.len()];
        for (&place, &speaker) in order.iter().zip(&speakers.of_source) {
            of_source[numbers[place]] = speaker;
        }
        speakers.of_source = of_source;
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
