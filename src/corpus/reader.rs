//! The documents of a run, one after the other.

use std::sync::Arc;
use std::vec;

use super::archive;
use super::columnar;
use super::compression::Compression;
use super::delimited::Rows;
use super::detect;
use super::encoding::{Decoding, Transcode};
use super::failure::{Cause, Failure, Place};
use super::html;
use super::ids::Ids;
use super::jsonl::Lines;
#[cfg(feature = "compression")]
use super::limit::{Limit, Stored};
use super::names;
use super::options::{Format, ReadOptions};
use super::sources::Source;
use super::stream::{Bytes, Meter, Stream};
use super::text;
use super::warc;
use crate::document::Document;

/// One document of the input, or why there is none.
#[derive(Debug)]
pub struct Item {
    /// The document.
    pub document: Result<Document, Failure>,
    /// Where it stands.
    pub place: Place,
    /// How many bytes of the input it took, after decompression.
    pub bytes: u64,
}

/// The documents of one input. Each format has its own.
pub(super) trait Documents: Iterator<Item = Item> + Send {
    /// An id for the document that came last, should its own be taken.
    fn other_id(&mut self) -> Option<String> {
        None
    }
}

/// What is known of an input besides its bytes.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// Its name, of which the ids of its documents are made.
    pub name: String,
    /// Where messages say that it stands.
    pub place: Place,
    /// How it is to be read.
    pub options: Arc<ReadOptions>,
    /// What counts what is read.
    #[cfg_attr(
        not(any(feature = "arrow", feature = "compression")),
        expect(dead_code, reason = "only other formats count")
    )]
    pub meter: Meter,
    /// How many archives and compressed files it lies in.
    pub depth: usize,
    /// The packed bytes that it was unpacked from, if that is known of it by itself.
    pub packed: Option<u64>,
}

impl Origin {
    pub(super) fn new(place: Place, options: ReadOptions) -> Self {
        Self { name: String::new(), place, options: Arc::new(options), meter: Meter::default(), depth: 0, packed: None }
    }

    /// How much what is packed in it may become.
    #[cfg(feature = "compression")]
    pub(super) fn limit(&self) -> Limit {
        let stored = self.packed.map_or_else(|| Stored::Read(self.meter.clone()), Stored::Known);
        Limit { fixed: self.options.max_unpacked, stored }
    }

    /// An input that lies in this one.
    fn within(&self) -> Result<Self, Cause> {
        // What is packed deeper was made to harm.
        const DEEPEST: usize = 4;
        let depth = self.depth + 1;
        if depth > DEEPEST {
            return Err(Cause::Unsupported(format!("a file packed more than {DEEPEST} times")));
        }
        Ok(Self { depth, ..self.clone() })
    }

    /// The member of this archive that has this name and takes up so many bytes.
    #[cfg(feature = "compression")]
    pub(super) fn member(&self, name: &str, packed: u64) -> Result<Self, Cause> {
        let name_of_member = if self.name.is_empty() { name.to_owned() } else { format!("{}/{name}", self.name) };
        let place = Place::file(format!("{}/{name}", self.place.file));
        Ok(Self { name: name_of_member, place, packed: Some(packed), ..self.within()? })
    }
}

/// Reads the documents of the sources, in their order, and sees to it that no id comes twice.
///
/// At any time one source is open and one document in memory (of Parquet and Arrow files one batch of rows), besides a
/// hash of every id so far. Read anew, the same sources give the same documents in the same order.
pub struct Reader {
    sources: vec::IntoIter<Result<Source, Failure>>,
    options: Arc<ReadOptions>,
    meter: Meter,
    open: Option<Box<dyn Documents>>,
    ids: Ids,
}

impl Reader {
    /// A reader of what [`find`](super::find) found. A [`Format`] alone will do for options.
    pub fn new(sources: Vec<Result<Source, Failure>>, options: impl Into<ReadOptions>) -> Self {
        Self {
            sources: sources.into_iter(),
            options: Arc::new(options.into()),
            meter: Meter::default(),
            open: None,
            ids: Ids::default(),
        }
    }

    /// What tells how far the reader is, even while another thread reads.
    pub fn meter(&self) -> Meter {
        self.meter.clone()
    }

    /// The item, or its failure if its id is taken and it has no other.
    fn claim(&mut self, mut item: Item) -> Item {
        let document = match item.document {
            Ok(document) => document,
            Err(failure) => return Item { document: Err(failure), ..item },
        };
        item.document = match self.ids.take(&document.id, &item.place) {
            Ok(()) => Ok(document),
            Err(first) => self.claim_other(document, &item.place, first),
        };
        item
    }

    fn claim_other(&mut self, mut document: Document, place: &Place, first: Place) -> Result<Document, Failure> {
        let other = self.open.as_mut().and_then(|open| open.other_id());
        if let Some(other) = other.filter(|other| self.ids.take(other, place).is_ok()) {
            document.id = other;
            return Ok(document);
        }
        let cause = Cause::DuplicateId { id: document.id.clone(), first };
        Err(Failure { id: Some(document.id), place: place.clone(), cause })
    }

    fn open(&self, source: &Source) -> Result<Box<dyn Documents>, Failure> {
        let (options, meter) = (Arc::clone(&self.options), self.meter.clone());
        let place = source.place();
        let origin = Origin { name: source.name.clone(), place, options, meter, depth: 0, packed: None };
        self.meter.begin(source.size());
        let stream = source.open(&self.meter).map_err(|error| Failure::at(source.place(), error.into()))?;
        open(stream, origin)
    }
}

impl Iterator for Reader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.open.as_mut().and_then(|open| open.next()) {
                return Some(self.claim(item));
            }
            self.open = None;
            let Some(source) = self.sources.next() else {
                self.meter.begin(Some(0));
                return None;
            };
            match source.and_then(|source| self.open(&source)) {
                Ok(open) => self.open = Some(open),
                Err(failure) => {
                    let place = failure.place.clone();
                    return Some(Item { document: Err(failure), place, bytes: 0 });
                }
            }
        }
    }
}

/// The documents of a stream, whatever it is.
pub(super) fn open(mut stream: Stream, origin: Origin) -> Result<Box<dyn Documents>, Failure> {
    let failed = |cause| Failure::at(origin.place.clone(), cause);
    if let Some(compression) = Compression::of(stream.peek(detect::HEAD)) {
        let inner = origin.within().map_err(failed)?;
        return open(compression.open(stream, &inner).map_err(failed)?, inner);
    }
    if detect::is_zip(stream.peek(detect::HEAD)) {
        return archive::open(stream, origin);
    }
    let cut = stream.peek(1).is_empty() && origin.depth == 0 && names::decompressed(&origin.name) != origin.name;
    if cut {
        return Err(failed(Cause::Damaged("an empty file where a compressed one should be".to_owned())));
    }
    let format = detect::format(&mut stream, &origin.name, &origin.options).map_err(failed)?;
    Ok(match format {
        Format::Parquet => columnar::parquet(stream, origin)?,
        Format::Arrow => columnar::arrow(stream, origin)?,
        Format::Warc => warc::open(stream, origin)?,
        Format::Html => Box::new(Once(Some(html::read(stream, &origin)?))),
        Format::Csv => {
            let (stream, decoding) = transcoded(stream, &origin.options);
            Box::new(Rows::new(stream, decoding, origin)?)
        }
        Format::Jsonl => {
            let (stream, decoding) = transcoded(stream, &origin.options);
            Box::new(Lines::new(Box::new(stream), decoding, origin))
        }
        Format::Text | Format::Auto => {
            let size = stream.size();
            Box::new(Once(Some(text::read(stream, size, &origin))))
        }
    })
}

/// A stream that is to be read by lines, as UTF-8 as far as its encoding is known beforehand, and how its lines become
/// text.
fn transcoded(mut stream: Stream, options: &ReadOptions) -> (Stream, Decoding) {
    let marked = encoding_rs::Encoding::for_bom(stream.peek(4)).map(|(encoding, _)| encoding);
    match options.encoding.map(|it| it.0) {
        Some(encoding) if encoding == encoding_rs::UTF_8 => (stream, Decoding::Utf8),
        Some(encoding) => (transcode(stream, encoding), Decoding::From(encoding)),
        None => match marked.filter(|it| *it != encoding_rs::UTF_8) {
            Some(encoding) => (transcode(stream, encoding), Decoding::From(encoding)),
            None => (stream, Decoding::Detect),
        },
    }
}

fn transcode(stream: Stream, encoding: &'static encoding_rs::Encoding) -> Stream {
    stream.map(|bytes: Bytes| Box::new(Transcode::new(bytes, encoding)))
}

/// The one document of a file.
struct Once(Option<Item>);

impl Iterator for Once {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        self.0.take()
    }
}

impl Documents for Once {}

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
        assert_eq!(read(&[("a.csv", "id,text\nx,Rain.\n")], Format::Auto), [ok("x")]);
        assert_eq!(read(&[("a.txt", "id,text\nx,Rain.\n")], Format::Csv), [ok("x")]);
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
