//! What is wrong, case by case, with the text around it.

use super::case::{Case, Item, Role, Side};
use super::protocols::meets;
use super::report::{ErrorCase, ErrorKind, Excerpt, Offsets, Shown};
use crate::corpus::confidence::shown;
use crate::corpus::labels;
use crate::document::{Char, Span};
use crate::speakers::is_pronoun;

/// Code points of text shown on either side.
const AROUND: usize = 160;

/// A cue or a source farther from the contents than so many code points is not followed.
const FAR: usize = 600;

/// The errors of a document in the order of the text; none where the gold ties nothing to its contents.
pub fn errors(case: &Case<'_>) -> Vec<ErrorCase> {
    if !(case.scope.contents && case.scope.relations) {
        return Vec::new();
    }
    let text: Vec<char> = case.document.text.chars().collect();
    let mut errors = Vec::new();
    let mut matched = vec![false; case.predicted.items.len()];
    for (g, item) in case.gold.items.iter().enumerate().filter(|(_, item)| has_content(item)) {
        match case.found[g] {
            None => errors.push(error(case, &text, vec![ErrorKind::Missed], Some(item), None)),
            Some(p) => {
                matched[p] = true;
                let other = &case.predicted.items[p];
                let kinds = faults(case, item, other);
                if !kinds.is_empty() {
                    errors.push(error(case, &text, kinds, Some(item), Some(other)));
                }
            }
        }
    }
    for (item, _) in case.predicted.items.iter().zip(&matched).filter(|(item, matched)| !**matched && has_content(item))
    {
        errors.push(error(case, &text, vec![ErrorKind::False], None, Some(item)));
    }
    errors.sort_by_key(|error| {
        let side = error.gold.as_ref().or(error.predicted.as_ref());
        (side.and_then(|it| it.content.first().copied()), error.kinds.first().copied())
    });
    errors
}

fn has_content(item: &Item<'_>) -> bool {
    !item.spans(Role::Content).is_empty()
}

/// What is wrong with a pair that was found.
fn faults(case: &Case<'_>, gold: &Item<'_>, predicted: &Item<'_>) -> Vec<ErrorKind> {
    let mut kinds = Vec::new();
    if case.scope.speakers && !case.is_same_speaker(gold, predicted) {
        kinds.push(ErrorKind::WrongSpeaker);
    }
    let roles = || Role::ALL.into_iter().filter(|role| role.is_in(case.scope));
    if roles().any(|role| meets(gold, predicted, role) && gold.spans(role) != predicted.spans(role)) {
        kinds.push(ErrorKind::WrongSpan);
    }
    if roles().any(|role| !meets(gold, predicted, role)) {
        kinds.push(ErrorKind::WrongLink);
    }
    kinds
}

fn error(
    case: &Case<'_>,
    text: &[char],
    kinds: Vec<ErrorKind>,
    gold: Option<&Item<'_>>,
    predicted: Option<&Item<'_>>,
) -> ErrorCase {
    ErrorCase {
        document: case.document.id.clone(),
        kinds,
        gold: gold.map(|item| show(case, &case.gold, item)),
        predicted: predicted.map(|item| show(case, &case.predicted, item)),
        context: excerpt(text, &[gold, predicted]),
    }
}

fn show(case: &Case<'_>, side: &Side<'_>, item: &Item<'_>) -> Shown {
    let offsets =
        |role: Role| item.spans(role).iter().map(|span| Offsets { start: span.start, end: span.end }).collect();
    Shown {
        content: offsets(Role::Content),
        cue: offsets(Role::Cue),
        source: offsets(Role::Source),
        speaker: name(case, side, item),
        mode: item.labels.mode.map(labels::mode),
        kind: item.labels.kind.map(labels::kind),
        confidence: item.labels.confidence.map(shown),
    }
}

/// The speaker's name; of one without names, the first mention that is no pronoun.
fn name(case: &Case<'_>, side: &Side<'_>, item: &Item<'_>) -> Option<String> {
    let text = &case.document.text;
    let mention = || {
        let mentions = || side.speaker(item).into_iter().flat_map(|speaker| &speaker.mentions).map(|it| it.of(text));
        mentions().find(|it| !is_pronoun(it)).or_else(|| mentions().next()).map(str::to_owned)
    };
    side.name(item).map(str::to_owned).or_else(mention)
}

/// The text around the attributions, from word to word.
fn excerpt(text: &[char], items: &[Option<&Item<'_>>]) -> Excerpt {
    let items = || items.iter().flatten();
    let contents = || items().flat_map(|item| item.spans(Role::Content));
    let mut start = contents().map(|span| span.start).min().unwrap_or(0);
    let mut end = contents().map(|span| span.end).max().unwrap_or(0);
    let reach = Span::<Char>::new(start.saturating_sub(FAR), end + FAR);
    for span in items().flat_map(|item| [Role::Cue, Role::Source].map(|role| item.spans(role))).flatten() {
        if reach.covers(*span) {
            (start, end) = (start.min(span.start), end.max(span.end));
        }
    }
    let (start, end) = (start.saturating_sub(AROUND), (end + AROUND).min(text.len()));
    let start = if start == 0 {
        0
    } else {
        start + text[start..].iter().take(40).position(|c| c.is_whitespace()).map_or(0, |it| it + 1)
    };
    let tail = text[..end].iter().rev().take(40).position(|c| c.is_whitespace());
    let end = if end == text.len() { end } else { end - tail.map_or(0, |it| it + 1) };
    Excerpt { start, end, text: text.get(start..end).unwrap_or_default().iter().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Attribution;
    use crate::eval::example::{attribution, labelled, speaker};

    #[test]
    fn every_kind_of_error_is_told_apart() {
        let text = "“Äpfel,” said Ann Lee. Bo says it rains. Trees grow, Cleo knew. He left.";
        let at = |word: &str| (text.find(word).unwrap(), text.find(word).unwrap() + word.len());
        let of = |content, cue, source, speaker| Attribution {
            speaker: Some(speaker),
            confidence: Some(0.5),
            ..attribution(&[at(content)], &[at(cue)], &[at(source)])
        };
        let mut gold = labelled(
            text,
            vec![
                of("“Äpfel,”", "said", "Ann Lee", 0),
                of("it rains", "says", "Bo", 1),
                of("Trees grow", "knew", "Cleo", 2),
            ],
        );
        gold.speakers = vec![speaker(&["Ann Lee"]), speaker(&["Bo"]), speaker(&["Cleo"])];
        let mut predicted = labelled(
            text,
            vec![
                of("“Äpfel,”", "said", "Ann", 1), // another speaker, a shorter source
                of("it rains", "knew", "Bo", 1),  // another cue
                of("left", "knew", "He", 0),      // false; and the third is missed
            ],
        );
        predicted.speakers = vec![speaker(&["Ann Lee"]), speaker(&["Bo"])];
        let errors = errors(&Case::new(&gold, &predicted));
        let kinds: Vec<&[ErrorKind]> = errors.iter().map(|error| error.kinds.as_slice()).collect();
        let expected: [&[ErrorKind]; 4] = [
            &[ErrorKind::WrongSpeaker, ErrorKind::WrongSpan],
            &[ErrorKind::WrongLink],
            &[ErrorKind::Missed],
            &[ErrorKind::False],
        ];
        assert_eq!(kinds, expected);
        // Offsets count code points: "Äpfel" has one byte more.
        let first = errors[0].gold.as_ref().unwrap();
        assert_eq!(first.content, [Offsets { start: 0, end: 8 }]);
        assert_eq!((first.speaker.as_deref(), first.confidence), (Some("Ann Lee"), Some(0.5)));
        assert_eq!(errors[0].context.text, text);
        assert!(errors[2].predicted.is_none() && errors[3].gold.is_none());
    }

    #[test]
    fn excerpts_begin_and_end_between_words() {
        let text = "word ".repeat(400);
        let gold = labelled(&text, vec![attribution(&[(1000, 1004)], &[(1002, 1004)], &[(10, 14)])]);
        let nothing = labelled(&text, Vec::new());
        let case = Case::new(&gold, &nothing);
        let context = &errors(&case)[0].context;
        assert!(context.start > 830 && context.start.is_multiple_of(5), "{context:?}");
        assert!(context.text.starts_with("word") && context.text.ends_with("word"), "{context:?}");
        assert_eq!(context.text.chars().count(), context.end - context.start);
    }
}
