//! Whole articles as a reader sees them: a change of any stage shows here in its context.
//!
//! `cargo insta review` shows what changed and accepts it.

use std::path::Path;

use regex::Regex;

use crate::sandbox::Sandbox;

/// The pretty form of an article without its confidences, which change with every new model.
fn pretty(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(format!("{name}.txt"));
    let out = Sandbox::new(&[]).run(&["annotate", path.to_str().unwrap(), "--format", "pretty"]).out;
    Regex::new(r"(?m) ·\s+[01]\.\d\d$").unwrap().replace_all(&out, "").into_owned()
}

#[test]
fn a_wire_story_with_a_dateline_and_a_glued_caption() {
    insta::assert_snapshot!(pretty("river-talks"));
}

#[test]
fn an_interview_in_questions_and_answers() {
    insta::assert_snapshot!(pretty("luthier-interview"));
}

#[test]
fn sources_that_are_not_named() {
    insta::assert_snapshot!(pretty("mine-sources"));
}

#[test]
fn two_people_of_one_surname() {
    insta::assert_snapshot!(pretty("bakery-couple"));
}

#[test]
fn who_speaks_in_a_conversation_that_stops_naming_its_speakers() {
    let talk = "“You are late,” said Marta Quill.\n\n“The ferry was late,” said Owen Hale.\n\n“It always is,” said Marta \
                Quill.\n\n“Then you should not be surprised,” said Owen Hale.\n\n“Surprised, no,” said Marta \
                Quill.\n\n“Angry?”\n\n“A little. The harbour board promised us a second boat in June.”\n\nShe looked at the \
                empty pier.\n\n“And you believed them, Marta.”\n";
    let said = Sandbox::new(&[("talk.txt", talk.as_bytes())]).annotate(&["talk.txt", "--format", "jsonl"]);
    let statements = said[0]["statements"].as_array().unwrap().iter();
    let speakers: Vec<&str> = statements.map(|it| it["speaker"]["name"].as_str().unwrap_or("-")).collect();
    let (marta, owen) = ("Marta Quill", "Owen Hale");
    assert_eq!(speakers, [marta, owen, marta, owen, marta, owen, marta, owen]);
}
