//! Precision and recall over the threshold of the confidence.

use maud::{Markup, html};

use super::frame::{Frame, WIDTH, at};
use super::plot;
use crate::eval::report::{CurvePoint, PrecisionRecall};
use crate::view::numbers::{NONE, percent_of};

/// Points of the drawing nearer than this, in its units, are one.
const NEAR: f64 = 0.5;
/// Labels of thresholds stand at least this far apart.
const APART: f64 = 26.0;

/// One line of the plot.
struct Series {
    class: &'static str,
    name: &'static str,
    of: fn(&CurvePoint) -> Option<PrecisionRecall>,
}

const SERIES: [Series; 2] = [
    Series { class: "f1", name: "found", of: |point| Some(point.found) },
    Series { class: "speaker", name: "found, right speaker", of: |point| point.with_speaker },
];

/// The plot.
pub fn figure(curve: &[CurvePoint]) -> Markup {
    let reading = html! {
        "What remains if only predictions of at least some confidence are kept. The numbers on the line are such "
        "thresholds. Further up and to the right is better."
    };
    plot("Precision and recall by confidence", reading, drawing(curve), table(curve))
}

fn drawing(curve: &[CurvePoint]) -> Markup {
    let frame = Frame::SQUARE;
    let shown: Vec<&Series> =
        SERIES.iter().filter(|series| curve.iter().any(|point| (series.of)(point).is_some())).collect();
    html! {
        svg viewBox={ "0 0 " (at(WIDTH)) " " (at(frame.bottom() + 44.0)) } role="img"
            aria-label="Precision over recall, in percent, one point a threshold of the confidence" {
            (frame.axes("recall in percent", "precision in percent", 0.0))
            @for series in &shown { (line(curve, series, &frame)) }
            @if let Some(first) = shown.first() { (thresholds(curve, first, &frame)) }
            @for (number, series) in shown.iter().enumerate() {
                @let y = frame.bottom() - 16.0 - 20.0 * number as f64;
                line.line.(series.class) x1=(at(frame.left + 12.0)) x2=(at(frame.left + 44.0)) y1=(at(y)) y2=(at(y)) {}
                text.halo x=(at(frame.left + 52.0)) y=(at(y + 4.0)) { (series.name) }
            }
        }
    }
}

/// Where a point lies, if it has precision and recall.
fn position(point: &CurvePoint, series: &Series, frame: &Frame) -> Option<(f64, f64)> {
    let PrecisionRecall { precision, recall, .. } = (series.of)(point)?;
    Some((frame.x(recall?), frame.y(precision?)))
}

fn line(curve: &[CurvePoint], series: &Series, frame: &Frame) -> Markup {
    let mut corners: Vec<(f64, f64)> = Vec::new();
    for (x, y) in curve.iter().filter_map(|point| position(point, series, frame)) {
        if corners.last().is_none_or(|last| (last.0 - x).hypot(last.1 - y) >= NEAR) {
            corners.push((x, y));
        }
    }
    let points: Vec<String> = corners.iter().map(|&(x, y)| format!("{},{}", at(x), at(y))).collect();
    html! { polyline.line.(series.class) points=(points.join(" ")) {} }
}

/// Marks and labels of some thresholds, where there is room.
fn thresholds(curve: &[CurvePoint], series: &Series, frame: &Frame) -> Markup {
    let mut last: Option<(f64, f64)> = None;
    let marks: Vec<_> = steps(curve, 0.1)
        .into_iter()
        .filter_map(|point| {
            let (x, y) = position(point, series, frame)?;
            let room = last.is_none_or(|last| (last.0 - x).hypot(last.1 - y) >= APART);
            room.then(|| last = Some((x, y)));
            room.then_some((x, y, point))
        })
        .collect();
    html! {
        @for (x, y, point) in marks {
            circle.dot.(series.class) cx=(at(x)) cy=(at(y)) r="4" {
                title { "confidence from " (threshold(point)) ": " (point.predicted) " predictions" }
            }
            text.small.halo x=(at(x + 6.0)) y=(at(y - 6.0)) { (threshold(point)) }
        }
    }
}

fn threshold(point: &CurvePoint) -> String {
    format!("{:.2}", point.threshold)
}

/// The first point at or above each multiple of a step.
fn steps(curve: &[CurvePoint], step: f64) -> Vec<&CurvePoint> {
    let mut steps: Vec<&CurvePoint> = Vec::new();
    let mut next = 0.0;
    for point in curve {
        // A threshold of 0.3 is meant to be three steps of 0.1, which floating point makes a little more.
        if point.threshold + 1e-9 >= next {
            steps.push(point);
            next = ((point.threshold + 1e-9) / step).floor() * step + step;
        }
    }
    steps
}

fn table(curve: &[CurvePoint]) -> Markup {
    let rows = steps(curve, 0.05);
    let speakers = rows.iter().any(|point| point.with_speaker.is_some());
    html! {
        @if rows.len() < curve.len() {
            p.note { (rows.len()) " of " (curve.len()) " thresholds; the report as JSON has them all." }
        }
        table {
            thead {
                tr {
                    th.number scope="col" { "Confidence from" }
                    th.number scope="col" { "Predicted" }
                    @for series in &SERIES[..if speakers { 2 } else { 1 }] {
                        @for what in ["precision", "recall", "F1"] { th.number scope="col" { (what) ", " (series.name) } }
                    }
                }
            }
            tbody {
                @for point in rows {
                    tr {
                        th.number scope="row" { (threshold(point)) }
                        td.number { (point.predicted) }
                        (cells(Some(point.found)))
                        @if speakers { (cells(point.with_speaker)) }
                    }
                }
            }
        }
    }
}

fn cells(figures: Option<PrecisionRecall>) -> Markup {
    html! {
        @match figures {
            Some(it) => { @for share in [it.precision, it.recall, it.f1] { td.number { (percent_of(share)) } } }
            None => { @for _ in 0..3 { td.number { (NONE) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(threshold: f64) -> CurvePoint {
        let found = PrecisionRecall { precision: Some(0.8), recall: Some(1.0 - threshold), f1: Some(0.8) };
        CurvePoint { threshold, predicted: 3, found, with_speaker: None }
    }

    #[test]
    fn a_table_takes_the_first_point_of_each_step() {
        let of = |thresholds: &[f64]| -> Vec<f64> {
            let curve: Vec<CurvePoint> = thresholds.iter().map(|&it| point(it)).collect();
            steps(&curve, 0.1).iter().map(|point| point.threshold).collect()
        };
        assert_eq!(of(&[0.0, 0.04, 0.1, 0.2, 0.3, 0.31]), [0.0, 0.1, 0.2, 0.3]);
        assert_eq!(of(&[0.45, 0.46, 0.49, 0.62, 1.0]), [0.45, 0.62, 1.0]);
        assert_eq!(of(&[]), [0.0; 0]);
    }

    #[test]
    fn points_without_predictions_are_not_drawn() {
        let mut last = point(1.0);
        last.found = PrecisionRecall::default();
        let drawing = drawing(&[point(0.0), point(0.5), last]).0;
        let corners = drawing.split_once("points=\"").unwrap().1.split_once('"').unwrap().0;
        assert_eq!(corners.split(' ').count(), 2);
        assert!(!drawing.contains("right speaker"));
    }
}
