//! A CSV table with one row an attribution, such as `dixit annotate` writes or a spreadsheet.
//!
//! Each role has a column for where it stands (`content_offsets`: `12-40;58-77`, or the two columns `content_start` and
//! `content_end`), one for its words (`content`, parts joined by ` … `), or both, which then must agree. Words without
//! offsets are looked for, and must stand in the text once. Texts come from a column `text` or from the folder of texts.
//! Columns that are called otherwise are named in [`Columns`](super::Columns); the separator is a comma, a semicolon or a
//! tabulator, whichever the header has most of.

use std::collections::HashMap;
use std::path::Path;

use csv::StringRecord;

use super::cast::Cast;
use super::context::{self, Collector, Context};
use super::positions::{Positions, mismatch};
use super::{Columns, FIELDS, Fault, GoldError};
use crate::corpus::{Place, labels};
use crate::document::{Byte, CharIndex, Document, Span};
use crate::eval::{Attribution, Labelled, Naming, Scope, Speaker};

/// What joins the words of several spans.
const JOINT: &str = " … ";

pub(super) fn read(path: &Path, context: &Context<'_>, found: &mut Collector) -> Result<(), GoldError> {
    for file in context::files(path, &["csv", "tsv"]) {
        table(&file, context, found)?;
    }
    Ok(())
}

/// Where the columns stand, by what dixit calls them.
struct Header(HashMap<&'static str, usize>);

impl Header {
    fn new(header: &StringRecord, columns: &Columns) -> Result<Self, Fault> {
        let mut places = HashMap::new();
        for field in FIELDS {
            let named = columns.0.iter().rev().find(|(it, _)| it == field).map(|(_, name)| name.as_str());
            match header.iter().position(|name| name.trim() == named.unwrap_or(field)) {
                Some(place) => drop(places.insert(field, place)),
                None if named.is_some() => return Err(Fault::NoColumn(named.unwrap_or(field).to_owned())),
                None => {}
            }
        }
        Ok(Self(places))
    }

    fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// The value of a field, if there is one.
    fn get<'r>(&self, row: &'r StringRecord, field: &str) -> Option<&'r str> {
        row.get(*self.0.get(field)?).filter(|it| !it.trim().is_empty())
    }

    /// What the table can say at all.
    fn scope(&self) -> Scope {
        let any = |fields: [&str; 3]| fields.iter().any(|it| self.has(it));
        Scope {
            contents: any(["content", "content_offsets", "content_start"]),
            cues: any(["cue", "cue_offsets", "cue_start"]),
            sources: any(["source", "source_offsets", "source_start"]),
            speakers: self.has("speaker"),
            ..Scope::ALL
        }
    }
}

fn table(file: &Path, context: &Context<'_>, found: &mut Collector) -> Result<(), GoldError> {
    let place = context::place(file);
    let text = context::file(file)?;
    let text = text.trim_start_matches('\u{FEFF}');
    let mut table = csv::ReaderBuilder::new().flexible(true).delimiter(separator(text)).from_reader(text.as_bytes());
    let broken = |error: csv::Error| {
        let line = error.position().map_or(0, |it| usize::try_from(it.line()).unwrap_or(usize::MAX));
        GoldError::at(place.at_line(line), Fault::Malformed(error.to_string()))
    };
    let header = Header::new(table.headers().map_err(broken)?, &context.options.columns);
    let header = header.map_err(|fault| GoldError::at(place.at_line(1), fault))?;
    let scope = header.scope();
    if !scope.contents && !scope.cues && !scope.sources {
        return Err(GoldError::at(place.at_line(1), Fault::NoColumn("content_offsets".to_owned())));
    }
    let stem = context::stem(file);
    let mut documents: Vec<(String, Vec<(usize, StringRecord)>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in table.records() {
        let row = row.map_err(broken)?;
        let line = row.position().map_or(0, |it| usize::try_from(it.line()).unwrap_or(usize::MAX));
        let id = header.get(&row, "document").unwrap_or(&stem).to_owned();
        let at = *places.entry(id.clone()).or_insert(documents.len());
        if at == documents.len() {
            documents.push((id, Vec::new()));
        }
        documents[at].1.push((line, row));
    }
    for (id, rows) in documents {
        document(id, &rows, &header, &place, context, found);
    }
    Ok(())
}

/// What separates the columns.
fn separator(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |it: &u8| header.bytes().filter(|byte| byte == it).count();
    // Of equals the last is the greatest.
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

fn document(
    id: String,
    rows: &[(usize, StringRecord)],
    header: &Header,
    place: &Place,
    context: &Context<'_>,
    found: &mut Collector,
) {
    let own = rows.iter().find_map(|(_, row)| header.get(row, "text")).map(str::to_owned);
    let text = match own.map_or_else(|| context.text(&id), Ok) {
        Ok(text) => text,
        Err(error) => {
            found.warn(place.at_line(rows.first().map_or(0, |(line, _)| *line)), error.fault);
            return;
        }
    };
    let positions = Positions::new(&text);
    let mut cast = Cast::new();
    let mut attributions: Vec<Attribution> = Vec::new();
    let (mut numbers, mut parents) = (HashMap::new(), Vec::new());
    for (line, row) in rows {
        match attribution(row, header, &positions) {
            Ok(mut attribution) => {
                attribution.speaker = speaker(row, header, &mut cast);
                if let Some(number) = header.get(row, "statement") {
                    numbers.insert(number, attributions.len());
                }
                parents.push(header.get(row, "parent"));
                attributions.push(attribution);
            }
            Err(fault) => found.warn(place.at_line(*line), fault),
        }
    }
    for (attribution, parent) in attributions.iter_mut().zip(parents) {
        attribution.parent = parent.and_then(|number| numbers.get(number).copied());
    }
    let (scope, speakers, document) = (header.scope(), cast.speakers, Document::new(id, text));
    let line = rows.first().map_or(0, |(line, _)| *line);
    found.push(context, &place.at_line(line), Labelled { document, scope, attributions, speakers, tokens: None });
}

fn attribution(row: &StringRecord, header: &Header, positions: &Positions<'_>) -> Result<Attribution, Fault> {
    let get = |field| header.get(row, field);
    let confidence = get("confidence").map(|it| it.trim().parse());
    let confidence =
        confidence.transpose().map_err(|_| Fault::Malformed("a confidence that is no number".to_owned()))?;
    Ok(Attribution {
        content: role(row, header, ["content", "content_offsets", "content_start", "content_end"], positions)?,
        cue: role(row, header, ["cue", "cue_offsets", "cue_start", "cue_end"], positions)?,
        source: role(row, header, ["source", "source_offsets", "source_start", "source_end"], positions)?,
        mode: get("mode").and_then(labels::mode_of),
        kind: get("kind").and_then(labels::kind_of),
        naming: get("naming").and_then(Naming::of),
        speaker: None,
        confidence,
        parent: None,
    })
}

/// Where a role stands, by the columns of its words, its offsets, its start and its end.
fn role(
    row: &StringRecord,
    header: &Header,
    [words, offsets, start, end]: [&str; 4],
    positions: &Positions<'_>,
) -> Result<Vec<Span<Byte>>, Fault> {
    let get = |field| header.get(row, field);
    let malformed = |offsets: &str| Fault::Malformed(format!("{offsets:?} are no offsets"));
    let number = |it: &str| it.trim().parse::<usize>().map_err(|_| malformed(it));
    let label = get(words);
    let spans = match (get(offsets), get(start), get(end)) {
        (Some(list), ..) => list
            .split(';')
            .map(|pair| {
                let (start, end) = pair.split_once('-').ok_or_else(|| malformed(pair))?;
                positions.span(number(start)?, number(end)?)
            })
            .collect::<Result<Vec<_>, _>>()?,
        (None, Some(start), Some(end)) => vec![positions.span(number(start)?, number(end)?)?],
        (None, None, None) => return label.map_or(Ok(Vec::new()), |label| search(label, positions.text())),
        _ => return Err(Fault::Malformed(format!("{start} and {end} go together"))),
    };
    let text: Vec<_> = spans.iter().map(|span| span.of(positions.text())).collect();
    match (label, spans.first().zip(spans.last())) {
        (Some(label), Some((first, last))) if text.join(JOINT) != label => {
            let whole = CharIndex::new(positions.text()).chars(Span::new(first.start, last.end));
            Err(mismatch(whole.start, whole.end, label, &text.join(JOINT)))
        }
        _ => Ok(spans),
    }
}

/// Where words without offsets stand, if they stand there once.
fn search(label: &str, text: &str) -> Result<Vec<Span<Byte>>, Fault> {
    let part = |part: &str| {
        let part = part.trim();
        let mut places = text.match_indices(part);
        match (places.next(), places.next()) {
            (Some((start, _)), None) => Ok(Span::new(start, start + part.len())),
            (Some(_), Some(_)) => Err(Fault::Malformed(format!("the words {part:?} stand in the text more than once"))),
            _ => Err(Fault::NotInText(part.to_owned())),
        }
    };
    label.split(JOINT).filter(|it| !it.trim().is_empty()).map(part).collect()
}

/// Index of a row's speaker: whoever has the same number, or else the same name and type.
fn speaker(row: &StringRecord, header: &Header, cast: &mut Cast<(String, String)>) -> Option<usize> {
    let name = header.get(row, "speaker")?.trim();
    let kind = header.get(row, "speaker_type").unwrap_or_default();
    let key = match header.get(row, "speaker_id") {
        Some(id) => (id.to_owned(), String::new()),
        None => (name.to_owned(), kind.to_owned()),
    };
    let new = || Speaker { names: vec![name.to_owned()], kind: labels::speaker_type_of(kind), mentions: Vec::new() };
    Some(cast.index(key, new))
}
