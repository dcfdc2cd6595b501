//! An annotated document for the tests of the writers.

use crate::document::{Byte, Document, Span};
use crate::speakers::{Entity, SpeakerType};
use crate::statement::{Annotation, Kind, Mode, Statement};

const TEXT: &str = concat!(
    "“No ship sails,” said Zoë Lindqvist, “not today.” She thinks the quay floods, a report says. ",
    "“Stay home.”",
);

/// [`annotated`] as JSONL.
pub(super) const JSONL: &str = concat!(
    r#"{"id":"harbour","statements":["#,
    r#"{"id":1,"content":[{"start":0,"end":16,"text":"“No ship sails,”"},{"start":37,"end":49,"#,
    r#""text":"“not today.”"}],"cue":[{"start":17,"end":21,"text":"said"}],"source":[{"start":22,"end":35,"#,
    r#""text":"Zoë Lindqvist"}],"mode":"direct","kind":"speech","speaker":{"id":1,"name":"Zoë Lindqvist","#,
    r#""type":"person"},"confidence":0.97,"parent":null},"#,
    r#"{"id":2,"content":[{"start":50,"end":76,"text":"She thinks the quay floods"}],"cue":[{"start":87,"#,
    r#""end":91,"text":"says"}],"source":[{"start":78,"end":86,"text":"a report"}],"mode":"indirect","#,
    r#""kind":"speech","speaker":{"id":2,"name":"report","type":"document"},"confidence":0.8,"parent":null},"#,
    r#"{"id":3,"content":[{"start":61,"end":76,"text":"the quay floods"}],"cue":[{"start":54,"end":60,"#,
    r#""text":"thinks"}],"source":[{"start":50,"end":53,"text":"She"}],"mode":"indirect","kind":"thought","#,
    r#""speaker":{"id":1,"name":"Zoë Lindqvist","type":"person"},"confidence":0.61,"parent":2},"#,
    r#"{"id":4,"content":[{"start":93,"end":105,"text":"“Stay home.”"}],"cue":[],"source":[],"mode":"direct","#,
    r#""kind":"speech","speaker":null,"confidence":0.4,"parent":null}"#,
    r#"],"speakers":["#,
    r#"{"id":1,"name":"Zoë Lindqvist","type":"person","titles":["harbour master"],"mentions":[{"start":22,"#,
    r#""end":35,"text":"Zoë Lindqvist"},{"start":50,"end":53,"text":"She"}]},"#,
    r#"{"id":2,"name":"report","type":"document","titles":[],"mentions":[{"start":78,"end":86,"#,
    r#""text":"a report"}]}"#,
    r#"],"desk":"north"}"#,
);

fn spans(words: &[&str]) -> Vec<Span<Byte>> {
    let span = |words: &&str| TEXT.find(words).map(|start| Span::new(start, start + words.len()));
    words.iter().map(|words| span(words).expect("the words stand in the text")).collect()
}

fn statement(content: &[&str], cue: &[&str], source: &[&str], mode: Mode, confidence: f32) -> Statement {
    Statement {
        content: spans(content),
        cue: spans(cue),
        source: spans(source),
        mode,
        kind: Kind::Speech,
        speaker: None,
        confidence,
        parent: None,
    }
}

fn speaker(name: &str, kind: SpeakerType, titles: &[&str], mentions: &[&str]) -> Entity {
    let titles = titles.iter().map(|title| (*title).to_owned()).collect();
    Entity { name: name.to_owned(), kind, titles, mentions: spans(mentions) }
}

/// A split quotation, a thought nested in an indirect statement, and a quotation that is nobody's.
pub(super) fn annotated() -> (Document, Annotation) {
    let ship = ["“No ship sails,”", "“not today.”"];
    let statements = vec![
        Statement { speaker: Some(0), ..statement(&ship, &["said"], &["Zoë Lindqvist"], Mode::Direct, 0.974) },
        Statement {
            speaker: Some(1),
            ..statement(&["She thinks the quay floods"], &["says"], &["a report"], Mode::Indirect, 0.8)
        },
        Statement {
            speaker: Some(0),
            kind: Kind::Thought,
            parent: Some(1),
            ..statement(&["the quay floods"], &["thinks"], &["She"], Mode::Indirect, 0.61)
        },
        statement(&["“Stay home.”"], &[], &[], Mode::Direct, 0.4),
    ];
    let speakers = vec![
        speaker("Zoë Lindqvist", SpeakerType::Person, &["harbour master"], &["Zoë Lindqvist", "She"]),
        speaker("report", SpeakerType::Document, &[], &["a report"]),
    ];
    let mut document = Document::new("harbour", TEXT);
    document.extra.insert("desk".to_owned(), "north".into());
    (document, Annotation { statements, speakers })
}
