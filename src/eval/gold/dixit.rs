//! dixit's own JSONL, one document a line: gold, whose attributions name their speakers, and what `dixit annotate`
//! writes, whose statements refer to a list of them.
//!
//! A line has `id`, `text` (which may be missing where the gold or `--texts` has it) and `attributions` or `statements`;
//! besides, it may have `speakers`, `scope` and `tokens`. Whatever else it has is handed through.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::cast::Cast;
use super::context::{self, Collector, Context};
use super::positions::Positions;
use super::{Fault, GoldError};
use crate::corpus::{Place, labels};
use crate::document::{Byte, Document, Span};
use crate::eval::fields::{ScopeFields, TokenFields};
use crate::eval::{Attribution, Labelled, Naming, Scope, Speaker, Tokens};
use crate::speakers::SpeakerType;

pub(super) fn read(path: &Path, context: &Context<'_>, found: &mut Collector) -> Result<(), GoldError> {
    let mut files = context::files(path, &["jsonl", "json"]);
    // Where some files say that they are gold, the others are texts or what was found in them.
    let is_gold = |path: &Path| path.to_string_lossy().ends_with(".gold.jsonl");
    if files.iter().any(|it| is_gold(it)) {
        files.retain(|it| is_gold(it));
    }
    let alone = files.len() == 1;
    for file in files {
        match context::file(&file) {
            Ok(text) => read_lines(&text, &file, context, found),
            Err(error) if alone => return Err(error),
            Err(error) => found.skip(error),
        }
    }
    Ok(())
}

fn read_lines(text: &str, file: &Path, context: &Context<'_>, found: &mut Collector) {
    for (at, line) in text.trim_start_matches('\u{FEFF}').lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let place = context::place(file).at_line(at + 1);
        match labelled(line, &place, context, found) {
            Ok(labelled) => found.push(context, &place, labelled),
            Err(fault) => found.warn(place, fault),
        }
    }
}

#[derive(Deserialize)]
struct SpanFields {
    start: usize,
    end: usize,
    text: Option<String>,
}

#[derive(Deserialize)]
struct AttributionFields {
    id: Option<i64>,
    #[serde(default)]
    content: Vec<SpanFields>,
    #[serde(default)]
    cue: Vec<SpanFields>,
    #[serde(default)]
    source: Vec<SpanFields>,
    mode: Option<String>,
    kind: Option<String>,
    naming: Option<String>,
    speaker: Option<SpeakerReference>,
    speaker_type: Option<String>,
    speaker_id: Option<i64>,
    confidence: Option<f32>,
    parent: Option<i64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum SpeakerReference {
    Name(String),
    Entry { id: Option<i64>, name: String, r#type: Option<String> },
}

#[derive(Deserialize)]
struct SpeakerFields {
    id: i64,
    #[serde(default)]
    name: String,
    #[serde(default)]
    names: Vec<String>,
    r#type: Option<String>,
    #[serde(default)]
    mentions: Vec<SpanFields>,
}

/// What tells speakers apart: their entry in the list, or what an attribution calls them.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Entry(i64),
    Called(String, Option<SpeakerType>),
}

fn labelled(line: &str, place: &Place, context: &Context<'_>, found: &mut Collector) -> Result<Labelled, Fault> {
    let malformed = |error: serde_json::Error| Fault::Malformed(format!("malformed JSON: {error}"));
    let mut fields: Map<String, Value> = serde_json::from_str(line).map_err(malformed)?;
    let id = match fields.shift_remove("id") {
        Some(Value::String(id)) => id,
        Some(Value::Number(id)) => id.to_string(),
        _ => return Err(Fault::Malformed("a line without an \"id\"".to_owned())),
    };
    let text = match fields.shift_remove("text") {
        Some(Value::String(text)) => text,
        Some(_) => return Err(Fault::Malformed("a \"text\" that is no string".to_owned())),
        None => context.text(&id).map_err(|error| error.fault)?,
    };
    // What annotate writes of a file of gold has the gold, too.
    let names = if context.is_prediction() { ["statements", "attributions"] } else { ["attributions", "statements"] };
    let list = fields.shift_remove(names[0]).or_else(|| fields.shift_remove(names[1]));
    let Some(Value::Array(list)) = list else {
        return Err(Fault::Malformed("a line without \"attributions\" or \"statements\"".to_owned()));
    };
    let positions = Positions::new(&text);
    let mut reader = Reader { positions: &positions, place, found, cast: Cast::new(), numbers: HashMap::new() };
    reader.speakers(fields.shift_remove("speakers"));
    let attributions = reader.attributions(list);
    let tokens = reader.tokens(fields.shift_remove("tokens"));
    let scope = fields.shift_remove("scope").map(serde_json::from_value::<ScopeFields>).transpose();
    let speakers = reader.cast.speakers;
    let scope = scope.map_err(malformed)?.map_or(Scope::ALL, Into::into);
    Ok(Labelled { document: Document { id, text, extra: fields }, scope, attributions, speakers, tokens })
}

struct Reader<'r, 't> {
    positions: &'r Positions<'t>,
    place: &'r Place,
    found: &'r mut Collector,
    cast: Cast<Key>,
    /// Where the attribution of each number stands.
    numbers: HashMap<i64, usize>,
}

impl Reader<'_, '_> {
    fn warn(&mut self, what: &str, at: usize, fault: &Fault) {
        self.found.warn(self.place.clone(), Fault::Malformed(format!("{what} {}: {fault}", at + 1)));
    }

    fn span(&self, it: &SpanFields) -> Result<Span<Byte>, Fault> {
        match &it.text {
            Some(text) => self.positions.quoted(it.start, it.end, text),
            None => self.positions.span(it.start, it.end),
        }
    }

    fn spans(&self, list: &[SpanFields]) -> Result<Vec<Span<Byte>>, Fault> {
        list.iter().map(|it| self.span(it)).collect()
    }

    fn speakers(&mut self, list: Option<Value>) {
        let Some(Value::Array(list)) = list else { return };
        for (at, value) in list.into_iter().enumerate() {
            let speaker = serde_json::from_value(value).map_err(|error| Fault::Malformed(error.to_string()));
            let speaker = speaker.and_then(|it: SpeakerFields| Ok((it.id, self.spans(&it.mentions)?, it)));
            match speaker {
                Ok((id, mentions, it)) => {
                    let names = if it.names.is_empty() { vec![it.name] } else { it.names };
                    let names = names.into_iter().filter(|name| !name.is_empty()).collect();
                    let kind = it.r#type.as_deref().and_then(labels::speaker_type_of);
                    self.cast.index(Key::Entry(id), || Speaker { names, kind, mentions });
                }
                Err(fault) => self.warn("speaker", at, &fault),
            }
        }
    }

    fn attributions(&mut self, list: Vec<Value>) -> Vec<Attribution> {
        let mut attributions = Vec::with_capacity(list.len());
        let mut parents = Vec::with_capacity(list.len());
        for (at, value) in list.into_iter().enumerate() {
            let fields = serde_json::from_value(value).map_err(|error| Fault::Malformed(error.to_string()));
            match fields.and_then(|fields: AttributionFields| Ok((self.attribution(&fields)?, fields))) {
                Ok((attribution, fields)) => {
                    if let Some(id) = fields.id {
                        self.numbers.insert(id, attributions.len());
                    }
                    parents.push(fields.parent);
                    attributions.push(attribution);
                }
                Err(fault) => self.warn("attribution", at, &fault),
            }
        }
        for (attribution, parent) in attributions.iter_mut().zip(parents) {
            attribution.parent = parent.and_then(|id| self.numbers.get(&id).copied());
        }
        attributions
    }

    fn attribution(&mut self, it: &AttributionFields) -> Result<Attribution, Fault> {
        Ok(Attribution {
            content: self.spans(&it.content)?,
            cue: self.spans(&it.cue)?,
            source: self.spans(&it.source)?,
            mode: it.mode.as_deref().and_then(labels::mode_of),
            kind: it.kind.as_deref().and_then(labels::kind_of),
            naming: it.naming.as_deref().and_then(Naming::of),
            speaker: self.speaker(it),
            confidence: it.confidence,
            parent: None,
        })
    }

    /// Index of the speaker of an attribution: their entry in the list, or whoever is called so.
    fn speaker(&mut self, it: &AttributionFields) -> Option<usize> {
        let (id, name, kind) = match it.speaker.as_ref()? {
            SpeakerReference::Name(name) => (it.speaker_id, name, it.speaker_type.as_deref()),
            SpeakerReference::Entry { id, name, r#type } => (*id, name, r#type.as_deref()),
        };
        if let Some(listed) = id.and_then(|id| self.cast.get(&Key::Entry(id))) {
            return Some(listed);
        }
        if name.is_empty() {
            return None;
        }
        let kind = kind.and_then(labels::speaker_type_of);
        let speaker = || Speaker { names: vec![name.clone()], kind, mentions: Vec::new() };
        Some(self.cast.index(Key::Called(name.clone(), kind), speaker))
    }

    fn tokens(&mut self, value: Option<Value>) -> Option<Tokens> {
        let fields = serde_json::from_value::<TokenFields>(value?).map_err(|error| Fault::Malformed(error.to_string()));
        let tokens = fields.and_then(|fields| {
            let spans = fields.spans.iter().map(|(start, end)| self.positions.token(*start, *end));
            let lost = || Fault::Malformed("instances of tokens that are not there".to_owned());
            Ok(Tokens { spans: spans.collect::<Result<_, _>>()?, instances: fields.instances().ok_or_else(lost)? })
        });
        tokens.map_err(|fault| self.found.warn(self.place.clone(), fault)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::gold::testing::{gold, words};
    use crate::eval::gold::{Options, read_predictions};

    const GOLD: &str = concat!(
        r#"{"id": "quay", "text": "“Go,” said Zoë. She hopes. “Stay.”", "desk": "north", "attributions": ["#,
        r#"{"id": 7, "content": [{"start": 27, "end": 34, "text": "“Stay.”"}], "cue": [], "source": [], "parent": 9, "#,
        r#""mode": "direct", "kind": "speech", "speaker": "", "speaker_type": "none"}, "#,
        r#"{"id": 9, "content": [{"start": 0, "end": 5, "text": "“Go,”"}], "cue": [{"start": 6, "end": 10}], "#,
        r#""source": [{"start": 11, "end": 14, "text": "Zoë"}], "mode": "direct", "kind": "speech", "#,
        r#""speaker": "Zoë Lindqvist", "speaker_type": "person"}]}"#,
    );

    #[test]
    fn gold_names_its_speakers() {
        let files = [("a.gold.jsonl", GOLD), ("b.jsonl", "{\"id\": \"fog\", \"text\": \"Fog.\"}\n")];
        let (documents, warnings) = gold(&files, "");
        assert_eq!(warnings, [""; 0]);
        let [only] = documents.as_slice() else { panic!("{documents:?}") };
        assert_eq!(words(only), [["“Go,”", "said", "Zoë", "Zoë Lindqvist"], ["“Stay.”", "", "", ""]]);
        assert_eq!(only.speakers[0].kind, Some(SpeakerType::Person));
        assert_eq!((only.attributions[1].parent, only.attributions[1].speaker), (Some(0), None));
        assert_eq!(only.document.extra["desk"], "north");
    }

    #[test]
    fn what_is_wrong_is_located() {
        let cases = [
            (
                GOLD.replace("\"“Go,”\"}", "\"“No,”\"}"),
                "a.jsonl:1: attribution 2: at 0..5 the labels say \"“No,”\" and the text says \"“Go,”\"; mend it or take",
            ),
            (
                GOLD.replace("\"end\": 10", "\"end\": 99"),
                "a.jsonl:1: attribution 2: 6..99 is no span of the text, which has 34 characters; mend",
            ),
            (GOLD.replace("\"id\": \"quay\"", "\"id\": null"), "a.jsonl:1: a line without an \"id\"; mend"),
            (
                GOLD.replace("\"text\": \"“Go,” said", "\"txt\": \"“Go,” said"),
                "a.jsonl:1: there is no text for \"quay\"; name",
            ),
            (format!("{GOLD}\n\n{GOLD}"), "a.jsonl:3: the id \"quay\" is taken already; give"),
            (format!("{GOLD}\n{{"), "a.jsonl:2: malformed JSON: EOF"),
        ];
        for (file, expected) in cases {
            let (_, warnings) = gold(&[("a.jsonl", &file)], "a.jsonl");
            assert!(warnings.len() == 1 && warnings[0].starts_with(expected), "{warnings:?} for {expected}");
        }
    }

    #[test]
    fn predictions_take_their_text_from_the_gold() {
        let (gold, _) = gold(&[("a.jsonl", GOLD)], "a.jsonl");
        let lines = concat!(
            r#"{"id":"quay","statements":[{"id":1,"content":[{"start":0,"end":5,"text":"“Go,”"}],"cue":[],"source":[],"#,
            r#""mode":"direct","kind":"speech","speaker":{"id":2,"name":"Zoë","type":"person"},"confidence":0.9,"#,
            r#""parent":null}],"speakers":[{"id":2,"name":"Zoë","type":"person","titles":[],"mentions":[{"start":11,"#,
            r#""end":14,"text":"Zoë"}]}]}"#,
            "\n",
            r#"{"id":"fog","statements":[],"speakers":[]}"#,
        );
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        std::fs::write(&path, lines).unwrap();
        let read = read_predictions(&path, &Options::default(), &gold).unwrap();
        assert_eq!(words(&read.documents[0]), [["“Go,”", "", "", "Zoë"]]);
        assert_eq!(read.documents[0].speakers[0].mentions.len(), 1);
        assert_eq!(read.documents[0].attributions[0].confidence, Some(0.9));
        assert!(read.warnings[0].to_string().contains("out.jsonl:2: the gold has no document \"fog\""));
    }
}
