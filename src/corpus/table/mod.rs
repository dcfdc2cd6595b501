//! Statements as a table with typed columns, one row a statement: in Parquet or in Arrow IPC.
//!
//! | Column | Type | |
//! |---|---|---|
//! | `document` | string | id of the document |
//! | `statement` | uint32 | number of the statement in the document |
//! | `parent` | uint32, null | number of the statement that this one is nested in |
//! | `mode` | dictionary of strings | `direct`, `mixed`, `indirect` |
//! | `kind` | dictionary of strings | `speech`, `thought` |
//! | `confidence` | float64 | from 0 to 1, two decimals |
//! | `speaker` | string, null | name of the speaker |
//! | `speaker_type` | dictionary of strings, null | `person`, `organization`, `group`, `document` |
//! | `speaker_id` | uint32, null | number of the speaker in the document |
//! | `source`, `cue`, `content` | string, null | the words; several spans are joined by ` … ` |
//! | `source_spans`, `cue_spans`, `content_spans` | list of struct of uint32 | `start` and `end` of each span |
//!
//! Numbers count from 1, `start` and `end` are code-point offsets, `end` exclusive; null is where there is nothing. The
//! same statements make the same bytes.

pub mod ipc;
pub mod parquet;
#[cfg(test)]
mod tests;

use std::io;
use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, Float64Builder, ListBuilder, PrimitiveBuilder, StringBuilder, StructBuilder, UInt32Builder,
};
use arrow_array::types::{Int8Type, UInt32Type};
use arrow_array::{ArrayRef, DictionaryArray, Int8Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef};

use super::confidence::shown;
use super::labels;
use crate::document::{Byte, CharIndex, Document, Span};
use crate::speakers::SpeakerType;
use crate::statement::{Annotation, Kind, Mode, Statement};

/// Rows that are put together before they are written.
pub(crate) const ROWS: usize = 8192;

/// Bytes of text that are put together before they are written.
const BYTES: usize = 8 << 20;

// In the order of the variants, whose numbers are the keys.
pub(crate) const MODES: [&str; 3] =
    [labels::mode(Mode::Direct), labels::mode(Mode::Mixed), labels::mode(Mode::Indirect)];
const KINDS: [&str; 2] = [labels::kind(Kind::Speech), labels::kind(Kind::Thought)];
pub(crate) const TYPES: [&str; 4] = [
    labels::speaker_type(SpeakerType::Person),
    labels::speaker_type(SpeakerType::Organization),
    labels::speaker_type(SpeakerType::Group),
    labels::speaker_type(SpeakerType::Document),
];

/// The columns, in their order.
pub fn schema() -> SchemaRef {
    let words = || DataType::Utf8;
    let choice = || DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
    let spans = || DataType::List(Arc::new(Field::new("item", DataType::Struct(offsets()), false)));
    Arc::new(Schema::new(vec![
        Field::new("document", words(), false),
        Field::new("statement", DataType::UInt32, false),
        Field::new("parent", DataType::UInt32, true),
        Field::new("mode", choice(), false),
        Field::new("kind", choice(), false),
        Field::new("confidence", DataType::Float64, false),
        Field::new("speaker", words(), true),
        Field::new("speaker_type", choice(), true),
        Field::new("speaker_id", DataType::UInt32, true),
        Field::new("source", words(), true),
        Field::new("cue", words(), true),
        Field::new("content", words(), true),
        Field::new("source_spans", spans(), false),
        Field::new("cue_spans", spans(), false),
        Field::new("content_spans", spans(), false),
    ]))
}

fn offsets() -> Fields {
    ["start", "end"].map(|name| Field::new(name, DataType::UInt32, false)).into_iter().collect()
}

/// Rows on their way into a file.
#[derive(Debug)]
struct Rows {
    schema: SchemaRef,
    document: StringBuilder,
    statement: UInt32Builder,
    parent: UInt32Builder,
    mode: PrimitiveBuilder<Int8Type>,
    kind: PrimitiveBuilder<Int8Type>,
    confidence: Float64Builder,
    speaker: StringBuilder,
    speaker_type: PrimitiveBuilder<Int8Type>,
    speaker_id: UInt32Builder,
    /// Source, cue, content.
    words: [StringBuilder; 3],
    spans: [ListBuilder<StructBuilder>; 3],
    bytes: usize,
}

impl Rows {
    fn new() -> Self {
        let spans = || {
            let starts: [Box<dyn ArrayBuilder>; 2] = [Box::new(UInt32Builder::new()), Box::new(UInt32Builder::new())];
            let item = Field::new("item", DataType::Struct(offsets()), false);
            ListBuilder::new(StructBuilder::new(offsets(), starts.into())).with_field(item)
        };
        Self {
            schema: schema(),
            document: StringBuilder::new(),
            statement: UInt32Builder::new(),
            parent: UInt32Builder::new(),
            mode: PrimitiveBuilder::new(),
            kind: PrimitiveBuilder::new(),
            confidence: Float64Builder::new(),
            speaker: StringBuilder::new(),
            speaker_type: PrimitiveBuilder::new(),
            speaker_id: UInt32Builder::new(),
            words: [StringBuilder::new(), StringBuilder::new(), StringBuilder::new()],
            spans: [spans(), spans(), spans()],
            bytes: 0,
        }
    }

    /// Takes in the statements of a document and hands what is enough for writing to `write`.
    fn add(
        &mut self,
        document: &Document,
        annotation: &Annotation,
        mut write: impl FnMut(RecordBatch) -> io::Result<()>,
    ) -> io::Result<()> {
        let index = CharIndex::new(&document.text);
        for (at, statement) in annotation.statements.iter().enumerate() {
            self.push(document, annotation, &index, at, statement);
            if self.statement.len() >= ROWS || self.bytes >= BYTES {
                write(self.take().map_err(io::Error::other)?)?;
            }
        }
        Ok(())
    }

    fn push(
        &mut self,
        document: &Document,
        annotation: &Annotation,
        index: &CharIndex<'_>,
        at: usize,
        statement: &Statement,
    ) {
        let number = |at: usize| small(at + 1);
        let speaker = statement.speaker.and_then(|at| annotation.speakers.get(at));
        self.document.append_value(&document.id);
        self.statement.append_value(number(at));
        self.parent.append_option(statement.parent.map(number));
        self.mode.append_value(statement.mode as i8);
        self.kind.append_value(statement.kind as i8);
        self.confidence.append_value(shown(statement.confidence));
        self.speaker.append_option(speaker.map(|it| &it.name));
        self.speaker_type.append_option(speaker.map(|it| it.kind as i8));
        self.speaker_id.append_option(speaker.and(statement.speaker).map(number));
        self.bytes += document.id.len() + speaker.map_or(0, |it| it.name.len());
        let roles = [&statement.source, &statement.cue, &statement.content];
        for ((role, words), spans) in roles.into_iter().zip(&mut self.words).zip(&mut self.spans) {
            self.bytes += push_role(&document.text, index, role, words, spans);
        }
    }

    /// The rows so far, if there are any, which are forgotten.
    fn take(&mut self) -> Result<RecordBatch, ArrowError> {
        self.bytes = 0;
        let [source, cue, content] = &mut self.words;
        let [source_spans, cue_spans, content_spans] = &mut self.spans;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.document.finish()),
            Arc::new(self.statement.finish()),
            Arc::new(self.parent.finish()),
            choice(self.mode.finish(), &MODES)?,
            choice(self.kind.finish(), &KINDS)?,
            Arc::new(self.confidence.finish()),
            Arc::new(self.speaker.finish()),
            choice(self.speaker_type.finish(), &TYPES)?,
            Arc::new(self.speaker_id.finish()),
            Arc::new(source.finish()),
            Arc::new(cue.finish()),
            Arc::new(content.finish()),
            Arc::new(source_spans.finish()),
            Arc::new(cue_spans.finish()),
            Arc::new(content_spans.finish()),
        ];
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }
}

/// Adds the words and the offsets of a role, and returns the bytes of the words.
fn push_role(
    text: &str,
    index: &CharIndex<'_>,
    role: &[Span<Byte>],
    words: &mut StringBuilder,
    spans: &mut ListBuilder<StructBuilder>,
) -> usize {
    let joined = role.iter().map(|span| span.of(text)).collect::<Vec<_>>().join(" … ");
    words.append_option((!role.is_empty()).then_some(&joined));
    for chars in role.iter().map(|span| index.chars(*span)) {
        let item = spans.values();
        for (field, offset) in [chars.start, chars.end].into_iter().enumerate() {
            if let Some(offsets) = item.field_builder::<UInt32Builder>(field) {
                offsets.append_value(small(offset));
            }
        }
        item.append(true);
    }
    spans.append(true);
    joined.len() + 8 * role.len()
}

/// A column whose values are these, by number. All of them are in the dictionary, so that it is the same in all batches.
pub(crate) fn choice(keys: Int8Array, values: &[&str]) -> Result<ArrayRef, ArrowError> {
    let values = StringArray::from_iter_values(values);
    Ok(Arc::new(DictionaryArray::<Int8Type>::try_new(keys, Arc::new(values))?))
}

/// A number as its column has it. Texts of four billion code points do not fit into one.
pub(crate) fn small(number: usize) -> <UInt32Type as arrow_array::ArrowPrimitiveType>::Native {
    u32::try_from(number).unwrap_or(u32::MAX)
}
