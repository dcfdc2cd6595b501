//! Figures as the page writes them: shares in percent with one decimal, as the field prints them.

use maud::{Markup, html};

use crate::eval::report::Estimate;

/// What stands where there is no figure.
pub const NONE: &str = "–";

/// A share in percent, without the sign.
pub fn percent(share: f64) -> String {
    if share.is_finite() { format!("{:.1}", share * 100.0) } else { NONE.to_owned() }
}

/// A share in percent, if it is known.
pub fn percent_of(share: Option<f64>) -> String {
    share.map_or_else(|| NONE.to_owned(), percent)
}

/// A figure, in percent, and its interval.
pub fn estimate(estimate: Option<Estimate>) -> Markup {
    let Some(Estimate { value, .. }) = estimate else {
        return html! { (NONE) };
    };
    html! {
        (percent(value))
        @if let Some((low, high)) = estimate.and_then(interval) {
            " " span.interval { "[" (percent(low)) "–" (percent(high)) "]" }
        }
    }
}

/// The ends of the interval, where there is one.
pub fn interval(estimate: Estimate) -> Option<(f64, f64)> {
    estimate.low.zip(estimate.high).filter(|(low, high)| low.is_finite() && high.is_finite())
}

/// How many: whole where it is a count, with two decimals where a protocol counts parts.
pub fn count(number: f64) -> String {
    if number.fract() == 0.0 { format!("{number:.0}") } else { format!("{number:.2}") }
}

/// A number and what is counted, in the plural where it is not one.
pub fn counted(number: usize, singular: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {singular}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_percents_and_never_nan() {
        assert_eq!([percent(0.8714), percent(1.0), percent(f64::NAN)], ["87.1", "100.0", NONE]);
        assert_eq!([percent_of(None), percent_of(Some(0.0))], [NONE, "0.0"]);
    }

    #[test]
    fn intervals_are_shown_where_there_are_any() {
        let figure = |low, high| estimate(Some(Estimate { value: 0.5, low, high })).0;
        assert_eq!(figure(None, None), "50.0");
        assert_eq!(figure(Some(0.4), Some(0.6)), "50.0 <span class=\"interval\">[40.0–60.0]</span>");
        assert_eq!(figure(Some(f64::NAN), Some(0.6)), "50.0");
        assert_eq!(estimate(None).0, NONE);
    }

    #[test]
    fn counts_are_whole_where_they_can_be() {
        assert_eq!([count(12.0), count(2.5), count(0.0)], ["12", "2.50", "0"]);
        assert_eq!([counted(1, "error"), counted(0, "error")], ["1 error", "0 errors"]);
    }
}
