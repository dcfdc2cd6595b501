use std::io::Cursor;

use proptest::prelude::*;

use super::super::compression::Compression;
use super::super::compression::tests::compressed;
use super::super::failure::Place;
use super::super::options::ReadOptions;
use super::super::reader;
use super::super::stream::PassedOver;
use super::*;

fn page(words: &str) -> String {
    let paragraph = format!(
        "<p>“We will not sell the harbour,” said {words}, after a meeting that lasted until midnight, in which the council, \
         the port and the unions each had their say on what is to become of the quays and the cranes.</p>"
    );
    format!("<html><head><title>Harbour</title></head><body><article>{}</article></body></html>", paragraph.repeat(4))
}

fn record(fields: &str, body: &[u8]) -> Vec<u8> {
    let header = format!("WARC/1.0\r\n{fields}\r\nContent-Length: {}\r\n\r\n", body.len());
    [header.as_bytes(), body, b"\r\n\r\n"].concat()
}

fn http(fields: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n").as_bytes(), body].concat()
}

/// The record of a page at this address.
fn response(url: &str, words: &str) -> Vec<u8> {
    let fields = format!(
        "WARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-05-02T00:00:00Z\r\n\
         WARC-Record-ID: <urn:uuid:{words}>\r\nContent-Type: application/http; msgtype=response"
    );
    record(&fields, &http("Content-Type: text/html; charset=utf-8", page(words).as_bytes()))
}

/// What a web archive gives, ids or messages, and how many records were passed over.
fn read(bytes: Vec<u8>) -> (Vec<Result<String, String>>, PassedOver) {
    let origin = Origin { name: "a.warc".to_owned(), ..Origin::new(Place::file("in/a.warc"), ReadOptions::default()) };
    let meter = origin.meter.clone();
    let items = reader::open(Stream::new(Box::new(Cursor::new(bytes))), origin).unwrap();
    let items = items.map(|item| item.document.map(|it| it.id).map_err(|it| it.to_string())).collect();
    (items, meter.passed_over())
}

fn ok(id: &str) -> Result<String, String> {
    Ok(id.to_owned())
}

fn gzip(record: &[u8]) -> Vec<u8> {
    compressed(record, Compression::Gzip)
}

#[test]
fn pages_are_documents_and_other_records_are_counted() {
    let image = record(
        "WARC-Type: response\r\nWARC-Target-URI: http://a/i.png\r\nContent-Type: application/http",
        &http("Content-Type: image/png", b"\x89PNG"),
    );
    let records = [
        record("WARC-Type: warcinfo\r\nContent-Type: application/warc-fields", b"software: x\r\n"),
        record(
            "WARC-Type: request\r\nWARC-Target-URI: http://a/1\r\nContent-Type: application/http",
            b"GET / HTTP/1.1\r\n\r\n",
        ),
        response("http://a/1", "Rosa"),
        record(
            "WARC-Type: response\r\nWARC-Target-URI: http://a/3\r\nContent-Type: application/http",
            b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>Gone.</p>",
        ),
        image,
        response("<http://a/2>", "Ole"),
    ];
    let passed_over = PassedOver { other_records: 2, unsuccessful: 1, not_html: 1 };
    let expected = (vec![ok("http://a/1"), ok("http://a/2")], passed_over);
    assert_eq!(read(records.concat()), expected);
    let members = records.iter().flat_map(|record| gzip(record)).collect();
    assert_eq!(read(members), expected);
}

#[test]
fn a_page_carries_its_text_and_where_it_is_from() {
    let origin = Origin::new(Place::file("a.warc"), ReadOptions::default());
    let bytes = response("http://a/1", "Rosa");
    let mut items = reader::open(Stream::new(Box::new(Cursor::new(bytes))), origin).unwrap();
    let item = items.next().unwrap();
    assert_eq!(item.place.to_string(), "a.warc, record 1");
    let document = item.document.unwrap();
    assert_eq!(document.extra["text"], document.text);
    assert!(document.text.contains("said Rosa, after"), "{}", document.text);
    let about = ["title", "url", "date"].map(|name| document.extra[name].as_str().unwrap());
    assert_eq!(about, ["Harbour", "http://a/1", "2024-05-02T00:00:00Z"]);
    assert_eq!(items.other_id().as_deref(), Some("urn:uuid:Rosa"));
}

#[test]
fn a_damaged_record_is_located_and_the_next_one_read() {
    let one = || response("http://a/1", "Rosa");
    let three = || response("http://a/3", "Ole");
    let no_http = record(
        "WARC-Type: response\r\nWARC-Target-URI: http://a/2\r\nContent-Type: application/http",
        b"\x16\x03\x01\r\n\r\n",
    );
    let whole = String::from_utf8(response("http://a/2", "Ines")).unwrap();
    let (before, rest) = whole.split_once("Content-Length: ").unwrap();
    let short = format!("{before}Content-Length: 300{}", rest.trim_start_matches(|it: char| it.is_ascii_digit()));
    let mut torn = gzip(&response("http://a/2", "Ines"));
    let middle = torn.len() / 2;
    torn[middle..middle + 8].fill(0xFF);
    let cases = [
        ([one(), no_http, three()].concat(), "in/a.warc, record 2: damaged: an HTTP header with an error"),
        (
            [one(), b"<p>lost</p>\r\n\r\n".to_vec(), three()].concat(),
            "in/a.warc, record 2: damaged: no WARC record where",
        ),
        (
            [one(), b"WARC/1.0\r\nWARC-Type: response\r\n\r\n".to_vec(), three()].concat(),
            "in/a.warc, record 2: damaged: a WARC header without length",
        ),
        ([gzip(&one()), torn, gzip(&three())].concat(), "in/a.warc, record 2: cannot be read: gzip data: "),
    ];
    for (bytes, message) in cases {
        let (found, _) = read(bytes);
        assert_eq!((&found[0], found.last()), (&ok("http://a/1"), Some(&ok("http://a/3"))), "{found:?}");
        assert!(found.len() == 3 && found[1].as_ref().unwrap_err().starts_with(message), "{found:?}");
    }
    // A length that is too short leaves half of the page where the next record should begin.
    let (found, _) = read([one(), short.into_bytes(), three()].concat());
    assert!(found[1..found.len() - 1].iter().any(Result::is_err), "{found:?}");
    assert_eq!(found.last(), Some(&ok("http://a/3")));
}

#[test]
fn what_is_cut_off_is_not_taken_for_whole() {
    let plain = [response("http://a/1", "Rosa"), response("http://a/2", "Ole")].concat();
    let members = [gzip(&response("http://a/1", "Rosa")), gzip(&response("http://a/2", "Ole"))].concat();
    for bytes in [plain, members] {
        let (found, _) = read(bytes[..bytes.len() - 40].to_vec());
        assert_eq!(found[0], ok("http://a/1"));
        assert!(found.len() == 2 && found[1].is_err(), "{found:?}");
    }
}

#[test]
fn a_page_without_article_costs_no_other_its_statements() {
    let empty = record(
        "WARC-Type: response\r\nWARC-Target-URI: http://a/2\r\nContent-Type: application/http",
        &http("Content-Type: text/html", b"<html></html>"),
    );
    let (found, passed_over) = read([empty, response("http://a/3", "Ole")].concat());
    assert!(
        found[0].as_ref().unwrap_err().starts_with("in/a.warc, record 1: no article found in the page; "),
        "{found:?}"
    );
    assert_eq!((found[1].clone(), passed_over), (ok("http://a/3"), PassedOver::default()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_damage_breaks_it(at in 0.0..1.0_f64, bytes in prop::collection::vec(any::<u8>(), 1..60), packed in any::<bool>()) {
        let mut file = [response("http://a/1", "Rosa"), response("http://a/2", "Ole")].concat();
        if packed {
            file = gzip(&file);
        }
        let start = (at * (file.len() - bytes.len()) as f64) as usize;
        // The first bytes tell what the file is.
        let start = start.max(10);
        file[start..start + bytes.len()].copy_from_slice(&bytes);
        prop_assert!(read(file).0.len() <= 10);
    }
}
