//! What is read, in which order, and under which id.

use crate::sandbox::{Sandbox, ids};

const RAIN: &[u8] = b"Rain fell on the docks. \"It will last,\" said Ole Brandt.\n";

#[test]
fn a_folder_is_read_in_the_order_of_names() {
    let sandbox = Sandbox::new(&[
        ("news/b.txt", RAIN),
        ("news/a/z.txt", RAIN),
        ("news/a/m.jsonl", b"{\"id\": \"first\", \"text\": \"Snow.\"}\n{\"text\": \"Hail.\"}\n"),
        ("news/README.md", b"About these articles."),
        ("news/README.txt", b"About these articles."),
        ("news/b.gold.jsonl", b"{\"id\": \"b\", \"attributions\": []}"),
        ("news/.draft.txt", RAIN),
    ]);
    assert_eq!(ids(&sandbox.annotate(&["news"])), ["first", "a/m.jsonl:2", "a/z", "b"]);
    assert_eq!(ids(&sandbox.annotate(&["news", "--input-format", "text"])), ["a/z", "b"]);
}

#[test]
fn ids_are_short_and_tell_documents_apart() {
    let sandbox = Sandbox::new(&[("2023/may.txt", RAIN), ("2024/may.txt", RAIN)]);
    let cases: [(&[&str], &[&str]); 5] = [
        (&["2023/may.txt"], &["may"]),
        (&["2023"], &["may"]),
        (&["./"], &["2023/may", "2024/may"]),
        (&["2024/may.txt", "2023/may.txt"], &["2024/may", "2023/may"]),
        (&["2023", "2024/may.txt"], &["2023/may", "2024/may"]),
    ];
    for (arguments, expected) in cases {
        assert_eq!(ids(&sandbox.annotate(arguments)), expected, "{arguments:?}");
    }
}

#[test]
fn standard_input_is_text_or_jsonl() {
    let sandbox = Sandbox::new(&[]);
    let line = b"{\"text\": \"Rain.\", \"page\": 4}\n";
    let cases: [(&[&str], &[u8], &[&str]); 6] = [
        (&["-"], RAIN, &["stdin"]),
        (&["-"], b"", &["stdin"]),
        (&["-"], b"{\"a\": 1} is no article\n", &["stdin"]),
        (&["-"], line, &["stdin:1"]),
        (&["-", "--input-format", "text"], line, &["stdin"]),
        (&["-", "--input-format", "jsonl"], b"\n{\"id\": \"x\", \"text\": \"\"}", &["x"]),
    ];
    for (arguments, input, expected) in cases {
        assert_eq!(ids(&sandbox.annotate_with_input(arguments, input)), expected);
    }
}

#[test]
fn other_fields_come_out_as_they_went_in() {
    let fields = r#""date":"2024-05-02","n":0.1,"big":12345678901234567890,"tags":["a",{"b":null}],"äö":"\"\u0001""#;
    let line = format!("{{\"z\":true,\"id\":\"m\",{fields},\"text\":\"Rain.\",\"speakers\":[\"Brandt\"]}}");
    let sandbox = Sandbox::new(&[("a.jsonl", line.as_bytes())]);
    let ran = sandbox.run(&["annotate", "a.jsonl"]);
    let (own, rest) = ran.out.split_once(",\"z\"").unwrap();
    assert!(own.starts_with("{\"id\":\"m\",\"statements\":["), "{own}");
    assert_eq!(rest, format!(":true,{fields},\"input_speakers\":[\"Brandt\"]}}\n"));
}

#[test]
fn byte_order_marks_and_dos_line_ends_are_no_failure() {
    let sandbox = Sandbox::new(&[
        ("a.txt", b"\xEF\xBB\xBF\"Enough,\" said Ines Maron.\r\n\r\nShe left.\r\n"),
        ("b.jsonl", b"\xEF\xBB\xBF{\"id\": \"b1\", \"text\": \"\"}\r\n\r\n{\"id\": \"b2\", \"text\": \"\"}\r\n"),
    ]);
    assert_eq!(ids(&sandbox.annotate(&["."])), ["a", "b1", "b2"]);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let lines: String = (0..80)
        .map(|n| format!("{{\"id\": \"{n}\", \"text\": \"{}\"}}\n", "Rain fell. ".repeat(n * 7 % 19 * 4)))
        .collect();
    let sandbox = Sandbox::new(&[("a.jsonl", lines.as_bytes())]);
    let one = sandbox.run(&["annotate", "a.jsonl", "--threads", "1"]);
    let two = sandbox.run(&["annotate", "a.jsonl", "--threads", "2"]);
    assert_eq!(one.out, two.out);
    let order: Vec<_> = one.out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()).collect();
    assert_eq!(ids(&order), (0..80).map(|n| n.to_string()).collect::<Vec<_>>());
}
