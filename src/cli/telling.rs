//! How a run tells of itself.

use std::io::{self, IsTerminal};

use clap::{Args, ValueEnum};

/// Options of what is told on standard error.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Telling {
    /// Say nothing but what ended the run
    #[arg(short, long, conflicts_with_all = ["log", "summary"])]
    pub quiet: bool,

    /// Log to standard error, a line an event, instead of showing progress
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub log: Option<Log>,

    /// Sum up in the end: counts, speakers, times [default: if standard error is a terminal and there is an --output]
    #[arg(long)]
    pub summary: bool,
}

/// A form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Log {
    /// For people
    Text,
    /// JSON, an object a line
    Json,
}

impl Telling {
    /// Sets up the log, if one is asked for.
    pub fn begin(self) {
        let Some(log) = self.log else { return };
        let log_to = tracing_subscriber::fmt().with_writer(io::stderr).with_target(false).with_ansi(false);
        // Who closes standard error does not want to hear it, least of all of that.
        let log_to = log_to.log_internal_errors(false);
        // It fails only if there is a log already.
        let _ = match log {
            Log::Text => log_to.try_init(),
            Log::Json => log_to.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init(),
        };
    }

    /// Whether there is somebody to watch the progress.
    pub fn shows_progress(self) -> bool {
        !self.quiet && self.log.is_none() && io::stderr().is_terminal()
    }
}

/// Whether there is a log.
pub fn is_logged() -> bool {
    tracing::dispatcher::has_been_set()
}
