//! PDNC: novels whose quotations have canonical speakers (Vishnubhotla et al. 2022).
//!
//! Each novel is a folder with `novel_text.txt`, `quotation_info.csv` and `character_info.csv`, after which its document
//! is called. Speakers have their aliases as further names; how a quotation is attributed is its [`Naming`]. PDNC labels
//! quotations in quotation marks alone, no cues, and source spans only as words, which stand at the quotation.

use std::collections::HashMap;
use std::path::Path;

use csv::StringRecord;

use super::cast::Cast;
use super::context::{self, Collector, Context};
use super::literal::Literal;
use super::positions::{Positions, mismatch};
use super::rows;
use super::{Fault, GoldError};
use crate::document::{Byte, Document, Span};
use crate::eval::{Attribution, Labelled, Naming, Scope, Speaker};
use crate::statement::{Kind, Mode};

const SCOPE: Scope = Scope { indirect: false, cues: false, sources: false, ..Scope::ALL };

pub(super) fn read(path: &Path, context: &Context<'_>, found: &mut Collector) -> Result<(), GoldError> {
    for file in context::files(path, &["csv"]) {
        if path.is_dir() && !file.ends_with("quotation_info.csv") {
            continue;
        }
        if let Err(error) = novel(&file, context, found) {
            found.skip(error);
        }
    }
    Ok(())
}

fn novel(file: &Path, context: &Context<'_>, found: &mut Collector) -> Result<(), GoldError> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let full = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let id = full.file_name().map_or_else(|| "novel".to_owned(), |it| it.to_string_lossy().into_owned());
    let names = ["novel_text.txt", "text.txt"].map(|name| folder.join(name));
    let text = match names.into_iter().find(|it| it.is_file()) {
        Some(path) => context::file(&path)?,
        None => context.text(&id)?,
    };
    let mut cast = characters(&folder.join("character_info.csv"))?;
    let positions = Positions::new(&text);
    let mut attributions = Vec::new();
    let place = context::place(file);
    for row in rows(file)? {
        let (line, fields) = row;
        match attribution(&fields, &positions, &mut cast) {
            Ok(attribution) => attributions.push(attribution),
            Err(fault) => found.warn(place.at_line(line), fault),
        }
    }
    let document = Document::new(id, text);
    let speakers = cast.speakers;
    found.push(context, &place, Labelled { document, scope: SCOPE, attributions, speakers, tokens: None });
    Ok(())
}

/// A row's values by column.
type Fields = HashMap<String, String>;

/// The rows of a table with their lines.
fn rows(file: &Path) -> Result<Vec<(usize, Fields)>, GoldError> {
    let (header, rows) = rows::rows(&context::file(file)?, b',', &context::place(file))?;
    let owned = |record: &StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let header = owned(&header);
    Ok(rows.into_iter().map(|(line, row)| (line, header.iter().cloned().zip(owned(&row)).collect())).collect())
}

/// The characters of a novel by their main name.
fn characters(file: &Path) -> Result<Cast<String>, GoldError> {
    let mut cast = Cast::new();
    if !file.is_file() {
        return Ok(cast);
    }
    for (_, mut fields) in rows(file)? {
        let Some(name) = fields.remove("Main Name").filter(|it| !it.trim().is_empty()) else { continue };
        let aliases = fields.get("Aliases").and_then(|it| Literal::parse(it));
        let aliases = aliases.iter().flat_map(|it| it.items().unwrap_or_default()).filter_map(Literal::text);
        let mut names = vec![name.trim().to_owned()];
        // A set is printed in no order.
        let mut others: Vec<_> = aliases.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
        others.sort();
        names.extend(others.into_iter().filter(|it| it != name.trim()));
        names.dedup();
        cast.index(name.trim().to_owned(), || Speaker { names, ..Speaker::default() });
    }
    Ok(cast)
}

/// Index of the character of this name, who may be known by it as an alias, or is new.
fn speaker(name: &str, cast: &mut Cast<String>) -> Option<usize> {
    let name = name.trim();
    if name.is_empty() || name == "nan" {
        return None;
    }
    let known = cast.get(name);
    let alias = || {
        let mut bearers = cast.speakers.iter().enumerate().filter(|(_, it)| it.names.iter().any(|alias| alias == name));
        bearers.next().map(|(at, _)| at).filter(|_| bearers.next().is_none())
    };
    let known = known.or_else(alias);
    Some(known.unwrap_or_else(|| {
        let new = || Speaker { names: vec![name.to_owned()], ..Speaker::default() };
        cast.index(name.to_owned(), new)
    }))
}

fn attribution(fields: &Fields, positions: &Positions<'_>, cast: &mut Cast<String>) -> Result<Attribution, Fault> {
    let field = |name: &str| fields.get(name).map(String::as_str).ok_or_else(|| Fault::NoColumn(name.to_owned()));
    let list = |name: &str| {
        let malformed = || Fault::Malformed(format!("column {name} holds no list"));
        Literal::parse(field(name)?).ok_or_else(malformed)
    };
    let (spans, parts) = (list("quoteByteSpans")?, list("subQuotationList")?);
    let (spans, parts) = (spans.items().unwrap_or_default(), parts.items().unwrap_or_default());
    if spans.is_empty() || spans.len() != parts.len() {
        return Err(Fault::Malformed(format!("{} spans for {} parts of a quotation", spans.len(), parts.len())));
    }
    let content = spans.iter().zip(parts).map(|(span, part)| part_span(span, part, positions));
    Ok(Attribution {
        content: content.collect::<Result<_, _>>()?,
        mode: Some(Mode::Direct),
        kind: Some(Kind::Speech),
        naming: Naming::of(field("quoteType")?),
        speaker: speaker(field("speaker")?, cast),
        ..Attribution::default()
    })
}

/// Where a part of a quotation stands, with the quotation marks that enclose it. The table trims and mends the white
/// space in its words, and drops marks, so that letters and digits alone are compared.
fn part_span(span: &Literal, part: &Literal, positions: &Positions<'_>) -> Result<Span<Byte>, Fault> {
    let malformed = || Fault::Malformed("a span that is no pair of numbers".to_owned());
    let [start, end] = span.items().unwrap_or_default() else { return Err(malformed()) };
    let (start, end) = (start.number().ok_or_else(malformed)?, end.number().ok_or_else(malformed)?);
    let span = positions.span(start, end)?;
    let (words, label) = (span.of(positions.text()), part.text().unwrap_or_default());
    let letters = |words: &str| words.chars().filter(|it| it.is_alphanumeric()).collect::<String>();
    if letters(words) != letters(label) {
        return Err(mismatch(start, end, label, words));
    }
    Ok(with_marks(span.trim(positions.text()), positions.text()))
}

/// The span with the quotation marks that stand directly around it, which are part of what dixit calls content.
fn with_marks(span: Span<Byte>, text: &str) -> Span<Byte> {
    const MARKS: [char; 9] = ['"', '“', '”', '\'', '‘', '’', '«', '»', '„'];
    let size = |mark: Option<char>| mark.filter(|it| MARKS.contains(it)).map_or(0, char::len_utf8);
    let before = size(text[..span.start].chars().next_back());
    let after = size(text[span.end..].chars().next());
    Span::new(span.start - before, span.end + after)
}

#[cfg(test)]
mod tests {
    use crate::eval::Naming;
    use crate::eval::gold::testing::{gold, words};

    const TEXT: &str = "\"Fog,\" said Zoë, \"is\ncoming.\"\n\n\"Who cares?\"\n";
    const CHARACTERS: &str = "Character ID,Main Name,Aliases,Gender,Category\n\
                              0,Zoë Lindqvist,\"{'Zoë', \"\"Zoë's Ghost\"\", 'Zoë Lindqvist'}\",F,major\n1,Ana,{'Ana'},F,minor\n";
    const HEADER: &str =
        "quoteID,quoteText,subQuotationList,quoteByteSpans,speaker,addressees,quoteType,referringExpression\n";

    fn files(rows: &str) -> Vec<(&'static str, String)> {
        vec![
            ("Harbour/novel_text.txt", TEXT.to_owned()),
            ("Harbour/character_info.csv", CHARACTERS.to_owned()),
            ("Harbour/quotation_info.csv", format!("{HEADER}{rows}")),
        ]
    }

    fn read(rows: &str) -> (Vec<crate::eval::Labelled>, Vec<String>) {
        let files = files(rows);
        let files: Vec<_> = files.iter().map(|(name, content)| (*name, content.as_str())).collect();
        gold(&files, "")
    }

    #[test]
    fn quotations_have_their_marks_and_their_speakers() {
        let rows = "Q0,x,\"['Fog,', 'is coming.']\",\"[[1, 5], [18, 28]]\",Zoë,[],Explicit,said Zoë\n\
                    Q1,x,['Who cares?'],\"[[32, 42]]\",A voice,[],Implicit,nan\n";
        let (documents, warnings) = read(rows);
        assert_eq!(warnings, [""; 0]);
        assert_eq!(documents[0].document.id, "Harbour");
        let zoe = "Zoë Lindqvist|Zoë|Zoë's Ghost";
        assert_eq!(
            words(&documents[0]),
            [["\"Fog,\"|\"is\ncoming.\"", "", "", zoe], ["\"Who cares?\"", "", "", "A voice"]]
        );
        assert_eq!(documents[0].attributions[1].naming, Some(Naming::Implicit));
    }

    #[test]
    fn rows_that_do_not_fit_are_skipped() {
        let cases = [
            (
                "Q0,x,['Fig'],\"[[1, 5]]\",Zoë,[],Explicit,x\n",
                ":2: at 1..5 the labels say \"Fig\" and the text says \"Fog,\";",
            ),
            ("Q0,x,['Fog'],\"[[1, 5], [7, 9]]\",Zoë,[],Explicit,x\n", ":2: 2 spans for 1 parts of a quotation;"),
            ("Q0,x,['Fog'],\"[[1, x]]\",Zoë,[],Explicit,x\n", ":2: a span that is no pair of numbers;"),
            ("Q0,\"x\ny\",['Fog'],[[,Zoë,[],Explicit,x\n", ":2: column quoteByteSpans holds no list;"),
            ("Q0,x,['Fog'],\"[[1, 500]]\",Zoë,[],Explicit,x\n", ":2: 1..500 is no span of the text"),
        ];
        for (row, expected) in cases {
            let (documents, warnings) = read(row);
            let expected = format!("Harbour/quotation_info.csv{expected}");
            assert!(warnings.len() == 1 && warnings[0].starts_with(&expected), "{warnings:?}");
            assert_eq!(documents[0].attributions.len(), 0);
        }
    }
}
