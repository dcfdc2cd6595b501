//! The same quotations and speakers over documents.

use std::fs::File;
use std::io::Cursor;

use arrow_array::RecordBatch;
use arrow_json::writer::WriterBuilder;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::sandbox::Sandbox;

const TALKS: &str = include_str!("../../corpus/river-talks.txt");

/// Three copies of one article, as they might run in three papers: the wire's own, one cut short in which a word was
/// changed, one with other quotation marks, and a story that has nothing to do with them.
fn annotated() -> Sandbox {
    let short: String = TALKS.split_inclusive("\n\n").take(8).collect();
    let edited = short.replace("not a small thing", "no small thing");
    let curly = TALKS.replace(" \"", " “").replace("\n\"", "\n“").replace('"', "”");
    assert!(edited.len() < TALKS.len() && curly != TALKS);
    let bridge = include_bytes!("../../corpus/bridge-report.txt");
    let sandbox = Sandbox::new(&[
        ("in/wire.txt", TALKS.as_bytes()),
        ("in/daily.txt", edited.as_bytes()),
        ("in/post.txt", curly.as_bytes()),
        ("in/bridge.txt", bridge),
    ]);
    let ran = sandbox.run(&["annotate", "in", "-o", "said.jsonl"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    sandbox
}

fn rows(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn wire_copies_are_grouped() {
    let sandbox = annotated();
    let ran = sandbox.run(&["consolidate", "said.jsonl"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let quotations = rows(&ran.out);
    let numbers = quotations.iter().find(|it| it["content"].as_str().unwrap().contains("both delegations")).unwrap();
    assert_eq!(numbers["documents"], 3);
    assert_eq!(numbers["speaker"], "Anna Holmberg");
    let documents = |it: &Value| -> Vec<String> {
        let members = it["members"].as_array().unwrap().iter();
        members.map(|it| it.as_str().unwrap().split_once(':').unwrap().0.to_owned()).collect()
    };
    assert_eq!(documents(numbers), ["daily", "post", "wire"]);
    for it in &quotations {
        let documents = documents(it);
        assert!(!documents.iter().any(|it| it == "bridge") || documents.iter().all(|it| it == "bridge"), "{it}");
    }
}

#[test]
fn tables_go_into_files_whatever_the_order_and_the_threads() {
    let sandbox = annotated();
    let said = sandbox.read("said.jsonl");
    let mut lines: Vec<&str> = said.lines().collect();
    lines.reverse();
    std::fs::create_dir(sandbox.path("parts")).unwrap();
    for (at, line) in lines.iter().enumerate() {
        std::fs::write(sandbox.path(&format!("parts/part-{at}.jsonl")), line).unwrap();
    }
    for (input, output, threads) in [("said.jsonl", "a", "1"), ("parts", "b", "3")] {
        let file = |name: &str| format!("{output}-{name}");
        let (quotations, speakers, members) = (file("q.jsonl"), file("s.csv"), file("m.csv"));
        let options = ["--quotations", &quotations, "--speakers", &speakers, "--members", &members, "-j", threads];
        let ran = sandbox.run(&[&["consolidate", input], &options[..]].concat());
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    }
    let speakers = sandbox.read("a-s.csv");
    assert!(speakers.starts_with("id,name,type,titles,variants,statements,quotations,documents\r\n1,"), "{speakers}");
    assert!(speakers.contains(",Anna Holmberg,person,"));
    assert!(sandbox.read("a-m.csv").contains("\r\nwire,2,"));
    for table in ["s.csv", "m.csv"] {
        assert_eq!(sandbox.read(&format!("a-{table}")), sandbox.read(&format!("b-{table}")));
    }
    let unordered = |name: &str| {
        let mut rows = rows(&sandbox.read(name));
        rows.iter_mut().for_each(|it| it["first_document"] = Value::Null);
        rows
    };
    assert_eq!(unordered("a-q.jsonl"), unordered("b-q.jsonl"));
}

#[test]
fn typed_tables_hold_what_the_others_do() {
    let sandbox = annotated();
    let run = |arguments: &[&str]| {
        let ran = sandbox.run(&[&["consolidate", "said.jsonl"], arguments].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        ran.out
    };
    run(&["--quotations", "q.jsonl", "--speakers", "s.jsonl", "--members", "m.jsonl"]);
    run(&["--quotations", "q.parquet", "--speakers", "s.arrow", "--members", "m.feather"]);
    let bytes = |name: &str| std::fs::read(sandbox.path(name)).unwrap();
    let arrow = |name: &str| -> Vec<Value> {
        let batches = arrow_ipc::reader::FileReader::try_new(Cursor::new(bytes(name)), None).unwrap();
        values(batches.map(Result::unwrap))
    };
    let parquet = ParquetRecordBatchReaderBuilder::try_new(File::open(sandbox.path("q.parquet")).unwrap()).unwrap();
    assert_eq!(values(parquet.build().unwrap().map(Result::unwrap)), rows(&sandbox.read("q.jsonl")));
    assert_eq!(arrow("s.arrow"), rows(&sandbox.read("s.jsonl")));
    assert_eq!(arrow("m.feather"), rows(&sandbox.read("m.jsonl")));
    let first = bytes("q.parquet");
    run(&["--quotations", "q.parquet"]);
    assert_eq!(bytes("q.parquet"), first);
    run(&["--quotations", "q.table", "--format", "parquet"]);
    assert_eq!(bytes("q.table"), first);
}

/// The rows of a typed table as the JSONL has them.
fn values(batches: impl Iterator<Item = RecordBatch>) -> Vec<Value> {
    let mut lines = Vec::new();
    let mut writer =
        WriterBuilder::new().with_explicit_nulls(true).build::<_, arrow_json::writer::LineDelimited>(&mut lines);
    batches.for_each(|batch| writer.write(&batch).unwrap());
    writer.finish().unwrap();
    rows(std::str::from_utf8(&lines).unwrap())
}

#[test]
fn bad_lines_are_told_of_and_left_out() {
    let good = r#"{"id":"b","statements":[{"id":1,"content":[{"start":0,"end":4,"text":"Rain"}],"cue":[],"source":[],"mode":"direct","kind":"speech","speaker":null,"confidence":0.5,"parent":null}],"speakers":[]}"#;
    let bad = format!("{{\"id\":\"a\",\"text\":\"Rain.\"}}\n{good}\n{good}\n");
    let sandbox = Sandbox::new(&[("said.jsonl", bad.as_bytes())]);
    let ran = sandbox.run(&["consolidate", "said.jsonl", "--errors", "failed.jsonl"]);
    assert_eq!((ran.code, rows(&ran.out).len()), (1, 1));
    let told: Vec<_> = ran.err.lines().collect();
    assert!(
        told[0].starts_with("dixit: said.jsonl:1: not a line that dixit annotate writes: missing field"),
        "{}",
        ran.err
    );
    assert!(
        told[1].starts_with("dixit: said.jsonl:3: the id \"b\" is taken already by said.jsonl:2; give"),
        "{}",
        ran.err
    );
    assert_eq!(told[2], "dixit: 1 statement in 1 document: 1 quotation by 0 speakers; 2 failed");
    assert_eq!(rows(&sandbox.read("failed.jsonl")).len(), 2);
}

#[test]
fn what_cannot_be_done_is_said() {
    let sandbox = Sandbox::new(&[("said.jsonl", b"")]);
    for (arguments, message) in [
        (&["nowhere.jsonl"][..], "nowhere.jsonl: no such file or folder; check the path"),
        (&["said.jsonl", "--speakers", "said.jsonl"], "said.jsonl is also an input, which would be lost;"),
        (&["said.jsonl", "--speakers", "a.csv", "--quotations", "a.csv"], "a.csv is named twice;"),
        (&["said.jsonl", "--speakers", "no/a.csv"], "cannot write no/a.csv: there is no folder no;"),
    ] {
        let ran = sandbox.run(&[&["consolidate"], arguments].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.starts_with(&format!("dixit: {message}")), "{}", ran.err);
    }
    assert_eq!(sandbox.files(), ["said.jsonl"]);
}
