//! The documents of a run, one after the other.

use std::io::{BufRead, Cursor, Read};
use std::vec;

use super::failure::{Cause, Failure, Place};
use super::ids::Ids;
use super::jsonl::{self, Lines};
use super::sources::{Format, Source};
use super::text;
use crate::document::Document;

/// One document of the input, or why there is none.
#[derive(Debug)]
pub struct Item {
    /// The document.
    pub document: Result<Document, Failure>,
    /// Where it stands.
    pub place: Place,
    /// How many bytes of the input it took.
    pub bytes: u64,
}

/// Reads the documents of the sources, in their order, and sees to it that no id comes twice.
///
/// At any time one source is open and one document in memory, besides a hash of every id so far.
pub struct Reader {
    sources: vec::IntoIter<Result<Source, Failure>>,
    format: Format,
    lines: Option<Lines>,
    ids: Ids,
}

enum Opened {
    Text(Item),
    Lines(Lines),
}

impl Reader {
    /// A reader of what [`find`](super::find) found.
    pub fn new(sources: Vec<Result<Source, Failure>>, format: Format) -> Self {
        Self { sources: sources.into_iter(), format, lines: None, ids: Ids::default() }
    }

    /// The item, or its failure if its id is taken.
    fn claim(&mut self, item: Item) -> Item {
        let Item { document, place, bytes } = item;
        let document = document.and_then(|document| match self.ids.take(&document.id, &place) {
            Ok(()) => Ok(document),
            Err(first) => {
                let cause = Cause::DuplicateId { id: document.id.clone(), first };
                Err(Failure { id: Some(document.id), place: place.clone(), cause })
            }
        });
        Item { document, place, bytes }
    }
}

impl Iterator for Reader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.lines.as_mut().and_then(Lines::next) {
                return Some(self.claim(item));
            }
            self.lines = None;
            match self.sources.next()?.and_then(|source| open(&source, self.format)) {
                Ok(Opened::Text(item)) => return Some(self.claim(item)),
                Ok(Opened::Lines(lines)) => self.lines = Some(lines),
                Err(failure) => {
                    let place = failure.place.clone();
                    return Some(Item { document: Err(failure), place, bytes: 0 });
                }
            }
        }
    }
}

fn open(source: &Source, format: Format) -> Result<Opened, Failure> {
    let place = source.place();
    let failed = |cause| Failure::at(place.clone(), cause);
    let mut input = source.open().map_err(|error| failed(error.into()))?;
    let format = match format {
        Format::Auto if source.has_extension("txt") => Format::Text,
        Format::Auto if source.has_extension("jsonl") => Format::Jsonl,
        Format::Auto => {
            let mut first = Vec::new();
            input.read_until(b'\n', &mut first).map_err(|error| failed(error.into()))?;
            let jsonl = jsonl::begins(&first);
            if !jsonl && source.has_extension("json") {
                return Err(failed(Cause::NotJsonLines));
            }
            input = Box::new(Cursor::new(first).chain(input));
            if jsonl { Format::Jsonl } else { Format::Text }
        }
        known => known,
    };
    Ok(match format {
        Format::Jsonl => Opened::Lines(Lines::new(input, source.name.clone(), place)),
        _ => Opened::Text(text::read(input, source.text_id(), &place)),
    })
}

#[cfg(test)]
mod tests {
    use super::super::find;
    use super::*;
    use std::fs;

    /// What is read of these files, named in this order: ids, or messages without the folder.
    fn read(files: &[(&str, &str)], format: Format) -> Vec<Result<String, String>> {
        let folder = tempfile::tempdir().unwrap();
        let mut paths = Vec::new();
        for (name, content) in files {
            paths.push(folder.path().join(name));
            fs::write(folder.path().join(name), content).unwrap();
        }
        let prefix = format!("{}/", folder.path().display());
        let message = |failure: Failure| format!("{}: {}", failure.place, failure.cause).replace(&prefix, "");
        let reader = Reader::new(find(&paths, format), format);
        reader.map(|item| item.document.map(|document| document.id).map_err(message)).collect()
    }

    fn ok(id: &str) -> Result<String, String> {
        Ok(id.to_owned())
    }

    #[test]
    fn the_extension_tells_the_format_and_failing_that_the_first_line() {
        let line = "{\"id\": \"x\", \"text\": \"Rain.\"}\n";
        assert_eq!(read(&[("a.txt", line)], Format::Auto), [ok("a")]);
        assert_eq!(read(&[("a.jsonl", line)], Format::Auto), [ok("x")]);
        assert_eq!(read(&[("a.ndjson", line)], Format::Auto), [ok("x")]);
        assert_eq!(read(&[("a.json", line)], Format::Auto), [ok("x")]);
        assert_eq!(read(&[("a.md", "Rain.\n\nSnow.")], Format::Auto), [ok("a.md")]);
        assert_eq!(read(&[("a.txt", line)], Format::Jsonl), [ok("x")]);
        assert_eq!(read(&[("a.jsonl", line)], Format::Text), [ok("a.jsonl")]);
    }

    #[test]
    fn json_that_is_not_jsonl_is_not_taken_for_text() {
        let message = "a.json: a .json file without one JSON object a line".to_owned();
        assert_eq!(read(&[("a.json", "[\n{\"text\": \"Rain.\"}\n]")], Format::Auto), [Err(message)]);
    }

    #[test]
    fn an_id_is_taken_once() {
        let files = [
            ("a.txt", "Rain."),
            ("b.jsonl", "{\"id\": \"a\", \"text\": \"Snow.\"}\n{\"id\": \"b\", \"text\": \"\"}\n"),
            ("c.jsonl", "\n{\"id\": \"b\", \"text\": \"Hail.\"}"),
        ];
        let expected = [
            ok("a"),
            Err("b.jsonl:1: the id \"a\" is taken already by a.txt".to_owned()),
            ok("b"),
            Err("c.jsonl:2: the id \"b\" is taken already by b.jsonl:2".to_owned()),
        ];
        assert_eq!(read(&files, Format::Auto), expected);
    }

    #[test]
    fn an_empty_file_is_an_empty_document_and_empty_jsonl_is_none() {
        assert_eq!(read(&[("a.txt", ""), ("b.jsonl", "\n\n")], Format::Auto), [ok("a")]);
    }
}
