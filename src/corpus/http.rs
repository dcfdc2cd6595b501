//! HTTP responses, as web archives store them.

use std::io::Read;

use super::detect;
use super::failure::Cause;
use super::stream::{LARGEST, Why, read_whole};

/// A response that holds a web page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub body: Vec<u8>,
    /// The encoding that the header declares.
    pub charset: Option<String>,
}

/// The page of a response, or why it is passed over: it holds something else, or is not of a success.
pub(super) fn page(message: &[u8]) -> Result<Result<Page, Why>, Cause> {
    let mut fields = [httparse::EMPTY_HEADER; 256];
    let mut response = httparse::Response::new(&mut fields);
    let mut config = httparse::ParserConfig::default();
    config
        .allow_obsolete_multiline_headers_in_responses(true)
        .allow_spaces_after_header_name_in_responses(true)
        .ignore_invalid_headers_in_responses(true);
    let length = match config.parse_response(&mut response, message) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Err(Cause::Damaged("an HTTP header without end".to_owned())),
        Err(error) => return Err(Cause::Damaged(format!("an HTTP header with an error: {error}"))),
    };
    let field = |name: &str| {
        let field = response.headers.iter().find(|field| field.name.eq_ignore_ascii_case(name));
        field.map(|field| String::from_utf8_lossy(field.value).trim().to_ascii_lowercase())
    };
    if !response.code.is_some_and(|code| (200..300).contains(&code)) {
        return Ok(Err(Why::Unsuccessful));
    }
    let content_type = field("content-type");
    let media = content_type.as_deref().map(|value| value.split(';').next().unwrap_or_default().trim());
    if !matches!(media, None | Some("" | "text/html" | "application/xhtml+xml")) {
        return Ok(Err(Why::NotHtml));
    }
    let body = &message[length..];
    let whole = if field("transfer-encoding").is_some_and(|it| it.contains("chunked")) { joined(body) } else { None };
    let body = decoded(whole.unwrap_or_else(|| body.to_vec()), field("content-encoding").as_deref())?;
    if media.is_none_or(str::is_empty) && !detect::is_page(&String::from_utf8_lossy(&body[..body.len().min(1024)])) {
        return Ok(Err(Why::NotHtml));
    }
    let charset = content_type.as_deref().and_then(|value| value.split_once("charset="));
    Ok(Ok(Page { body, charset: charset.map(|(_, label)| label.to_owned()) }))
}

/// The chunks of a body as one; `None` if it is none of chunks: most crawlers store it joined, under the old header.
fn joined(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    while let Ok(httparse::Status::Complete((start, size))) = httparse::parse_chunk_size(body) {
        let size = usize::try_from(size).ok()?;
        if size == 0 {
            return Some(whole);
        }
        let rest = body.get(start..)?;
        whole.extend_from_slice(rest.get(..size)?);
        let rest = &rest[size..];
        body = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n"))?;
    }
    None
}

/// The body without its compression. One that only says that it is compressed is taken as it stands.
fn decoded(body: Vec<u8>, encoding: Option<&str>) -> Result<Vec<u8>, Cause> {
    let whole = |decoder: &mut dyn Read| {
        read_whole(decoder, None, LARGEST).map_err(|cause| match cause {
            Cause::Unreadable(error) => Cause::Damaged(format!("a compressed page: {error}")),
            other => other,
        })
    };
    match encoding {
        Some("gzip" | "x-gzip") if body.starts_with(&[0x1F, 0x8B]) => {
            whole(&mut flate2::read::MultiGzDecoder::new(body.as_slice()))
        }
        // Servers send it with the header that belongs to it, and without.
        Some("deflate") if body.first().is_some_and(|byte| byte & 0x0F == 8) => {
            whole(&mut flate2::read::ZlibDecoder::new(body.as_slice()))
        }
        Some("deflate") => whole(&mut flate2::read::DeflateDecoder::new(body.as_slice())),
        Some("zstd") if body.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) => {
            whole(&mut zstd::Decoder::with_buffer(body.as_slice())?)
        }
        // Brotli has no mark: a page that does not begin like one is taken for compressed.
        Some("br") if !body.trim_ascii_start().starts_with(b"<") => {
            Err(Cause::Unsupported("a page compressed with brotli".to_owned()))
        }
        _ => Ok(body),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    fn response(fields: &str, body: &[u8]) -> Vec<u8> {
        [format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n").as_bytes(), body].concat()
    }

    fn body(message: &[u8]) -> Option<String> {
        page(message).unwrap().ok().map(|page| String::from_utf8(page.body).unwrap())
    }

    fn gzipped(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_page_is_taken_out_of_its_message() {
        let html = "Content-Type: text/html; charset=\"ISO-8859-1\"";
        let page = page(&response(html, b"<p>Rain.</p>")).unwrap().unwrap();
        assert_eq!(
            (page.body.as_slice(), page.charset.as_deref()),
            (b"<p>Rain.</p>".as_slice(), Some("\"iso-8859-1\""))
        );
        let fields = |more: &str| format!("{html}\r\n{more}");
        let cases = [
            response(&fields("Content-Encoding: gzip"), &gzipped(b"<p>Rain.</p>")),
            response(&fields("Content-Encoding: gzip"), b"<p>Rain.</p>"),
            response(&fields("content-encoding: br"), b"<p>Rain.</p>"),
            response(&fields("Transfer-Encoding: chunked"), b"5\r\n<p>Ra\r\n7;x\r\nin.</p>\r\n0\r\n\r\n"),
            response(&fields("Transfer-Encoding: chunked"), b"<p>Rain.</p>"),
            response(&fields("X Y: not a name\r\nFolded: a\r\n b"), b"<p>Rain.</p>"),
        ];
        for message in cases {
            assert_eq!(body(&message).as_deref(), Some("<p>Rain.</p>"), "{}", String::from_utf8_lossy(&message));
        }
    }

    #[test]
    fn what_is_no_page_is_left() {
        assert_eq!(body(&response("Content-Type: image/png", b"x")), None);
        assert_eq!(body(&response("X: y", b"{}")), None);
        assert_eq!(body(&response("X: y", b"<!doctype html>")).as_deref(), Some("<!doctype html>"));
        let moved = b"HTTP/1.1 301 Moved\r\nContent-Type: text/html\r\n\r\n<p>Moved.</p>";
        assert_eq!(page(moved).unwrap(), Err(Why::Unsuccessful));
        assert_eq!(page(&response("Content-Type: image/png", b"x")).unwrap(), Err(Why::NotHtml));
    }

    #[test]
    fn what_is_damaged_is_told() {
        let cut = gzipped(&b"<p>Rain.</p>".repeat(20));
        let fields = "Content-Type: text/html\r\nContent-Encoding: gzip";
        let cases = [
            (b"HTTP/1.1 200 OK\r\nContent-".to_vec(), "damaged: an HTTP header without end"),
            (b"\x16\x03\x01 no HTTP\r\n\r\n".to_vec(), "damaged: an HTTP header with an error: "),
            (response(fields, &cut[..20]), "damaged: a compressed page: "),
            (response("Content-Encoding: br", b"\x8B\x02\x80"), "a page compressed with brotli cannot be read"),
        ];
        for (message, reason) in cases {
            let found = page(&message).unwrap_err().to_string();
            assert!(found.starts_with(reason), "{found}");
        }
    }

    proptest! {
        #[test]
        fn no_message_breaks_it(fields in "[ -~\r\n]{0,80}", rest in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = page(&rest);
            let _ = page(&response(&fields, &rest));
            let _ = page(&response("Transfer-Encoding: chunked", &rest));
            let _ = page(&response("Content-Encoding: deflate", &rest));
        }
    }
}
