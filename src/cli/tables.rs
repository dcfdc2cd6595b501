//! Results of an evaluation as tables for people.

use std::fmt::Write;

use dixit::eval::report::{Breakdown, Calibration, Comparison, Estimate, Figure, ProtocolResult, Report};

/// The tables of a report; with breakdowns and calibration if asked for.
pub fn report(report: &Report, breakdown: bool) -> String {
    let extent = &report.extent;
    let mut out = format!(
        "{}\n{} documents, {} attributions in the gold, {} predicted",
        report.system, extent.documents, extent.gold, extent.predicted
    );
    if extent.out_of_scope > 0 {
        let _ = write!(out, " and {} set aside, of a sort that is not labelled", extent.out_of_scope);
    }
    out.push_str("\nfigures are per cent");
    match &report.bootstrap {
        Some(it) => {
            let _ = write!(out, ", in brackets the 95 % interval of {} resamples of the documents", it.resamples);
        }
        None => out.push_str(", without intervals"),
    }
    out.push('\n');
    for result in &report.protocols {
        protocol(&mut out, result);
    }
    if breakdown {
        report.breakdowns.iter().filter(|it| it.dimension != "document").for_each(|it| by_property(&mut out, it));
        if let Some(calibration) = &report.calibration {
            reliability(&mut out, calibration);
        }
    }
    out
}

fn protocol(out: &mut String, result: &ProtocolResult) {
    let _ = writeln!(out, "\n{}: {}", result.name, result.definition);
    if result.figures.is_empty() {
        out.push_str("  nothing to score: the gold does not label what this needs\n");
        return;
    }
    let _ = writeln!(out, "  {:30}{:>7}{:>10}{:>7}{:>7}  F1 or share", "", "gold", "predicted", "P", "R");
    result.figures.iter().for_each(|it| figure(out, it));
}

fn figure(out: &mut String, figure: &Figure) {
    let name = format!("{}, {}", figure.group, figure.measure);
    let predicted = figure.predicted.map(count).unwrap_or_default();
    let _ = writeln!(
        out,
        "  {}{:>7}{predicted:>10}{:>7}{:>7}  {}",
        padded(&name, 30),
        count(figure.gold),
        share(figure.precision),
        share(figure.recall),
        interval(figure.f1.or(figure.share)),
    );
}

fn by_property(out: &mut String, breakdown: &Breakdown) {
    let _ = writeln!(out, "\nby {}", breakdown.dimension);
    let _ = writeln!(
        out,
        "  {:18}{:>7}{:>10}{:>7}{:>7}  {:24}right speaker",
        "", "gold", "predicted", "P", "R", "found: F1"
    );
    for row in &breakdown.rows {
        let _ = writeln!(
            out,
            "  {}{:>7}{:>10}{:>7}{:>7}  {}{}",
            padded(&row.value, 18),
            row.gold,
            row.predicted,
            share(row.precision),
            share(row.recall),
            padded(&interval(row.f1), 24),
            interval(row.speaker),
        );
    }
}

fn reliability(out: &mut String, calibration: &Calibration) {
    let _ = writeln!(
        out,
        "\nconfidence, of {} predictions; right means {}",
        calibration.predictions, calibration.right_means
    );
    let _ = writeln!(out, "  expected calibration error  {}", interval(calibration.ece));
    let _ = writeln!(out, "  Brier score                 {}", interval(calibration.brier));
    let _ = writeln!(out, "  {:11}{:>12}{:>12}  right", "confidence", "predictions", "mean");
    for bin in calibration.bins.iter().filter(|bin| bin.predictions > 0) {
        let range = format!("{:.1} to {:.1}", bin.low, bin.high);
        let mean = bin.confidence.map(percent).unwrap_or_default();
        let _ = writeln!(out, "  {range:11}{:>12}{mean:>12}  {}", bin.predictions, interval(bin.right));
    }
}

/// The table of a comparison.
pub fn comparison(comparison: &Comparison) -> String {
    let mut out = format!("A: {}\nB: {}\n{} documents; ", comparison.a, comparison.b, comparison.documents);
    match &comparison.bootstrap {
        Some(it) => {
            let _ = writeln!(
                out,
                "figures are per cent (F1 or share), in brackets the 95 % interval; p of {} resamples and of {} exchanges",
                it.resamples, comparison.permutations
            );
        }
        None => out.push_str("figures are per cent (F1 or share), without intervals and tests\n"),
    }
    let mut protocol = "";
    for row in &comparison.rows {
        if row.protocol != protocol {
            protocol = row.protocol;
            let _ =
                writeln!(out, "\n{protocol:32}{:>7}{:>7}  {:24}{:>11}{:>11}", "A", "B", "B less A", "p boot", "p rand");
        }
        let name = format!("{}, {}", row.group, row.measure);
        let difference = signed(&row.difference);
        let tested = comparison.bootstrap.is_some();
        let p = |p: f64| if tested { format!("{p:.4}") } else { String::new() };
        let _ = writeln!(
            out,
            "  {}{:>7}{:>7}  {}{:>11}{:>11}",
            padded(&name, 30),
            percent(row.a),
            percent(row.b),
            padded(&difference, 24),
            p(row.p_bootstrap),
            p(row.p_randomization)
        );
    }
    out
}

/// Text filled up with spaces to a width in characters.
fn padded(text: &str, width: usize) -> String {
    format!("{text:width$}")
}

fn percent(value: f64) -> String {
    format!("{:.1}", 100.0 * value)
}

fn share(estimate: Option<Estimate>) -> String {
    estimate.map_or_else(|| "-".to_owned(), |it| percent(it.value))
}

fn interval(estimate: Option<Estimate>) -> String {
    let Some(it) = estimate else { return "    -".to_owned() };
    match (it.low, it.high) {
        (Some(low), Some(high)) => format!("{:>5} [{}, {}]", percent(it.value), percent(low), percent(high)),
        _ => format!("{:>5}", percent(it.value)),
    }
}

fn signed(it: &Estimate) -> String {
    let sign = |value: f64| format!("{:+.1}", 100.0 * value);
    match (it.low, it.high) {
        (Some(low), Some(high)) => format!("{:>5} [{}, {}]", sign(it.value), sign(low), sign(high)),
        _ => sign(it.value),
    }
}

/// Counts are whole but for those of shares.
fn count(count: f64) -> String {
    if count.fract() == 0.0 { format!("{count:.0}") } else { format!("{count:.1}") }
}
