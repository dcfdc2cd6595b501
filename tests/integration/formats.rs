//! The same articles in every format and compression, and what is said when a file is not what it should be.

use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::sandbox::{Sandbox, ids};

/// Articles written for this test; an empty line ends a paragraph.
const ARTICLES: [&str; 3] = [
    "“We will not sell the harbour,” the mayor, Rosa Lindqvist, told reporters after a meeting that lasted until midnight. \
     The council, the port and the unions had each had their say on what is to become of the quays.\n\n\
     Ole Brandt, who speaks for the dockers, said four hundred people would lose their work. “Nobody has asked us,” he \
     added, “and nobody will.” The council is to vote in May, a week before the summer timetable begins.",
    "The bridge at Varga will be closed for two years, the transport ministry said on Tuesday, because the pillars are \
     weaker than engineers had believed. Drivers will have to take the road by way of the lake.\n\n\
     “It is a disaster for every shop on this side of the river,” said Zoë Brontë, who owns a café near the bridge. \
     According to the ministry, a ferry will run every twenty minutes from the first of June, free of charge.",
    "Doctors in the north have warned that the hospital in Anders may have to close its emergency ward by autumn. “We are \
     eleven people where there should be thirty,” Dr. Ines Maron wrote in a letter to the health minister.\n\n\
     The minister, Paul Okafor, replied that money had been set aside for new posts. He told parliament that the ward \
     would stay open, whatever it took, and that he would visit the hospital himself before the end of the month.",
];

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn drained(mut reader: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).unwrap();
    bytes
}

/// The bytes, compressed as the extension says.
fn compressed(bytes: &[u8], extension: &str) -> Vec<u8> {
    match extension {
        "gz" => {
            // Two members, as a crawler or a parallel compressor writes them.
            let (one, other) = bytes.split_at(bytes.len() / 2);
            [gzip(one), gzip(other)].concat()
        }
        "zst" => zstd::encode_all(bytes, 1).unwrap(),
        "bz2" => drained(bzip2::read::BzEncoder::new(bytes, bzip2::Compression::fast())),
        "xz" => drained(liblzma::read::XzEncoder::new(bytes, 0)),
        _ => bytes.to_vec(),
    }
}

fn csv(prefix: &str, separator: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    writer.write_record(["id", "desk", "text"]).unwrap();
    for (number, text) in ARTICLES.iter().enumerate() {
        writer.write_record([&format!("{prefix}/{number}"), "north", *text]).unwrap();
    }
    writer.into_inner().unwrap()
}

fn table(prefix: &str) -> RecordBatch {
    let ids = StringArray::from_iter_values((0..ARTICLES.len()).map(|number| format!("{prefix}/{number}")));
    let columns: Vec<(&str, ArrayRef)> =
        vec![("id", Arc::new(ids)), ("text", Arc::new(StringArray::from_iter_values(ARTICLES)))];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn parquet(prefix: &str) -> Vec<u8> {
    let (batch, mut file) = (table(prefix), Vec::new());
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    file
}

fn arrow_file(prefix: &str) -> Vec<u8> {
    let batch = table(prefix);
    let mut writer = arrow_ipc::writer::FileWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn arrow_stream(prefix: &str) -> Vec<u8> {
    let batch = table(prefix);
    let mut writer = arrow_ipc::writer::StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn page(text: &str) -> String {
    let paragraphs: String = text.split("\n\n").map(|paragraph| format!("<p>{paragraph}</p>\n")).collect();
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>News of the day</title></head><body>\
         <nav><a href=\"/\">Home</a> <a href=\"/sport\">Sport</a></nav><article>{paragraphs}</article>\
         <footer><a href=\"/terms\">Terms of use</a></footer></body></html>"
    )
}

fn record(url: &str, text: &str) -> Vec<u8> {
    let body = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{}", page(text));
    let header = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\n\
         WARC-Record-ID: <urn:uuid:1-{}>\r\nContent-Length: {}\r\n\r\n",
        text.len(),
        body.len()
    );
    format!("{header}{body}\r\n\r\n").into_bytes()
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The articles in every format: names of files, and what is in them.
fn every_format() -> Vec<(String, Vec<u8>)> {
    let lines =
        ARTICLES.iter().enumerate().map(|(n, text)| format!("{}\n", json!({"id": format!("jsonl/{n}"), "text": text})));
    let records = ARTICLES.iter().enumerate().map(|(n, text)| record(&format!("https://news.example/{n}"), text));
    let members: Vec<_> = (0..ARTICLES.len()).map(|n| format!("{n}.txt")).collect();
    let members: Vec<_> = members.iter().map(String::as_str).zip(ARTICLES.map(str::as_bytes)).collect();
    let mut files = vec![
        ("lines.jsonl".to_owned(), lines.collect::<String>().into_bytes()),
        ("comma.csv".to_owned(), csv("csv", b',')),
        ("tab.tsv".to_owned(), csv("tsv", b'\t')),
        ("table.parquet".to_owned(), parquet("parquet")),
        ("file.arrow".to_owned(), arrow_file("arrow")),
        ("stream.arrows".to_owned(), arrow_stream("arrows")),
        ("crawl.warc".to_owned(), records.collect::<Vec<_>>().concat()),
        ("packed.zip".to_owned(), zipped(&members)),
    ];
    for (number, text) in ARTICLES.iter().enumerate() {
        files.push((format!("text/{number}.txt"), text.as_bytes().to_vec()));
        files.push((format!("html/{number}.html"), page(text).into_bytes()));
    }
    files
}

/// The statements of each of the articles, whatever the ids.
fn by_article(lines: Vec<Value>) -> Vec<Vec<(String, Value)>> {
    let mut found = vec![Vec::new(); ARTICLES.len()];
    for line in lines {
        let id = line["id"].as_str().unwrap().to_owned();
        let number = id.trim_end_matches(".html").rsplit('/').next().unwrap().parse::<usize>().unwrap();
        found[number].push((id, line["statements"].clone()));
    }
    found
}

#[test]
fn the_same_articles_give_the_same_statements_in_every_format_and_compression() {
    let plain = Sandbox::new(&[
        ("0.txt", ARTICLES[0].as_bytes()),
        ("1.txt", ARTICLES[1].as_bytes()),
        ("2.txt", ARTICLES[2].as_bytes()),
    ]);
    let expected = by_article(plain.annotate(&["."]));
    assert!(expected.iter().all(|article| article[0].1.as_array().is_some_and(|it| it.len() >= 2)), "{expected:?}");
    let files = every_format();
    for extension in ["", "gz", "zst", "bz2", "xz"] {
        let dot = if extension.is_empty() { "" } else { "." };
        let packed: Vec<_> = files
            .iter()
            .map(|(name, content)| (format!("{name}{dot}{extension}"), compressed(content, extension)))
            .collect();
        let named: Vec<_> = packed.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
        let found = by_article(Sandbox::new(&named).annotate(&["."]));
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found.len(), 10, "{extension}: {:?}", found.iter().map(|(id, _)| id).collect::<Vec<_>>());
            for (id, statements) in found {
                assert_eq!(statements, &expected[0].1, "{id} {extension}");
            }
        }
    }
}

#[test]
fn content_tells_what_a_file_is_where_its_name_does_not() {
    let lines = format!("{}\n", json!({"id": "line", "text": ARTICLES[0]}));
    let inputs = [
        (gzip(lines.as_bytes()), "line"),
        (gzip(&gzip(lines.as_bytes())), "line"),
        (csv("csv", b';'), "csv/0"),
        (parquet("parquet"), "parquet/0"),
        (arrow_file("arrow"), "arrow/0"),
        (compressed(&arrow_stream("arrows"), "zst"), "arrows/0"),
        (page(ARTICLES[0]).into_bytes(), "stdin"),
        (gzip(&record("https://news.example/0", ARTICLES[0])), "https://news.example/0"),
        (zipped(&[("a/one.txt", b"Rain.")]), "stdin/a/one"),
    ];
    let sandbox = Sandbox::new(&[]);
    for (input, id) in inputs {
        assert_eq!(ids(&sandbox.annotate_with_input(&["-"], &input))[0], id);
    }
}

#[test]
fn a_page_comes_with_the_text_that_its_offsets_refer_to() {
    let sandbox = Sandbox::new(&[("a.html", page(ARTICLES[1]).as_bytes())]);
    let line = &sandbox.annotate(&["a.html"])[0];
    assert_eq!((&line["text"], &line["title"]), (&ARTICLES[1].into(), &"News of the day".into()));
    let content = &line["statements"][0]["content"][0];
    let [start, end] = ["start", "end"].map(|it| usize::try_from(content[it].as_u64().unwrap()).unwrap());
    let pointed: String = ARTICLES[1].chars().skip(start).take(end - start).collect();
    assert_eq!(content["text"], pointed);
}

#[test]
fn a_page_that_was_crawled_twice_is_two_documents() {
    let twice = [record("https://news.example/0", ARTICLES[0]), record("https://news.example/0", ARTICLES[1])].concat();
    let sandbox = Sandbox::new(&[("a.warc", &twice)]);
    let lines = sandbox.annotate(&["a.warc"]);
    let second = format!("urn:uuid:1-{}", ARTICLES[1].len());
    assert_eq!(ids(&lines), ["https://news.example/0", &second]);
    assert_eq!(lines[1]["url"], "https://news.example/0");
}

#[test]
fn columns_can_be_named() {
    let table = "url,id,body\nhttp://a,7,Rain fell.\n";
    let line = "{\"url\": \"http://b\", \"body\": \"Rain fell.\"}\n";
    let sandbox = Sandbox::new(&[("a.csv", table.as_bytes()), ("b.jsonl", line.as_bytes())]);
    let lines = sandbox.annotate(&["a.csv", "b.jsonl", "--text-column", "body", "--id-column", "url"]);
    assert_eq!(ids(&lines), ["http://a", "http://b"]);
    assert_eq!(lines[0]["input_id"], "7");
}

#[test]
fn texts_of_many_encodings_lie_in_one_folder() {
    let text = "“No,” said Zoë Brontë. She left the café at once.";
    let utf16: Vec<_> = format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin = encoding_rs::WINDOWS_1252.encode(text).0;
    let sandbox = Sandbox::new(&[("a.txt", text.as_bytes()), ("b.txt", &utf16), ("c.txt", &latin)]);
    let lines = sandbox.annotate(&["."]);
    let encodings: Vec<_> = lines.iter().map(|line| line.get("encoding").and_then(Value::as_str)).collect();
    assert_eq!(encodings, [None, Some("UTF-16LE"), Some("windows-1252")]);
    assert!(lines.iter().all(|line| line["statements"] == lines[0]["statements"]), "{lines:?}");
    let greek = sandbox.annotate(&["c.txt", "--encoding", "iso-8859-7"]);
    assert_ne!(greek[0]["statements"], lines[0]["statements"]);
}

#[test]
fn a_file_that_is_not_what_it_should_be_costs_no_other_its_statements() {
    let half = |bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec();
    let lines = format!("{}\n", json!({"id": "whole", "text": "Rain."}));
    let cut_lines = {
        let all: String =
            (0..400).map(|n| format!("{}\n", json!({"id": format!("n{n}"), "n": n * n, "text": "Rain."}))).collect();
        half(gzip(all.as_bytes()))
    };
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("a.csv", b"url,body\nx,y\n".to_vec(), "a.csv:1: no column \"text\" among \"url\", \"body\"; name the columns"),
        ("a.parquet", half(parquet("p")), "a.parquet: damaged: "),
        ("a.parquet", lines.clone().into_bytes(), "a.parquet: this is no Parquet file; "),
        ("a.arrow", half(arrow_file("p")), "a.arrow: damaged: "),
        ("a.zip", half(zipped(&[("a.txt", b"Rain.")])), "a.zip: damaged: "),
        ("a.txt.gz", half(gzip(ARTICLES[0].as_bytes())), "a.txt.gz: cannot be read: gzip data: "),
        ("a.txt.zst", half(compressed(ARTICLES[0].as_bytes(), "zst")), "a.txt.zst: cannot be read: zstd data: "),
        ("a.txt.xz", Vec::new(), "a.txt.xz: damaged: an empty file where a compressed one should be; "),
        ("a.jsonl.gz", cut_lines, "a.jsonl.gz:"),
        (
            "a.warc.gz",
            half(gzip(&record("https://a/0", ARTICLES[0]))),
            "a.warc.gz, record 1: cannot be read: gzip data: ",
        ),
        ("a.txt", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\xFF".to_vec(), "a.txt: holds bytes that no text has; "),
        ("a.txt", b"%PDF-1.7\n%\xE2\xE3".to_vec(), "a.txt: a PDF document cannot be read; "),
        ("a.html", b"<html></html>".to_vec(), "a.html: no article found in the page; "),
    ];
    for (name, content, message) in cases {
        let sandbox = Sandbox::new(&[(name, &content), ("good.txt", b"Rain fell.")]);
        let ran = sandbox.run(&["annotate", name, "good.txt"]);
        let first = ran.err.lines().next().unwrap_or_default();
        assert!(first.starts_with(&format!("dixit: {message}")), "{first}");
        assert_eq!((ran.code, ran.err.lines().count()), (1, 2), "{name}: {}", ran.err);
        assert!(ran.out.contains("{\"id\":\"good\","), "{name} kept the next document from being annotated");
    }
}

#[test]
fn what_unpacks_to_too_much_is_a_failure_and_the_run_goes_on() {
    let long = "Rain fell on the docks again. ".repeat(1000);
    let lines: String = (0..100)
        .map(|n| format!("{}\n", json!({"id": format!("n{n}"), "text": "Rain.", "x": "-".repeat(500)})))
        .collect();
    let sandbox = Sandbox::new(&[
        ("in/a.txt.gz", &gzip(long.as_bytes())),
        ("in/b.jsonl.zst", &compressed(lines.as_bytes(), "zst")),
        ("in/c.zip", &zipped(&[("large.txt", long.as_bytes()), ("small.txt", b"Rain fell.")])),
        ("in/d.csv.xz", &compressed(format!("id,text\nx,Rain.\ny,{long}\n").as_bytes(), "xz")),
        ("in/e.txt", b"Rain fell."),
    ]);
    let arguments = ["annotate", "in", "-o", "out.jsonl", "--max-unpacked", "10k", "--errors", "failed.jsonl"];
    let ran = sandbox.run(&arguments);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let failed: Vec<Value> =
        sandbox.read("failed.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let places: Vec<_> = failed.iter().map(|it| it["place"].as_str().unwrap()).collect();
    assert!(places[1].starts_with("in/b.jsonl.zst:") && places[3].starts_with("in/d.csv.xz"), "{places:?}");
    assert_eq!((places[0], places[2], places.len()), ("in/a.txt.gz", "in/c.zip/large.txt", 4));
    for it in &failed {
        assert_eq!(it["reason"], "unpacks to more than 10 KiB");
        assert_eq!(it["mend"], "if it is to be trusted, allow more with --max-unpacked");
    }
    let out = sandbox.read("out.jsonl");
    for id in ["n0", "c.zip/small", "x", "e"] {
        assert!(out.contains(&format!("{{\"id\":\"{id}\",")), "{id} is missing: {out}");
    }
    assert_eq!(sandbox.run(&["annotate", "in", "-o", "all.jsonl", "--max-unpacked", "1M"]).code, 0);
    assert_eq!(sandbox.run(&["annotate", "in", "-o", "default.jsonl"]).code, 0);
    assert_eq!(sandbox.read("all.jsonl"), sandbox.read("default.jsonl"));
    let wrong = sandbox.run(&["annotate", "in", "--max-unpacked", "much"]);
    assert!(wrong.code == 2 && wrong.err.contains("not a number of bytes; give for instance 500M"), "{}", wrong.err);
}

#[test]
fn records_that_are_passed_over_are_told_of() {
    let gone = "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>Gone.</p>";
    let image = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nx";
    let response = |body: &str| {
        format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/x\r\nContent-Length: {}\r\n\r\n{body}\r\n\r\n",
            body.len()
        )
    };
    let info = "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n";
    let records: [&[u8]; 5] = [
        info.as_bytes(),
        response(gone).as_bytes(),
        &record("https://news.example/0", ARTICLES[0]),
        response(image).as_bytes(),
        info.as_bytes(),
    ]
    .map(|it| &*it.to_vec().leak());
    let sandbox = Sandbox::new(&[("crawl.warc.gz", &records.map(gzip).concat())]);
    let ran = sandbox.run(&["annotate", "crawl.warc.gz", "-o", "out.jsonl", "--summary"]);
    assert!(ran.err.contains("in 1 document; 4 records passed over\n"), "{}", ran.err);
    let row = "\n  passed over 2 that are no responses · 1 without success · 1 that are no HTML\n";
    assert!(ran.err.contains(row), "{}", ran.err);
    let manifest: Value = serde_json::from_str(&sandbox.read("out.jsonl.manifest.json")).unwrap();
    let expected = json!({"other_records": 2, "unsuccessful": 1, "not_html": 1});
    assert_eq!(manifest["counts"]["passed_over"], expected);
    let ran = sandbox.run(&["annotate", "crawl.warc.gz", "-o", "out.jsonl", "--log", "json"]);
    let last: Value = serde_json::from_str(ran.err.lines().last().unwrap()).unwrap();
    assert_eq!([&last["other_records"], &last["unsuccessful"], &last["not_html"]], [2, 1, 1]);
}
