//! What the user hears of a run: failures, progress, a summary; or a log of the same.

use std::io::{self, IsTerminal, Write};
use std::time::Instant;

use dixit::corpus::Failure;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use super::account::{Account, Counts};
use super::say;
use super::summary::{self, counted};
use super::telling::{Telling, is_logged};

/// Tells of a run on standard error.
pub struct Report {
    telling: Telling,
    bar: ProgressBar,
    begin: Instant,
    /// What had been done when this started.
    before: Counts,
}

impl Report {
    /// A report of a run that begins now, after what `before` counts.
    pub fn new(telling: Telling, before: &Account) -> Self {
        Self { telling, bar: ProgressBar::hidden(), begin: Instant::now(), before: before.counts.clone() }
    }

    /// Shows progress from now on; `bytes` is the size of the input as it is stored, if it is known.
    pub fn show_progress(&mut self, bytes: Option<u64>) {
        let (bar, template) = match bytes {
            Some(bytes) => (ProgressBar::new(bytes), "{wide_bar} {percent:>3} %  {msg}  {eta} left"),
            None => (ProgressBar::new_spinner(), "{spinner} {msg}  {elapsed}"),
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        self.bar = bar;
    }

    /// So many stored bytes were done earlier.
    pub fn begin_at(&self, bytes: u64) {
        self.bar.set_position(bytes);
        self.bar.reset_eta();
    }

    /// Tells that a run begins.
    pub fn started(&self, threads: usize, model: &str) {
        let resumed = self.before.documents + self.before.failed;
        if is_logged() {
            tracing::info!(event = "start", dixit = env!("CARGO_PKG_VERSION"), model, threads, resumed, "started");
        } else if resumed > 0 && !self.telling.quiet {
            say(format_args!("going on after {}", counted(resumed, "document")));
        }
    }

    /// Tells that there is nothing left to do.
    pub fn complete(&self, output: &str, account: &Account) {
        if is_logged() {
            tracing::info!(event = "complete", output, "complete already");
        } else if !self.telling.quiet {
            say(format_args!("{output} is complete already: {}", summary::line(account)));
        }
    }

    /// Tells of a document without annotation.
    pub fn failed(&self, failure: &Failure) {
        if is_logged() {
            let (place, reason) = (failure.place.to_string(), failure.cause.to_string());
            let id = failure.id.as_deref();
            tracing::warn!(event = "failed", id, place, reason, mend = failure.cause.mend(), "document failed");
        } else if !self.telling.quiet {
            self.bar.suspend(|| say(format_args!("{failure}")));
        }
    }

    /// Tells that a part is finished.
    pub fn part(&self, account: &Account) {
        if is_logged() {
            let Counts { documents, failed, tokens, .. } = account.counts;
            tracing::info!(event = "part", documents, failed, tokens, "part finished");
        }
    }

    /// Shows how far the run has come: the stored bytes of what `account` counts.
    pub fn advance(&self, account: &Account, bytes: u64) {
        if self.bar.is_hidden() {
            return;
        }
        let (now, before) = (&account.counts, &self.before);
        let seconds = self.begin.elapsed().as_secs_f64().max(0.001);
        let rate = |now: u64, before: u64| now.saturating_sub(before) as f64 / seconds;
        let failed = if now.failed > 0 { format!(", {} failed", HumanCount(now.failed)) } else { String::new() };
        self.bar.set_message(format!(
            "{} ({:.1}/s, {} tokens/s{failed})",
            counted(now.documents, "document"),
            rate(now.documents, before.documents),
            HumanCount(rate(now.tokens, before.tokens) as u64),
        ));
        self.bar.set_position(bytes);
    }

    /// Ends the progress and sums up, if there is something to tell or somebody to read it; at length, if `at_length` or if
    /// that was asked for.
    pub fn finish(self, account: &Account, at_length: bool) {
        self.bar.finish_and_clear();
        let watched = io::stderr().is_terminal();
        if is_logged() {
            log_summary(account);
        } else if !self.telling.quiet && (account.counts.failed > 0 || watched || self.telling.summary) {
            say(format_args!("{}", summary::line(account)));
        }
        if !is_logged() && (self.telling.summary || (at_length && watched && !self.telling.quiet)) {
            // Who closes standard error does not want to hear it.
            let _ = io::stderr().write_all(summary::details(account).as_bytes());
        }
    }
}

fn log_summary(account: &Account) {
    let Counts { documents, failed, statements, bytes, tokens, padding, passed_over } = &account.counts;
    let stages = &account.times.stages;
    let speakers: Vec<_> =
        account.speakers.top(5).into_iter().map(|(name, count)| format!("{name}: {count}")).collect();
    tracing::info!(
        event = "summary",
        documents,
        failed,
        direct = statements.direct,
        mixed = statements.mixed,
        indirect = statements.indirect,
        bytes,
        tokens,
        padding,
        other_records = passed_over.other_records,
        unsuccessful = passed_over.unsuccessful,
        not_html = passed_over.not_html,
        speakers = speakers.join("; "),
        seconds = account.times.seconds,
        reading = stages.reading,
        layout = stages.layout,
        encoder = stages.encoder,
        decoding = stages.decoding,
        linking = stages.linking,
        writing = stages.writing,
        "finished"
    );
}
