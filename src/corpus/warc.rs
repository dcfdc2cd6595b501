//! WARC: what a crawl stored, record by record. The responses that hold a web page are documents.
//!
//! The id is the page's address or, if that comes twice, the record's id. The document is that of [`html`](super::html),
//! with the fields `url` and `date`, the time of the crawl. All other records are passed over and counted.

#[cfg(not(feature = "web"))]
use super::failure::Cause;
use super::failure::Failure;
use super::reader::{Documents, Origin};
use super::stream::Stream;

#[cfg(not(feature = "web"))]
pub(super) fn open(_: Stream, origin: Origin) -> Result<Box<dyn Documents>, Failure> {
    Err(Failure::at(origin.place, Cause::NotBuiltIn("web")))
}

/// The documents of an archive.
#[cfg(feature = "web")]
pub(super) fn open(stream: Stream, origin: Origin) -> Result<Box<dyn Documents>, Failure> {
    Ok(Box::new(records::Records::new(stream, origin)))
}

#[cfg(feature = "web")]
mod records {
    use std::io::{self, BufRead, Read};

    use super::super::failure::{Cause, Failure, Unit};
    use super::super::html::page;
    use super::super::http;
    use super::super::reader::{Documents, Item, Origin};
    use super::super::stream::{LARGEST, Stream, Why};
    use crate::document::Document;

    /// A record's header is no longer than this, and neither is a line of it.
    const LONGEST_HEADER: u64 = 1 << 20;

    /// What the header of a record says.
    #[derive(Debug, Default)]
    struct Header {
        kind: String,
        content_type: String,
        length: u64,
        url: String,
        id: String,
        date: String,
    }

    /// A document and the bytes of its page.
    type Found = (Document, u64);

    /// What kept a record from being a document, and the document's id, as far as it is known.
    type Lost = (Option<String>, Cause);

    pub(super) struct Records {
        input: Stream,
        origin: Origin,
        /// Number of the current record, counted from 1.
        number: usize,
        /// The id of the record of the document that came last.
        record_id: Option<String>,
        ended: bool,
    }

    impl Records {
        pub(super) fn new(input: Stream, origin: Origin) -> Self {
            Self { input, origin, number: 0, record_id: None, ended: false }
        }

        /// The next record's document, or why it is passed over.
        fn record(&mut self) -> Result<Result<Found, Why>, Lost> {
            let header = self.header().map_err(|cause| (None, cause))?;
            let failed = |cause| (Some(header.url.clone()).filter(|url| !url.is_empty()), cause);
            let wanted = header.kind == "response"
                && (header.content_type.is_empty() || header.content_type.starts_with("application/http"))
                && header.url.starts_with("http");
            if !wanted || header.length > LARGEST {
                self.skip(header.length).map_err(failed)?;
                return if wanted { Err(failed(Cause::TooLarge)) } else { Ok(Err(Why::OtherRecord)) };
            }
            let message = self.body(header.length).map_err(failed)?;
            let found = match http::page(&message).map_err(failed)? {
                Ok(found) => found,
                Err(why) => return Ok(Err(why)),
            };
            drop(message);
            let charset = found.charset.as_deref();
            let document = page::document(header.url.clone(), &found.body, charset, self.origin.options.encoding);
            let mut document = document.map_err(failed)?;
            for (name, value) in [("url", header.url), ("date", header.date)] {
                if !value.is_empty() {
                    document.extra.insert(name.to_owned(), value.into());
                }
            }
            self.record_id = Some(header.id).filter(|id| !id.is_empty());
            Ok(Ok((document, found.body.len() as u64)))
        }

        fn header(&mut self) -> Result<Header, Cause> {
            let mut version = Vec::new();
            self.line(&mut version)?;
            if !is_version(&version) {
                return Err(Cause::Damaged("no WARC record where one should begin".to_owned()));
            }
            let mut header = Header { length: u64::MAX, ..Header::default() };
            let mut left = LONGEST_HEADER;
            loop {
                let mut line = Vec::new();
                self.line(&mut line)?;
                left = left.saturating_sub(line.len() as u64);
                if !line.ends_with(b"\n") || left == 0 {
                    return Err(Cause::Damaged("a WARC header without end".to_owned()));
                }
                let line = String::from_utf8_lossy(&line);
                if line.trim().is_empty() {
                    break;
                }
                header.set(&line);
            }
            if header.length == u64::MAX {
                Err(Cause::Damaged("a WARC header without length".to_owned()))
            } else {
                Ok(header)
            }
        }

        fn line(&mut self, line: &mut Vec<u8>) -> Result<(), Cause> {
            (&mut self.input).take(LONGEST_HEADER).read_until(b'\n', line)?;
            Ok(())
        }

        fn body(&mut self, length: u64) -> Result<Vec<u8>, Cause> {
            let mut body = Vec::new();
            let read = (&mut self.input).take(length).read_to_end(&mut body)?;
            whole(read as u64, length)?;
            // Past the empty lines that end a record, a gzip member's checksum tells whether all that was read is sound.
            self.input.error_within(5).map_or(Ok(body), |error| Err(error.into()))
        }

        fn skip(&mut self, length: u64) -> Result<(), Cause> {
            let read = io::copy(&mut (&mut self.input).take(length), &mut io::sink())?;
            whole(read, length)
        }

        /// Goes to the next record, past the empty lines that end one. Returns whether there is one.
        fn advance(&mut self) -> io::Result<bool> {
            loop {
                match self.input.peek_line(16) {
                    [] => {
                        // At the end, or before an error.
                        if self.input.fill_buf()?.is_empty() {
                            return Ok(false);
                        }
                    }
                    b"\r" => {}
                    _ => return Ok(true),
                }
                self.input.skip_until(b'\n')?;
            }
        }

        /// Goes to the next line that begins a record, past whatever else there is.
        fn find_record(&mut self) {
            // A damaged gzip member is an error once, and reading goes on after it; other errors stay.
            let mut errors = 0;
            while errors < 100 {
                if is_version(self.input.peek(6)) {
                    return;
                }
                match self.input.skip_until(b'\n') {
                    Ok(0) => break,
                    Ok(_) => errors = 0,
                    Err(error) if error.raw_os_error().is_some() => break,
                    Err(_) => errors += 1,
                }
            }
            self.ended = true;
        }
    }

    fn is_version(line: &[u8]) -> bool {
        line.starts_with(b"WARC/1") || line.starts_with(b"WARC/0")
    }

    fn whole(read: u64, length: u64) -> Result<(), Cause> {
        if read == length {
            Ok(())
        } else {
            Err(Cause::Damaged(format!("a record of {length} bytes ends after {read}")))
        }
    }

    impl Header {
        fn set(&mut self, line: &str) {
            let Some((name, value)) = line.split_once(':') else { return };
            let value = value.trim();
            // Addresses and ids stand between these in some versions.
            let bare = || value.strip_prefix('<').and_then(|value| value.strip_suffix('>')).unwrap_or(value).to_owned();
            match name.trim().to_ascii_lowercase().as_str() {
                "warc-type" => self.kind = value.to_ascii_lowercase(),
                "content-type" => self.content_type = value.to_ascii_lowercase(),
                "content-length" => self.length = value.parse().unwrap_or(u64::MAX),
                "warc-target-uri" => self.url = bare(),
                "warc-record-id" => self.id = bare(),
                "warc-date" => self.date = value.to_owned(),
                _ => {}
            }
        }
    }

    impl Documents for Records {
        fn other_id(&mut self) -> Option<String> {
            self.record_id.take()
        }
    }

    impl Iterator for Records {
        type Item = Item;

        fn next(&mut self) -> Option<Item> {
            while !self.ended {
                self.number += 1;
                let there = self.advance();
                let found = match there {
                    Ok(false) => return None,
                    Ok(true) => self.record(),
                    Err(error) => Err((None, error.into())),
                };
                let place = self.origin.place.at(Unit::Record, self.number);
                let (document, bytes) = match found {
                    Ok(Err(why)) => {
                        self.origin.meter.pass_over(why);
                        continue;
                    }
                    Ok(Ok((document, bytes))) => (Ok(document), bytes),
                    Err((id, cause)) => {
                        if !matches!(cause, Cause::NoArticle | Cause::TooLarge | Cause::Binary | Cause::Unsupported(_))
                        {
                            self.find_record();
                        }
                        (Err(Failure { id, place: place.clone(), cause }), 0)
                    }
                };
                return Some(Item { document, place, bytes });
            }
            None
        }
    }
}

#[cfg(all(test, feature = "web"))]
mod tests;
