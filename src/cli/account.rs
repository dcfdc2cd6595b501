//! What a run has done so far.

use std::time::Duration;

use dixit::corpus;
use dixit::pipeline::Work;
use dixit::run::{Outcome, Outcomes};
use dixit::statement::{Annotation, Mode};
use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

use super::tally::Tally;

/// Counts and times of a run, over all the times that it was gone on with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// What was counted.
    pub counts: Counts,
    /// Chunks of documents so far.
    pub chunks: u64,
    /// A hash of all that was read so far.
    pub fingerprint: u64,
    /// Who made the statements.
    pub speakers: Tally,
    /// How long it took.
    pub times: Times,
}

/// What the input held, and what was found in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Documents that were annotated.
    pub documents: u64,
    /// Documents, and files that should have held some, that were not.
    pub failed: u64,
    /// Statements by mode.
    pub statements: Statements,
    /// Bytes that were read.
    pub bytes: u64,
    /// Word pieces that the network read.
    pub tokens: u64,
    /// Pieces that filled up batches.
    pub padding: u64,
    /// Records of web archives that hold no page.
    #[serde(default)]
    pub passed_over: PassedOver,
}

/// Records of web archives that hold no page, by what they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOver {
    /// No responses.
    pub other_records: u64,
    /// Responses without success.
    pub unsuccessful: u64,
    /// Responses that are no HTML.
    pub not_html: u64,
}

impl PassedOver {
    /// Records of all sorts.
    pub fn all(&self) -> u64 {
        self.other_records + self.unsuccessful + self.not_html
    }
}

/// Statements by mode.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statements {
    /// All in quotation marks.
    pub direct: u64,
    /// Some in quotation marks.
    pub mixed: u64,
    /// None in quotation marks.
    pub indirect: u64,
}

impl Statements {
    /// Statements of all modes.
    pub fn all(&self) -> u64 {
        self.direct + self.mixed + self.indirect
    }
}

/// Seconds on the clock, and seconds of each stage, summed over the threads.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// From the first document to the last, without the time between two goes.
    pub seconds: f64,
    /// How many times the run was started.
    pub starts: u64,
    /// Threads that annotated, the last time.
    pub threads: usize,
    /// Seconds of each stage.
    pub stages: Stages,
}

/// Seconds of each stage, summed over the threads.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stages {
    /// Reading the input.
    pub reading: f64,
    /// Paragraphs, sentences, quotation marks, word pieces.
    pub layout: f64,
    /// The network.
    pub encoder: f64,
    /// From scores to spans.
    pub decoding: f64,
    /// From spans to speakers and statements.
    pub linking: f64,
    /// Writing the output.
    pub writing: f64,
}

impl Stages {
    /// The stages by name, in the order of the work.
    pub fn named(&self) -> [(&'static str, f64); 6] {
        [
            ("reading", self.reading),
            ("layout", self.layout),
            ("encoder", self.encoder),
            ("decoding", self.decoding),
            ("linking", self.linking),
            ("writing", self.writing),
        ]
    }
}

impl Account {
    /// Documents and failures so far: what was read.
    pub fn items(&self) -> u64 {
        self.counts.documents + self.counts.failed
    }

    /// Counts what was done for a chunk as a whole.
    pub fn chunk(&mut self, chunk: &Outcomes) {
        let Work { pieces, padding, layout, encoder, decoding, linking, .. } = chunk.work;
        self.chunks += 1;
        self.counts.tokens += pieces;
        self.counts.padding += padding;
        let stages = &mut self.times.stages;
        for (sum, time) in [
            (&mut stages.reading, chunk.reading),
            (&mut stages.layout, layout),
            (&mut stages.encoder, encoder),
            (&mut stages.decoding, decoding),
            (&mut stages.linking, linking),
        ] {
            *sum += time.as_secs_f64();
        }
    }

    /// Counts a document that was read, whatever became of it.
    pub fn read(&mut self, outcome: &Outcome) {
        self.fingerprint = chained(self.fingerprint, outcome.fingerprint);
        self.counts.bytes += outcome.bytes;
    }

    /// Counts a document and what was found in it.
    pub fn annotated(&mut self, annotation: &Annotation) {
        self.counts.documents += 1;
        for statement in &annotation.statements {
            let statements = &mut self.counts.statements;
            *match statement.mode {
                Mode::Direct => &mut statements.direct,
                Mode::Mixed => &mut statements.mixed,
                Mode::Indirect => &mut statements.indirect,
            } += 1;
            if let Some(speaker) = statement.speaker.and_then(|it| annotation.speakers.get(it)) {
                self.speakers.add(&speaker.name);
            }
        }
    }

    /// Counts a document without annotation.
    pub fn failed(&mut self) {
        self.counts.failed += 1;
    }

    /// Counts records that were passed over, all since the beginning of the input.
    pub fn passed_over(&mut self, records: corpus::PassedOver) {
        let corpus::PassedOver { other_records, unsuccessful, not_html } = records;
        self.counts.passed_over = PassedOver { other_records, unsuccessful, not_html };
    }

    /// Counts time spent on writing.
    pub fn wrote(&mut self, time: Duration) {
        self.times.stages.writing += time.as_secs_f64();
    }
}

/// A hash of all fingerprints so far and the next.
pub fn chained(so_far: u64, next: u64) -> u64 {
    XxHash3_64::oneshot_with_seed(so_far, &next.to_le_bytes())
}
