//! What is written, and where.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use crate::sandbox::Sandbox;

const HEADER: &str = "document,statement,parent,mode,kind,confidence,speaker,speaker_type,speaker_id,source,cue,content,\
                      source_offsets,cue_offsets,content_offsets\r\n";

fn sandbox() -> Sandbox {
    Sandbox::new(&[("a.txt", b""), ("old.jsonl", b"kept\n"), ("news/b.txt", b"")])
}

#[test]
fn a_pipe_gets_jsonl() {
    let ran = sandbox().run(&["annotate", "a.txt"]);
    assert_eq!(ran.out, "{\"id\":\"a\",\"statements\":[],\"speakers\":[]}\n");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[test]
fn csv_has_its_header_without_statements() {
    assert_eq!(sandbox().run(&["annotate", "a.txt", "--format", "csv"]).out, HEADER);
}

#[test]
fn pretty_says_that_there_is_nothing() {
    let sandbox = sandbox();
    let plain = sandbox.run(&["annotate", "a.txt", "--format", "pretty"]).out;
    assert_eq!(plain, "a: no statements\n");
    let coloured = sandbox.run(&["annotate", "a.txt", "--format", "pretty", "--color", "always"]).out;
    assert!(coloured.contains("\u{1b}["), "{coloured:?}");
}

#[test]
fn a_file_gets_the_format_of_its_name() {
    let sandbox = sandbox();
    for (name, format, expected) in [
        ("out.csv", None, HEADER),
        ("out.jsonl", None, "{\"id\":\"a\",\"statements\":[],\"speakers\":[]}\n"),
        ("old.jsonl", None, "{\"id\":\"a\",\"statements\":[],\"speakers\":[]}\n"),
        ("pretty.csv", Some("pretty"), "a: no statements\n"),
    ] {
        let mut arguments = vec!["annotate", "a.txt", "-o", name];
        arguments.extend(format.iter().flat_map(|format| ["--format", *format]));
        let ran = sandbox.run(&arguments);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
        assert_eq!(sandbox.read(name), expected);
    }
    let written =
        ["old.jsonl", "out.csv", "out.jsonl", "pretty.csv"].map(|it| [it.to_owned(), format!("{it}.manifest.json")]);
    assert_eq!(sandbox.files(), [vec!["a.txt".to_owned(), "news".to_owned()], written.concat()].concat());
}

#[test]
fn a_folder_gets_parts() {
    let sandbox = sandbox();
    let ran = sandbox.run(&["annotate", "a.txt", "-o", "parts/"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    assert_eq!(sandbox.read("parts/part-00000.jsonl"), "{\"id\":\"a\",\"statements\":[],\"speakers\":[]}\n");
    assert_eq!(sandbox.read("parts/errors.jsonl"), "");
    let again = sandbox.run(&["annotate", "a.txt", "-o", "parts"]);
    let message = "parts holds the parts of an earlier run; write to another folder, or replace them with --overwrite";
    assert_eq!((again.code, again.err), (2, format!("dixit: {message}\n")));
}

#[test]
fn a_file_stays_when_the_run_cannot_start() {
    let sandbox = sandbox();
    let ran = sandbox.run(&["annotate", "a.txt", "-o", "old.jsonl", "--model", "nowhere"]);
    assert!(ran.err.starts_with("dixit: cannot load the model in nowhere: "), "{}", ran.err);
    assert_eq!((ran.code, ran.err.lines().count()), (2, 1));
    assert_eq!(sandbox.read("old.jsonl"), "kept\n");
    assert_eq!(sandbox.files(), ["a.txt", "news", "old.jsonl"]);
}

#[cfg(unix)]
#[test]
fn a_new_file_may_be_read_by_whom_the_user_allows() {
    use std::os::unix::fs::PermissionsExt;

    let sandbox = sandbox();
    let mode = |name| sandbox.path(name).metadata().unwrap().permissions().mode() & 0o777;
    std::fs::set_permissions(sandbox.path("old.jsonl"), PermissionsExt::from_mode(0o640)).unwrap();
    for name in ["old.jsonl", "new.jsonl"] {
        assert_eq!(sandbox.run(&["annotate", "a.txt", "-o", name]).code, 0);
    }
    assert_eq!(mode("old.jsonl"), 0o640);
    assert_eq!(mode("new.jsonl"), mode("a.txt"));
}

#[cfg(unix)]
#[test]
fn a_device_is_written_to_and_not_replaced() {
    let ran = sandbox().run(&["annotate", "a.txt", "-o", "/dev/null"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(!std::path::Path::new("/dev/null").is_file());
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let sandbox = sandbox();
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("dixit"))
        .args(["annotate", "-", "--input-format", "jsonl", "--threads", "2"])
        .current_dir(sandbox.path("."))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    // Far more than any pipe holds: writing ends only because dixit does.
    let line = format!("{{\"text\": \"Rain.\", \"pad\": \"{}\"}}\n", "x".repeat(10_000));
    while stdin.write_all(line.as_bytes()).is_ok() {}
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}

#[test]
fn help_shows_examples() {
    let sandbox = sandbox();
    for arguments in [&["--help"][..], &["annotate", "--help"], &["annotate", "-h"]] {
        let ran = sandbox.run(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert!(ran.out.contains("dixit annotate article.txt"));
    }
    assert_eq!(sandbox.run(&["--version"]).out, concat!("dixit ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn tables_and_folders_are_written_too() {
    let sandbox = Sandbox::new(&[("a.txt", "“Stay home,” said Zoë Lindqvist.".as_bytes())]);
    for (output, format, file, begins) in [
        ("out.parquet", None, "out.parquet", b"PAR1".as_slice()),
        ("out.feather", None, "out.feather", b"ARROW1"),
        ("out.dat", Some("arrow"), "out.dat", b"ARROW1"),
        ("look", Some("brat"), "look/a.ann", b"T1\t"),
    ] {
        let mut arguments = vec!["annotate", "a.txt", "-o", output];
        arguments.extend(format.iter().flat_map(|format| ["--format", *format]));
        let ran = sandbox.run(&arguments);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
        assert!(std::fs::read(sandbox.path(file)).unwrap().starts_with(begins), "{output}");
    }
    assert_eq!(sandbox.read("look/a.txt"), sandbox.read("a.txt"));
    for (arguments, message) in [
        (&["annotate", "a.txt", "--format", "brat"][..], "dixit: brat needs a folder; name one with --output\n"),
        (&["annotate", "a.txt", "--format", "brat", "-o", "look"], "dixit: look is not empty; name a new folder\n"),
    ] {
        let ran = sandbox.run(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (2, message));
    }
}
