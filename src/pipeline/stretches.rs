//! Huge texts: cut into stretches that are annotated one by one.
//!
//! What is kept of a text while it is annotated is a multiple of its length. Cut into stretches, a text of any length
//! takes the memory of one stretch and of what was found.

use std::collections::HashMap;

use crate::document::{Byte, Span};
use crate::speakers::{Entity, SpeakerType};
use crate::statement::{Annotation, Statement};

/// A text of more bytes than this is cut. Articles, and nearly all books, are shorter.
const LIMIT: usize = 4 << 20;
/// Most bytes of a stretch.
const STRETCH: usize = 1 << 20;

/// The stretches of a text: itself if it has up to 4 MB, otherwise pieces of up to 1 MB.
///
/// They are cut where the text is least torn: between paragraphs, otherwise between lines, sentences or words. Together
/// they are the text.
pub fn stretches(text: &str) -> Vec<Span<Byte>> {
    if text.len() <= LIMIT { vec![Span::new(0, text.len())] } else { cut(text, STRETCH) }
}

/// Whether [`stretches`] cuts the text.
pub fn is_huge(text: &str) -> bool {
    text.len() > LIMIT
}

/// The annotation of a text whose stretches were annotated, in their order.
///
/// Speakers of the same name and type are one.
pub fn join(stretches: impl IntoIterator<Item = (Span<Byte>, Annotation)>) -> Annotation {
    let mut joined = Annotation::default();
    let mut known: HashMap<(String, SpeakerType), usize> = HashMap::new();
    for (stretch, Annotation { statements, speakers }) in stretches {
        let mut numbers = Vec::with_capacity(speakers.len());
        for mut speaker in speakers {
            shift(&mut speaker.mentions, stretch.start);
            let next = joined.speakers.len();
            let number = *known.entry((speaker.name.clone(), speaker.kind)).or_insert(next);
            match joined.speakers.get_mut(number) {
                Some(earlier) => extend(earlier, speaker),
                None => joined.speakers.push(speaker),
            }
            numbers.push(number);
        }
        let first = joined.statements.len();
        joined.statements.extend(statements.into_iter().map(|mut statement| {
            let Statement { content, cue, source, .. } = &mut statement;
            [content, cue, source].into_iter().for_each(|spans| shift(spans, stretch.start));
            statement.speaker = statement.speaker.and_then(|it| numbers.get(it).copied());
            statement.parent = statement.parent.map(|it| it + first);
            statement
        }));
    }
    joined
}

fn shift(spans: &mut [Span<Byte>], by: usize) {
    for span in spans {
        *span = Span::new(span.start + by, span.end + by);
    }
}

fn extend(earlier: &mut Entity, later: Entity) {
    earlier.mentions.extend(later.mentions);
    for title in later.titles {
        if !earlier.titles.contains(&title) {
            earlier.titles.push(title);
        }
    }
}

fn cut(text: &str, most: usize) -> Vec<Span<Byte>> {
    let mut stretches = Vec::with_capacity(text.len() / most + 1);
    let mut start = 0;
    while text.len() - start > most {
        let end = start + best_cut(&text[start..], most);
        stretches.push(Span::new(start, end));
        start = end;
    }
    if start < text.len() || stretches.is_empty() {
        stretches.push(Span::new(start, text.len()));
    }
    stretches
}

/// Where to cut off up to `most` bytes of the text, which has more; after 0, or no cut would come to an end.
fn best_cut(text: &str, most: usize) -> usize {
    let end = text.floor_char_boundary(most);
    if end == 0 {
        // A single character is longer than that.
        return text.ceil_char_boundary(1);
    }
    // Not too far back, so that the stretches stay few.
    let begin = text.floor_char_boundary(end - end / 4);
    let tail = &text[begin..end];
    let after = |mark: &str| tail.rfind(mark).map(|at| begin + at + mark.len());
    let word = || tail.rfind(char::is_whitespace).map(|at| text.ceil_char_boundary(begin + at + 1));
    ["\n\n", "\r\n\r\n", "\n", ". "].into_iter().find_map(after).or_else(word).filter(|it| *it > 0).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::{Kind, Mode};
    use proptest::prelude::*;

    fn parts(text: &str, most: usize) -> Vec<&str> {
        cut(text, most).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn a_text_is_cut_where_it_is_least_torn() {
        let cases: [(&str, usize, &[&str]); 8] = [
            ("Rain fell.", 10, &["Rain fell."]),
            ("Rain.\n\nHail. Snow\nfell.", 20, &["Rain.\n\nHail. Snow\n", "fell."]),
            ("Rain fell on\n\nus\nall. Now", 20, &["Rain fell on\n\nus\n", "all. Now"]),
            ("Rain fell ab.\n\nHa. Snow fell", 20, &["Rain fell ab.\n\nHa. ", "Snow fell"]),
            ("Rain fell on the docks", 20, &["Rain fell on the ", "docks"]),
            ("Rain fell on\u{2003}thedocks", 17, &["Rain fell on\u{2003}", "thedocks"]),
            ("xxxxxxxxxx", 4, &["xxxx", "xxxx", "xx"]),
            ("👋👋", 3, &["👋", "👋"]),
        ];
        for (text, most, expected) in cases {
            assert_eq!(parts(text, most), expected);
        }
    }

    #[test]
    fn only_huge_texts_are_cut() {
        let text = "Rain fell. ".repeat(LIMIT / 11);
        assert_eq!(stretches(&text), [Span::new(0, text.len())]);
        assert_eq!(stretches(""), [Span::new(0, 0)]);
        let text = text + "Then it stopped.";
        assert!(is_huge(&text));
        assert_eq!(stretches(&text).len(), 5);
        assert!(stretches(&text).iter().all(|it| it.len() <= STRETCH));
    }

    proptest! {
        #[test]
        fn the_parts_are_the_text(text in "[a-c \n.é👋]{0,80}", most in 1..30_usize) {
            let parts = parts(&text, most);
            prop_assert_eq!(parts.concat(), text.as_str());
            prop_assert!(parts.iter().all(|it| it.len() <= most.max(4)));
            prop_assert!(text.is_empty() || parts.iter().all(|it| !it.is_empty()));
        }
    }

    fn found(speakers: &[&str], statements: &[(usize, Option<usize>)]) -> Annotation {
        let span = |at| vec![Span::new(at, at + 1)];
        let speaker = |(at, name): (usize, &&str)| Entity {
            name: (*name).to_owned(),
            kind: SpeakerType::Person,
            titles: vec![format!("title {}", at % 2)],
            mentions: span(at),
        };
        let statement = |(at, &(speaker, parent)): (usize, &(usize, Option<usize>))| Statement {
            content: span(at),
            cue: span(at + 1),
            source: Vec::new(),
            mode: Mode::Direct,
            kind: Kind::Speech,
            speaker: Some(speaker),
            confidence: 0.5,
            parent,
        };
        Annotation {
            statements: statements.iter().enumerate().map(statement).collect(),
            speakers: speakers.iter().enumerate().map(speaker).collect(),
        }
    }

    #[test]
    fn what_was_found_keeps_its_place_and_its_speaker() {
        let first = found(&["Rosa Pinto", "Jens Holm"], &[(1, None), (0, Some(0))]);
        let second = found(&["Jens Holm", "Amara Diallo"], &[(0, None), (1, Some(0))]);
        let joined = join([(Span::new(0, 100), first), (Span::new(100, 150), second)]);
        let names: Vec<_> = joined.speakers.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["Rosa Pinto", "Jens Holm", "Amara Diallo"]);
        assert_eq!(joined.speakers[1].mentions, [Span::new(1, 2), Span::new(100, 101)]);
        assert_eq!(joined.speakers[1].titles, ["title 1", "title 0"]);
        let said: Vec<_> = joined.statements.iter().map(|it| (it.content[0].start, it.speaker, it.parent)).collect();
        assert_eq!(said, [(0, Some(1), None), (1, Some(0), Some(0)), (100, Some(1), None), (101, Some(2), Some(2))]);
        assert_eq!(joined.statements[3].cue, [Span::new(102, 103)]);
    }
}
