//! Plain text: one document a file.
//!
//! UTF-8 is taken as it stands. A byte order mark is its first code point and a line may end in CR LF, so that offsets
//! are those of Python's `open(path, encoding="utf-8", newline="")`. Text in another encoding is decoded, without its
//! byte order mark, and the document has the field `encoding`.

use std::io::Read;

use super::encoding::{self, Undecodable};
use super::failure::Failure;
use super::names;
use super::reader::{Item, Origin};
use super::stream::{LARGEST, read_whole};
use crate::document::Document;

/// Reads the one document of `input`, which has so many bytes, if that is known.
pub(super) fn read(mut input: impl Read, size: Option<u64>, origin: &Origin) -> Item {
    let place = origin.place.clone();
    let id = names::document_id(&origin.name).to_owned();
    let whole = read_whole(&mut input, size, LARGEST);
    let bytes = whole.as_ref().map_or(0, |bytes| bytes.len() as u64);
    let decoded = whole
        .map_err(|cause| Undecodable { line: 0, cause })
        .and_then(|bytes| encoding::decode_file(bytes, origin.options.encoding));
    let document = match decoded {
        Ok((text, encoding)) => {
            let mut document = Document::new(id, text);
            if let Some(encoding) = encoding {
                document.extra.insert("encoding".to_owned(), encoding.name().into());
            }
            Ok(document)
        }
        Err(Undecodable { line, cause }) => Err(Failure { id: Some(id), place: place.at_line(line), cause }),
    };
    Item { document, place, bytes }
}

#[cfg(test)]
mod tests {
    use super::super::failure::Place;
    use super::super::options::ReadOptions;
    use super::*;

    fn text(bytes: &[u8]) -> Result<String, String> {
        let item = read(
            bytes,
            Some(bytes.len() as u64),
            &Origin { name: "a.txt".to_owned(), ..Origin::new(Place::file("a.txt"), ReadOptions::default()) },
        );
        assert_eq!(item.bytes, bytes.len() as u64);
        item.document.map(|document| document.text).map_err(|failure| failure.to_string())
    }

    #[test]
    fn nothing_is_changed() {
        for kept in ["", "\u{FEFF}Rain fell.", "One.\r\n\r\nTwo.\r\n", "tab\tand \0 too\n\n"] {
            assert_eq!(text(kept.as_bytes()).as_deref(), Ok(kept));
        }
    }

    #[test]
    fn other_encodings_are_decoded() {
        assert_eq!(text(b"One.\nCaf\xE9 au lait.").as_deref(), Ok("One.\nCafé au lait."));
        assert_eq!(text(b"\xFF\xFEO\0n\0").as_deref(), Ok("On"));
    }

    #[test]
    fn bytes_that_are_no_text_are_located() {
        let cases: [(&[u8], &str); 4] = [
            (
                "Zoë.\nRené\ncut \u{2019}".as_bytes().split_last().unwrap().1,
                "a.txt:3: byte 16 (0xE2) is not UTF-8; mend it",
            ),
            (b"cut \xE2\x80", "a.txt:1: byte 4 (0xE2) is not UTF-8; mend it"),
            (b"\xFF\xFE\n\0\0\xD8n\0", "a.txt:2: no text in UTF-16LE; name"),
            (b"\x7FELF\x02\x01\x01\0\0\0\xFF", "a.txt: holds bytes that no text has; convert"),
        ];
        for (bytes, message) in cases {
            let failure = text(bytes).unwrap_err();
            assert!(failure.starts_with(message), "{failure}");
        }
    }
}
