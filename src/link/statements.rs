//! Attributions and speakers become statements.

use std::cmp::Reverse;

use crate::document::{Byte, Layout, Span};
use crate::model::Calibration;
use crate::quotations::Quoted;
use crate::speakers::Speakers;
use crate::statement::{Annotation, Kind, Mode, Statement};

use super::attributions::Attribution;
use super::mode::mode;
use super::speaking::Attributed;

/// The statements of a document and those who make them.
///
/// `speakers.of_source` has one entry for each of `attributions`, that of its source.
pub fn statements(
    text: &str,
    layout: &Layout,
    quoted: &Quoted,
    attributions: &[Attribution<'_>],
    mut speakers: Speakers,
    calibration: Calibration,
) -> Annotation {
    let contents: Vec<Vec<Span<Byte>>> = attributions
        .iter()
        .map(|attribution| {
            let mut content: Vec<_> = attribution.content.iter().map(|it| it.span).collect();
            content.sort_unstable();
            content
        })
        .collect();
    let modes = modes(text, quoted, attributions, &contents);
    let attributed = Attributed { layout, quoted, attributions, contents: &contents, modes: &modes };
    let speaking = attributed.speakers(&mut speakers);
    let out = attributions.iter().zip(contents).zip(modes.into_iter().zip(speaking));
    let out = out.map(|((attribution, content), (mode, speaker))| Statement {
        mode,
        kind: attribution.cue.map_or(Kind::Speech, |cue| cue.kind),
        cue: attribution.cue.iter().map(|it| it.span).collect(),
        source: attribution.source.iter().map(|it| it.span).collect(),
        content,
        speaker,
        confidence: calibrate(attribution.confidence, mode, speaker.is_some(), calibration),
        parent: attribution.parent,
    });
    keep_speaking(in_text_order(out.collect()), speakers)
}

/// The mode of each attribution.
fn modes(text: &str, quoted: &Quoted, attributions: &[Attribution<'_>], contents: &[Vec<Span<Byte>>]) -> Vec<Mode> {
    let mut modes: Vec<Mode> = Vec::with_capacity(attributions.len());
    for (attribution, content) in attributions.iter().zip(contents) {
        modes.push(match attribution.parent {
            // The marks around it are those of the statement that it stands in.
            Some(parent) if modes[parent] == Mode::Direct => Mode::Indirect,
            _ => mode(text, content, quoted),
        });
    }
    modes
}

/// Sorts the statements by their first content, one before those in it.
fn in_text_order(statements: Vec<Statement>) -> Vec<Statement> {
    let mut order: Vec<usize> = (0..statements.len()).collect();
    order.sort_by_key(|&index| {
        let first = statements[index].content.first();
        (first.map(|span| (span.start, Reverse(span.end))), index)
    });
    let mut place = vec![0; order.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old] = new;
    }
    let mut sorted: Vec<(usize, Statement)> =
        statements.into_iter().enumerate().map(|(k, it)| (place[k], it)).collect();
    sorted.sort_by_key(|&(new, _)| new);
    sorted.into_iter().map(|(_, it)| Statement { parent: it.parent.map(|parent| place[parent]), ..it }).collect()
}

/// Drops the entities that make no statement and numbers the others anew.
fn keep_speaking(mut statements: Vec<Statement>, speakers: Speakers) -> Annotation {
    let mut speaks = vec![false; speakers.entities.len()];
    for speaker in statements.iter().filter_map(|statement| statement.speaker) {
        speaks[speaker] = true;
    }
    let numbers: Vec<usize> = speaks
        .iter()
        .scan(0, |next, &speaks| {
            let number = *next;
            *next += usize::from(speaks);
            Some(number)
        })
        .collect();
    for statement in &mut statements {
        statement.speaker = statement.speaker.map(|speaker| numbers[speaker]);
    }
    let entities = speakers.entities.into_iter().zip(speaks);
    Annotation { statements, speakers: entities.filter_map(|(entity, speaks)| speaks.then_some(entity)).collect() }
}

/// The calibrated probability (Platt 1999) of what the network gives `p`.
fn calibrate(p: f32, mode: Mode, is_named: bool, calibration: Calibration) -> f32 {
    let Calibration { scale, offset, direct, unnamed } = calibration;
    let p = p.clamp(1e-6, 1.0 - 1e-6);
    let logit = (p / (1.0 - p)).ln();
    let kind = if mode == Mode::Direct { direct } else { 0.0 } + if is_named { 0.0 } else { unnamed };
    1.0 / (1.0 + (-(scale * logit + offset + kind)).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calibration_is_monotone_and_stays_a_probability() {
        let calibration = Calibration { scale: 1.7, offset: -0.4, direct: 0.5, unnamed: -0.5 };
        let of = |p, mode, is_named| calibrate(p, mode, is_named, calibration);
        assert!(of(0.5, Mode::Direct, true) > of(0.5, Mode::Mixed, true));
        assert!(of(0.5, Mode::Mixed, false) < of(0.5, Mode::Mixed, true));
        let values: Vec<f32> = (0..=100).map(|p| of(p as f32 / 100.0, Mode::Direct, false)).collect();
        assert!(values.windows(2).all(|pair| pair[0] <= pair[1]));
        assert!(values.iter().all(|p| (0.0..=1.0).contains(p)));
        let unchanged = Calibration { scale: 1.0, offset: 0.0, direct: 0.0, unnamed: 0.0 };
        assert!((calibrate(0.8, Mode::Indirect, true, unchanged) - 0.8).abs() < 1e-4);
    }
}
