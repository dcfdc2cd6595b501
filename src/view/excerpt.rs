//! A stretch of a document with the words of an attribution marked.

use maud::{Markup, html};

use super::text::Text;
use crate::eval::report::{Excerpt, Offsets, Shown};

/// The marks, in the order in which labels name them. The names are also the style's classes.
const ROLES: [&str; 3] = ["content", "cue", "source"];

/// Words that the same roles have.
struct Segment<'a> {
    text: &'a str,
    /// Which of [`ROLES`] they have.
    roles: [bool; 3],
    /// Which of these begin here.
    begins: [bool; 3],
}

/// The excerpt with an attribution's words marked. The words of the element are those of the excerpt and no others;
/// what a mark means is in its class and, at its beginning, in `data-label`.
pub fn marked(excerpt: &Excerpt, shown: &Shown) -> Markup {
    html! {
        p.excerpt dir="auto" {
            @for segment in segments(excerpt, shown) {
                @if segment.roles.contains(&true) {
                    mark class=(names(segment.roles, " ")) data-label=[label(segment.begins)] { (Text(segment.text)) }
                } @else {
                    (Text(segment.text))
                }
            }
        }
        @if reaches_out(excerpt, shown) {
            p.note { "Some of the marked words lie outside this excerpt." }
        }
    }
}

/// The excerpt cut wherever a role begins or ends.
fn segments<'a>(excerpt: &'a Excerpt, shown: &Shown) -> Vec<Segment<'a>> {
    let mut cuts: Vec<(usize, usize, bool)> = Vec::new();
    for (role, spans) in spans(shown).into_iter().enumerate() {
        for span in spans {
            let (start, end) = (span.start.max(excerpt.start), span.end.min(excerpt.end));
            if start < end {
                cuts.extend([(start - excerpt.start, role, true), (end - excerpt.start, role, false)]);
            }
        }
    }
    cuts.sort_unstable();
    let mut rest = excerpt.text.as_str();
    let mut at = 0;
    let mut depth = [0_usize; 3];
    let mut begins = [false; 3];
    let mut segments = Vec::new();
    for (position, role, opens) in cuts {
        if position > at {
            let (text, after) = split(rest, position - at);
            segments.push(Segment { text, roles: depth.map(|depth| depth > 0), begins });
            (rest, at, begins) = (after, position, [false; 3]);
        }
        if opens {
            begins[role] |= depth[role] == 0;
            depth[role] += 1;
        } else {
            depth[role] = depth[role].saturating_sub(1);
        }
    }
    segments.push(Segment { text: rest, roles: [false; 3], begins: [false; 3] });
    segments.retain(|segment| !segment.text.is_empty());
    segments
}

/// The first so many characters, and the others.
fn split(text: &str, characters: usize) -> (&str, &str) {
    let end = text.char_indices().nth(characters).map_or(text.len(), |(byte, _)| byte);
    text.split_at(end)
}

fn spans(shown: &Shown) -> [&[Offsets]; 3] {
    [&shown.content, &shown.cue, &shown.source]
}

/// The names of these roles.
fn names(roles: [bool; 3], separator: &str) -> String {
    let names: Vec<&str> = ROLES.into_iter().zip(roles).filter_map(|(name, has)| has.then_some(name)).collect();
    names.join(separator)
}

fn label(begins: [bool; 3]) -> Option<String> {
    begins.contains(&true).then(|| names(begins, ", "))
}

/// Whether some of the marked words are not in the excerpt.
fn reaches_out(excerpt: &Excerpt, shown: &Shown) -> bool {
    spans(shown).into_iter().flatten().any(|span| span.start < excerpt.start || span.end > excerpt.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(start: usize, text: &str) -> Excerpt {
        Excerpt { start, end: start + text.chars().count(), text: text.to_owned() }
    }

    fn offsets(spans: &[(usize, usize)]) -> Vec<Offsets> {
        spans.iter().map(|&(start, end)| Offsets { start, end }).collect()
    }

    #[test]
    fn roles_are_marked_where_they_are() {
        let of = |content: &[_], cue: &[_], source: &[_]| Shown {
            content: offsets(content),
            cue: offsets(cue),
            source: offsets(source),
            ..Shown::default()
        };
        let cases = [
            ("nothing", of(&[], &[], &[]), "Żo said “no”", false),
            (
                "each role",
                of(&[(18, 22)], &[(13, 17)], &[(10, 12)]),
                "[source|source:Żo] [cue|cue:said] [content|content:“no”]",
                false,
            ),
            (
                "a cue within a content keeps one label",
                of(&[(10, 22)], &[(13, 17)], &[]),
                "[content|content:Żo ][content cue|cue:said][content|: “no”]",
                false,
            ),
            ("both begin at once", of(&[(10, 12)], &[(10, 12)], &[]), "[content cue|content, cue:Żo] said “no”", false),
            (
                "neighbours stay apart",
                of(&[(10, 12), (12, 17)], &[], &[]),
                "[content|content:Żo][content|content: said] “no”",
                false,
            ),
            (
                "overlapping spans",
                of(&[(10, 17), (13, 22)], &[], &[]),
                "[content|content:Żo ][content|:said][content|: “no”]",
                false,
            ),
            (
                "beyond the excerpt",
                of(&[(0, 12), (18, 90)], &[], &[]),
                "[content|content:Żo] said [content|content:“no”]",
                true,
            ),
            ("elsewhere, turned around or empty", of(&[(0, 3)], &[(17, 13)], &[(12, 12)]), "Żo said “no”", true),
        ];
        for (name, shown, expected, outside) in cases {
            let excerpt = excerpt(10, "Żo said “no”");
            let marked: String = segments(&excerpt, &shown)
                .iter()
                .map(|segment| match names(segment.roles, " ") {
                    none if none.is_empty() => segment.text.to_owned(),
                    roles => format!("[{roles}|{}:{}]", label(segment.begins).unwrap_or_default(), segment.text),
                })
                .collect();
            assert_eq!(marked, expected, "{name}");
            assert_eq!(reaches_out(&excerpt, &shown), outside, "{name}");
        }
    }

    #[test]
    fn an_excerpt_shorter_than_it_says_is_shown_whole() {
        let excerpt = Excerpt { start: 0, end: 50, text: "No.".to_owned() };
        let shown = Shown { content: offsets(&[(1, 40)]), cue: offsets(&[(20, 30)]), ..Shown::default() };
        let text: String = segments(&excerpt, &shown).iter().map(|segment| segment.text).collect();
        assert_eq!(text, "No.");
    }
}
