//! Writes what was consolidated: a table of quotations, one of speakers, one of statements; as CSV, JSONL, Parquet or
//! Arrow IPC.
//!
//! Ids count from 1 in the order of the rows. In CSV, several values of a field are joined by `; `.

#[cfg(feature = "arrow")]
mod columns;

use std::io::{self, Write};

use csv::Terminator;
use serde::Serialize;

use super::{Consolidated, Member, Quotation, Speaker};
use crate::corpus::{confidence::shown, labels};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, with a header.
    Csv,
    /// One object a row.
    Jsonl,
    /// Parquet, compressed with zstd.
    #[cfg(feature = "arrow")]
    Parquet,
    /// An Arrow IPC file ("Feather"), uncompressed.
    #[cfg(feature = "arrow")]
    Arrow,
}

/// What there is a table of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// One row a quotation.
    Quotations,
    /// One row a speaker.
    Speakers,
    /// One row a statement: which quotation it is, and whether its document names the speaker that was voted for.
    Statements,
}

/// Writes a table to `output`, which need not be buffered.
///
/// # Errors
/// If `output` cannot be written to.
pub fn write(consolidated: &Consolidated, table: Table, format: Format, output: impl Write + Send) -> io::Result<()> {
    let it = consolidated;
    match table {
        Table::Quotations => {
            rows(it.quotations.iter().enumerate().map(|(at, row)| quotation(it, at, row)), format, output)
        }
        Table::Speakers => rows(it.speakers.iter().enumerate().map(|(at, row)| speaker(at, row)), format, output),
        Table::Statements => rows(it.statements.iter().map(|row| member(it, row)), format, output),
    }
}

#[cfg(feature = "arrow")]
use columns::Columns;

/// What has no columns of a type has nothing to say of them.
#[cfg(not(feature = "arrow"))]
trait Columns {}

#[cfg(not(feature = "arrow"))]
impl<R> Columns for R {}

trait Row: Serialize + Columns {
    /// The header of the CSV.
    const COLUMNS: &'static [&'static str];

    /// The fields of the CSV.
    fn fields(&self) -> Vec<String>;
}

fn rows<R: Row>(rows: impl Iterator<Item = R>, format: Format, output: impl Write + Send) -> io::Result<()> {
    match format {
        #[cfg(feature = "arrow")]
        Format::Parquet => columns::parquet(rows, output),
        #[cfg(feature = "arrow")]
        Format::Arrow => columns::ipc(rows, output),
        Format::Jsonl => {
            let mut output = io::BufWriter::new(output);
            for row in rows {
                serde_json::to_writer(&mut output, &row)?;
                output.write_all(b"\n")?;
            }
            output.flush()
        }
        Format::Csv => {
            let mut output = csv::WriterBuilder::new().terminator(Terminator::CRLF).from_writer(output);
            output.write_record(R::COLUMNS)?;
            for row in rows {
                output.write_record(row.fields())?;
            }
            output.flush()
        }
    }
}

#[derive(Serialize)]
struct QuotationRow<'a> {
    id: usize,
    content: &'a str,
    mode: &'static str,
    speaker_id: Option<usize>,
    speaker: Option<&'a str>,
    speaker_type: Option<&'static str>,
    confidence: f64,
    documents: usize,
    statements: usize,
    /// Statements whose document names the speaker voted for.
    agreeing: usize,
    first_document: &'a str,
    members: Vec<String>,
}

fn quotation<'a>(all: &'a Consolidated, at: usize, it: &'a Quotation) -> QuotationRow<'a> {
    let members = &all.statements[it.statements.clone()];
    let speaker = it.speaker.map(|speaker| &all.speakers[speaker]);
    QuotationRow {
        id: at + 1,
        content: &it.content,
        mode: labels::mode(it.mode),
        speaker_id: it.speaker.map(|speaker| speaker + 1),
        speaker: speaker.map(|it| it.name.as_str()),
        speaker_type: speaker.map(|it| labels::speaker_type(it.kind)),
        confidence: rounded(it.confidence),
        documents: it.documents,
        statements: members.len(),
        agreeing: members.iter().filter(|member| it.speaker.is_some() && member.speaker == it.speaker).count(),
        first_document: &all.documents[it.first_document],
        members: members.iter().map(|it| format!("{}:{}", all.documents[it.document], it.number)).collect(),
    }
}

impl Row for QuotationRow<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "content",
        "mode",
        "speaker_id",
        "speaker",
        "speaker_type",
        "confidence",
        "documents",
        "statements",
        "agreeing",
        "first_document",
        "members",
    ];

    fn fields(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.content.to_owned(),
            self.mode.to_owned(),
            number(self.speaker_id),
            self.speaker.unwrap_or_default().to_owned(),
            self.speaker_type.unwrap_or_default().to_owned(),
            self.confidence.to_string(),
            self.documents.to_string(),
            self.statements.to_string(),
            self.agreeing.to_string(),
            self.first_document.to_owned(),
            self.members.join("; "),
        ]
    }
}

#[derive(Serialize)]
struct SpeakerRow<'a> {
    id: usize,
    name: &'a str,
    r#type: &'static str,
    titles: &'a [String],
    variants: Vec<Variant<'a>>,
    statements: usize,
    quotations: usize,
    documents: usize,
}

#[derive(Serialize)]
struct Variant<'a> {
    name: &'a str,
    documents: usize,
}

fn speaker(at: usize, it: &Speaker) -> SpeakerRow<'_> {
    SpeakerRow {
        id: at + 1,
        name: &it.name,
        r#type: labels::speaker_type(it.kind),
        titles: &it.titles,
        variants: it.variants.iter().map(|(name, documents)| Variant { name, documents: *documents }).collect(),
        statements: it.statements,
        quotations: it.quotations,
        documents: it.documents,
    }
}

impl Row for SpeakerRow<'_> {
    const COLUMNS: &'static [&'static str] =
        &["id", "name", "type", "titles", "variants", "statements", "quotations", "documents"];

    fn fields(&self) -> Vec<String> {
        let variants: Vec<_> = self.variants.iter().map(|it| format!("{} ({})", it.name, it.documents)).collect();
        vec![
            self.id.to_string(),
            self.name.to_owned(),
            self.r#type.to_owned(),
            self.titles.join("; "),
            variants.join("; "),
            self.statements.to_string(),
            self.quotations.to_string(),
            self.documents.to_string(),
        ]
    }
}

#[derive(Serialize)]
struct MemberRow<'a> {
    document: &'a str,
    statement: u32,
    quotation: usize,
    speaker_id: Option<usize>,
    speaker: Option<&'a str>,
    voted_id: Option<usize>,
    voted: Option<&'a str>,
    agrees: bool,
    confidence: f64,
}

fn member<'a>(all: &'a Consolidated, it: &Member) -> MemberRow<'a> {
    let voted = all.quotations[it.quotation].speaker;
    let name = |speaker: Option<usize>| speaker.map(|at| all.speakers[at].name.as_str());
    MemberRow {
        document: &all.documents[it.document],
        statement: it.number,
        quotation: it.quotation + 1,
        speaker_id: it.speaker.map(|at| at + 1),
        speaker: name(it.speaker),
        voted_id: voted.map(|at| at + 1),
        voted: name(voted),
        agrees: it.speaker == voted,
        confidence: shown(it.confidence),
    }
}

impl Row for MemberRow<'_> {
    const COLUMNS: &'static [&'static str] =
        &["document", "statement", "quotation", "speaker_id", "speaker", "voted_id", "voted", "agrees", "confidence"];

    fn fields(&self) -> Vec<String> {
        vec![
            self.document.to_owned(),
            self.statement.to_string(),
            self.quotation.to_string(),
            number(self.speaker_id),
            self.speaker.unwrap_or_default().to_owned(),
            number(self.voted_id),
            self.voted.unwrap_or_default().to_owned(),
            self.agrees.to_string(),
            self.confidence.to_string(),
        ]
    }
}

fn number(number: Option<usize>) -> String {
    number.map(|it| it.to_string()).unwrap_or_default()
}

/// A confidence of a vote as files show it, with two decimals like every other.
fn rounded(confidence: f64) -> f64 {
    (confidence * 100.0).round() / 100.0
}
