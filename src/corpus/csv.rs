//! CSV by RFC 4180: a header, then one row a statement.
//!
//! Words in several parts are joined by ` … ` and their offsets by `;` (`12-40;58-77`). Offsets are code points, the end
//! exclusive. Fields that the input had besides `id` and `text` are left out; JSONL has them.

use std::io::{self, Write};

use csv::Terminator;

use super::confidence::shown;
use super::{Writer, labels};
use crate::document::{Byte, CharIndex, Document, Span};
use crate::statement::{Annotation, Statement};

/// The columns, in their order.
pub const COLUMNS: [&str; 15] = [
    "document",
    "statement",
    "parent",
    "mode",
    "kind",
    "confidence",
    "speaker",
    "speaker_type",
    "speaker_id",
    "source",
    "cue",
    "content",
    "source_offsets",
    "cue_offsets",
    "content_offsets",
];

/// Writes one row a statement.
#[derive(Debug)]
pub struct CsvWriter<W: Write> {
    rows: csv::Writer<W>,
    begun: bool,
}

impl<W: Write> CsvWriter<W> {
    /// Writes to `output`, which need not be buffered.
    pub fn new(output: W) -> Self {
        Self { rows: csv::WriterBuilder::new().terminator(Terminator::CRLF).from_writer(output), begun: false }
    }

    /// Without the header, for rows that go on from those of an earlier writer.
    pub fn continuing(self) -> Self {
        Self { begun: true, ..self }
    }

    fn begin(&mut self) -> io::Result<()> {
        if !self.begun {
            self.rows.write_record(COLUMNS)?;
            self.begun = true;
        }
        Ok(())
    }
}

impl<W: Write> Writer for CsvWriter<W> {
    fn write(&mut self, document: &Document, annotation: &Annotation) -> io::Result<()> {
        self.begin()?;
        let index = CharIndex::new(&document.text);
        for (at, statement) in annotation.statements.iter().enumerate() {
            self.rows.write_record(row(document, annotation, &index, at, statement))?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.begin()?;
        self.rows.flush()
    }
}

fn row(
    document: &Document,
    annotation: &Annotation,
    index: &CharIndex<'_>,
    at: usize,
    statement: &Statement,
) -> [String; COLUMNS.len()] {
    let number = |at: Option<usize>| at.map(|at| (at + 1).to_string()).unwrap_or_default();
    let speaker = statement.speaker.and_then(|at| annotation.speakers.get(at));
    [
        document.id.clone(),
        number(Some(at)),
        number(statement.parent),
        labels::mode(statement.mode).to_owned(),
        labels::kind(statement.kind).to_owned(),
        shown(statement.confidence).to_string(),
        speaker.map(|it| it.name.clone()).unwrap_or_default(),
        speaker.map(|it| labels::speaker_type(it.kind).to_owned()).unwrap_or_default(),
        number(speaker.and(statement.speaker)),
        words(&document.text, &statement.source),
        words(&document.text, &statement.cue),
        words(&document.text, &statement.content),
        offsets(index, &statement.source),
        offsets(index, &statement.cue),
        offsets(index, &statement.content),
    ]
}

fn words(text: &str, spans: &[Span<Byte>]) -> String {
    spans.iter().map(|span| span.of(text)).collect::<Vec<_>>().join(" … ")
}

fn offsets(index: &CharIndex<'_>, spans: &[Span<Byte>]) -> String {
    let chars = spans.iter().map(|span| index.chars(*span));
    chars.map(|span| format!("{}-{}", span.start, span.end)).collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::example;

    fn written(documents: &[(Document, Annotation)]) -> String {
        let mut output = Vec::new();
        let mut writer = CsvWriter::new(&mut output);
        for (document, annotation) in documents {
            writer.write(document, annotation).unwrap();
        }
        writer.finish().unwrap();
        drop(writer);
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn the_header_is_there_without_statements() {
        let header = format!("{}\r\n", COLUMNS.join(","));
        assert_eq!(written(&[]), header);
        assert_eq!(written(&[(Document::new("a", "Rain."), Annotation::default())]), header);
    }

    #[test]
    fn what_goes_on_has_no_second_header() {
        let mut output = Vec::new();
        CsvWriter::new(&mut output).continuing().finish().unwrap();
        assert!(output.is_empty());
    }

    #[test]
    fn every_statement_is_a_row() {
        let text = written(&[example::annotated()]);
        let rows: Vec<_> = text.split_terminator("\r\n").skip(1).collect();
        assert_eq!(
            rows,
            [
                "harbour,1,,direct,speech,0.97,Zoë Lindqvist,person,1,Zoë Lindqvist,said,\
                 \"“No ship sails,” … “not today.”\",22-35,17-21,0-16;37-49",
                "harbour,2,,indirect,speech,0.8,report,document,2,a report,says,\
                 She thinks the quay floods,78-86,87-91,50-76",
                "harbour,3,2,indirect,thought,0.61,Zoë Lindqvist,person,1,She,thinks,\
                 the quay floods,50-53,54-60,61-76",
                "harbour,4,,direct,speech,0.4,,,,,,“Stay home.”,,,93-105",
            ]
        );
    }

    #[test]
    fn quotes_and_line_ends_are_escaped() {
        let (mut document, annotation) = example::annotated();
        document.id = "the \"north\",\nday 1".to_owned();
        let text = written(&[(document, annotation)]);
        assert!(text.contains("\r\n\"the \"\"north\"\",\nday 1\",1,"));
    }
}
