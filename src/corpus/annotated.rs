//! Reads back the JSONL that annotate wrote: what was said and by whom, without the texts around it.

use std::collections::HashMap;
use std::io::{self, BufRead};

use rayon::prelude::*;
use serde::Deserialize;
use serde_json::error::Category;

use super::compression::Compression;
use super::failure::{Cause, Failure, Place};
use super::ids::Ids;
use super::options::ReadOptions;
use super::reader::Origin;
use super::stream::{Meter, Stream};
use super::{Source, detect, jsonl, labels};
use crate::speakers::SpeakerType;
use crate::statement::Mode;

/// A document's statements and speakers.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotated {
    /// The document's id.
    pub id: String,
    /// The statements, in the order of the line.
    pub statements: Vec<Statement>,
    /// Those who make them, in the order of the line.
    pub speakers: Vec<Speaker>,
}

/// What was said.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Its number in the document.
    pub number: u32,
    /// The words of the content; those of several spans are joined by ` … `.
    pub content: String,
    /// Whether it stands in quotation marks.
    pub mode: Mode,
    /// Index of the speaker in [`Annotated::speakers`].
    pub speaker: Option<usize>,
    /// The probability that the statement is right.
    pub confidence: f32,
}

/// Who said it, as far as the one document tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// Its number in the document.
    pub number: u32,
    /// The name, or a description.
    pub name: String,
    /// What sort of speaker it is.
    pub kind: SpeakerType,
    /// Titles and descriptions.
    pub titles: Vec<String>,
}

/// The lines of a source, as they were before it was compressed.
fn decompressed(source: &Source, meter: &Meter) -> Result<Stream, Cause> {
    meter.begin(source.size());
    let mut stream = source.open(meter)?;
    match Compression::of(stream.peek(detect::HEAD)) {
        Some(compression) => {
            // Lines are read one by one, whatever they come to.
            let options = ReadOptions { max_unpacked: Some(u64::MAX), ..ReadOptions::default() };
            compression.open(stream, &Origin::new(source.place(), options))
        }
        None => Ok(stream),
    }
}

/// Lines are parsed on all threads, so many bytes of them at a time.
const CHUNK: usize = 4 << 20;

/// Reads annotated documents from one source after the other; no two may have the same id.
#[derive(Debug, Default)]
pub struct Reader {
    ids: Ids,
    meter: Meter,
}

impl Reader {
    /// What tells how far the reader is.
    pub fn meter(&self) -> Meter {
        self.meter.clone()
    }

    /// Hands every document of `source`, or the reason why there is none, to `each`, in the order of the lines. `prepare` is done to each document on the way, on all threads.
    pub fn read<T: Send>(
        &mut self,
        source: &Source,
        prepare: impl Fn(Annotated) -> T + Sync,
        mut each: impl FnMut(Result<T, Failure>),
    ) {
        let place = source.place();
        let mut input = match decompressed(source, &self.meter) {
            Ok(input) => input,
            Err(cause) => return each(Err(Failure::at(place, cause))),
        };
        let (mut number, mut offset) = (0, 0);
        loop {
            let (lines, end) = chunk(&mut input);
            let parsed: Vec<_> = lines
                .par_iter()
                .enumerate()
                .map(|(at, line)| {
                    let found = document(line, number + at == 0, &place.at_line(number + at + 1))?;
                    Some(found.map(|document| (document.id.clone(), prepare(document))))
                })
                .collect();
            let mut skipped = 0;
            for (line, parsed) in lines.iter().zip(parsed) {
                number += 1;
                skipped += line.len() as u64;
                let Some(mut parsed) = parsed else { continue };
                if let Err(Failure { cause: Cause::NotUtf8 { offset: in_line, .. }, .. }) = &mut parsed {
                    *in_line += offset;
                }
                offset += std::mem::take(&mut skipped);
                each(parsed.and_then(|(id, document)| self.take(id, document, place.at_line(number))));
            }
            offset += skipped;
            match end {
                Ok(true) => return,
                Ok(false) => {}
                // The line after an unreadable one cannot be found.
                Err(error) => return each(Err(Failure::at(place.at_line(number + 1), error.into()))),
            }
        }
    }

    fn take<T>(&mut self, id: String, document: T, place: Place) -> Result<T, Failure> {
        match self.ids.take(&id, &place) {
            Ok(()) => Ok(document),
            Err(first) => Err(Failure { id: Some(id.clone()), place, cause: Cause::DuplicateId { id, first } }),
        }
    }
}

/// The next lines, and whether they were the last.
fn chunk(input: &mut impl BufRead) -> (Vec<Vec<u8>>, io::Result<bool>) {
    let (mut lines, mut size) = (Vec::new(), 0);
    while size < CHUNK {
        let mut line = Vec::new();
        match input.read_until(b'\n', &mut line) {
            Ok(0) => return (lines, Ok(true)),
            Ok(read) => size += read,
            Err(error) => return (lines, Err(error)),
        }
        lines.push(line);
    }
    (lines, Ok(false))
}

#[derive(Deserialize)]
struct Line {
    id: String,
    statements: Vec<StatementFields>,
    #[serde(default)]
    speakers: Vec<SpeakerFields>,
}

#[derive(Deserialize)]
struct StatementFields {
    id: u32,
    content: Vec<SpanFields>,
    mode: String,
    speaker: Option<Reference>,
    confidence: f32,
}

#[derive(Deserialize)]
struct SpanFields {
    text: String,
}

#[derive(Deserialize)]
struct Reference {
    id: u32,
    name: String,
    r#type: String,
}

#[derive(Deserialize)]
struct SpeakerFields {
    id: u32,
    name: String,
    r#type: String,
    #[serde(default)]
    titles: Vec<String>,
}

/// The document that a line holds; `None` if it is empty.
fn document(line: &[u8], is_first: bool, place: &Place) -> Option<Result<Annotated, Failure>> {
    let line = match std::str::from_utf8(line) {
        Ok(line) if is_first => line.strip_prefix('\u{FEFF}').unwrap_or(line),
        Ok(line) => line,
        Err(error) => {
            let at = error.valid_up_to();
            let cause = Cause::NotUtf8 { offset: at as u64, byte: line[at] };
            return Some(Err(Failure::at(place.clone(), cause)));
        }
    };
    let line = line.trim();
    if line.is_empty() {
        return None;
    }
    let parsed = serde_json::from_str::<Line>(line).map_err(|error| match error.classify() {
        Category::Data => {
            let text = error.to_string();
            let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
            Failure::at(place.clone(), Cause::NotAnnotated(reason.to_owned()))
        }
        _ => jsonl::malformed(line, &error, place),
    });
    Some(parsed.and_then(|line| {
        let id = line.id.clone();
        annotated(line).map_err(|what| Failure { id: Some(id), place: place.clone(), cause: Cause::NotAnnotated(what) })
    }))
}

fn annotated(line: Line) -> Result<Annotated, String> {
    let mut speakers = Vec::with_capacity(line.speakers.len());
    let mut indices = HashMap::new();
    for it in line.speakers {
        let kind = labels::speaker_type_of(&it.r#type).ok_or_else(|| format!("speaker of type {:?}", it.r#type))?;
        indices.insert(it.id, speakers.len());
        speakers.push(Speaker { number: it.id, name: it.name, kind, titles: it.titles });
    }
    let mut statements = Vec::with_capacity(line.statements.len());
    for it in line.statements {
        let mode = labels::mode_of(&it.mode).ok_or_else(|| format!("statement of mode {:?}", it.mode))?;
        let speaker = match it.speaker {
            None => None,
            Some(speaker) => Some(match indices.get(&speaker.id) {
                Some(index) => *index,
                None => {
                    let kind = labels::speaker_type_of(&speaker.r#type)
                        .ok_or_else(|| format!("speaker of type {:?}", speaker.r#type))?;
                    indices.insert(speaker.id, speakers.len());
                    speakers.push(Speaker { number: speaker.id, name: speaker.name, kind, titles: Vec::new() });
                    speakers.len() - 1
                }
            }),
        };
        let texts: Vec<_> = it.content.into_iter().map(|span| span.text).collect();
        let content = texts.join(" … ");
        statements.push(Statement { number: it.id, content, mode, speaker, confidence: it.confidence.clamp(0.0, 1.0) });
    }
    Ok(Annotated { id: line.id, statements, speakers })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Format, example, find};

    fn read(content: &[u8]) -> Vec<Result<Annotated, String>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        std::fs::write(&path, content).unwrap();
        let mut found = Vec::new();
        let mut reader = Reader::default();
        for source in find(&[path], Format::Jsonl) {
            reader.read(&source.unwrap(), |it| it, |it| found.push(it.map_err(|failure| failure.to_string())));
        }
        found
    }

    #[test]
    fn what_was_written_is_read() {
        let read = read(example::JSONL.as_bytes());
        let document = read[0].as_ref().unwrap();
        assert_eq!(document.id, "harbour");
        let statements: Vec<_> =
            document.statements.iter().map(|it| (it.number, it.content.as_str(), it.speaker)).collect();
        assert_eq!(
            statements,
            [
                (1, "“No ship sails,” … “not today.”", Some(0)),
                (2, "She thinks the quay floods", Some(1)),
                (3, "the quay floods", Some(0)),
                (4, "“Stay home.”", None),
            ]
        );
        assert_eq!(document.speakers[0].titles, ["harbour master"]);
        assert_eq!(document.statements[0].confidence, 0.97);
    }

    #[test]
    fn a_bad_line_is_located_and_the_next_one_read() {
        let good = "{\"id\":\"b\",\"statements\":[],\"speakers\":[]}";
        for (line, message) in [
            ("{\"id\":\"a\"", "a.jsonl:1:9: malformed JSON: EOF while parsing an object; write one JSON object a line"),
            (
                "{\"id\":\"a\",\"text\":\"Rain.\"}",
                "a.jsonl:1: not a line that dixit annotate writes: missing field `statements`; give it the JSONL",
            ),
            ("[]", "a.jsonl:1: not a line that dixit annotate writes: "),
            (good, "a.jsonl:2: the id \"b\" is taken already by "),
            (
                "{\"id\":\"a\",\"statements\":[{\"id\":1,\"content\":[],\"mode\":\"loud\",\"speaker\":null,\"confidence\":1}]}",
                "a.jsonl:1: not a line that dixit annotate writes: statement of mode \"loud\"; give it",
            ),
        ] {
            let read = read(format!("{line}\n\n{good}").replace("\n\n", "\n").as_bytes());
            let failure = read.iter().find_map(|it| it.as_ref().err()).unwrap();
            assert!(failure.contains(message), "{failure}");
            assert_eq!(read.iter().filter(|it| it.is_ok()).count(), 1, "{line}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_located_in_the_file() {
        let read = read(b"\n{\"id\":\"b\",\"statements\":[]}\n{\"id\":\"\xE9");
        assert!(read[0].is_ok());
        let failure = read[1].as_ref().unwrap_err();
        assert!(failure.contains("a.jsonl:3: byte 35 (0xE9) is not UTF-8"), "{failure}");
    }
}
