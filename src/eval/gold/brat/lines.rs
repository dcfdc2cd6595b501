//! The lines of a standoff file: what brat writes of one document.

use std::collections::HashMap;

use crate::eval::gold::Fault;

/// A standoff file.
#[derive(Debug, Default)]
pub(super) struct Standoff<'a> {
    /// Text-bound annotations, in the order of the file.
    pub bounds: Vec<Bound<'a>>,
    /// Where the text-bound annotation of each id stands in `bounds`.
    pub bound_at: HashMap<&'a str, usize>,
    /// Events, in the order of the file.
    pub events: Vec<Event<'a>>,
    /// The two arguments of each relation.
    pub relations: Vec<(usize, [&'a str; 2])>,
    /// Groups of annotations that are the same (`*` lines).
    pub equivalences: Vec<Vec<&'a str>>,
    /// Attributes as (id of what has it, name, value).
    pub attributes: Vec<(&'a str, &'a str, &'a str)>,
    /// Notes as (id of what it is about, type, text).
    pub notes: Vec<(&'a str, &'a str, &'a str)>,
}

/// A text-bound annotation.
#[derive(Debug)]
pub(super) struct Bound<'a> {
    pub id: &'a str,
    pub line: usize,
    pub label: &'a str,
    /// Code-point spans.
    pub fragments: Vec<(usize, usize)>,
    pub text: &'a str,
}

/// An event: arguments around a trigger.
#[derive(Debug)]
pub(super) struct Event<'a> {
    pub id: &'a str,
    pub line: usize,
    pub trigger: &'a str,
    /// Name and id of each argument.
    pub arguments: Vec<(&'a str, &'a str)>,
}

/// The lines of a file, and those, counted from 1, that are none.
pub(super) fn parse(text: &str) -> (Standoff<'_>, Vec<(usize, Fault)>) {
    let (mut standoff, mut faults) = (Standoff::default(), Vec::new());
    for (at, line) in text.trim_start_matches('\u{FEFF}').split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if !line.trim().is_empty() && take(line, at + 1, &mut standoff).is_none() {
            let fault = Fault::Malformed(format!("no line of a standoff file: {:?}", shortened(line)));
            faults.push((at + 1, fault));
        }
    }
    (standoff, faults)
}

fn shortened(line: &str) -> String {
    line.chars().take(60).collect()
}

fn take<'a>(line: &'a str, number: usize, into: &mut Standoff<'a>) -> Option<()> {
    let (id, rest) = line.split_once('\t')?;
    if !id.chars().skip(1).all(|it| it.is_ascii_alphanumeric()) {
        return None;
    }
    match id.chars().next()? {
        'T' => {
            let (head, text) = rest.split_once('\t').unwrap_or((rest, ""));
            let (label, spans) = head.split_once(' ')?;
            let fragments = spans.split(';').map(fragment).collect::<Option<Vec<_>>>()?;
            into.bound_at.insert(id, into.bounds.len());
            into.bounds.push(Bound { id, line: number, label, fragments, text });
        }
        'E' => {
            let mut arguments = rest.split_whitespace().map(|it| it.split_once(':'));
            let (_, trigger) = arguments.next()??;
            let arguments = arguments.collect::<Option<Vec<_>>>()?;
            into.events.push(Event { id, line: number, trigger, arguments });
        }
        'R' => {
            let mut parts = rest.split_whitespace().skip(1).map(|it| it.split_once(':').map(|(_, id)| id));
            into.relations.push((number, [parts.next()??, parts.next()??]));
        }
        '*' => into.equivalences.push(rest.split_whitespace().skip(1).collect()),
        'A' | 'M' => {
            let mut parts = rest.split_whitespace();
            let (name, about) = (parts.next()?, parts.next()?);
            into.attributes.push((about, name, parts.next().unwrap_or_default()));
        }
        '#' => {
            let (head, note) = rest.split_once('\t').unwrap_or((rest, ""));
            let (kind, about) = head.split_once(' ')?;
            into.notes.push((about, kind, note));
        }
        // References to knowledge bases say nothing that dixit reads.
        'N' => {}
        _ => return None,
    }
    Some(())
}

fn fragment(text: &str) -> Option<(usize, usize)> {
    let (start, end) = text.trim().split_once(' ')?;
    Some((start.parse().ok()?, end.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_none_are_numbered() {
        let text = "T1\tCue 4 8\tsaid\nand then this\r\nT2\tContent 0\tNo\n\nE1\tAttribution:T1 Cue\nE2\tAttribution:T1\n\
                    H#\tx\n";
        let (standoff, faults) = parse(text);
        assert_eq!(faults.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 5, 7]);
        assert_eq!((standoff.bounds.len(), standoff.events.len()), (1, 1));
    }
}
