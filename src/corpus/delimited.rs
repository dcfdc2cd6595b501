//! CSV: a table in a text file, one row a document, its cells between commas, semicolons or tabs.
//!
//! The first row names the columns. A cell that holds the separator, a quotation mark or a line break stands between
//! quotation marks. Every column but those of the text and the id is handed through as a string.

use std::io::{self, Read};

use csv::{ByteRecord, ReaderBuilder};

use super::encoding::{self, Decoding};
use super::failure::{Cause, Failure, Place};
use super::jsonl::renamed;
use super::options::ReadOptions;
use super::reader::{Documents, Item, Origin};
use super::stream::{LARGEST, Stream};
use crate::document::Document;

const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Whether a first line says that a table follows: several cells, one of which names the column of the text.
pub(super) fn begins(header: &str, text_column: &str) -> bool {
    let found = |separator| {
        let cells = cells(header.as_bytes(), separator);
        cells.len() > 1 && cells.iter().any(|cell| cell == text_column)
    };
    SEPARATORS.into_iter().any(found)
}

/// What separates the cells: with it the header names the column of the text, or else has the most cells.
fn separator(header: &[u8], text_column: &str) -> u8 {
    let header = header.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(header);
    let worth = |separator: &u8| {
        let cells = cells(header, *separator);
        (cells.iter().any(|cell| cell == text_column), cells.len())
    };
    // Of equals the last is the greatest; the comma is to win.
    SEPARATORS.into_iter().rev().max_by_key(worth).unwrap_or(b',')
}

fn cells(line: &[u8], separator: u8) -> Vec<String> {
    let mut reader = ReaderBuilder::new().has_headers(false).delimiter(separator).from_reader(line);
    let mut record = ByteRecord::new();
    let read = reader.read_byte_record(&mut record).unwrap_or_default();
    let text = |cell: &[u8]| String::from_utf8_lossy(cell).into_owned();
    if read { record.iter().map(text).collect() } else { Vec::new() }
}

/// The documents of one table, a row each.
pub(super) struct Rows {
    reader: csv::Reader<Budget>,
    decoding: Decoding,
    name: String,
    file: Place,
    columns: Columns,
    record: ByteRecord,
    /// Lines that the parser has not counted when a row begins: it leaves the LF of a CR LF to the next row.
    uncounted: u64,
    ended: bool,
}

struct Columns {
    names: Vec<String>,
    text: usize,
    id: Option<usize>,
}

/// Limits what is read for one row: a quotation mark that nothing closes would have all that follows be one cell.
struct Budget {
    input: Stream,
    left: u64,
}

impl Read for Budget {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "a row"));
        }
        let read = self.input.read(buffer)?;
        self.left = self.left.saturating_sub(read as u64);
        Ok(read)
    }
}

impl Rows {
    pub(super) fn new(mut input: Stream, decoding: Decoding, origin: Origin) -> Result<Self, Failure> {
        let Origin { name, place, options, .. } = origin;
        let first = input.peek_line(1 << 20);
        let uncounted = u64::from(first.ends_with(b"\r"));
        let separator = separator(first, options.text_column());
        let input = Budget { input, left: LARGEST };
        // Rows of another length are a failure of their own.
        let mut reader = ReaderBuilder::new().flexible(true).delimiter(separator).from_reader(input);
        let header = reader.byte_headers().map_err(|error| Failure::at(place.clone(), cause(error)))?;
        let columns = Columns::new(header, decoding, &options).map_err(|cause| Failure::at(place.at_line(1), cause))?;
        Ok(Self { reader, decoding, name, file: place, columns, record: ByteRecord::new(), uncounted, ended: false })
    }

    /// The document of the row just read, or its id, as far as it is known, and what is wrong.
    fn document(&self, line: usize) -> Result<Document, (Option<String>, Cause)> {
        let Columns { names, text, id } = &self.columns;
        if self.record.len() != names.len() {
            return Err((None, Cause::Cells { found: self.record.len(), expected: names.len() }));
        }
        let mut cells = decode(&self.record, self.decoding).map_err(|cause| (None, cause))?;
        let id = id.map(|id| std::mem::take(&mut cells[id])).filter(|id| !id.is_empty());
        let id = id.unwrap_or_else(|| format!("{}:{line}", self.name));
        let mut document = Document::new(id, std::mem::take(&mut cells[*text]));
        let rest = names.iter().zip(cells).enumerate().filter(|(index, _)| !self.columns.read(*index));
        document.extra = renamed(rest.map(|(_, (name, cell))| (name.clone(), cell.into())).collect());
        Ok(document)
    }
}

impl Columns {
    fn new(header: &ByteRecord, decoding: Decoding, options: &ReadOptions) -> Result<Self, Cause> {
        let names = decode(header, decoding)?;
        let at = |wanted: &str| names.iter().position(|name| name == wanted);
        let missing = |name: &str| Cause::NoColumn { name: name.to_owned(), columns: names.clone() };
        let text = at(options.text_column()).ok_or_else(|| missing(options.text_column()))?;
        let id = at(options.id_column());
        if id.is_none() && options.id_column.is_some() {
            return Err(missing(options.id_column()));
        }
        Ok(Self { text, id: id.filter(|id| *id != text), names })
    }

    /// Whether a column is not handed through.
    fn read(&self, index: usize) -> bool {
        index == self.text || Some(index) == self.id
    }
}

/// The cells as text. Their encoding is told from all of them together.
fn decode(record: &ByteRecord, decoding: Decoding) -> Result<Vec<String>, Cause> {
    let mut all = Vec::with_capacity(record.as_slice().len() + record.len());
    for cell in record {
        all.extend_from_slice(cell);
        // Keeps a character that a cell's end cuts from being made whole by the next cell.
        all.push(b'\n');
    }
    let (_, encoding) = encoding::decode(all, decoding).map_err(|undecodable| match undecodable.cause {
        // Where it stands in the file is not known.
        Cause::NotUtf8 { .. } => Cause::NotInEncoding("UTF-8"),
        cause => cause,
    })?;
    let encoding = encoding.unwrap_or(encoding_rs::UTF_8);
    Ok(record.iter().map(|cell| encoding.decode_without_bom_handling(cell).0.into_owned()).collect())
}

fn cause(error: csv::Error) -> Cause {
    match error.into_kind() {
        csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => Cause::TooLarge,
        csv::ErrorKind::Io(error) => error.into(),
        other => Cause::Damaged(format!("{other:?}")),
    }
}

impl Documents for Rows {}

impl Iterator for Rows {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.ended {
            return None;
        }
        let before = self.reader.position().byte();
        self.reader.get_mut().left = LARGEST;
        let read = self.reader.read_byte_record(&mut self.record);
        let line = self.record.position().unwrap_or(self.reader.position()).line();
        let line = usize::try_from(line + self.uncounted).unwrap_or(usize::MAX);
        let place = self.file.at_line(line);
        let document = match read {
            Ok(false) => return None,
            Ok(true) => self.document(line).map_err(|(id, cause)| Failure { id, place: place.clone(), cause }),
            Err(error) => {
                // The row after an unreadable one cannot be found.
                self.ended = true;
                Err(Failure::at(place.clone(), cause(error)))
            }
        };
        Some(Item { document, place, bytes: self.reader.position().byte() - before })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_with(content: &[u8], options: ReadOptions) -> Vec<Result<Document, String>> {
        let content: &'static [u8] = content.to_vec().leak();
        let origin = Origin { name: "a.csv".to_owned(), ..Origin::new(Place::file("in/a.csv"), options) };
        match Rows::new(Stream::new(Box::new(content)), Decoding::Detect, origin) {
            Ok(rows) => rows.map(|item| item.document.map_err(|failure| failure.to_string())).collect(),
            Err(failure) => vec![Err(failure.to_string())],
        }
    }

    fn read(content: &[u8]) -> Vec<Result<Document, String>> {
        read_with(content, ReadOptions::default())
    }

    #[test]
    fn a_row_gives_id_text_and_the_rest() {
        let table = "\u{FEFF}date,text,id\r\n2024-05-02,\"“No,” he said.\n\"\"No.\"\"\",m1\r\n,Rain.,\r\n";
        let found = read(table.as_bytes());
        let first = found[0].as_ref().unwrap();
        assert_eq!((first.id.as_str(), first.text.as_str()), ("m1", "“No,” he said.\n\"No.\""));
        assert_eq!(serde_json::to_string(&first.extra).unwrap(), r#"{"date":"2024-05-02"}"#);
        assert_eq!(found[1].as_ref().unwrap().id, "a.csv:4");
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn the_separator_is_the_one_that_finds_the_text() {
        for table in [
            "id,text\nm,Rain.",
            "id;text\nm;Rain.",
            "id\ttext\nm\tRain.",
            "id;\"text\"\nm;Rain.",
            "id;a,b;text\nm;;Rain.",
        ] {
            let found = read(table.as_bytes());
            let first = found[0].as_ref().unwrap();
            assert_eq!((first.id.as_str(), first.text.as_str()), ("m", "Rain."), "{table}");
        }
        assert_eq!(read(b"text\n\"Rain, and snow.\"\n")[0].as_ref().unwrap().text, "Rain, and snow.");
    }

    #[test]
    fn what_is_wrong_is_located_and_the_next_row_read() {
        let cases: [(&[u8], &str); 3] = [
            (b"text,url\nRain.,u,v\nSnow.,u\n", "in/a.csv:2: 3 cells in a table of 2 columns; look"),
            (b"text,url\n\xC3\xAB\xC3\xAB\xE9,u\nSnow.,u\n", "in/a.csv:2: no text in UTF-8; name"),
            (b"text,url\n\xFF\x00\x01,u\nSnow.,u\n", "in/a.csv:2: holds bytes that no text has; convert"),
        ];
        for (table, message) in cases {
            let found = read(table);
            let failure = found[0].as_ref().unwrap_err();
            assert!(failure.starts_with(message), "{failure}");
            assert_eq!(found[1].as_ref().unwrap().text, "Snow.");
        }
    }

    #[test]
    fn a_missing_column_is_told_with_those_that_are_there() {
        let named = ReadOptions { id_column: Some("url".to_owned()), ..ReadOptions::default() };
        let cases = [
            (
                read(b"date;body\n1;Rain.\n"),
                "in/a.csv:1: no column \"text\" among \"date\", \"body\"; name the columns",
            ),
            (read(b""), "in/a.csv:1: no column \"text\" among none; name the columns"),
            (read_with(b"id,text\n", named), "in/a.csv:1: no column \"url\" among \"id\", \"text\"; name the columns"),
        ];
        for (found, message) in cases {
            assert!(found[0].as_ref().unwrap_err().starts_with(message), "{found:?}");
        }
    }

    #[test]
    fn a_row_is_in_an_encoding_of_its_own() {
        let found = read(b"text,by\ncaf\xE9 cr\xE8me,Ren\xE9e\nZo\xC3\xAB,\n");
        let first = found[0].as_ref().unwrap();
        assert_eq!((first.text.as_str(), &first.extra["by"]), ("café crème", &"Renée".into()));
        assert_eq!(found[1].as_ref().unwrap().text, "Zoë");
    }

    #[test]
    fn a_mark_that_nothing_closes_is_a_failure_and_no_document() {
        let found = read(b"text,url\nRain.,u\n\"Snow.,u\nHail.,u\n");
        assert_eq!(found[0].as_ref().unwrap().text, "Rain.");
        assert!(found[1].as_ref().unwrap_err().starts_with("in/a.csv:3: 1 cells in a table of 2 columns"), "{found:?}");
        assert_eq!(found.len(), 2);
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            rows in prop::collection::vec(("\\PC{0,20}[\n,;\"\t]?\\PC{0,20}", "[a-z\"; ]{1,9}"), 1..8),
            separator in prop::sample::select(SEPARATORS.to_vec()),
        ) {
            let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
            writer.write_record(["desk", "text", "id"]).unwrap();
            for (text, id) in &rows {
                writer.write_record(["north", text, id]).unwrap();
            }
            let found = read(&writer.into_inner().unwrap());
            let found: Vec<_> = found.into_iter().map(|it| it.map(|it| (it.text, it.id))).collect();
            prop_assert_eq!(found, rows.into_iter().map(Ok).collect::<Vec<_>>());
        }

        #[test]
        fn rubbish_ends(rest in prop::collection::vec(any::<u8>(), 0..300)) {
            let found = read(&[b"id,text\n".as_slice(), &rest].concat());
            prop_assert!(found.len() <= rest.len());
        }
    }
}
