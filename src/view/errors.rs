//! The errors in their texts, document by document, with gold beside prediction.

use std::collections::BTreeSet;
use std::io;

use maud::{Markup, html};

use super::excerpt;
use super::numbers::counted;
use super::text::Text;
use crate::eval::report::{ErrorCase, ErrorKind, Shown};

/// Writes the section. Documents are written one by one, so that a page of any size needs little memory.
pub fn write(out: &mut impl io::Write, errors: &[ErrorCase]) -> io::Result<()> {
    let documents = errors.chunk_by(|a, b| a.document == b.document).count();
    let head = html! {
        h2 #errors { "Errors in their text" }
        @if errors.is_empty() {
            p { "None: gold and prediction agree." }
        } @else {
            p { (counted(errors.len(), "error")) " in " (counted(documents, "document")) ". An error can be of several kinds." }
            (kinds(errors))
            (legend())
            (filter(errors))
            p #shown role="status" {}
        }
    };
    out.write_all(head.0.as_bytes())?;
    let mut number = 0;
    for document in errors.chunk_by(|a, b| a.document == b.document) {
        out.write_all(of_document(document, number).0.as_bytes())?;
        number += document.len();
    }
    Ok(())
}

/// How the page writes a kind: its class, its sign, and what it means.
fn describe(kind: ErrorKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        ErrorKind::Missed => {
            ("missed", "−", "in the gold, but no prediction has more than half of its content in common with it")
        }
        ErrorKind::False => {
            ("false", "+", "predicted, but nothing in the gold has more than half of its content in common with it")
        }
        ErrorKind::WrongSpeaker => ("wrong-speaker", "≠", "found, but said to be somebody else's"),
        ErrorKind::WrongSpan => ("wrong-span", "↔", "found, but content, cue or source begins or ends elsewhere"),
        ErrorKind::WrongLink => {
            ("wrong-link", "↷", "found, but tied to another cue or source, or only one side has any")
        }
    }
}

fn kinds(errors: &[ErrorCase]) -> Markup {
    html! {
        table {
            caption { "Kinds of error" }
            thead { tr { th scope="col" { "Kind" } th.number scope="col" { "Errors" } th scope="col" { "Meaning" } } }
            tbody {
                @for kind in ErrorKind::ALL {
                    tr {
                        th scope="row" { (badge(kind)) }
                        td.number { (of_kind(errors, kind)) }
                        td { (describe(kind).2) }
                    }
                }
            }
        }
    }
}

fn of_kind(errors: &[ErrorCase], kind: ErrorKind) -> usize {
    errors.iter().filter(|error| error.kinds.contains(&kind)).count()
}

fn badge(kind: ErrorKind) -> Markup {
    let (class, sign, _) = describe(kind);
    html! { span.badge.(class) { span aria-hidden="true" { (sign) } " " (kind.to_string()) } }
}

fn legend() -> Markup {
    html! {
        p.legend {
            "In the texts: "
            mark.content data-label="content" { "the words attributed" } ", "
            mark.cue data-label="cue" { "what signals it" } ", "
            mark.source data-label="source" { "who is cited" } "."
        }
    }
}

/// The filter; the script shows it.
fn filter(errors: &[ErrorCase]) -> Markup {
    let modes: BTreeSet<&str> = errors.iter().flat_map(modes).collect();
    let mut documents: Vec<&str> = errors.iter().map(|error| error.document.as_str()).collect();
    documents.dedup();
    html! {
        noscript { p.note { "All errors are shown; filtering them needs JavaScript." } }
        form #filter hidden {
            fieldset {
                legend { "Kind of error" }
                @for kind in ErrorKind::ALL {
                    @let class = describe(kind).0;
                    label {
                        input type="checkbox" name="kind" value=(class) checked;
                        (badge(kind)) " " span.count data-kind=(class) { (of_kind(errors, kind)) }
                    }
                }
            }
            label {
                "Mode"
                select name="mode" {
                    option value="" { "any" }
                    @for mode in modes { option value=(mode) { (mode) } }
                }
            }
            label {
                "Confidence from"
                input type="number" name="confidence" min="0" max="1" step="0.05" placeholder="0" aria-describedby="confidence-note";
            }
            label {
                "Document"
                input type="search" name="document" list="documents" placeholder="part of its id";
                datalist #documents { @for document in documents { option value=(Text(document)) {} } }
            }
            label {
                "Text"
                input type="search" name="text" placeholder="word or name";
            }
            button type="reset" { "Show all" }
            p.note #confidence-note { "Missed ones have no confidence: they are shown only while it is empty or 0." }
        }
    }
}

fn of_document(errors: &[ErrorCase], before: usize) -> Markup {
    html! {
        @if let Some(first) = errors.first() {
            details.document open data-document=(Text(&first.document)) {
                summary {
                    h3 { bdi { (Text(&first.document)) } }
                    " " span.count { (counted(errors.len(), "error")) }
                }
                @for (error, number) in errors.iter().zip(before + 1..) { (of_error(error, number)) }
            }
        }
    }
}

fn of_error(error: &ErrorCase, number: usize) -> Markup {
    let kinds: Vec<&str> = error.kinds.iter().map(|&kind| describe(kind).0).collect();
    let confidence = error.predicted.as_ref().and_then(|predicted| predicted.confidence);
    html! {
        article #{ "e" (number) } data-kinds=(kinds.join(" ")) data-modes=(modes(error).join(" "))
            data-confidence=[confidence] {
            h4 {
                a href={ "#e" (number) } title="Link to this error" { (number) }
                @for &kind in &error.kinds { " " (badge(kind)) }
                " " span.place { "characters " (error.context.start) "–" (error.context.end) }
            }
            (sides(error))
        }
    }
}

/// Gold beside prediction. Where both mark the same words, or only one marks any, the text stands there once.
fn sides(error: &ErrorCase) -> Markup {
    let same_words = match (&error.gold, &error.predicted) {
        (Some(a), Some(b)) => (&a.content, &a.cue, &a.source) == (&b.content, &b.cue, &b.source),
        _ => true,
    };
    let once = same_words.then(|| error.gold.as_ref().or(error.predicted.as_ref())).flatten();
    let text = |side: &Shown| html! { @if !same_words { (excerpt::marked(&error.context, side)) } };
    html! {
        div.sides {
            section.gold {
                h5 { "Gold" }
                @match &error.gold {
                    Some(gold) => { (facts(gold, error.predicted.as_ref(), error)) (text(gold)) }
                    None => p.absent { "has nothing like it" }
                }
            }
            section.predicted {
                h5 { "Prediction" }
                @match &error.predicted {
                    Some(predicted) => { (facts(predicted, error.gold.as_ref(), error)) (text(predicted)) }
                    None => p.absent { "has nothing like it" }
                }
            }
        }
        @if let Some(side) = once {
            @if error.gold.is_some() && error.predicted.is_some() {
                p.note { "Both mark the same words:" }
            }
            (excerpt::marked(&error.context, side))
        }
    }
}

/// What one side says; what the other side has differently is marked.
fn facts(side: &Shown, other: Option<&Shown>, error: &ErrorCase) -> Markup {
    let differs = |differs: bool| (differs && other.is_some()).then_some("differs");
    let wrong_speaker = error.kinds.contains(&ErrorKind::WrongSpeaker);
    html! {
        dl {
            div class=[differs(wrong_speaker)] {
                dt { "Speaker" }
                dd {
                    @match &side.speaker {
                        Some(name) => bdi { (Text(name)) },
                        None => em { "nobody named" }
                    }
                }
            }
            @if let Some(mode) = side.mode {
                div class=[differs(other.is_some_and(|it| it.mode != side.mode))] { dt { "Mode" } dd { (mode) } }
            }
            @if let Some(kind) = side.kind {
                div class=[differs(other.is_some_and(|it| it.kind != side.kind))] { dt { "Kind" } dd { (kind) } }
            }
            @if let Some(confidence) = side.confidence {
                div { dt { "Confidence" } dd { (confidence) } }
            }
        }
    }
}

/// The modes that either side gives it, each once; "unknown" if neither gives any.
fn modes(error: &ErrorCase) -> Vec<&'static str> {
    let of = |side: &Option<Shown>| side.as_ref().and_then(|side| side.mode);
    let (gold, predicted) = (of(&error.gold), of(&error.predicted));
    let mut modes: Vec<&str> = gold.into_iter().chain(predicted).collect();
    modes.dedup();
    if modes.is_empty() { vec!["unknown"] } else { modes }
}
