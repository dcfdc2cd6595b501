//! What a file is: by its first bytes, then by its name, then by its first line.

use super::delimited;
use super::encoding::Encoding;
use super::failure::Cause;
use super::jsonl;
use super::names;
use super::options::{Format, ReadOptions};
use super::stream::Stream;

/// How many bytes tell what a file is.
pub(super) const HEAD: usize = 8 << 10;

/// A first line that is longer is not read to see whether it is JSON.
const LONGEST_LINE: usize = 64 << 20;

/// Whether a file with these first bytes is a zip archive.
pub(super) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Whether a file with these first bytes is an Arrow IPC file, and not a stream.
pub(super) fn is_arrow_file(head: &[u8]) -> bool {
    head.starts_with(b"ARROW1\0\0")
}

/// The format of a stream that is neither compressed nor an archive.
pub(super) fn format(stream: &mut Stream, name: &str, options: &ReadOptions) -> Result<Format, Cause> {
    if options.format != Format::Auto {
        return Ok(options.format);
    }
    let head = stream.peek(HEAD);
    if let Some(sort) = foreign(head) {
        return Err(Cause::Unsupported(sort.to_owned()));
    }
    if let Some(format) = binary(head) {
        return Ok(format);
    }
    if let Some(format) = names::format(name) {
        return Ok(format);
    }
    by_text(stream, name, options)
}

/// What dixit does not read, by its first bytes.
fn foreign(head: &[u8]) -> Option<&'static str> {
    match head {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("a PDF document"),
        [b'F', b'E', b'A', b'1', ..] => Some("a Feather file of version 1"),
        [b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => Some("a 7z archive"),
        [b'R', b'a', b'r', b'!', 0x1A, 7, ..] => Some("a RAR archive"),
        _ if head.get(257..262) == Some(b"ustar") => Some("a tar archive"),
        _ => None,
    }
}

/// The formats whose first bytes no text begins with.
fn binary(head: &[u8]) -> Option<Format> {
    match head {
        [b'P', b'A', b'R', b'1', ..] => Some(Format::Parquet),
        _ if is_arrow_file(head) => Some(Format::Arrow),
        // A stream begins with a mark and the length of the schema.
        [0xFF, 0xFF, 0xFF, 0xFF, _, _, _, 0, ..] => Some(Format::Arrow),
        [b'W', b'A', b'R', b'C', b'/', b'0' | b'1', b'.', ..] => Some(Format::Warc),
        _ => None,
    }
}

/// The format of a text whose name does not tell.
fn by_text(stream: &mut Stream, name: &str, options: &ReadOptions) -> Result<Format, Cause> {
    let start = text(stream.peek(HEAD), options.encoding);
    let start = start.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
    if is_page(start) {
        return Ok(Format::Html);
    }
    let header = start.lines().next().unwrap_or_default();
    if delimited::begins(header, options.text_column()) {
        return Ok(Format::Csv);
    }
    let object = start.starts_with('{');
    if object && jsonl::begins(text(stream.peek_line(LONGEST_LINE), options.encoding).as_bytes(), options.text_column())
    {
        return Ok(Format::Jsonl);
    }
    if names::has_extension(name, "json") { Err(Cause::NotJsonLines) } else { Ok(Format::Text) }
}

/// The bytes as text, as far as they are text.
fn text(bytes: &[u8], forced: Option<Encoding>) -> String {
    let marked = encoding_rs::Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let encoding = forced.map(|it| it.0).or(marked).unwrap_or(encoding_rs::UTF_8);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// Whether a text begins as a web page does.
pub(super) fn is_page(start: &str) -> bool {
    if !start.starts_with('<') {
        return false;
    }
    let start = start.to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.contains("<html")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(content: &[u8], name: &str) -> Result<Format, String> {
        let content: &'static [u8] = content.to_vec().leak();
        let mut stream = Stream::new(Box::new(content));
        format(&mut stream, name, &ReadOptions::default()).map_err(|cause| cause.to_string())
    }

    #[test]
    fn first_bytes_tell_before_the_name() {
        let cases: [(&[u8], Format); 6] = [
            (b"PAR1\x15\x04", Format::Parquet),
            (b"ARROW1\0\0\xFF\xFF", Format::Arrow),
            (b"\xFF\xFF\xFF\xFF\x10\x01\0\0", Format::Arrow),
            (b"WARC/1.0\r\nWARC-Type: warcinfo\r\n", Format::Warc),
            (b"<html>", Format::Text),
            (b"", Format::Text),
        ];
        for (content, expected) in cases {
            assert_eq!(detected(content, "a.txt"), Ok(expected), "{content:?}");
        }
    }

    #[test]
    fn text_tells_where_the_name_does_not() {
        let cases = [
            ("<!DOCTYPE html>\n<html lang=\"en\">", Format::Html),
            ("\u{FEFF}\n<?xml version=\"1.0\"?>\n<HTML xmlns=\"x\">", Format::Html),
            ("<p>“No,” she wrote.</p>", Format::Text),
            ("{\"id\": 1, \"text\": \"Rain.\"}\n{", Format::Jsonl),
            ("{\"body\": \"Rain.\"}\n", Format::Text),
            ("date,text,url\n", Format::Csv),
            ("\u{FEFF}url;\"text\"\r\n", Format::Csv),
            ("url\ttext\n", Format::Csv),
            ("text\nRain.", Format::Text),
            ("It rained, text and all.", Format::Text),
        ];
        for (content, expected) in cases {
            assert_eq!(detected(content.as_bytes(), "stdin"), Ok(expected), "{content}");
        }
    }

    #[test]
    fn a_first_line_of_any_length_is_read() {
        let line = format!("{{\"title\": \"{}\", \"text\": \"\"}}\n{{}}", "Rain. ".repeat(10_000));
        assert_eq!(detected(line.as_bytes(), "stdin"), Ok(Format::Jsonl));
    }

    #[test]
    fn utf16_is_looked_into() {
        let units = "\u{FEFF}{\"text\": \"\"}".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        assert_eq!(detected(&units, "stdin"), Ok(Format::Jsonl));
    }

    #[test]
    fn what_dixit_does_not_read_is_named() {
        assert_eq!(detected(b"%PDF-1.7\n", "a.txt"), Err("a PDF document cannot be read".to_owned()));
        assert_eq!(detected(b"[\n1]", "a.json"), Err("a .json file without one JSON object a line".to_owned()));
    }
}
