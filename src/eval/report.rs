//! The result of an evaluation: everything that the tables, the JSON and the HTML report show.
//!
//! Shares, precisions and the like are fractions in 0..=1; what cannot be known (a precision without predictions) is
//! `None` and `null` in JSON, never NaN. Offsets count code points, like those of every file that dixit writes.

use std::fmt;

use serde::Serialize;

/// How right a system is on some gold.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// What was scored: a program with its model, or a file of predictions.
    pub system: String,
    /// Where the gold was read from, as the user named it.
    pub gold: Vec<String>,
    /// How much was compared.
    pub extent: Extent,
    /// How the intervals were made; `None` if there are none.
    pub bootstrap: Option<Bootstrap>,
    /// One entry a protocol, in the order asked for.
    pub protocols: Vec<ProtocolResult>,
    /// The headline's attribution and speaker figures by property; empty if the headline was not asked for.
    pub breakdowns: Vec<Breakdown>,
    /// Whether the confidence can be believed; `None` where the predictions have none.
    pub calibration: Option<Calibration>,
    /// Precision and recall of what reaches a confidence, from the lowest threshold to the highest; empty where the
    /// predictions have none.
    pub curve: Vec<CurvePoint>,
    /// What was wrong, in the order of the documents and of the text.
    pub errors: Vec<ErrorCase>,
}

/// How much was compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Extent {
    /// Documents with gold.
    pub documents: usize,
    /// Of these, documents for which there was no prediction; they were scored as if nothing had been found.
    pub without_prediction: usize,
    /// Attributions in the gold.
    pub gold: usize,
    /// Predicted attributions that were scored.
    pub predicted: usize,
    /// Predicted attributions of a sort that the gold does not label, set aside unscored.
    pub out_of_scope: usize,
}

/// How intervals were made: by resampling documents.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bootstrap {
    /// Number of resamples.
    pub resamples: usize,
    /// Share of the resamples that an interval holds.
    pub level: f64,
    /// Seed of the random numbers.
    pub seed: u64,
}

/// What one protocol says.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ProtocolResult {
    /// What the command line calls it.
    pub name: &'static str,
    /// Its definition in a line.
    pub definition: &'static str,
    /// Number of documents whose gold labels what the protocol needs; 0 if there is nothing to score.
    pub documents: usize,
    /// Its figures, in the order of the protocol's definition.
    pub figures: Vec<Figure>,
}

/// One row of a protocol's table: either precision, recall and F1, or a single share.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Figure {
    /// What is scored: a role ("source"), a relation, a group ("direct").
    pub group: &'static str,
    /// How it is scored: "exact", "overlap", "accuracy".
    pub measure: &'static str,
    /// How many there are in the gold: the denominator of recall, or of the share.
    pub gold: f64,
    /// How many were predicted: the denominator of precision; `None` for a share.
    pub predicted: Option<f64>,
    /// Precision.
    pub precision: Option<Estimate>,
    /// Recall.
    pub recall: Option<Estimate>,
    /// Harmonic mean of the two; 0 where nothing was predicted.
    pub f1: Option<Estimate>,
    /// The share, where there is only one: an accuracy, a mean.
    pub share: Option<Estimate>,
}

/// A figure and its interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Estimate {
    /// The figure on all documents, in 0..=1.
    pub value: f64,
    /// Lower end of the interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Upper end of the interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// The headline's figures by one property of the attributions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Breakdown {
    /// The property: "mode", "kind", "speaker type", "source form", "naming", "length", "document".
    pub dimension: &'static str,
    /// One row a value that occurs. A gold attribution belongs to the value that the gold gives it, a predicted one to
    /// the value that the prediction gives it.
    pub rows: Vec<BreakdownRow>,
}

/// The attributions that have one value of a property.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct BreakdownRow {
    /// The value: "direct", "pronoun", a document's id.
    pub value: String,
    /// Gold attributions with it.
    pub gold: usize,
    /// Predicted attributions with it.
    pub predicted: usize,
    /// Gold attributions with it that were found (content IoU above one half, one to one).
    pub found: usize,
    /// Share of the predicted ones that match gold; `None` where there are none.
    pub precision: Option<Estimate>,
    /// Share of the gold ones that were found; `None` where there are none.
    pub recall: Option<Estimate>,
    /// Harmonic mean of the two.
    pub f1: Option<Estimate>,
    /// Share of the gold ones that were found with the right speaker; `None` where the gold names no speakers.
    pub speaker: Option<Estimate>,
}

/// Whether a confidence of 0.9 means nine in ten.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Calibration {
    /// What counts as right: "found with the right speaker", or "found" where the gold names no speakers.
    pub right_means: &'static str,
    /// Predictions with a confidence.
    pub predictions: usize,
    /// Expected calibration error: mean distance of confidence and share of right ones over the bins, weighted by their
    /// size.
    pub ece: Option<Estimate>,
    /// Mean squared distance of the confidence and 1 (right) or 0 (wrong).
    pub brier: Option<Estimate>,
    /// Ten bins of equal width over 0..=1, empty ones included.
    pub bins: Vec<CalibrationBin>,
}

/// The predictions whose confidence lies in `low..high`, in the last bin also those with 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct CalibrationBin {
    /// Least confidence.
    pub low: f64,
    /// End of the bin.
    pub high: f64,
    /// Predictions in it.
    pub predictions: usize,
    /// Their mean confidence; `None` for an empty bin.
    pub confidence: Option<f64>,
    /// The share of them that are right.
    pub right: Option<Estimate>,
}

/// What is left at one confidence threshold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Predictions with at least this confidence are counted.
    pub threshold: f64,
    /// How many these are.
    pub predicted: usize,
    /// Precision and recall of attributions, by the matching of all predictions.
    pub found: PrecisionRecall,
    /// The same if a wrong speaker counts as wrong; `None` where the gold names no speakers.
    pub with_speaker: Option<PrecisionRecall>,
}

/// Precision, recall and their harmonic mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct PrecisionRecall {
    /// Precision; `None` where nothing was predicted.
    pub precision: Option<f64>,
    /// Recall; `None` where there is no gold.
    pub recall: Option<f64>,
    /// Harmonic mean of the two.
    pub f1: Option<f64>,
}

/// Something wrong, with gold and prediction side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ErrorCase {
    /// The document's id.
    pub document: String,
    /// What is wrong; several things can be wrong with a pair, never none.
    pub kinds: Vec<ErrorKind>,
    /// The attribution as the gold has it; `None` for a false one.
    pub gold: Option<Shown>,
    /// The attribution as predicted; `None` for a missed one.
    pub predicted: Option<Shown>,
    /// The text around both.
    pub context: Excerpt,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// No prediction has a content like the gold attribution's.
    Missed,
    /// No gold attribution has a content like the predicted one's.
    False,
    /// Found, but the speaker is another.
    WrongSpeaker,
    /// Found, but the spans of a role differ that overlap.
    WrongSpan,
    /// Found, but cue or source stand elsewhere, or only one side has any.
    WrongLink,
}

impl ErrorKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Missed, Self::False, Self::WrongSpeaker, Self::WrongSpan, Self::WrongLink];
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missed => "missed",
            Self::False => "false",
            Self::WrongSpeaker => "wrong speaker",
            Self::WrongSpan => "wrong span",
            Self::WrongLink => "wrong link",
        })
    }
}

/// An attribution of one side.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Shown {
    /// The attributed words, in text order.
    pub content: Vec<Offsets>,
    /// The words that signal it.
    pub cue: Vec<Offsets>,
    /// The words that name who is cited.
    pub source: Vec<Offsets>,
    /// The speaker's name; of gold without names the first mention that is no pronoun. `None` where there is none.
    pub speaker: Option<String>,
    /// `direct`, `mixed` or `indirect`, where it is known.
    pub mode: Option<&'static str>,
    /// `speech` or `thought`, where it is known.
    pub kind: Option<&'static str>,
    /// The confidence as files show it, where there is one.
    pub confidence: Option<f64>,
}

/// A span of the document's text, in code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Offsets {
    /// First position inside.
    pub start: usize,
    /// First position after it.
    pub end: usize,
}

/// A stretch of the document's text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// Where it begins in the document, in code points: the position of an offset in `text` is `offset - start`.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The words.
    pub text: String,
}

/// How two systems differ on the same gold.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Comparison {
    /// The first system.
    pub a: String,
    /// The second system.
    pub b: String,
    /// Where the gold was read from.
    pub gold: Vec<String>,
    /// Documents with gold.
    pub documents: usize,
    /// How the intervals were made.
    pub bootstrap: Option<Bootstrap>,
    /// Number of random exchanges of the two systems' documents behind each randomization p.
    pub permutations: usize,
    /// One row a figure of the protocols.
    pub rows: Vec<Difference>,
}

/// One figure of two systems.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The protocol.
    pub protocol: &'static str,
    /// What is scored.
    pub group: &'static str,
    /// How it is scored; F1 where there are precision and recall, otherwise the share.
    pub measure: &'static str,
    /// The first system's figure.
    pub a: f64,
    /// The second system's figure.
    pub b: f64,
    /// `b - a`, with the interval of the paired bootstrap over documents.
    pub difference: Estimate,
    /// Two-sided p of the paired bootstrap: how often resampled documents turn the difference around.
    pub p_bootstrap: f64,
    /// Two-sided p of approximate randomization: how often exchanging the two systems' output on random documents makes
    /// a difference as large.
    pub p_randomization: f64,
}
