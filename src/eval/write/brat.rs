//! Labelled documents as standoff files for the annotation tool brat, so that people can look at labels and correct them.
//!
//! Each document is `NAME.txt` and `NAME.ann` in a folder, where `annotation.conf` tells brat what there is. An
//! attribution is an event with the arguments `Content`, `Cue`, `Source`, `Speaker` (a mention of who it is) and
//! `Parent`. Mentions of one speaker are equivalent; a note `speaker: NAME | OTHER NAME` says what they are called. brat
//! has no annotations across lines: a span over several lines becomes one fragment a line, and `dixit.json` says so.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::corpus::{Writer, labels};
use crate::document::{Byte, CharIndex, Document, Span};
use crate::eval::fields::TokenFields;
use crate::eval::gold::brat::{Aside, SIDECAR, notes};
use crate::eval::{Attribution, Labelled, Naming, Scope};
use crate::speakers::SpeakerType;
use crate::statement::Annotation;

/// What brat must know: types, their arguments and attributes.
const CONFIGURATION: &str = "\
[entities]
Content
Cue
Source
Person
Organization
Group
Document
Speaker

[relations]
Same Arg1:<ENTITY>, Arg2:<ENTITY>, <REL-TYPE>:symmetric-transitive
<OVERLAP> Arg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>

[events]
Attribution Content*:Content, Cue*:Cue, Source*:Source, \
Speaker?:Person|Organization|Group|Document|Speaker, Parent?:Attribution

[attributes]
Mode Arg:Attribution, Value:direct|mixed|indirect
Kind Arg:Attribution, Value:speech|thought
Naming Arg:Attribution, Value:explicit|anaphoric|implicit
SpeakerType Arg:Attribution, Value:person|organization|group|document
";

/// Writes the documents into `folder`, which is made if it is not there.
///
/// # Errors
/// If a file cannot be written.
pub fn write(folder: &Path, documents: &[Labelled]) -> io::Result<()> {
    let mut folder = Folder::create(folder)?;
    documents.iter().try_for_each(|it| folder.add(it))?;
    folder.finish()
}

/// A folder that is filled document by document. As a [`Writer`], it takes what dixit says of documents for labels.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    asides: serde_json::Map<String, serde_json::Value>,
    taken: HashSet<String>,
}

impl Folder {
    /// The folder at `path`, which is made if it is not there.
    ///
    /// # Errors
    /// If it cannot be made or written into.
    pub fn create(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        fs::write(path.join("annotation.conf"), CONFIGURATION)?;
        Ok(Self { path: path.to_owned(), asides: serde_json::Map::new(), taken: HashSet::new() })
    }

    /// Writes the two files of a document.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn add(&mut self, labelled: &Labelled) -> io::Result<()> {
        let name = free_name(&labelled.document.id, &mut self.taken);
        let path = self.path.join(&name);
        if let Some(above) = path.parent() {
            fs::create_dir_all(above)?;
        }
        fs::write(with_suffix(&path, ".txt"), &labelled.document.text)?;
        let (lines, joints) = standoff(labelled);
        fs::write(with_suffix(&path, ".ann"), lines)?;
        self.asides.insert(name, serde_json::to_value(aside(labelled, joints))?);
        Ok(())
    }
}

impl Writer for Folder {
    fn write(&mut self, document: &Document, annotation: &Annotation) -> io::Result<()> {
        self.add(&Labelled::from_annotation(document.clone(), annotation))
    }

    /// Writes what brat has no place for into the file beside the documents.
    fn finish(&mut self) -> io::Result<()> {
        fs::write(self.path.join(SIDECAR), serde_json::to_vec_pretty(&self.asides)?)
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// A path for a document that no other one has, not even on a file system that does not tell cases apart.
fn free_name(id: &str, taken: &mut HashSet<String>) -> String {
    let safe = |it: char| if it.is_alphanumeric() || "-_@+,= ".contains(it) { it } else { '_' };
    // A dot at the beginning would hide the file.
    let part = |part: &str| part.chars().map(safe).take(100).collect::<String>();
    let normal = Path::new(id).components().filter(|part| matches!(part, Component::Normal(_)));
    let parts: Vec<_> = normal.map(|it| part(&it.as_os_str().to_string_lossy())).collect();
    let name = if parts.is_empty() { "document".to_owned() } else { parts.join("/") };
    let mut free = name.clone();
    let mut number = 2;
    while !taken.insert(free.to_lowercase()) {
        free = format!("{name}-{number}");
        number += 1;
    }
    free
}

fn aside(labelled: &Labelled, joints: Vec<(String, usize)>) -> Aside {
    let index = CharIndex::new(&labelled.document.text);
    Aside {
        id: labelled.document.id.clone(),
        scope: (labelled.scope != Scope::ALL).then(|| labelled.scope.into()),
        tokens: labelled.tokens.as_ref().map(|it| TokenFields::new(it, &index)),
        joints,
        fields: labelled.document.extra.clone(),
    }
}

/// The lines of a document's standoff file, and the fragments therein that are one span with the next.
fn standoff(labelled: &Labelled) -> (String, Vec<(String, usize)>) {
    let mut lines = Lines {
        text: &labelled.document.text,
        index: CharIndex::new(&labelled.document.text),
        out: String::new(),
        bounds: 0,
        attributes: 0,
        notes: 0,
        joints: Vec::new(),
    };
    let cited: HashSet<usize> = labelled.attributions.iter().filter_map(|it| it.speaker).collect();
    let speakers = labelled.speakers.iter().enumerate();
    let mentions: Vec<_> = speakers.map(|(at, it)| cited.contains(&at).then(|| lines.speaker(it)).flatten()).collect();
    let (mut numbers, mut next) = (Vec::new(), 1);
    for attribution in &labelled.attributions {
        let any = trigger(attribution).is_some();
        numbers.push(any.then_some(next));
        next += usize::from(any);
    }
    for (at, attribution) in labelled.attributions.iter().enumerate() {
        if let (Some(number), Some(trigger)) = (numbers[at], trigger(attribution)) {
            let parent = attribution.parent.and_then(|at| numbers.get(at).copied().flatten());
            let mention = attribution.speaker.and_then(|at| mentions.get(at).copied().flatten());
            lines.event(number, trigger, parent, mention, attribution);
            lines.details(number, mention, attribution, labelled);
        }
    }
    (lines.out, lines.joints)
}

/// The words that an event hangs on: those of the cue, or whatever else there is.
fn trigger(attribution: &Attribution) -> Option<Span<Byte>> {
    [&attribution.cue, &attribution.content, &attribution.source].into_iter().find_map(|it| it.first().copied())
}

struct Lines<'t> {
    text: &'t str,
    index: CharIndex<'t>,
    out: String,
    bounds: usize,
    attributes: usize,
    notes: usize,
    joints: Vec<(String, usize)>,
}

// Writing to a string cannot fail: the results of `writeln!` say nothing.
impl Lines<'_> {
    /// Writes a text-bound annotation and returns its number.
    fn bound(&mut self, label: &str, spans: &[Span<Byte>]) -> Option<usize> {
        let (mut fragments, mut joints) = (Vec::new(), Vec::new());
        for span in spans {
            let parts = by_line(*span, self.text);
            joints.extend((fragments.len()..).take(parts.len().saturating_sub(1)));
            fragments.extend(parts);
        }
        if fragments.is_empty() {
            return None;
        }
        let chars = fragments.iter().map(|span| self.index.chars(*span));
        let offsets: Vec<_> = chars.map(|it| format!("{} {}", it.start, it.end)).collect();
        let words: Vec<_> = fragments.iter().map(|span| span.of(self.text)).collect();
        self.bounds += 1;
        self.joints.extend(joints.into_iter().map(|at| (format!("T{}", self.bounds), at)));
        let _ = writeln!(self.out, "T{}\t{label} {}\t{}", self.bounds, offsets.join(";"), words.join(" "));
        Some(self.bounds)
    }

    fn attribute(&mut self, name: &str, event: usize, value: &str) {
        self.attributes += 1;
        let _ = writeln!(self.out, "A{}\t{name} E{event} {value}", self.attributes);
    }

    fn note(&mut self, kind: &str, about: &str, note: &str) {
        self.notes += 1;
        let _ = writeln!(self.out, "#{}\t{kind} {about}\t{note}", self.notes);
    }

    /// Writes the mentions of a speaker and returns the number of the first.
    fn speaker(&mut self, speaker: &crate::eval::Speaker) -> Option<usize> {
        let label = match speaker.kind {
            Some(SpeakerType::Person) => "Person",
            Some(SpeakerType::Organization) => "Organization",
            Some(SpeakerType::Group) => "Group",
            Some(SpeakerType::Document) => "Document",
            None => "Speaker",
        };
        let numbers: Vec<_> = speaker.mentions.iter().filter_map(|span| self.bound(label, &[*span])).collect();
        let first = *numbers.first()?;
        if numbers.len() > 1 {
            let group: Vec<_> = numbers.iter().map(|it| format!("T{it}")).collect();
            let _ = writeln!(self.out, "*\tSame {}", group.join(" "));
        }
        if !speaker.names.is_empty() {
            self.note("AnnotatorNotes", &format!("T{first}"), &notes::of_speaker(&speaker.names));
        }
        Some(first)
    }

    fn event(
        &mut self,
        number: usize,
        trigger: Span<Byte>,
        parent: Option<usize>,
        mention: Option<usize>,
        it: &Attribution,
    ) {
        let roles = [("Content", &it.content), ("Cue", &it.cue), ("Source", &it.source)];
        let arguments = roles.map(|(role, spans)| Some(format!(" {role}:T{}", self.bound(role, spans)?)));
        // A line end alone is nothing that an event could hang on, and then no role has any words either.
        let Some(trigger) = self.bound("Attribution", &[trigger]) else { return };
        let speaker = mention.map(|it| format!(" Speaker:T{it}"));
        let parent = parent.map(|it| format!(" Parent:E{it}"));
        let arguments: String = arguments.into_iter().flatten().chain(speaker).chain(parent).collect();
        let _ = writeln!(self.out, "E{number}\tAttribution:T{trigger}{arguments}");
    }

    fn details(&mut self, number: usize, mention: Option<usize>, it: &Attribution, labelled: &Labelled) {
        let called = it.speaker.filter(|_| mention.is_none()).and_then(|at| labelled.speakers.get(at));
        let attributes = [
            ("Mode", it.mode.map(labels::mode)),
            ("Kind", it.kind.map(labels::kind)),
            ("Naming", it.naming.map(Naming::name)),
            ("SpeakerType", called.and_then(|it| it.kind).map(labels::speaker_type)),
        ];
        for (name, value) in attributes {
            if let Some(value) = value {
                self.attribute(name, number, value);
            }
        }
        let event = format!("E{number}");
        if let Some(speaker) = called.filter(|it| !it.names.is_empty()) {
            self.note("AnnotatorNotes", &event, &notes::of_speaker(&speaker.names));
        }
        if let Some(confidence) = it.confidence {
            self.note(notes::CONFIDENCE, &event, &confidence.to_string());
        }
    }
}

/// The span's parts within lines, without the line ends.
fn by_line(span: Span<Byte>, text: &str) -> Vec<Span<Byte>> {
    let mut start = span.start;
    let mut parts = Vec::new();
    for line in span.of(text).split('\n') {
        let words = line.strip_suffix('\r').unwrap_or(line);
        if !words.trim().is_empty() {
            parts.push(Span::new(start, start + words.len()));
        }
        start += line.len() + 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::eval::Speaker;
    use crate::eval::arbitrary::labelled;
    use crate::eval::gold::{self, Options};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_again(labelled in labelled()) {
            let folder = tempfile::tempdir().unwrap();
            write(folder.path(), std::slice::from_ref(&labelled)).unwrap();
            let read = gold::read(folder.path(), &Options::default()).unwrap();
            let warnings: Vec<_> = read.warnings.iter().map(ToString::to_string).collect();
            prop_assert_eq!(warnings, Vec::<String>::new());
            prop_assert_eq!(read.documents, vec![labelled]);
        }
    }

    #[test]
    fn a_quotation_over_lines_is_a_fragment_a_line() {
        let text = "“Go.\r\n\nStay,” said Ana Ruiz.";
        let speaker = Speaker {
            names: vec!["Ana Ruiz".to_owned()],
            kind: Some(SpeakerType::Person),
            mentions: vec![Span::new(23, 31)],
        };
        let labelled = Labelled {
            document: Document::new("a", text),
            scope: Scope::ALL,
            attributions: vec![Attribution {
                content: vec![Span::new(0, 17)],
                cue: vec![Span::new(18, 22)],
                source: vec![Span::new(23, 31)],
                speaker: Some(0),
                ..Attribution::default()
            }],
            speakers: vec![speaker],
            tokens: None,
        };
        let expected = "\
T1\tPerson 19 27\tAna Ruiz
#1\tAnnotatorNotes T1\tspeaker: Ana Ruiz
T2\tContent 0 4;7 13\t“Go. Stay,”
T3\tCue 14 18\tsaid
T4\tSource 19 27\tAna Ruiz
T5\tAttribution 14 18\tsaid
E1\tAttribution:T5 Content:T2 Cue:T3 Source:T4 Speaker:T1
";
        assert_eq!(standoff(&labelled), (expected.to_owned(), vec![("T2".to_owned(), 0)]));
    }

    #[test]
    fn names_of_files_are_safe_and_told_apart() {
        let mut taken = HashSet::new();
        let cases = [
            ("news/a", "news/a"),
            ("News/A", "News/A-2"),
            ("../../etc", "etc"),
            ("a.jsonl:3", "a_jsonl_3"),
            ("", "document"),
            ("..", "document-2"),
            (".git/x", "_git/x"),
        ];
        for (id, name) in cases {
            assert_eq!(free_name(id, &mut taken), name);
        }
    }
}
