//! The plots: drawn as SVG within the page, each with its figures as a table.

mod bars;
mod curve;
mod frame;
mod reliability;

use std::io;

use maud::{Markup, html};

use crate::eval::report::Report;

/// Writes the section.
pub fn write(out: &mut impl io::Write, report: &Report) -> io::Result<()> {
    let section = html! {
        h2 #plots { "Plots" }
        @if report.breakdowns.is_empty() && report.calibration.is_none() && report.curve.is_empty() {
            p { "Nothing to draw: plots need the headline protocol, or predictions with a confidence." }
        }
        div.plots {
            @for breakdown in &report.breakdowns { (bars::figure(breakdown)) }
            @if !report.curve.is_empty() { (curve::figure(&report.curve)) }
            @if let Some(calibration) = &report.calibration { (reliability::figure(calibration)) }
        }
    };
    out.write_all(section.0.as_bytes())
}

/// A plot: what it is, how to read it, the drawing and its figures.
fn plot(title: &str, reading: Markup, drawing: Markup, table: Markup) -> Markup {
    html! {
        figure {
            figcaption { h3 { (title) } p.note { (reading) } }
            (drawing)
            details {
                summary { "The figures as a table" }
                div.scroll tabindex="0" role="region" aria-label={ "Figures of the plot: " (title) } { (table) }
            }
        }
    }
}
