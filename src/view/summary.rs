//! What was compared, and the few figures to read first.

use std::io;

use maud::{Markup, html};

use super::numbers::{counted, interval, percent};
use super::text::Text;
use crate::eval::report::{Estimate, Report};

/// Writes the section.
pub fn write(out: &mut impl io::Write, report: &Report) -> io::Result<()> {
    let section = html! {
        header {
            h1 { "How right is " bdi { (Text(&report.system)) } "?" }
            p {
                "Compared with "
                @for (number, gold) in report.gold.iter().enumerate() {
                    @if number > 0 { ", " }
                    bdi { code { (Text(gold)) } }
                }
                ": " (extent(report))
            }
            nav aria-label="Sections" {
                a href="#plots" { "Plots" } " "
                a href="#protocols" { "Every protocol" } " "
                a href="#errors" { (counted(report.errors.len(), "error")) " in their text" }
            }
        }
        div.cards { @for card in cards(report) { (card) } }
    };
    out.write_all(section.0.as_bytes())
}

fn extent(report: &Report) -> String {
    let extent = report.extent;
    let mut text = format!(
        "{}, {} in the gold and {} predicted.",
        counted(extent.documents, "document"),
        counted(extent.gold, "attribution"),
        extent.predicted
    );
    if extent.without_prediction > 0 {
        text += &format!(" For {} there was no prediction.", counted(extent.without_prediction, "document"));
    }
    if extent.out_of_scope > 0 {
        let set_aside = counted(extent.out_of_scope, "prediction");
        text += &format!(" {set_aside} of a sort that the gold does not label were set aside.");
    }
    text
}

/// The headline's figures, and how far the confidence can be believed.
fn cards(report: &Report) -> Vec<Markup> {
    let headline = report.protocols.iter().find(|protocol| protocol.name == "headline");
    let figure =
        |group, measure| headline?.figures.iter().find(|figure| figure.group == group && figure.measure == measure);
    let found = figure("attribution", "found");
    let speaker = |group| figure(group, "speaker").and_then(|figure| figure.share);
    let error = report.calibration.as_ref().and_then(|calibration| calibration.ece);
    [
        (
            "Attributions found",
            "F1",
            found.and_then(|figure| figure.f1),
            "Harmonic mean of precision and recall; found means that more than half of the content is in common.",
        ),
        (
            "Right speaker",
            "of all gold attributions",
            speaker("all"),
            "Found, and attributed to the right speaker. One that was missed counts as wrong.",
        ),
        (
            "Right speaker",
            "of the quotations",
            speaker("quotations"),
            "The same for what stands, in whole or in part, in quotation marks.",
        ),
        (
            "Calibration error",
            "ECE",
            error,
            "By how much the confidence misses the share of right ones, on average. 0 is best.",
        ),
    ]
    .into_iter()
    .filter_map(|(what, of, value, meaning)| Some(card(what, of, value?, meaning)))
    .collect()
}

fn card(what: &str, of: &str, value: Estimate, meaning: &str) -> Markup {
    html! {
        section.card {
            h2 { (what) " " small { (of) } }
            p.figure {
                (percent(value.value)) " %"
                @if let Some((low, high)) = interval(value) {
                    " " span.interval { "[" (percent(low)) "–" (percent(high)) "]" }
                }
            }
            p.note { (meaning) }
        }
    }
}
