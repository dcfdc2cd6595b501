//! Plain text: one document a file.
//!
//! The text is taken as it stands. A byte order mark is its first code point and a line may end in CR LF, so that
//! offsets are those of Python's `open(path, encoding="utf-8", newline="")`.

use std::io::{self, BufRead};

use super::failure::{Cause, Failure, Place};
use super::reader::Item;
use crate::document::Document;

/// Reads the one document of `input`.
pub(super) fn read(mut input: impl BufRead, id: String, place: &Place) -> Item {
    let mut bytes = Vec::new();
    let read = input.read_to_end(&mut bytes);
    let size = bytes.len() as u64;
    let document = match decode(read.map(|_| bytes)) {
        Ok(text) => Ok(Document::new(id, text)),
        Err((line, cause)) => Err(Failure { id: Some(id), place: place.at_line(line), cause }),
    };
    Item { document, place: place.clone(), bytes: size }
}

/// The bytes as text, or the line that is at fault, 0 if it is the file, and why.
fn decode(read: io::Result<Vec<u8>>) -> Result<String, (usize, Cause)> {
    let bytes = read.map_err(|error| (0, error.into()))?;
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..good].iter().filter(|byte| **byte == b'\n').count();
        // The first bad byte exists: without it there would be no error.
        let byte = error.as_bytes()[good];
        (line, Cause::NotUtf8 { offset: good as u64, byte })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Result<String, String> {
        let item = read(bytes, "a".to_owned(), &Place::file("a.txt"));
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
    fn bytes_that_are_no_text_are_located() {
        let cases: [(&[u8], &str); 3] = [
            (b"One.\nCaf\xE9 au lait.", "a.txt:2: byte 8 (0xE9) is not UTF-8; save it as UTF-8"),
            (b"cut \xE2\x80", "a.txt:1: byte 4 (0xE2) is not UTF-8; save it as UTF-8"),
            (b"\xFF\xFEO\0n\0", "a.txt:1: byte 0 (0xFF) is not UTF-8; this looks like UTF-16"),
        ];
        for (bytes, message) in cases {
            let failure = text(bytes).unwrap_err();
            assert!(failure.starts_with(message), "{failure}");
        }
    }
}
