//! `dixit convert`: labels of any format in, JSONL or brat's files out.

use crate::sandbox::Sandbox;

const TEXT: &str = "“Fog,” Zoë said, “is coming.”\nThe council hopes for sun.\n";
const LABELS: &str = "\
T1\tSource 7 10\tZoë
T2\tCue 11 15\tsaid
T3\tContent 0 6;17 29\t“Fog,” “is coming.”
T4\tAttribution 11 15\tsaid
E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1
#1\tAnnotatorNotes E1\tspeaker: Zoë Lindqvist
A1\tKind E1 speech
";
const LINE: &str = concat!(
    r#"{"id":"fog","text":"“Fog,” Zoë said, “is coming.”\nThe council hopes for sun.\n","attributions":[{"id":1,"#,
    r#""content":[{"start":0,"end":6,"text":"“Fog,”"},{"start":17,"end":29,"text":"“is coming.”"}],"#,
    r#""cue":[{"start":11,"end":15,"text":"said"}],"source":[{"start":7,"end":10,"text":"Zoë"}],"kind":"speech","#,
    r#""speaker":"Zoë Lindqvist"}]}"#,
    "\n",
);

fn sandbox() -> Sandbox {
    let rows = "{\"tokens\": [\"Fog\", \"lifts\"], \"labels\": [\"B-source\", \"B-cue\"], \"id\": \"r\"}\n";
    Sandbox::new(&[
        ("gold/fog.txt", TEXT.as_bytes()),
        ("gold/fog.ann", LABELS.as_bytes()),
        ("rows.txt", rows.as_bytes()),
        ("table.csv", "document,begin,end\nfog,0,6\nfog,0,99\n".as_bytes()),
        ("notes.md", b"Nothing here."),
    ])
}

#[test]
fn brat_becomes_jsonl_and_brat_again() {
    let sandbox = sandbox();
    let ran = sandbox.run(&["convert", "gold"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, LINE));
    assert_eq!(ran.err, "dixit: 1 document, 1 attribution, 1 with a speaker\n");
    sandbox.run(&["convert", "gold", "-o", "a.jsonl"]);
    assert_eq!(sandbox.read("a.jsonl"), LINE);
    assert_eq!(sandbox.run(&["convert", "a.jsonl", "--to", "brat", "-o", "look"]).code, 0);
    assert_eq!(sandbox.read("look/fog.txt"), TEXT);
    assert!(sandbox.read("look/annotation.conf").contains("[events]"));
    let again = sandbox.run(&["convert", "look", "--from", "brat"]);
    assert_eq!((again.code, again.out.as_str()), (0, LINE));
}

#[test]
fn what_a_person_changes_in_brat_comes_back() {
    let sandbox = sandbox();
    sandbox.run(&["convert", "gold", "--to", "brat", "-o", "look"]);
    let labels = sandbox.read("look/fog.ann").replace("Lindqvist", "Holm").replace("Kind E1 speech", "Kind E1 thought");
    std::fs::write(sandbox.path("look/fog.ann"), labels).unwrap();
    let changed = LINE.replace("Zoë Lindqvist", "Zoë Holm").replace("\"kind\":\"speech\"", "\"kind\":\"thought\"");
    assert_eq!(sandbox.run(&["convert", "look"]).out, changed);
}

#[test]
fn tokens_and_scope_survive_brat() {
    let sandbox = sandbox();
    let direct = sandbox.run(&["convert", "rows.txt"]).out;
    assert!(direct.contains(r#""relations":false"#) && direct.contains(r#""instances":[[0,2]]"#), "{direct}");
    sandbox.run(&["convert", "rows.txt", "--to", "brat", "-o", "look"]);
    assert_eq!(sandbox.run(&["convert", "look"]).out, direct);
}

#[test]
fn what_is_left_out_is_told_with_its_line() {
    let sandbox = sandbox();
    let columns = ["--column", "content_start=begin", "--column", "content_end=end"];
    let ran = sandbox.run(&[&["convert", "table.csv", "--texts", "gold"], columns.as_slice()].concat());
    let warning = "dixit: table.csv:3: 0..99 is no span of the text, which has 57 characters; check that the labels \
                   belong to this text and count code points";
    let lines: Vec<_> = ran.err.lines().collect();
    assert_eq!(lines, [warning, "dixit: 1 document, 1 attribution, 0 with a speaker; 1 left out"]);
    assert_eq!((ran.code, ran.out.lines().count()), (1, 1));
}

#[test]
fn what_cannot_be_done_says_why() {
    let cases: [(&[&str], &str); 7] = [
        (&["none"], "none: no such file or folder; check the path"),
        (&["notes.md"], "notes.md: none of the gold formats looks like this; name its format"),
        (&["notes.md", "--from", "word"], "not one of dixit, brat, cofenet, parc, pdnc, litbank, gum, csv"),
        (&["gold", "--to", "brat"], "brat needs a folder; name one with --output"),
        (&["rows.txt", "--to", "brat", "-o", "gold"], "gold is not empty; name a new folder"),
        (&["table.csv", "--column", "start=begin"], "there is no field \"start\"; there are document, text,"),
        (&["table.csv", "--column", "content_start=from"], "table.csv:1: there is no column \"from\"; name the column"),
    ];
    let sandbox = sandbox();
    for (arguments, expected) in cases {
        let ran = sandbox.run(&[&["convert"], arguments].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains(expected), "{}", ran.err);
    }
}
