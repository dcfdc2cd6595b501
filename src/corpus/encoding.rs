//! Bytes as text.
//!
//! What is UTF-8 is taken as it stands. Else a byte order mark tells UTF-16, and failing that the encoding is detected
//! from the bytes of the document. Offsets refer to the decoded text.

use std::fmt;
use std::io::{self, BufRead, Read};
use std::str::FromStr;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, UTF_8};
use thiserror::Error;

use super::failure::Cause;
use super::stream::Bytes;

/// A character encoding, such as UTF-8 or windows-1252.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(pub(super) &'static encoding_rs::Encoding);

/// A name that is no encoding's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("no encoding of the Encoding Standard; give for instance utf-8, windows-1252, utf-16le, shift_jis or koi8-r")]
pub struct UnknownEncoding;

impl Encoding {
    /// Its name in the Encoding Standard.
    pub fn name(self) -> &'static str {
        self.0.name()
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Encoding {
    type Err = UnknownEncoding;

    fn from_str(label: &str) -> Result<Self, UnknownEncoding> {
        encoding_rs::Encoding::for_label_no_replacement(label.as_bytes()).map(Self).ok_or(UnknownEncoding)
    }
}

/// How bytes become text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decoding {
    /// As UTF-8 or, if they are none, as what they look like.
    Detect,
    /// As UTF-8 and nothing else.
    Utf8,
    /// As UTF-8, which a [`Transcode`] made of bytes in this encoding.
    From(&'static encoding_rs::Encoding),
}

/// Bytes that are no text.
#[derive(Debug)]
pub(super) struct Undecodable {
    /// The line of the first such byte, counted from 1; 0 if it is all of them.
    pub line: usize,
    pub cause: Cause,
}

/// A text, and its encoding if that is not UTF-8.
pub(super) type Decoded = (String, Option<&'static encoding_rs::Encoding>);

/// The text of a whole file.
pub(super) fn decode_file(bytes: Vec<u8>, forced: Option<Encoding>) -> Result<Decoded, Undecodable> {
    let marked = || encoding_rs::Encoding::for_bom(&bytes).map(|(encoding, _)| encoding).filter(|it| *it != UTF_8);
    match forced.map(|it| it.0).or_else(marked) {
        Some(encoding) if encoding == UTF_8 => decode(bytes, Decoding::Utf8),
        Some(encoding) => {
            let text = decode_as(&bytes, encoding)?;
            Ok((text, Some(encoding)))
        }
        None => decode(bytes, Decoding::Detect),
    }
}

/// The text of a part of a file: of a line, or of a cell.
pub(super) fn decode(bytes: Vec<u8>, decoding: Decoding) -> Result<Decoded, Undecodable> {
    let error = match String::from_utf8(bytes) {
        Ok(text) => return Ok((text, None)),
        Err(error) => error,
    };
    let good = error.utf8_error().valid_up_to();
    let cut = error.utf8_error().error_len().is_none();
    let bytes = error.into_bytes();
    // The first bad byte exists: without it there would be no error.
    let not_utf8 = Cause::NotUtf8 { offset: good as u64, byte: bytes[good] };
    let line = line(&bytes, good);
    match decoding {
        Decoding::Utf8 => Err(Undecodable { line, cause: not_utf8 }),
        Decoding::From(encoding) => Err(Undecodable { line, cause: Cause::NotInEncoding(encoding.name()) }),
        Decoding::Detect if is_damaged_utf8(&bytes, cut && bytes.len() - good > 1) => {
            Err(Undecodable { line, cause: not_utf8 })
        }
        Decoding::Detect if is_binary(&bytes) => Err(Undecodable { line: 0, cause: Cause::Binary }),
        Decoding::Detect => {
            let encoding = detect(&bytes);
            let text = decode_as(&bytes, encoding).map_err(|_| Undecodable { line, cause: not_utf8 })?;
            Ok((text, Some(encoding)))
        }
    }
}

/// The line that holds the byte at `offset`, counted from 1.
fn line(bytes: &[u8], offset: usize) -> usize {
    1 + bytes.iter().take(offset).filter(|byte| **byte == b'\n').count()
}

/// The encoding that bytes look like that are not UTF-8. Of many bytes, the first lines that are not ASCII tell.
fn detect(bytes: &[u8]) -> &'static encoding_rs::Encoding {
    // The detector reads 4 MB a second.
    const SAMPLE: usize = 1 << 20;
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    if bytes.len() <= SAMPLE {
        detector.feed(bytes, true);
        return detector.guess(None, Utf8Detection::Deny);
    }
    let mut left = SAMPLE;
    // A line break is one in all encodings that have no byte order mark, and no part of a character.
    for line in bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| !line.is_ascii()) {
        let sample = &line[..line.len().min(left)];
        detector.feed(sample, false);
        left -= sample.len();
        if left == 0 {
            break;
        }
    }
    detector.guess(None, Utf8Detection::Deny)
}

/// Text of which nothing is lost but what is no text, as a browser shows it: there U+FFFD stands.
#[cfg(feature = "web")]
pub(super) fn decode_page(
    bytes: &[u8],
    forced: Option<Encoding>,
    declared: Option<&'static encoding_rs::Encoding>,
) -> Result<String, Cause> {
    let marked = || encoding_rs::Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let known = forced.map(|it| it.0).or_else(marked);
    // Pages declare what their server's default is; bytes that are UTF-8 by chance are rare.
    let utf8 = || (declared != Some(encoding_rs::ISO_2022_JP) && std::str::from_utf8(bytes).is_ok()).then_some(UTF_8);
    let encoding = match known.or_else(utf8).or(declared) {
        Some(encoding) => encoding,
        None if is_damaged_utf8(bytes, true) => UTF_8,
        None if is_binary(bytes) => return Err(Cause::Binary),
        None => detect(bytes),
    };
    Ok(encoding.decode_with_bom_removal(bytes).0.into_owned())
}

fn decode_as(bytes: &[u8], encoding: &'static encoding_rs::Encoding) -> Result<String, Undecodable> {
    let cause = || Cause::NotInEncoding(encoding.name());
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut text = String::with_capacity(decoded_length(bytes, encoding) + SLACK);
    let mut read = 0;
    loop {
        let (result, more) = decoder.decode_to_string_without_replacement(&bytes[read..], &mut text, true);
        read += more;
        match result {
            DecoderResult::InputEmpty => return Ok(text),
            DecoderResult::OutputFull => text.reserve(SLACK),
            DecoderResult::Malformed(..) => {
                return Err(Undecodable { line: line(bytes, read.saturating_sub(1)), cause: cause() });
            }
        }
    }
}

/// Room that the decoder wants beyond what it writes.
const SLACK: usize = 64;

/// How many bytes of UTF-8 the bytes become, up to the first that are no text: what they can become at most is three times
/// as much for most texts.
fn decoded_length(bytes: &[u8], encoding: &'static encoding_rs::Encoding) -> usize {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut buffer = [0; 4096];
    let (mut read, mut length) = (0, 0);
    loop {
        let (result, more, written) = decoder.decode_to_utf8_without_replacement(&bytes[read..], &mut buffer, true);
        read += more;
        length += written;
        if result != DecoderResult::OutputFull {
            return length;
        }
    }
}

/// Whether bytes that are not UTF-8 were it: most of what is not ASCII is, or they are `cut` within a character. In
/// other encodings that is rare.
fn is_damaged_utf8(bytes: &[u8], cut: bool) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|it| !it.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad || (cut && bad == 1)
}

/// Whether bytes that are not UTF-8 hold what no text of any encoding but UTF-16 holds.
fn is_binary(bytes: &[u8]) -> bool {
    let control = |byte: &&u8| matches!(**byte, 0..=8 | 14..=26 | 28..=31);
    bytes.contains(&0) || bytes.iter().filter(control).count() * 100 > bytes.len()
}

/// Reads bytes in another encoding as UTF-8. Where they are no text it puts a byte that is not UTF-8, so that the line
/// that holds it is at fault and no other.
pub(super) struct Transcode {
    input: Bytes,
    decoder: Decoder,
    buffer: Vec<u8>,
    /// The part of the buffer that is still to be read.
    ready: std::ops::Range<usize>,
    ended: bool,
}

impl Transcode {
    const ROOM: usize = 16 << 10;

    /// Reads `input`, less its byte order mark.
    pub(super) fn new(input: Bytes, encoding: &'static encoding_rs::Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { input, decoder, buffer: vec![0; Self::ROOM], ready: 0..0, ended: false }
    }
}

impl BufRead for Transcode {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.ready.is_empty() && !self.ended {
            let input = self.input.fill_buf()?;
            let last = input.is_empty();
            // One byte is kept for the mark of what is no text.
            let room = &mut self.buffer[..Self::ROOM - 1];
            let (result, read, mut written) = self.decoder.decode_to_utf8_without_replacement(input, room, last);
            self.input.consume(read);
            if let DecoderResult::Malformed(..) = result {
                self.buffer[written] = 0xFF;
                written += 1;
            }
            self.ended = last && matches!(result, DecoderResult::InputEmpty);
            self.ready = 0..written;
        }
        Ok(&self.buffer[self.ready.clone()])
    }

    fn consume(&mut self, amount: usize) {
        self.ready.start = self.ready.end.min(self.ready.start + amount);
    }
}

impl Read for Transcode {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{Encoding as Standard, SHIFT_JIS, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252};
    use proptest::prelude::*;

    fn utf16(text: &str, encoding: &'static Standard) -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        let big = encoding == UTF_16BE;
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    fn encoded(text: &str, encoding: &'static Standard) -> Vec<u8> {
        if encoding == UTF_16LE || encoding == UTF_16BE {
            return utf16(text, encoding);
        }
        let (bytes, _, lossy) = encoding.encode(text);
        assert!(!lossy, "{text}");
        bytes.into_owned()
    }

    #[test]
    fn the_encoding_of_news_is_told_from_its_bytes() {
        let cases = [
            ("The café’s owner, Zoë Brontë, said: “No.”", WINDOWS_1252),
            ("Мэр Анна Крылова заявила, что порт не будет продан.", WINDOWS_1251),
            ("「港は売らない」と市長は述べた。住民は安堵した。", SHIFT_JIS),
            ("“No,” said Zoë 👋.", UTF_16LE),
            ("“No,” said Zoë.", UTF_16BE),
        ];
        for (text, encoding) in cases {
            let found = decode_file(encoded(text, encoding), None).unwrap();
            assert_eq!(found, (text.to_owned(), Some(encoding)), "{}", encoding.name());
        }
        assert_eq!(decode_file("“No,” said Zoë.".into(), None).unwrap(), ("“No,” said Zoë.".to_owned(), None));
    }

    #[test]
    fn of_a_huge_text_the_lines_that_are_not_ascii_tell() {
        let plain = "The harbour stays open, the mayor said.\n".repeat(40_000);
        for (line, encoding) in [
            ("The café’s owner, Zoë Brontë, said: “No.”\n", WINDOWS_1252),
            ("Мэр Анна Крылова заявила, что порт не будет продан.\n", WINDOWS_1251),
            ("「港は売らない」と市長は述べた。住民は安堵した。\n", SHIFT_JIS),
            // A line that the sample cuts within a character.
            (&"「港は売らない」と市長は述べた。住民は安堵した。".repeat(30_000), SHIFT_JIS),
        ] {
            let text = format!("{plain}{line}{plain}");
            let (found, named) = decode_file(encoded(&text, encoding), None).unwrap();
            assert!(found == text && named == Some(encoding), "{named:?}");
            assert!(found.capacity() <= found.len() + SLACK);
        }
    }

    #[test]
    fn a_named_encoding_is_not_doubted() {
        let latin = "latin1".parse().ok();
        assert_eq!(decode_file("é".into(), latin).unwrap().0, "Ã©");
        assert_eq!(decode_file(b"\xE9".to_vec(), latin).unwrap().0, "é");
        let undecodable = decode_file(b"a\nb\x82".to_vec(), "shift_jis".parse().ok()).unwrap_err();
        assert_eq!((undecodable.line, undecodable.cause.to_string().as_str()), (2, "no text in Shift_JIS"));
        assert!("latin-nine".parse::<Encoding>().is_err());
    }

    #[test]
    fn what_is_no_text_is_not_made_one() {
        let cases: [(&[u8], &str); 4] = [
            (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "holds bytes that no text has"),
            (
                "Zoë said “no” in the caf\u{e9}, but \u{201d}".as_bytes().split_last().unwrap().1,
                "byte 37 (0xE2) is not UTF-8",
            ),
            (b"Zo\xC3\xAB and Ren\xC3\xA9e: caf\xE9.", "byte 20 (0xE9) is not UTF-8"),
            (b"\x01\x02\x03\xFF\x06", "holds bytes that no text has"),
        ];
        for (bytes, message) in cases {
            assert_eq!(decode_file(bytes.to_vec(), None).unwrap_err().cause.to_string(), message);
        }
    }

    #[test]
    fn transcoding_marks_what_is_no_text_and_goes_on() {
        let bytes = b"a\0\n\0\x00\xD8b\0\n\0c\0";
        let mut text = Vec::new();
        Transcode::new(Box::new(&bytes[..]), UTF_16LE).read_to_end(&mut text).unwrap();
        assert_eq!(text, b"a\n\xFFb\nc");
    }

    proptest! {
        #[test]
        fn transcoding_is_decoding(text in "\\PC{0,300}", big in any::<bool>(), repeat in 1_usize..200) {
            let text = text.repeat(repeat);
            let encoding = if big { UTF_16BE } else { UTF_16LE };
            let bytes: &'static [u8] = utf16(&text, encoding).leak();
            let mut read = String::new();
            Transcode::new(Box::new(bytes), encoding).read_to_string(&mut read).unwrap();
            prop_assert_eq!(read, text);
        }

        #[test]
        fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode_file(bytes, None);
        }
    }
}
