//! For people: the statements of each document, by speaker.
//!
//! Speakers come in the order of their first mention, those without a name last. The number before a statement is its
//! place in the text, and the same as in JSONL and CSV.

use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use textwrap::Options;

use super::confidence::shown;
use super::{Writer, labels};
use crate::document::{Byte, Document, Span};
use crate::speakers::Entity;
use crate::statement::{Annotation, Kind, Statement};

/// Writes for a terminal or a text file.
#[derive(Debug)]
pub struct PrettyWriter<W> {
    output: W,
    width: usize,
    styles: Styles,
    begun: bool,
}

#[derive(Debug, Default)]
struct Styles {
    title: Style,
    speaker: Style,
    content: Style,
    detail: Style,
}

impl Styles {
    fn coloured() -> Self {
        Self {
            title: Style::new().bold().underline(),
            speaker: Style::new().bold(),
            content: AnsiColor::Cyan.on_default(),
            detail: Style::new().dimmed(),
        }
    }
}

impl<W: Write> PrettyWriter<W> {
    /// Writes to `output`, which should be buffered, in lines of at most `width` columns (but never less than 40), with
    /// colours or without.
    pub fn new(output: W, width: usize, coloured: bool) -> Self {
        let styles = if coloured { Styles::coloured() } else { Styles::default() };
        Self { output, width: width.max(40), styles, begun: false }
    }

    /// For documents that go on from those of an earlier writer.
    pub fn continuing(self) -> Self {
        Self { begun: true, ..self }
    }

    fn title(&mut self, document: &Document, rest: &str) -> io::Result<()> {
        if self.begun {
            self.output.write_all(b"\n")?;
        }
        self.begun = true;
        let style = self.styles.title;
        writeln!(self.output, "{style}{}{style:#}: {rest}", printable(&document.id))
    }

    /// "Zoë Lindqvist · person · harbour master"
    fn speaker(&mut self, speaker: &Entity) -> io::Result<()> {
        let (bold, dim) = (self.styles.speaker, self.styles.detail);
        let name = printable(&speaker.name);
        let lines = textwrap::wrap(&name, self.width - 2);
        let Some((last, before)) = lines.split_last() else { return Ok(()) };
        for line in before {
            writeln!(self.output, "  {bold}{line}{bold:#}")?;
        }
        // What follows the name wraps as if the name were its indentation.
        let lead = format!("  {last} ");
        let options = Options::new(self.width).initial_indent(&lead).subsequent_indent("    ");
        let mut detail = vec![String::new(), labels::speaker_type(speaker.kind).to_owned()];
        detail.extend(speaker.titles.iter().map(|title| printable(title)));
        for line in textwrap::wrap(detail.join(" · ").trim_start(), options) {
            match line.strip_prefix(&lead) {
                Some(rest) => writeln!(self.output, "  {bold}{last}{bold:#} {dim}{rest}{dim:#}")?,
                None => writeln!(self.output, "{dim}{line}{dim:#}")?,
            }
        }
        Ok(())
    }

    fn statements(&mut self, text: &str, statements: &[(usize, &Statement)]) -> io::Result<()> {
        let digits = statements.last().map_or(1, |(at, _)| (at + 1).to_string().len());
        for (at, statement) in statements {
            let content = words(text, &statement.content, " … ");
            self.paragraph(&format!("    {:>digits$}  ", at + 1), &content, self.styles.content)?;
            self.paragraph(&" ".repeat(6 + digits), &details(text, statement), self.styles.detail)?;
        }
        Ok(())
    }

    /// Wrapped words; the first line begins with `lead`, the others with as much space.
    fn paragraph(&mut self, lead: &str, words: &str, style: Style) -> io::Result<()> {
        let indent = lead.chars().count();
        let mut lead = Cow::Borrowed(lead);
        for line in textwrap::wrap(words, self.width.saturating_sub(indent).max(1)) {
            writeln!(self.output, "{lead}{style}{line}{style:#}")?;
            lead = Cow::Owned(" ".repeat(indent));
        }
        Ok(())
    }
}

impl<W: Write> Writer for PrettyWriter<W> {
    fn write(&mut self, document: &Document, annotation: &Annotation) -> io::Result<()> {
        let Annotation { statements, speakers } = annotation;
        if statements.is_empty() {
            return self.title(document, "no statements");
        }
        let counts = format!("{}, {}", counted(statements.len(), "statement"), counted(speakers.len(), "speaker"));
        self.title(document, &counts)?;
        // One pass over the statements: a document may have as many speakers as statements.
        let mut sections = vec![Vec::new(); speakers.len()];
        let mut nobodys = Vec::new();
        for (at, statement) in statements.iter().enumerate() {
            let section = statement.speaker.and_then(|speaker| sections.get_mut(speaker));
            section.unwrap_or(&mut nobodys).push((at, statement));
        }
        for (speaker, section) in speakers.iter().zip(&sections).filter(|(_, section)| !section.is_empty()) {
            self.output.write_all(b"\n")?;
            self.speaker(speaker)?;
            self.statements(&document.text, section)?;
        }
        if !nobodys.is_empty() {
            self.output.write_all(b"\n")?;
            self.paragraph("  ", "No speaker named", self.styles.speaker)?;
            self.statements(&document.text, &nobodys)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

/// "said Zoë Lindqvist · direct · 0.97"
fn details(text: &str, statement: &Statement) -> String {
    let mut attribution: Vec<_> = statement.cue.iter().chain(&statement.source).copied().collect();
    attribution.sort_unstable();
    let mut details = Vec::new();
    if !attribution.is_empty() {
        details.push(words(text, &attribution, " "));
    }
    details.push(match statement.kind {
        Kind::Speech => labels::mode(statement.mode).to_owned(),
        kind => format!("{} {}", labels::mode(statement.mode), labels::kind(kind)),
    });
    details.extend(statement.parent.map(|parent| format!("within {}", parent + 1)));
    details.push(format!("{:.2}", shown(statement.confidence)));
    details.join(" · ")
}

fn words(text: &str, spans: &[Span<Byte>], between: &str) -> String {
    spans.iter().map(|span| printable(span.of(text))).collect::<Vec<_>>().join(between)
}

/// The words on one line, without what a terminal would obey instead of show.
fn printable(text: &str) -> String {
    let shown = text.replace(|it: char| it.is_control() && !it.is_whitespace(), "\u{FFFD}");
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::example;

    fn written(documents: &[(Document, Annotation)], width: usize, coloured: bool) -> String {
        let mut output = Vec::new();
        let mut writer = PrettyWriter::new(&mut output, width, coloured);
        for (document, annotation) in documents {
            writer.write(document, annotation).unwrap();
        }
        writer.finish().unwrap();
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn statements_stand_under_their_speakers() {
        let expected = "\
harbour: 4 statements, 2 speakers

  Zoë Lindqvist · person · harbour master
    1  “No ship sails,” … “not today.”
       said Zoë Lindqvist · direct · 0.97
    3  the quay floods
       She thinks · indirect thought · within 2 · 0.61

  report · document
    2  She thinks the quay floods
       a report says · indirect · 0.80

  No speaker named
    4  “Stay home.”
       direct · 0.40
";
        assert_eq!(written(&[example::annotated()], 80, false), expected);
    }

    #[test]
    fn a_document_without_statements_takes_a_line() {
        let nothing = |id: &str| (Document::new(id, ""), Annotation::default());
        assert_eq!(written(&[nothing("a"), nothing("b")], 80, false), "a: no statements\n\nb: no statements\n");
    }

    #[test]
    fn what_goes_on_stands_apart() {
        let mut output = Vec::new();
        let mut writer = PrettyWriter::new(&mut output, 80, false).continuing();
        writer.write(&Document::new("b", ""), &Annotation::default()).unwrap();
        assert_eq!(output, b"\nb: no statements\n");
    }

    #[test]
    fn lines_are_wrapped_and_not_too_narrow() {
        let (mut document, mut annotation) = example::annotated();
        document.text = "a word ".repeat(40);
        annotation.statements.truncate(1);
        annotation.statements[0].content = vec![Span::new(0, document.text.len())];
        for width in [0, 40, 60] {
            let text = written(&[(document.clone(), annotation.clone())], width, false);
            let longest = text.lines().map(|line| line.chars().count()).max();
            assert!(longest <= Some(width.max(40)) && longest > Some(30), "{longest:?}");
        }
    }

    #[test]
    fn colours_only_colour() {
        let coloured = written(&[example::annotated()], 80, true);
        assert!(coloured.contains("\u{1b}[36m“No ship sails,” … “not today.”\u{1b}[0m\n"));
        assert!(coloured.contains("\u{1b}[2msaid Zoë Lindqvist · direct · 0.97\u{1b}[0m\n"));
        let mut plain = String::new();
        for part in coloured.split('\u{1b}') {
            plain += part.strip_prefix('[').and_then(|it| it.split_once('m')).map_or(part, |(_, rest)| rest);
        }
        assert_eq!(plain, written(&[example::annotated()], 80, false));
    }

    #[test]
    fn a_terminal_has_nothing_to_obey() {
        let document = Document::new("a\u{1b}[2J", "\u{1b}]0;title\u{7}\r\nfell\u{9b}");
        let statement = Statement {
            content: vec![Span::new(0, document.text.len())],
            cue: Vec::new(),
            source: Vec::new(),
            ..example::annotated().1.statements[3].clone()
        };
        let annotation = Annotation { statements: vec![statement], speakers: Vec::new() };
        let text = written(&[(document, annotation)], 80, false);
        assert!(text.contains("\u{FFFD}]0;title\u{FFFD} fell\u{FFFD}"));
        assert!(!text.contains(|it: char| it.is_control() && it != '\n'));
    }
}
