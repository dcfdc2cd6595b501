//! What goes wrong, what is said about it, and the exit status.

use crate::sandbox::Sandbox;

const GOOD: &[u8] = b"Rain fell.";

fn sandbox() -> Sandbox {
    Sandbox::new(&[
        ("good.txt", GOOD),
        ("latin.txt", b"One.\nCaf\xE9.\n"),
        ("utf16.txt", b"\xFF\xFEO\0n\0e\0"),
        ("array.json", b"[\n{\"text\": \"Rain.\"}\n]\n"),
        ("bad.jsonl", b"{\"id\": \"ok\", \"text\": \"\"}\n{\"id\": \"x\" \"text\": \"\"}\n"),
        ("list.jsonl", b"[\"Rain.\"]\n"),
        ("notext.jsonl", b"\n{\"id\": \"n1\", \"body\": \"Rain.\"}\n"),
        ("null.jsonl", b"{\"text\": null}\n"),
        ("id.jsonl", b"{\"id\": {}, \"text\": \"\"}\n"),
        ("latin.jsonl", b"{\"text\": \"\xE9\"}\n"),
        ("twice.jsonl", b"{\"id\": \"t\", \"text\": \"\"}\n{\"id\": \"t\", \"text\": \"\"}\n"),
        ("empty/notes.md", b""),
    ])
}

#[test]
fn every_bad_input_is_named_with_its_place_and_its_mend() {
    let cases = [
        ("gone.txt", "gone.txt: no such file or folder; check the path"),
        (
            "empty",
            "empty: the folder holds no documents; put *.txt or *.jsonl files into it (hidden files, READMEs and \
             *.gold.jsonl do not count)",
        ),
        (
            "latin.txt",
            "latin.txt:2: byte 8 (0xE9) is not UTF-8; save it as UTF-8, for instance with iconv -f WINDOWS-1252 -t UTF-8",
        ),
        (
            "utf16.txt",
            "utf16.txt:1: byte 0 (0xFF) is not UTF-8; this looks like UTF-16: convert it with iconv -f UTF-16 -t UTF-8",
        ),
        (
            "array.json",
            "array.json: a .json file without one JSON object a line; convert an array of objects with jq -c '.[]', or \
             read it as plain text with --input-format text",
        ),
        ("bad.jsonl", "bad.jsonl:2:12: malformed JSON: expected `,` or `}`; write one JSON object a line"),
        (
            "list.jsonl",
            "list.jsonl:1: an array where a JSON object should be; write one object a line, such as {\"id\": \"a\", \
             \"text\": \"…\"}",
        ),
        (
            "notext.jsonl",
            "notext.jsonl:2: no field \"text\"; give every line a string field \"text\" (or read the file as plain text \
             with --input-format text)",
        ),
        ("null.jsonl", "null.jsonl:1: field \"text\" is null, not a string; give every line a string field \"text\""),
        (
            "id.jsonl",
            "id.jsonl:1: field \"id\" is an object, not a string; make it a string or a number, or leave it out",
        ),
        (
            "latin.jsonl",
            "latin.jsonl:1: byte 10 (0xE9) is not UTF-8; save it as UTF-8, for instance with iconv -f WINDOWS-1252 -t \
             UTF-8",
        ),
        (
            "twice.jsonl",
            "twice.jsonl:2: the id \"t\" is taken already by twice.jsonl:1; give every document an id of its own",
        ),
    ];
    let sandbox = sandbox();
    for (bad, message) in cases {
        let ran = sandbox.run(&["annotate", bad, "good.txt"]);
        assert_eq!(ran.err.lines().next(), Some(format!("dixit: {message}").as_str()));
        assert_eq!((ran.code, ran.err.lines().count()), (1, 2), "{bad}");
        assert!(ran.err.ends_with("; 1 failed\n"), "{}", ran.err);
        assert!(ran.out.contains("{\"id\":\"good\","), "{bad} kept the next document from being annotated");
    }
}

#[test]
fn nothing_to_read_is_no_run() {
    let sandbox = sandbox();
    let ran = sandbox.run(&["annotate", "gone.txt", "empty", "-o", "out.jsonl"]);
    assert_eq!((ran.code, ran.err.lines().count(), ran.out.as_str()), (2, 2, ""));
    assert!(!sandbox.path("out.jsonl").exists());
}

#[test]
fn failures_go_to_a_file_of_their_own() {
    let sandbox = sandbox();
    let ran = sandbox.run(&["annotate", "gone.txt", "notext.jsonl", "good.txt", "--errors", "failed.jsonl"]);
    assert_eq!(ran.code, 1);
    let mend = "give every line a string field \\\"text\\\" (or read the file as plain text with --input-format text)";
    let expected = format!(
        "{{\"id\":null,\"place\":\"gone.txt\",\"reason\":\"no such file or folder\",\"mend\":\"check the path\"}}\n\
         {{\"id\":\"n1\",\"place\":\"notext.jsonl:2\",\"reason\":\"no field \\\"text\\\"\",\"mend\":\"{mend}\"}}\n"
    );
    assert_eq!(sandbox.read("failed.jsonl"), expected);
    assert_eq!(sandbox.run(&["annotate", "good.txt", "--errors", "failed.jsonl"]).code, 0);
    assert_eq!(sandbox.read("failed.jsonl"), "");
}

#[test]
fn what_cannot_be_done_is_refused_before_anything_is_read() {
    let cases: [(&[&str], &str); 8] = [
        (&["-o", "no/out.jsonl"], "cannot write no/out.jsonl: there is no folder no; create it first"),
        (&["-o", "empty"], "cannot write empty: it is a folder; name a file in it"),
        (&["-o", "good.txt"], "good.txt is also an input, which would be lost; write to another file"),
        (&["--errors", "./good.txt"], "./good.txt is also an input, which would be lost; write to another file"),
        (&["--errors", "no/failed.jsonl"], "cannot write no/failed.jsonl: there is no folder no; create it first"),
        (&["-o", "x", "--errors", "x"], "--output and --errors name the same file; give them two"),
        (&["--device", "cpu"], "--device and --precision are for the other backend; add --backend rust-bert"),
        (&["--precision", "bf16"], "--device and --precision are for the other backend; add --backend rust-bert"),
    ];
    let sandbox = sandbox();
    for (arguments, message) in cases {
        let ran = sandbox.run(&[&["annotate", "good.txt"], arguments].concat());
        assert_eq!((ran.code, ran.err), (2, format!("dixit: {message}\n")));
    }
    assert_eq!(sandbox.read("good.txt").as_bytes(), GOOD);
}

#[test]
fn a_wrong_command_line_says_what_is_wrong_with_it() {
    let cases: [(&[&str], &str); 9] = [
        (&[], "Usage: dixit <COMMAND>"),
        (&["annotate"], "<PATH>..."),
        (&["annotate", "good.txt", "--min-confidence", "1.5"], "not a number from 0 to 1"),
        (&["annotate", "good.txt", "--min-confidence", "NaN"], "not a number from 0 to 1"),
        (&["annotate", "good.txt", "--threads", "0"], "0 is not in 1..=1024"),
        (&["annotate", "good.txt", "--format", "xml"], "[possible values: jsonl, csv, parquet, arrow, brat, pretty]"),
        (&["annotate", "good.txt", "--backend", "cuda"], "[possible values: embedded, rust-bert]"),
        (&["annotate", "good.txt", "--device", "cuda:x"], "neither \"cpu\" nor \"cuda:\" and a number"),
        (&["anotate", "good.txt"], "'annotate'"),
    ];
    let sandbox = sandbox();
    for (arguments, message) in cases {
        let ran = sandbox.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains(message), "{}", ran.err);
    }
}

#[cfg(not(feature = "rust-bert"))]
#[test]
fn a_backend_that_is_not_built_in_is_refused_with_the_way_to_get_it() {
    let sandbox = sandbox();
    let mend = "build it with cargo's --features rust-bert, as CONTRIBUTING.md describes, or use the embedded backend";
    let ran = sandbox.run(&["annotate", "good.txt", "--backend", "rust-bert", "--device", "cuda:0"]);
    let message = "cannot load the built-in model: this dixit was built without the backend rust-bert";
    assert_eq!((ran.code, ran.out.as_str(), ran.err), (2, "", format!("dixit: {message}; {mend}\n")));
}

#[test]
fn a_model_folder_that_is_not_whole_is_named_with_what_it_lacks() {
    let config = include_bytes!("../../models/news-en/config.json");
    let tokenizer = include_bytes!("../../models/news-en/tokenizer.json");
    let sandbox = Sandbox::new(&[
        ("good.txt", GOOD),
        ("m/config.json", config),
        ("m/tokenizer.json", tokenizer),
        ("n/config.json", b"{}"),
        ("o/config.json", config),
        ("o/tokenizer.json", tokenizer),
        ("o/model.onnx", b"not a graph"),
    ]);
    for (model, said) in [
        ("gone", "gone/config.json: No such file"),
        ("m", "m/model.onnx: No such file"),
        ("n", "n/config.json: missing field `dixit`"),
        ("o", "o/model.onnx: "),
    ] {
        let ran = sandbox.run(&["annotate", "good.txt", "--model", model]);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.lines().count()), (2, "", 1), "{}", ran.err);
        assert!(ran.err.starts_with(&format!("dixit: cannot load the model in {model}: {said}")), "{}", ran.err);
    }
}
