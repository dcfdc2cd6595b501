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
use super::rows;
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
    let (header, rows) = rows::rows(&text, separator(&text), &place)?;
    let header = Header::new(&header, &context.options.columns);
    let header = header.map_err(|fault| GoldError::at(place.at_line(1), fault))?;
    let scope = header.scope();
    if !scope.contents && !scope.cues && !scope.sources {
        return Err(GoldError::at(place.at_line(1), Fault::NoColumn("content_offsets".to_owned())));
    }
    let stem = context::stem(file);
    let mut documents: Vec<(String, Vec<(usize, StringRecord)>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (line, row) in rows {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::gold::testing::{gold, gold_with, words};
    use crate::eval::gold::{Options, read_predictions};

    const TEXT: &str = "“No ship sails,” said Zoë, “not today.” She left.";

    #[test]
    fn a_table_of_annotate_gives_predictions() {
        let rows = "document,statement,parent,mode,kind,confidence,speaker,speaker_type,speaker_id,source,cue,content,\
                    source_offsets,cue_offsets,content_offsets\r\n\
                    quay,1,,direct,speech,0.97,Zoë,person,1,Zoë,said,\"“No ship sails,” … “not today.”\",22-25,17-21,0-16;27-39\r\n\
                    quay,2,1,indirect,thought,0.5,,,,,,She left.,,,40-49\r\n\
                    fog,1,,direct,speech,0.9,,,,,,x,,,0-1\r\n";
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        std::fs::write(&path, rows).unwrap();
        let labelled = |id: &str| Labelled {
            document: Document::new(id, TEXT),
            scope: Scope::ALL,
            attributions: Vec::new(),
            speakers: Vec::new(),
            tokens: None,
        };
        let read = read_predictions(&path, &Options::default(), &[labelled("quay")]).unwrap();
        let [only] = read.documents.as_slice() else { panic!("{read:?}") };
        let expected = [["“No ship sails,”|“not today.”", "said", "Zoë", "Zoë"], ["She left.", "", "", ""]];
        assert_eq!(words(only), expected);
        assert_eq!((only.attributions[1].parent, only.attributions[0].confidence), (Some(0), Some(0.97)));
        let warning = read.warnings[0].to_string();
        assert!(warning.contains("out.csv:4: the gold has no document \"fog\""), "{warning}");
    }

    #[test]
    fn columns_are_called_as_the_user_says() {
        let files = [("t.csv", "file;begin;end;who\nquay;0;16;Zoë\nquay;27;39;Zoë\n"), ("texts/quay.txt", TEXT)];
        let columns = [("document", "file"), ("content_start", "begin"), ("content_end", "end"), ("speaker", "who")];
        let columns = columns.map(|(field, name)| (field.to_owned(), name.to_owned())).to_vec();
        let options = |folder: &Path| Options {
            columns: Columns(columns),
            texts: Some(folder.join("texts")),
            ..Options::default()
        };
        let (documents, warnings) = gold_with(&files, "t.csv", options);
        assert_eq!(warnings, [""; 0]);
        assert_eq!(words(&documents[0]), [["“No ship sails,”", "", "", "Zoë"], ["“not today.”", "", "", "Zoë"]]);
        assert_eq!((documents[0].scope.cues, documents[0].scope.speakers), (false, true));
    }

    #[test]
    fn words_without_offsets_are_looked_for() {
        let table = "document,text,content,cue\n1,Rain fell. It fell and fell.,Rain fell,\n1,,Snow,\n1,,Rain,fell\n";
        let (documents, warnings) = gold(&[("t.csv", table)], "t.csv");
        assert_eq!(words(&documents[0]), [["Rain fell", "", "", ""]]);
        assert_eq!(warnings.len(), 2);
        assert!(warnings[0].starts_with("t.csv:3: the words \"Snow\" are not found in the text"), "{warnings:?}");
        assert!(
            warnings[1].starts_with("t.csv:4: the words \"fell\" stand in the text more than once"),
            "{warnings:?}"
        );
    }

    #[test]
    fn what_is_wrong_is_located() {
        let cases = [
            (
                "text,content_offsets,content\nRain fell.,0-4,Snow\n",
                "t.csv:2: at 0..4 the labels say \"Snow\" and the text says \"Rain\"",
            ),
            ("text,content_offsets,mode\nRain fell.,0,x\n", "t.csv:2: \"0\" are no offsets;"),
            ("text,content_start,content_end\nRain fell.,0,\n", "t.csv:2: content_start and content_end go together;"),
            ("text,content_offsets,confidence\nRain fell.,0-4,high\n", "t.csv:2: a confidence that is no number;"),
            ("document,who,when\na,b,c\n", "t.csv:1: there is no column \"content_offsets\"; name the column"),
        ];
        for (table, expected) in cases {
            let (_, warnings) = gold(&[("t.csv", table)], "t.csv");
            assert!(warnings.len() == 1 && warnings[0].starts_with(expected), "{warnings:?}");
        }
    }
}
