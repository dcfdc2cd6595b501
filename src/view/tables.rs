//! The figures of every protocol.

use std::io;

use maud::{Markup, html};

use super::numbers::{NONE, count, counted, estimate};
use crate::eval::report::{ProtocolResult, Report};

/// Writes the section.
pub fn write(out: &mut impl io::Write, report: &Report) -> io::Result<()> {
    let section = html! {
        h2 #protocols { "Every protocol" }
        p {
            "All shares are in percent"
            @if let Some(bootstrap) = report.bootstrap {
                ", in brackets the " (count(bootstrap.level * 100.0)) " % interval over "
                (bootstrap.resamples) " resamples of the documents"
            }
            "."
        }
        @for (number, protocol) in report.protocols.iter().enumerate() { (table(protocol, number == 0)) }
    };
    out.write_all(section.0.as_bytes())
}

fn table(protocol: &ProtocolResult, open: bool) -> Markup {
    html! {
        details.protocol open[open] {
            summary { h3 { (protocol.name) } " " span.definition { (protocol.definition) } }
            @if protocol.figures.is_empty() {
                p { "Nothing to score: the gold does not label what this protocol needs." }
            } @else {
                div.scroll tabindex="0" role="region" aria-label={ "Figures of " (protocol.name) } {
                    table { (rows(protocol)) }
                }
            }
        }
    }
}

fn rows(protocol: &ProtocolResult) -> Markup {
    let pairs = protocol.figures.iter().any(|figure| figure.predicted.is_some());
    let shares = protocol.figures.iter().any(|figure| figure.share.is_some());
    html! {
        caption { (counted(protocol.documents, "document")) }
        thead {
            tr {
                th scope="col" { "What" }
                th scope="col" { "Measure" }
                th.number scope="col" { "Gold" }
                @if pairs {
                    th.number scope="col" { "Predicted" }
                    th.number scope="col" { "Precision" }
                    th.number scope="col" { "Recall" }
                    th.number scope="col" { "F1" }
                }
                @if shares { th.number scope="col" { "Share" } }
            }
        }
        tbody {
            @for figure in &protocol.figures {
                tr {
                    th scope="row" { (figure.group) }
                    td { (figure.measure) }
                    td.number { (count(figure.gold)) }
                    @if pairs {
                        td.number { (figure.predicted.map_or_else(|| NONE.to_owned(), count)) }
                        td.number { (estimate(figure.precision)) }
                        td.number { (estimate(figure.recall)) }
                        td.number { (estimate(figure.f1)) }
                    }
                    @if shares { td.number { (estimate(figure.share)) } }
                }
            }
        }
    }
}
