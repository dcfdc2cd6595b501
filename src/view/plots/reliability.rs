//! Confidence against the share of right ones, with the size of each bin.

use maud::{Markup, html};

use super::frame::{Frame, WIDTH, at};
use super::plot;
use crate::eval::report::{Calibration, CalibrationBin};
use crate::view::numbers::{counted, estimate, interval, percent, percent_of};

/// Height of the drawing of the bins' sizes, and of the space above it.
const SIZES: f64 = 56.0;
const SPACE: f64 = 26.0;

/// The plot.
pub fn figure(calibration: &Calibration) -> Markup {
    let reading = html! {
        "Of the predictions of some confidence, how many are right (" (calibration.right_means) ")? On the dashed line, "
        "as many as the confidence says; below it the confidence is too high. Below, the number of predictions in each bin. "
        (counted(calibration.predictions, "prediction"))
        @if let Some(ece) = calibration.ece { "; calibration error (ECE) " (estimate(Some(ece))) " %" }
        @if let Some(brier) = calibration.brier { "; Brier score " (format!("{:.3}", brier.value)) }
        "."
    };
    plot("Reliability of the confidence", reading, drawing(calibration), table(calibration))
}

fn drawing(calibration: &Calibration) -> Markup {
    let frame = Frame::SQUARE;
    let filled: Vec<(f64, &CalibrationBin)> =
        calibration.bins.iter().filter_map(|bin| Some((bin.confidence?, bin))).collect();
    let corners: Vec<String> = filled
        .iter()
        .filter_map(|(confidence, bin)| Some(format!("{},{}", at(frame.x(*confidence)), at(frame.y(bin.right?.value)))))
        .collect();
    html! {
        svg viewBox={ "0 0 " (at(WIDTH)) " " (at(frame.bottom() + SPACE + SIZES + 44.0)) } role="img"
            aria-label="Share of right predictions over their confidence, in percent, one point a bin" {
            (frame.axes("confidence in percent", "right ones in percent", SPACE + SIZES))
            line.perfect x1=(at(frame.x(0.0))) y1=(at(frame.y(0.0))) x2=(at(frame.x(1.0))) y2=(at(frame.y(1.0))) {}
            polyline.line.f1 points=(corners.join(" ")) {}
            @for (confidence, bin) in filled { (point(confidence, bin, &frame)) }
            (sizes(&calibration.bins, &frame))
        }
    }
}

fn point(confidence: f64, bin: &CalibrationBin, frame: &Frame) -> Markup {
    let x = frame.x(confidence);
    html! {
        @if let Some(right) = bin.right {
            @if let Some((low, high)) = interval(right) {
                line.whisker x1=(at(x)) x2=(at(x)) y1=(at(frame.y(low))) y2=(at(frame.y(high))) {}
                @for end in [low, high] {
                    line.whisker x1=(at(x - 4.0)) x2=(at(x + 4.0)) y1=(at(frame.y(end))) y2=(at(frame.y(end))) {}
                }
            }
            circle.dot.f1 cx=(at(x)) cy=(at(frame.y(right.value))) r="5" {
                title {
                    "confidence " (percent(confidence)) " %, right " (percent(right.value)) " %, "
                    (counted(bin.predictions, "prediction"))
                }
            }
        }
    }
}

/// How many predictions each bin has, on the same horizontal axis.
fn sizes(bins: &[CalibrationBin], frame: &Frame) -> Markup {
    let most = bins.iter().map(|bin| bin.predictions).max().unwrap_or(0).max(1) as f64;
    let ground = frame.bottom() + SPACE + SIZES;
    html! {
        @for bin in bins {
            @let height = SIZES * bin.predictions as f64 / most;
            @let (left, right) = (frame.x(bin.low), frame.x(bin.high));
            @if bin.predictions > 0 {
                rect.size x=(at(left + 1.0)) width=(at((right - left - 2.0).max(0.0))) y=(at(ground - height)) height=(at(height)) {}
            }
            text.small.middle x=(at((left + right) / 2.0)) y=(at(ground - height - 4.0)) { (bin.predictions) }
        }
        line.ground x1=(at(frame.left)) x2=(at(frame.x(1.0))) y1=(at(ground)) y2=(at(ground)) {}
    }
}

fn table(calibration: &Calibration) -> Markup {
    html! {
        table {
            thead {
                tr {
                    @for name in ["Confidence", "Predictions", "Mean confidence", "Right"] { th.number scope="col" { (name) } }
                }
            }
            tbody {
                @for bin in &calibration.bins {
                    tr {
                        th.number scope="row" { (percent(bin.low)) "–" (percent(bin.high)) }
                        td.number { (bin.predictions) }
                        td.number { (percent_of(bin.confidence)) }
                        td.number { (estimate(bin.right)) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::report::Estimate;

    #[test]
    fn empty_bins_have_a_count_and_no_point() {
        let bin = |low: f64, right: Option<f64>| CalibrationBin {
            low,
            high: low + 0.1,
            predictions: if right.is_some() { 7 } else { 0 },
            confidence: right.map(|_| low + 0.05),
            right: right.map(|value| Estimate { value, ..Estimate::default() }),
        };
        let bins = vec![bin(0.0, None), bin(0.1, Some(0.2)), bin(0.9, Some(0.95))];
        let drawing = drawing(&Calibration { bins, ..Calibration::default() }).0;
        assert_eq!(drawing.matches("<circle").count(), 2);
        assert_eq!(drawing.matches("<rect").count(), 2);
        assert_eq!(drawing.matches(">7</text>").count(), 2);
    }
}
