//! JSONL: one JSON object a line, one line a document.
//!
//! **Read**: `text`, a string, and `id`, a string or a number, or the fields that
//! [`ReadOptions`] names instead; a line without `id` is called `file:line`. Empty lines and a byte
//! order mark before the first line are skipped. Every other field is handed through to the output, after
//! dixit's own. A field named as one that dixit writes (`statements`, `speakers`) is handed through as
//! `input_statements` or `input_speakers`.
//!
//! **Written**: `id`, `statements`, `speakers`. Statements and speakers are numbered from 1, in text order; `start` and
//! `end` are code-point offsets into the text, `end` exclusive.

use std::io::{self, BufRead, Read, Write};
use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::confidence::shown;
use super::encoding::{self, Decoding, Undecodable};
use super::failure::{Cause, Failure, Place};
use super::options::ReadOptions;
use super::reader::{Documents, Item, Origin};
use super::stream::{Bytes, LARGEST};
use super::{Writer, labels};
use crate::document::{Byte, CharIndex, Document, Span};
use crate::speakers::Entity;
use crate::statement::{Annotation, Statement};

/// Whether a first line says that JSONL follows: an object with this field.
pub(super) fn begins(line: &[u8], field: &str) -> bool {
    let line = line.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(line);
    matches!(serde_json::from_slice(line), Ok(Value::Object(fields)) if fields.contains_key(field))
}

/// The documents of one input, a line each.
pub(super) struct Lines {
    input: Bytes,
    decoding: Decoding,
    options: Arc<ReadOptions>,
    /// What the ids of lines without `id` begin with.
    name: String,
    file: Place,
    line: usize,
    /// Bytes read before the current line.
    offset: u64,
}

impl Lines {
    pub(super) fn new(input: Bytes, decoding: Decoding, origin: Origin) -> Self {
        let Origin { name, place, options, .. } = origin;
        Self { input, decoding, options, name, file: place, line: 0, offset: 0 }
    }

    /// The document of the line just read; `None` if it is empty.
    fn document(&self, line: Vec<u8>) -> Option<Result<Document, Failure>> {
        let place = self.file.at_line(self.line);
        let line = match encoding::decode(line, self.decoding) {
            Ok((line, _)) => line,
            Err(Undecodable { cause, .. }) => return Some(Err(Failure::at(place, cause.further(self.offset)))),
        };
        let line = if self.line == 1 { line.strip_prefix('\u{FEFF}').unwrap_or(&line) } else { &line };
        let line = line.trim_end_matches(['\r', '\n']);
        if line.trim().is_empty() {
            return None;
        }
        let default_id = || format!("{}:{}", self.name, self.line);
        Some(match serde_json::from_str(line) {
            Ok(value) => document(value, &self.options, default_id).map_err(|(id, cause)| Failure { id, place, cause }),
            Err(error) => Err(malformed(line, &error, &place)),
        })
    }

    /// Reads the next line, or as much of it as a document may take, and says whether that is all of it.
    fn read(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        let size = (&mut self.input).take(LARGEST).read_until(b'\n', line)?;
        if (size as u64) < LARGEST || line.ends_with(b"\n") {
            return Ok(true);
        }
        self.offset += self.input.skip_until(b'\n')? as u64;
        Ok(false)
    }
}

impl Documents for Lines {}

impl Iterator for Lines {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let mut skipped = 0;
        loop {
            let mut line = Vec::new();
            self.line += 1;
            let place = self.file.at_line(self.line);
            let whole = match self.read(&mut line) {
                Ok(whole) => whole,
                Err(error) => {
                    // The line after an unreadable one cannot be found.
                    self.input = Box::new(io::empty());
                    let failure = Failure::at(place.clone(), error.into());
                    return Some(Item { document: Err(failure), place, bytes: skipped });
                }
            };
            if line.is_empty() {
                return None;
            }
            let size = line.len() as u64;
            skipped += size;
            let document = match whole {
                true => self.document(line),
                false => Some(Err(Failure::at(place.clone(), Cause::TooLarge))),
            };
            self.offset += size;
            if let Some(document) = document {
                return Some(Item { document, place, bytes: skipped });
            }
        }
    }
}

/// The document that a line's value describes, or its id, as far as it has one, and what is wrong.
fn document(
    value: Value,
    options: &ReadOptions,
    default_id: impl Fn() -> String,
) -> Result<Document, (Option<String>, Cause)> {
    let mut fields = match value {
        Value::Object(fields) => fields,
        other => return Err((None, Cause::NotAnObject(sort(&other)))),
    };
    let id = match fields.shift_remove(options.id_column()) {
        Some(Value::String(id)) if !id.is_empty() => id,
        Some(Value::Number(id)) => id.to_string(),
        None if options.id_column.is_some() => return Err((None, Cause::NoField(options.id_column().to_owned()))),
        None | Some(Value::Null | Value::String(_)) => default_id(),
        Some(other) => {
            let cause = Cause::IdNotAString { name: options.id_column().to_owned(), found: sort(&other) };
            return Err((None, cause));
        }
    };
    match fields.shift_remove(options.text_column()) {
        Some(Value::String(text)) => Ok(Document { id, text, extra: renamed(fields) }),
        Some(other) => {
            let cause = Cause::TextNotAString { name: options.text_column().to_owned(), found: sort(&other) };
            Err((Some(id), cause))
        }
        None => {
            let cause = options.text_column.clone().map_or(Cause::NoText, Cause::NoField);
            Err((Some(id), cause))
        }
    }
}

/// The fields under names that dixit does not write itself.
pub(super) fn renamed(fields: Map<String, Value>) -> Map<String, Value> {
    const OWN: [&str; 3] = ["id", "statements", "speakers"];
    if !OWN.iter().any(|own| fields.contains_key(*own)) {
        return fields;
    }
    let mut result = Map::new();
    for (name, value) in &fields {
        let mut free = name.clone();
        while OWN.contains(&free.as_str()) || (free != *name && fields.contains_key(&free)) {
            free.insert_str(0, "input_");
        }
        result.insert(free, value.clone());
    }
    result
}

fn sort(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The failure of a line that is no JSON, at the column where it ceases to be some.
pub(super) fn malformed(line: &str, error: &serde_json::Error, place: &Place) -> Failure {
    let text = error.to_string();
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
    let before = error.column().saturating_sub(1);
    let column = 1 + line.char_indices().take_while(|(byte, _)| *byte < before).count();
    Failure::at(place.at_column(column), Cause::MalformedJson(reason.to_owned()))
}

/// Writes one line a document.
#[derive(Debug)]
pub struct JsonlWriter<W> {
    output: W,
}

impl<W: Write> JsonlWriter<W> {
    /// Writes to `output`, which should be buffered.
    pub fn new(output: W) -> Self {
        Self { output }
    }
}

impl<W: Write> Writer for JsonlWriter<W> {
    fn write(&mut self, document: &Document, annotation: &Annotation) -> io::Result<()> {
        write_line(&mut self.output, document, annotation)?;
        self.output.write_all(b"\n")
    }

    fn finish(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[derive(Serialize)]
struct Line<'a, A: Serialize, B: Serialize> {
    id: &'a str,
    statements: A,
    speakers: B,
    #[serde(flatten)]
    extra: &'a Map<String, Value>,
}

/// A list whose items are made as they are written: all of a huge document's would take more memory than its text.
struct Each<F>(F);

impl<I: Iterator<Item: Serialize>, F: Fn() -> I> Serialize for Each<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0())
    }
}

#[derive(Serialize)]
struct StatementFields<'a> {
    id: usize,
    content: Vec<SpanFields<'a>>,
    cue: Vec<SpanFields<'a>>,
    source: Vec<SpanFields<'a>>,
    mode: &'static str,
    kind: &'static str,
    speaker: Option<SpeakerName<'a>>,
    confidence: f64,
    parent: Option<usize>,
}

/// A speaker, as a statement refers to it.
#[derive(Serialize)]
struct SpeakerName<'a> {
    id: usize,
    name: &'a str,
    r#type: &'static str,
}

#[derive(Serialize)]
struct SpeakerFields<'a, M: Serialize> {
    #[serde(flatten)]
    name: SpeakerName<'a>,
    titles: &'a [String],
    mentions: M,
}

#[derive(Serialize)]
struct SpanFields<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

fn write_line(output: &mut impl Write, document: &Document, annotation: &Annotation) -> serde_json::Result<()> {
    let index = CharIndex::new(&document.text);
    let span = |span: &Span<Byte>| SpanFields::new(*span, &document.text, &index);
    let spans = |spans: &[Span<Byte>]| spans.iter().map(span).collect::<Vec<_>>();
    let statement = |(at, it): (usize, &Statement)| StatementFields {
        id: at + 1,
        content: spans(&it.content),
        cue: spans(&it.cue),
        source: spans(&it.source),
        mode: labels::mode(it.mode),
        kind: labels::kind(it.kind),
        speaker: it.speaker.and_then(|at| Some(SpeakerName::new(at, annotation.speakers.get(at)?))),
        confidence: shown(it.confidence),
        parent: it.parent.map(|at| at + 1),
    };
    let speakers = annotation.speakers.iter().enumerate().map(|(at, it)| SpeakerFields {
        name: SpeakerName::new(at, it),
        titles: &it.titles,
        mentions: Each(move || it.mentions.iter().map(span)),
    });
    let line = Line {
        id: &document.id,
        statements: Each(|| annotation.statements.iter().enumerate().map(statement)),
        speakers: Each(|| speakers.clone()),
        extra: &document.extra,
    };
    serde_json::to_writer(output, &line)
}

impl<'a> SpeakerName<'a> {
    fn new(at: usize, speaker: &'a Entity) -> Self {
        Self { id: at + 1, name: &speaker.name, r#type: labels::speaker_type(speaker.kind) }
    }
}

impl<'a> SpanFields<'a> {
    fn new(span: Span<Byte>, text: &'a str, index: &CharIndex<'_>) -> Self {
        let chars = index.chars(span);
        Self { start: chars.start, end: chars.end, text: span.of(text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::example;

    fn read(input: &'static str) -> Vec<Result<Document, String>> {
        read_with(input.as_bytes(), ReadOptions::default())
    }

    fn read_with(input: &'static [u8], options: ReadOptions) -> Vec<Result<Document, String>> {
        let origin = Origin { name: "a.jsonl".to_owned(), ..Origin::new(Place::file("in/a.jsonl"), options) };
        let lines = Lines::new(Box::new(input), Decoding::Detect, origin);
        lines.map(|item| item.document.map_err(|failure| failure.to_string())).collect()
    }

    fn written(document: &Document, annotation: &Annotation) -> String {
        let mut output = Vec::new();
        let mut writer = JsonlWriter::new(&mut output);
        writer.write(document, annotation).unwrap();
        writer.finish().unwrap();
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn a_line_gives_id_text_and_the_rest() {
        let found = read(
            "\u{FEFF}{\"date\": \"2024-05-02\", \"id\": \"m1\", \"text\": \"Rain.\", \"n\": 0.30}\r\n\n{\"text\":\"\"}",
        );
        let first = found[0].as_ref().unwrap();
        assert_eq!((first.id.as_str(), first.text.as_str()), ("m1", "Rain."));
        assert_eq!(serde_json::to_string(&first.extra).unwrap(), r#"{"date":"2024-05-02","n":0.3}"#);
        assert_eq!(found[1], Ok(Document::new("a.jsonl:3", "")));
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn an_id_is_a_string_in_the_end() {
        let cases = [
            (r#"{"id": 17, "text": ""}"#, "17"),
            (r#"{"id": "017", "text": ""}"#, "017"),
            (r#"{"id": null, "text": ""}"#, "a.jsonl:1"),
            (r#"{"id": "", "text": ""}"#, "a.jsonl:1"),
        ];
        for (line, id) in cases {
            assert_eq!(read(line), [Ok(Document::new(id, ""))], "{line}");
        }
    }

    #[test]
    fn a_bad_line_is_located_and_the_next_one_read() {
        let cases = [
            ("{\"text\": \"é\" \"id\"}\n", "in/a.jsonl:1:14: malformed JSON: expected `,` or `}`; write one"),
            ("{\"text\": \"cut\n", "in/a.jsonl:1:13: malformed JSON: EOF while parsing a string; write"),
            ("[1, 2]\n", "in/a.jsonl:1: an array where a JSON object should be; write one object a line"),
            ("{}\n", "in/a.jsonl:1: no field \"text\"; give every line a string field \"text\""),
            ("{\"text\": 5}\n", "in/a.jsonl:1: field \"text\" is a number, not a string; make"),
            ("{\"id\": [], \"text\": \"\"}\n", "in/a.jsonl:1: field \"id\" is an array, not a string; make"),
            ("{\"text\": \"\\ud800\"}\n", "in/a.jsonl:1:17: malformed JSON: "),
        ];
        for (line, message) in cases {
            let both = format!("{line}{{\"text\": \"Snow.\"}}");
            let found = read(both.leak());
            let failure = found[0].as_ref().unwrap_err();
            assert!(failure.starts_with(message), "{failure}");
            assert_eq!(found[1], Ok(Document::new("a.jsonl:2", "Snow.")));
        }
    }

    #[test]
    fn each_line_is_in_an_encoding_of_its_own() {
        let found = read_with(
            b"{\"text\": \"a\"}\n{\"text\": \"caf\xE9 cr\xE8me\"}\n{\"text\": \"Zo\xC3\xAB \xC3\xA9 \xE9.\"}\n{\"text\": \"\xC3\xAB\"}",
            ReadOptions::default(),
        );
        assert_eq!(found[1].as_ref().unwrap().text, "café crème");
        assert!(found[2].as_ref().unwrap_err().starts_with("in/a.jsonl:3: byte 55 (0xE9) is not UTF-8"), "{found:?}");
        assert_eq!(found[3].as_ref().unwrap().text, "ë");
    }

    #[test]
    fn the_fields_can_be_named() {
        let named = |id: Option<&str>| ReadOptions {
            text_column: Some("body".to_owned()),
            id_column: id.map(str::to_owned),
            ..ReadOptions::default()
        };
        let line = b"{\"id\": 1, \"url\": \"u\", \"body\": \"Rain.\", \"text\": 2}\n{\"text\": \"\", \"url\": \"v\"}\n{\"body\": \"\"}";
        let found = read_with(line, named(Some("url")));
        let first = found[0].as_ref().unwrap();
        assert_eq!((first.id.as_str(), first.text.as_str()), ("u", "Rain."));
        assert_eq!(serde_json::to_string(&first.extra).unwrap(), r#"{"input_id":1,"text":2}"#);
        assert!(found[1].as_ref().unwrap_err().starts_with("in/a.jsonl:2: no field \"body\"; give"), "{found:?}");
        assert!(found[2].as_ref().unwrap_err().starts_with("in/a.jsonl:3: no field \"url\"; give"), "{found:?}");
        assert_eq!(read_with(line, named(None))[0].as_ref().unwrap().id, "1");
    }

    #[test]
    fn fields_that_dixit_writes_are_handed_through_under_another_name() {
        let line = r#"{"id": "a", "text": "", "speakers": 1, "input_speakers": 2, "statements": 3, "x": 4}"#;
        let documents = read(line);
        let extra = &documents[0].as_ref().unwrap().extra;
        let expected = r#"{"input_input_speakers":1,"input_speakers":2,"input_statements":3,"x":4}"#;
        assert_eq!(serde_json::to_string(extra).unwrap(), expected);
    }

    #[test]
    fn a_first_line_tells_jsonl_from_text() {
        let cases = [
            (r#"{"text": "a"}"#, true),
            ("\u{FEFF}{\"id\": 1, \"text\": 2}\r\n", true),
            (r#"{"body": "a"}"#, false),
            ("{\n", false),
            ("\"text\"", false),
            ("Rain fell.", false),
            ("", false),
        ];
        for (line, expected) in cases {
            assert_eq!(begins(line.as_bytes(), "text"), expected, "{line}");
        }
    }

    #[test]
    fn a_document_is_written_on_one_line() {
        let (document, annotation) = example::annotated();
        let line = written(&document, &annotation);
        assert_eq!(line, format!("{}\n", example::JSONL));
    }

    #[test]
    fn a_document_without_statements_is_written_too() {
        let mut document = Document::new("a\"b", "");
        document.extra.insert("date".to_owned(), "2024".into());
        let expected = "{\"id\":\"a\\\"b\",\"statements\":[],\"speakers\":[],\"date\":\"2024\"}\n";
        assert_eq!(written(&document, &Annotation::default()), expected);
    }
}
