//! Standoff files of the annotation tool brat: for each text a file `.ann`.
//!
//! An attribution is an event whose arguments are text-bound annotations of the types `Source`, `Cue` and `Content`, as
//! PolNeAR has it; where there are no events, annotations that relations connect are one attribution. What belongs to
//! nothing is an attribution by itself.
//!
//! The text is `NAME.txt` beside `NAME.ann`, or in a folder `text` beside its folder, or in the folder of texts;
//! `NAME_WHO.ann` is what WHO says of `NAME.txt`. Where several people labelled a text, there is a document for each of
//! them, `NAME@WHO`; those who work in folders of their own are called as their folders.

mod lines;
pub(crate) mod notes;
mod roles;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::context::{self, Collector, Context};
use super::positions::Positions;
use super::{Fault, GoldError};
use crate::document::Document;
use crate::eval::Labelled;
use crate::eval::Tokens;
use crate::eval::fields::{ScopeFields, TokenFields};

/// Name of the file in which [`write`](crate::eval::write::brat) keeps what standoff files cannot hold.
pub(crate) const SIDECAR: &str = "dixit.json";

/// What standoff files cannot hold of a document.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Aside {
    /// The document's id.
    pub id: String,
    /// What the labels speak about, if not about everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ScopeFields>,
    /// The tokens, where the corpus has some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<TokenFields>,
    /// Annotations and the numbers of those of their fragments, from 0, that are one span with the next: brat has none
    /// across lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joints: Vec<(String, usize)>,
    /// Further fields of the document.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
}

/// A standoff file and the text that it is about.
struct Pair {
    labels: PathBuf,
    text: PathBuf,
    /// Who labelled, as the name of the file says.
    annotator: Option<String>,
    /// What the document is called if there are not several of it.
    id: String,
}

pub(super) fn read(path: &Path, context: &Context<'_>, found: &mut Collector) -> Result<(), GoldError> {
    let root = if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("")) };
    let asides = asides(root)?;
    let mut pairs = Vec::new();
    for file in context::files(path, &["ann"]) {
        match pair(&file, root, context) {
            Some(pair) => pairs.push(pair),
            None => found.warn(context::place(&file), Fault::NoText(context::stem(&file))),
        }
    }
    for (pair, id) in chosen(pairs, context.options.annotator.as_deref()) {
        if let Err(error) = read_pair(&pair, id, &asides, context, found) {
            found.skip(error);
        }
    }
    Ok(())
}

/// What is kept aside, by the path of the file without its extension.
fn asides(root: &Path) -> Result<HashMap<String, Aside>, GoldError> {
    let path = root.join(SIDECAR);
    if !path.is_file() {
        return Ok(HashMap::new());
    }
    let malformed = |error| GoldError::at(context::place(&path), Fault::Malformed(format!("malformed JSON: {error}")));
    serde_json::from_str(&context::file(&path)?).map_err(malformed)
}

/// The file's path below the root, without its extension and with `/` between the parts.
fn name_below(root: &Path, file: &Path) -> String {
    let below = file.strip_prefix(root).unwrap_or(file).with_extension("");
    below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn pair(file: &Path, root: &Path, context: &Context<'_>) -> Option<Pair> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let stem = context::stem(file);
    let beside = folder.parent().map(|above| above.join("text"));
    let texts = [beside, context.options.texts.clone()];
    let named = stem.rsplit_once('_').map(|(stem, annotator)| (stem, Some(annotator)));
    for (stem, annotator) in std::iter::once((stem.as_str(), None)).chain(named) {
        let annotator = annotator.map(str::to_owned);
        let text = folder.join(format!("{stem}.txt"));
        if text.is_file() {
            return Some(Pair { id: name_below(root, &text), labels: file.to_owned(), text, annotator });
        }
        let apart = texts.iter().flatten().map(|folder| folder.join(format!("{stem}.txt")));
        if let Some(text) = apart.into_iter().find(|text| text.is_file()) {
            return Some(Pair { id: stem.to_owned(), labels: file.to_owned(), text, annotator });
        }
    }
    None
}

/// The files of the annotator who is asked for, with the ids of their documents.
fn chosen(mut pairs: Vec<Pair>, annotator: Option<&str>) -> Vec<(Pair, String)> {
    name_by_folders(&mut pairs);
    let several = pairs.iter().any(|pair| pair.annotator.is_some());
    pairs.retain(|pair| annotator.is_none() || !several || pair.annotator.as_deref() == annotator);
    let mut count: HashMap<String, usize> = HashMap::new();
    for pair in &pairs {
        *count.entry(pair.id.clone()).or_default() += 1;
    }
    let id = |pair: &Pair| match &pair.annotator {
        Some(annotator) if count[&pair.id] > 1 => format!("{}@{annotator}", pair.id),
        _ => pair.id.clone(),
    };
    pairs.into_iter().map(|pair| (id(&pair), pair)).map(|(id, pair)| (pair, id)).collect()
}

/// Where every folder holds the same names, the folders are the annotators.
fn name_by_folders(pairs: &mut [Pair]) {
    let mut folders: HashMap<String, Vec<String>> = HashMap::new();
    for pair in pairs.iter() {
        let Some((folder, name)) = pair.id.rsplit_once('/') else { return };
        folders.entry(folder.to_owned()).or_default().push(name.to_owned());
    }
    let mut lists = folders.values();
    let Some(first) = lists.next() else { return };
    let same_texts = || {
        let mut texts: HashMap<&str, Vec<u8>> = HashMap::new();
        pairs.iter().all(|pair| {
            let name = pair.id.rsplit_once('/').map_or(pair.id.as_str(), |(_, name)| name);
            let text = std::fs::read(&pair.text).unwrap_or_default();
            *texts.entry(name).or_insert_with(|| text.clone()) == text
        })
    };
    if folders.len() < 2 || !lists.all(|list| list == first) || !same_texts() {
        return;
    }
    for pair in pairs {
        if let Some((folder, name)) = pair.id.rsplit_once('/') {
            pair.annotator = Some(folder.to_owned());
            pair.id = name.to_owned();
        }
    }
}

fn read_pair(
    pair: &Pair,
    id: String,
    asides: &HashMap<String, Aside>,
    context: &Context<'_>,
    found: &mut Collector,
) -> Result<(), GoldError> {
    let (text, labels) = (context::file(&pair.text)?, context::file(&pair.labels)?);
    let place = context::place(&pair.labels);
    let (standoff, mut faults) = lines::parse(&labels);
    let positions = Positions::new(&text);
    let aside = asides.get(&pair.id);
    let joints = aside.iter().flat_map(|it| &it.joints).map(|(id, at)| (id.as_str(), *at)).collect();
    let (labels, more) = roles::labels(&standoff, &positions, &joints);
    faults.extend(more);
    faults.sort_by_key(|(line, _)| *line);
    for (line, fault) in faults {
        found.warn(place.at_line(line), fault);
    }
    let mut labelled = Labelled {
        document: Document::new(id, ""),
        scope: labels.scope,
        attributions: labels.attributions,
        speakers: labels.speakers,
        tokens: None,
    };
    if let Some(aside) = aside {
        labelled.document.id.clone_from(&aside.id);
        labelled.document.extra.clone_from(&aside.fields);
        labelled.scope = aside.scope.unwrap_or_default().into();
        labelled.tokens = aside.tokens.as_ref().and_then(|fields| {
            let spans = fields.spans.iter().map(|(start, end)| positions.token(*start, *end).ok());
            Some(Tokens { spans: spans.collect::<Option<_>>()?, instances: fields.instances()? })
        });
    }
    labelled.document.text = text;
    found.push(context, &place, labelled);
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::eval::gold::Options;
    use crate::eval::gold::testing::{gold, gold_with, words};

    const TEXT: &str = "“Fog,” Zoë said, “is coming.”\nThe council hopes for sun.\n";
    const LABELS: &str = "\
T1\tSource 7 10\tZoë
T2\tCue 11 15\tsaid
T3\tContent 0 6;17 29\t“Fog,” “is coming.”
T4\tAttribution 11 15\tsaid
E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1
T5\tContent 48 55\tfor sun
#1\tAnnotatorNotes T5\tShould this be longer?
";

    #[test]
    fn an_event_is_an_attribution_and_what_is_left_another() {
        for (ann, txt) in [("a.ann", "a.txt"), ("attributions/a_77.ann", "text/a.txt"), ("x/a_77.ann", "x/a.txt")] {
            let (documents, warnings) = gold(&[(ann, LABELS), (txt, TEXT)], "");
            assert_eq!(warnings, [""; 0]);
            assert_eq!(words(&documents[0]), [["“Fog,”|“is coming.”", "said", "Zoë", ""], ["for sun", "", "", ""]]);
            assert_eq!(documents[0].document.id.rsplit('/').next(), Some("a"));
        }
    }

    #[test]
    fn broken_lines_are_skipped() {
        let cases = [
            (
                "T6\tCue 42 47\tfears\n",
                "a.ann:8: at 42..47 the labels say \"fears\" and the text says \"hopes\"; check",
            ),
            ("T6\tCue 99 104\tfears\n", "a.ann:8: 99..104 is no span of the text, which has 57 characters; check"),
            ("which has no tab\n", "a.ann:8: no line of a standoff file: \"which has no tab\"; mend"),
            ("T6\tAttribution 42 47\thopes\nE2\tAttribution:T6\n", "a.ann:9: an attribution of nothing; mend"),
            ("E2\tAttribution:T4 Content:T3 Cue:T9\n", "a.ann:8: E2 refers to T9, which is not there; mend"),
        ];
        for (line, expected) in cases {
            let (documents, warnings) = gold(&[("a.ann", &format!("{LABELS}{line}")), ("a.txt", TEXT)], "");
            assert!(warnings.len() == 1 && warnings[0].starts_with(expected), "{warnings:?}");
            assert_eq!(words(&documents[0])[0][1], "said");
        }
        let (_, warnings) = gold(&[("a.ann", LABELS)], "");
        assert_eq!(warnings, ["a.ann: there is no text for \"a\"; name the folder of the texts"]);
    }

    #[test]
    fn relations_tie_roles_where_there_are_no_events() {
        let labels = "T1\tSource 7 10\tZoë\nT2\tcue 11 15\tsaid\nT3\tQuote 0 6\t“Fog,”\nT4\tQuote 17 29\t“is coming.”\n\
                      T5\tQuote 48 55\tfor sun\nR1\tsays Arg1:T1 Arg2:T2\nR2\tsaid Arg1:T2 Arg2:T3\nR3\tsaid Arg1:T2 Arg2:T4\n\
                      R4\tsaid Arg1:T2 Arg2:T8\n";
        let (documents, warnings) = gold(&[("a.ann", labels), ("a.txt", TEXT)], "");
        assert_eq!(
            warnings,
            ["a.ann:9: the relation refers to T8, which is not there; mend the reference or take it out"]
        );
        assert_eq!(words(&documents[0]), [["“Fog,”|“is coming.”", "said", "Zoë", ""], ["for sun", "", "", ""]]);
    }

    #[test]
    fn several_annotators_are_told_apart() {
        let suffixes = [("a_77.ann", LABELS), ("a_78.ann", ""), ("a.txt", TEXT), ("b_77.ann", LABELS), ("b.txt", TEXT)];
        let folders = [("x/77/a.ann", LABELS), ("x/77/a.txt", TEXT), ("x/78/a.ann", ""), ("x/78/a.txt", TEXT)];
        let cases = [
            (suffixes.as_slice(), None, ["a@77", "a@78", "b"].as_slice()),
            (&suffixes, Some("77"), &["a", "b"]),
            (&suffixes, Some("78"), &["a"]),
            (&folders, None, &["a@x/77", "a@x/78"]),
            (&folders, Some("x/78"), &["a"]),
        ];
        for (files, annotator, expected) in cases {
            let options =
                |_: &std::path::Path| Options { annotator: annotator.map(str::to_owned), ..Options::default() };
            let (documents, warnings) = gold_with(files, "", options);
            let ids: Vec<_> = documents.iter().map(|it| it.document.id.as_str()).collect();
            assert_eq!((ids.as_slice(), warnings.len()), (expected, 0));
        }
    }
}
