//! F1 and right speakers by a property, as bars with the whiskers of their intervals.

use maud::{Markup, html};

use super::frame::{WIDTH, at};
use super::plot;
use crate::eval::report::{Breakdown, BreakdownRow, Estimate};
use crate::view::numbers::{counted, estimate, interval, percent};
use crate::view::text::Text;

/// More values than this are not drawn: nobody reads so many bars.
const MOST: usize = 12;
/// Where bars begin and how long a full one is.
const LEFT: f64 = 118.0;
const LENGTH: f64 = 262.0;
const TOP: f64 = 8.0;
const BAR: f64 = 13.0;
const GAP: f64 = 16.0;

/// The plot of a property's values, or their table alone where there are too many to draw.
pub fn figure(breakdown: &Breakdown) -> Markup {
    let title = format!("By {}", breakdown.dimension);
    if breakdown.rows.len() > MOST || breakdown.dimension == "document" {
        return listing(&title, breakdown);
    }
    let speakers = breakdown.rows.iter().any(|row| row.speaker.is_some());
    let estimates = breakdown.rows.iter().flat_map(|row| [row.f1, row.speaker]);
    let whiskers = estimates.flatten().any(|figure| interval(figure).is_some());
    let reading = html! {
        span.key.f1 aria-hidden="true" {} " F1 of the attributions found"
        @if speakers { ", " span.key.speaker aria-hidden="true" {} " share of the gold found with the right speaker" }
        "."
        @if whiskers { " Whiskers: interval." }
    };
    plot(&title, reading, drawing(&title, breakdown, speakers), table(breakdown))
}

/// The rows of a long list, the worst first.
fn listing(title: &str, breakdown: &Breakdown) -> Markup {
    let mut worst = breakdown.clone();
    let f1 = |row: &BreakdownRow| row.f1.map_or(f64::INFINITY, |f1| f1.value);
    worst.rows.sort_by(|a, b| f1(a).total_cmp(&f1(b)).then(b.gold.cmp(&a.gold)));
    html! {
        figure.listing {
            figcaption { h3 { (title) } p.note { "Those with the lowest F1 first." } }
            details {
                summary { (counted(worst.rows.len(), "row")) }
                div.scroll tabindex="0" role="region" aria-label={ "Figures " (title) } { (table(&worst)) }
            }
        }
    }
}

fn drawing(title: &str, breakdown: &Breakdown, speakers: bool) -> Markup {
    let step = GAP + BAR * if speakers { 2.0 } else { 1.0 };
    let bottom = TOP + step * breakdown.rows.len() as f64;
    let x = |share: f64| LEFT + LENGTH * if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    html! {
        svg viewBox={ "0 0 " (at(WIDTH)) " " (at(bottom + 44.0)) } role="img" aria-label={ (title) ": F1 in percent, as bars" } {
            @for fifth in 0..=5 {
                @let share = f64::from(fifth) / 5.0;
                line.grid x1=(at(x(share))) x2=(at(x(share))) y1=(at(TOP)) y2=(at(bottom)) {}
                text.middle x=(at(x(share))) y=(at(bottom + 16.0)) { (fifth * 20) }
            }
            text.middle.axis x=(at(x(0.5))) y=(at(bottom + 36.0)) { "percent" }
            @for (number, row) in breakdown.rows.iter().enumerate() {
                @let top = TOP + step * number as f64 + GAP / 2.0;
                text.end x=(at(LEFT - 8.0)) y=(at(top + 11.0)) { (Text(&short(&row.value))) }
                text.end.small x=(at(LEFT - 8.0)) y=(at(top + 24.0)) { "gold " (row.gold) }
                @if let Some(f1) = row.f1 { (bar("f1", f1, top, x)) }
                @if let Some(speaker) = row.speaker { (bar("speaker", speaker, top + BAR, x)) }
            }
        }
    }
}

/// A bar with its whisker and its figure.
fn bar(class: &str, figure: Estimate, top: f64, x: impl Fn(f64) -> f64) -> Markup {
    let middle = at(top + (BAR - 2.0) / 2.0);
    let (low, high) = interval(figure).unwrap_or((figure.value, figure.value));
    html! {
        rect.(class) x=(at(LEFT)) y=(at(top)) width=(at(x(figure.value) - LEFT)) height=(at(BAR - 2.0)) {}
        @if low < high {
            line.whisker x1=(at(x(low))) x2=(at(x(high))) y1=(middle) y2=(middle) {}
            @for end in [low, high] {
                line.whisker x1=(at(x(end))) x2=(at(x(end))) y1=(at(top + 2.0)) y2=(at(top + BAR - 4.0)) {}
            }
        }
        text.small.halo x=(at(x(high.max(figure.value)) + 6.0)) y=(at(top + BAR - 3.0)) { (percent(figure.value)) }
    }
}

/// A value that fits beside its bars; the table has it whole.
fn short(value: &str) -> String {
    const FITS: usize = 16;
    match value.char_indices().nth(FITS) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

fn table(breakdown: &Breakdown) -> Markup {
    html! {
        table {
            thead {
                tr {
                    th scope="col" { (breakdown.dimension) }
                    @for name in ["Gold", "Predicted", "Found", "Precision", "Recall", "F1", "Right speaker"] {
                        th.number scope="col" { (name) }
                    }
                }
            }
            tbody {
                @for row in &breakdown.rows {
                    tr {
                        th scope="row" { bdi { (Text(&row.value)) } }
                        td.number { (row.gold) }
                        td.number { (row.predicted) }
                        td.number { (row.found) }
                        @for figure in [row.precision, row.recall, row.f1, row.speaker] {
                            td.number { (estimate(figure)) }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: &str, f1: Option<f64>) -> BreakdownRow {
        let f1 = f1.map(|value| Estimate { value, low: Some(value - 0.1), high: Some(value + 0.1) });
        BreakdownRow { value: value.to_owned(), gold: 4, f1, ..BreakdownRow::default() }
    }

    #[test]
    fn a_few_values_are_drawn_and_many_are_listed_from_the_worst() {
        let few = Breakdown { dimension: "mode", rows: vec![row("direct", Some(0.9)), row("mixed", None)] };
        assert!(figure(&few).0.contains("<svg"));
        let rows = (0..=MOST).map(|number| row(&format!("<{number}>"), Some(0.9 - 0.05 * number as f64))).collect();
        let many = figure(&Breakdown { dimension: "length", rows }).0;
        assert!(!many.contains("<svg"));
        let of = |number: usize| many.find(&format!("&lt;{number}&gt;"));
        assert!(of(MOST) < of(0) && of(MOST).is_some());
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        assert_eq!(short("description"), "description");
        assert_eq!(short("ééééééééééééééééé"), "éééééééééééééééé…");
    }
}
