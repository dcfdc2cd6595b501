//! Confidence as files show it, and the statements that reach one.

use crate::statement::{Annotation, Statement};

/// A confidence as files show it: two decimals, in 0..=1. More would be noise, and would differ between processors.
pub fn shown(confidence: f32) -> f64 {
    // The maximum turns NaN into 0, which `clamp` alone would keep.
    (f64::from(confidence).max(0.0).clamp(0.0, 1.0) * 100.0).round() / 100.0
}

/// What is left of an annotation without the statements shown with less than `least`.
///
/// A statement nested in one that goes is nested in what that one was nested in. A speaker of whom nothing is left goes
/// too. The others keep their order.
pub fn at_least(annotation: Annotation, least: f64) -> Annotation {
    let kept: Vec<bool> = annotation.statements.iter().map(|it| shown(it.confidence) >= least).collect();
    if kept.iter().all(|it| *it) {
        return annotation;
    }
    let mut heard = vec![false; annotation.speakers.len()];
    for (statement, _) in annotation.statements.iter().zip(&kept).filter(|(_, kept)| **kept) {
        if let Some(flag) = statement.speaker.and_then(|speaker| heard.get_mut(speaker)) {
            *flag = true;
        }
    }
    let statement_at = positions(&kept);
    let speaker_at = positions(&heard);
    let parents: Vec<_> = (0..kept.len()).map(|it| kept_parent(&annotation.statements, &kept, it)).collect();
    let statements = annotation.statements.into_iter().zip(parents).zip(&kept).filter(|(_, kept)| **kept);
    let statements = statements.map(|((statement, parent), _)| Statement {
        speaker: statement.speaker.and_then(|it| *speaker_at.get(it)?),
        parent: parent.and_then(|it| *statement_at.get(it)?),
        ..statement
    });
    let speakers = annotation.speakers.into_iter().zip(heard).filter_map(|(it, heard)| heard.then_some(it));
    Annotation { statements: statements.collect(), speakers: speakers.collect() }
}

/// For each item its position among the kept ones, if it is kept.
fn positions(kept: &[bool]) -> Vec<Option<usize>> {
    let mut next = 0..;
    kept.iter().map(|kept| kept.then(|| next.next()).flatten()).collect()
}

/// The innermost kept statement around this one.
fn kept_parent(statements: &[Statement], kept: &[bool], statement: usize) -> Option<usize> {
    let mut around = statements[statement].parent;
    // No chain of parents is longer than there are statements; one that is runs in a circle.
    for _ in 0..statements.len() {
        let parent = around.filter(|it| *it < statements.len())?;
        if kept[parent] {
            return Some(parent);
        }
        around = statements[parent].parent;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Span;
    use crate::speakers::{Entity, SpeakerType};
    use crate::statement::{Kind, Mode};

    fn statement(confidence: f32, speaker: usize, parent: Option<usize>) -> Statement {
        Statement {
            content: vec![Span::new(0, 1)],
            cue: Vec::new(),
            source: Vec::new(),
            mode: Mode::Direct,
            kind: Kind::Speech,
            speaker: Some(speaker),
            confidence,
            parent,
        }
    }

    fn annotation() -> Annotation {
        let speaker = |name: &str| Entity {
            name: name.to_owned(),
            kind: SpeakerType::Person,
            titles: Vec::new(),
            mentions: Vec::new(),
        };
        Annotation {
            statements: vec![
                statement(0.9, 1, None),
                statement(0.3, 0, Some(0)),
                statement(0.795, 2, Some(1)),
                statement(0.2, 1, None),
            ],
            speakers: vec![speaker("Amara Diallo"), speaker("Jens Holm"), speaker("Rosa Pinto")],
        }
    }

    #[test]
    fn two_decimals_are_shown() {
        let cases = [(0.974_9, 0.97), (0.975_1, 0.98), (1.2, 1.0), (-0.1, 0.0), (f32::NAN, 0.0), (0.1, 0.1)];
        for (confidence, expected) in cases {
            assert_eq!(shown(confidence), expected);
        }
    }

    #[test]
    fn a_threshold_of_nothing_keeps_all() {
        assert_eq!(at_least(annotation(), 0.0), annotation());
    }

    #[test]
    fn what_is_left_refers_to_what_is_left() {
        let left = at_least(annotation(), 0.8);
        let names: Vec<_> = left.speakers.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["Jens Holm", "Rosa Pinto"]);
        // 0.795 is shown as 0.8; its parent went, its parent's parent stayed.
        assert_eq!(left.statements, [statement(0.9, 0, None), statement(0.795, 1, Some(0))]);
    }

    #[test]
    fn a_threshold_nobody_reaches_leaves_nothing() {
        assert_eq!(at_least(annotation(), 1.0), Annotation::default());
    }

    #[test]
    fn a_circle_of_parents_ends() {
        let mut annotation = annotation();
        annotation.statements[1].parent = Some(1);
        assert_eq!(at_least(annotation, 0.5).statements[1].parent, None);
    }
}
