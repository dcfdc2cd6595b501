//! `dixit evaluate` and `dixit compare`.

use serde_json::{Value, json};

use crate::sandbox::Sandbox;

const TEXT: &str = "“We will dig,” said Mara Voss. The envoy doubted it. “Nobody asked us,” she said.";

/// An attribution of these words of the text.
fn attribution(content: &str, cue: &str, source: &str, mode: &str, speaker: &str) -> Value {
    let span = |words: &str| {
        let start = TEXT[..TEXT.find(words).unwrap()].chars().count();
        json!([{"start": start, "end": start + words.chars().count(), "text": words}])
    };
    json!({"content": span(content), "cue": span(cue), "source": span(source), "mode": mode, "kind": "speech",
           "speaker": speaker, "speaker_type": "person"})
}

fn gold(id: &str) -> Value {
    let attributions = [
        attribution("“We will dig,”", "said", "Mara Voss", "direct", "Mara Voss"),
        attribution("it", "doubted", "The envoy", "indirect", "envoy"),
        attribution("“Nobody asked us,”", "said", "she", "direct", "Mara Voss"),
    ];
    json!({"id": id, "text": TEXT, "attributions": attributions})
}

/// What a system found: the first to the letter, the second not, the third with another speaker.
fn found(id: &str) -> Value {
    let attributions = [
        attribution("“We will dig,”", "said", "Mara Voss", "direct", "Mara Voss"),
        attribution("“Nobody asked us,”", "said", "she", "direct", "Lena Ortiz"),
    ];
    json!({"id": id, "text": TEXT, "attributions": attributions})
}

fn lines(values: &[Value]) -> Vec<u8> {
    values.iter().map(|it| format!("{it}\n")).collect::<String>().into_bytes()
}

fn sandbox() -> Sandbox {
    Sandbox::new(&[
        ("gold.jsonl", &lines(&[gold("a"), gold("b")])),
        ("found.jsonl", &lines(&[found("a"), found("b")])),
        ("half.jsonl", &lines(&[found("b")])),
        ("other.jsonl", &lines(&[found("a"), found("z")])),
        ("all.jsonl", &lines(&[gold("a"), gold("b")])),
    ])
}

/// The figure of a protocol's row.
fn figure<'r>(report: &'r Value, protocol: &str, group: &str, measure: &str) -> &'r Value {
    let named =
        |list: &'r Value, is: &dyn Fn(&Value) -> bool| list.as_array().unwrap().iter().find(|it| is(it)).unwrap();
    let protocol = named(&report["protocols"], &|it| it["name"] == protocol);
    named(&protocol["figures"], &|it| it["group"] == group && it["measure"] == measure)
}

#[test]
fn tables_name_the_protocol_and_its_definition() {
    let ran = sandbox().run(&["evaluate", "gold.jsonl", "--predictions", "found.jsonl", "--breakdown"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.starts_with("found.jsonl\n2 documents, 6 attributions in the gold, 4 predicted\n"), "{}", ran.out);
    assert!(ran.out.contains("headline: one to one"), "{}", ran.out);
    // 4 of 6 found, all that was predicted: F1 0.8.
    let row = ran.out.lines().find(|line| line.contains("attribution, found")).unwrap();
    assert_eq!(
        row.split_whitespace().skip(2).collect::<Vec<_>>(),
        ["6", "4", "100.0", "66.7", "80.0", "[80.0,", "80.0]"]
    );
    let row = ran.out.lines().find(|line| line.contains("direct, speaker")).unwrap();
    assert!(row.contains("50.0 [50.0, 50.0]"), "{row}");
    assert!(ran.out.contains("by source form"), "{}", ran.out);
}

#[test]
fn json_holds_figures_and_errors_in_context() {
    let sandbox = sandbox();
    let command = ["evaluate", "gold.jsonl", "--predictions", "found.jsonl", "--protocol", "all", "--json", "-"];
    let ran = sandbox.run(&command);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["protocols"].as_array().unwrap().len(), 14);
    assert_eq!(figure(&report, "headline", "all", "speaker")["share"]["value"], 1.0 / 3.0);
    assert_eq!(figure(&report, "muzny", "quotations", "accuracy")["share"]["value"], 0.5);
    assert_eq!(figure(&report, "citron", "all", "exact")["recall"]["value"], 2.0 / 3.0);
    let errors = report["errors"].as_array().unwrap();
    let kinds: Vec<&Value> = errors.iter().map(|it| &it["kinds"]).collect();
    assert_eq!(kinds[..2], [&json!(["missed"]), &json!(["wrong_speaker"])]);
    assert_eq!(errors[1]["predicted"]["speaker"], "Lena Ortiz");
    assert_eq!(errors[1]["context"]["text"], TEXT);
    assert!(!ran.out.contains("NaN"));
    // The same again on another number of threads.
    assert_eq!(sandbox.run(&[&command[..], &["--threads", "3"]].concat()).out, ran.out);
}

#[test]
fn a_document_without_prediction_is_told_of_and_scored_as_empty() {
    let ran = sandbox().run(&["evaluate", "gold.jsonl", "--predictions", "half.jsonl"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("no prediction for \"a\"; scored as if nothing had been found there"), "{}", ran.err);
    let row = ran.out.lines().find(|line| line.contains("attribution, found")).unwrap();
    assert!(row.contains("33.3"), "{row}");
}

#[test]
fn predictions_for_other_documents_are_told_of() {
    let ran = sandbox().run(&["evaluate", "gold.jsonl", "--predictions", "other.jsonl"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("the gold has no document \"z\""), "{}", ran.err);
}

#[test]
fn nothing_can_be_scored_without_gold() {
    let sandbox = sandbox();
    let cases: [(&[&str], &str); 3] = [
        (&["evaluate", "nowhere.jsonl"], "no such file or folder"),
        (&["evaluate", "gold.jsonl", "all.jsonl", "--predictions", "found.jsonl"], "two documents have the id \"a\""),
        (&["evaluate", "gold.jsonl", "--protocol", "nonesuch"], "there are headline, exact"),
    ];
    for (command, reason) in cases {
        let ran = sandbox.run(command);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{command:?}");
        assert!(ran.err.contains(reason), "{}", ran.err);
    }
}

#[test]
fn dixit_annotates_what_has_no_predictions() {
    let sandbox = sandbox();
    let ran = sandbox.run(&["evaluate", "gold.jsonl", "--json", "scores.json", "--min-confidence", "0.01"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.starts_with("dixit "), "{}", ran.out);
    let report: Value = serde_json::from_str(&sandbox.read("scores.json")).unwrap();
    assert!(report["calibration"]["predictions"].as_u64().unwrap() > 0);
    // What annotate writes gives the same figures.
    sandbox.annotate(&["gold.jsonl", "-o", "annotated.jsonl", "--min-confidence", "0.01"]);
    let again = sandbox.run(&["evaluate", "gold.jsonl", "--predictions", "annotated.jsonl"]);
    let tables = |out: &str| out.split_once('\n').unwrap().1.to_owned();
    assert_eq!(tables(&again.out), tables(&ran.out));
}

#[test]
fn given_quotations_are_all_found() {
    let text = "Mara Voss put down the map. “Dig here,” she said. “And there.”\n\nThe others dug.";
    let span = |words: &str| {
        let start = text[..text.find(words).unwrap()].chars().count();
        json!({"start": start, "end": start + words.chars().count(), "text": words})
    };
    let attribution = |content: &[&str]| {
        let content: Vec<Value> = content.iter().map(|words| span(words)).collect();
        json!({"content": content, "cue": [], "source": [], "mode": "direct", "kind": "speech", "speaker": "Mara Voss"})
    };
    // Nobody would find the second by himself.
    let attributions = [attribution(&["“Dig here,”", "“And there.”"]), attribution(&["The others dug"])];
    let gold = json!({"id": "map", "text": text, "attributions": attributions});
    let sandbox = Sandbox::new(&[("gold.jsonl", &lines(&[gold]))]);
    let ran = sandbox.run(&["evaluate", "gold.jsonl", "--given", "quotations", "--json", "-"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert!(report["system"].as_str().unwrap().ends_with(", given the quotations of the gold"), "{}", report["system"]);
    let found = figure(&report, "headline", "attribution", "found");
    assert_eq!(found["recall"]["value"], 1.0, "{found}");
}

#[test]
fn a_threshold_that_nothing_reaches_leaves_nothing() {
    let ran = sandbox().run(&["evaluate", "gold.jsonl", "--min-confidence", "1"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("6 attributions in the gold, 0 predicted"), "{}", ran.out);
    assert!(!ran.out.contains("NaN"), "{}", ran.out);
}

#[test]
fn two_systems_are_compared() {
    let sandbox = sandbox();
    let ran = sandbox.run(&["compare", "found.jsonl", "all.jsonl", "--gold", "gold.jsonl", "--json", "c.json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.starts_with("A: found.jsonl\nB: all.jsonl\n2 documents"), "{}", ran.out);
    let comparison: Value = serde_json::from_str(&sandbox.read("c.json")).unwrap();
    let rows = comparison["rows"].as_array().unwrap();
    let row = rows.iter().find(|it| it["group"] == "all" && it["measure"] == "speaker").unwrap();
    assert_eq!((&row["a"], &row["b"]), (&json!(1.0 / 3.0), &json!(1.0)));
    assert!(row["p_bootstrap"].as_f64().unwrap() < 0.05);
}

#[test]
fn a_page_holds_figures_and_errors_in_context() {
    let sandbox = sandbox();
    let command = ["evaluate", "gold.jsonl", "--predictions", "found.jsonl", "--html"];
    let ran = sandbox.run(&[&command[..], &["report.html"]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("headline: one to one"), "{}", ran.out);
    let page = sandbox.read("report.html");
    // In each document one is missed and one another's.
    assert_eq!(page.matches("<article").count(), 4);
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("Lena Ortiz"), "{page}");
    // The same on standard output, instead of the tables.
    assert_eq!(sandbox.run(&[&command[..], &["-"]].concat()).out, page);
    let ran = sandbox.run(&[&command[..], &["-", "--json", "-"]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("name a file for one of them"), "{}", ran.err);
}
