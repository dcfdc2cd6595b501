//! The attributions of a standoff file.

use std::collections::{HashMap, HashSet};

use super::lines::{Bound, Event, Standoff};
use super::notes;
use crate::corpus::labels;
use crate::document::{Byte, Span};
use crate::eval::gold::Fault;
use crate::eval::gold::cast::Cast;
use crate::eval::gold::positions::{Positions, mismatch};
use crate::eval::{Attribution, Naming, Scope, Speaker};
use crate::speakers::SpeakerType;

/// What a standoff file says of its text.
#[derive(Debug)]
pub(super) struct Labels {
    pub attributions: Vec<Attribution>,
    pub speakers: Vec<Speaker>,
    pub scope: Scope,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Content,
    Cue,
    Source,
}

fn role(label: &str) -> Option<Role> {
    match label.trim_end_matches(|it: char| it.is_ascii_digit()).to_ascii_lowercase().as_str() {
        "content" | "quote" | "quotation" => Some(Role::Content),
        "cue" => Some(Role::Cue),
        "source" => Some(Role::Source),
        _ => None,
    }
}

/// What tells speakers apart: their first mention, or what a note calls them.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    Mentioned(usize),
    Called(Vec<String>, Option<SpeakerType>),
}

/// Reads the lines, telling of those that are wrong with their number. `joints` are the fragments that are one span with
/// the next.
pub(super) fn labels(
    standoff: &Standoff<'_>,
    positions: &Positions<'_>,
    joints: &HashSet<(&str, usize)>,
) -> (Labels, Vec<(usize, Fault)>) {
    let mut faults = Vec::new();
    let check =
        |bound: &Bound<'_>| spans(bound, positions, joints).map_err(|fault| faults.push((bound.line, fault))).ok();
    let spans: Vec<_> = standoff.bounds.iter().map(check).collect();
    let groups = standoff.equivalences.iter().enumerate();
    let names = standoff.notes.iter().filter_map(|(about, _, note)| Some((*about, notes::speaker(note)?)));
    let mut reader = Reader {
        standoff,
        spans,
        faults,
        cast: Cast::new(),
        used: vec![false; standoff.bounds.len()],
        group_of: groups.flat_map(|(at, ids)| ids.iter().map(move |id| (*id, at))).collect(),
        names_of: names.collect(),
    };
    let mut attributions = reader.events();
    attributions.extend(reader.relations());
    let related = !attributions.is_empty();
    attributions.extend(reader.lone());
    let scope = Scope { relations: related || attributions.is_empty(), speakers: reader.any_speaker(), ..Scope::ALL };
    (Labels { attributions, speakers: reader.cast.speakers, scope }, reader.faults)
}

/// Where an annotation stands, if its words are those of the text; a line end counts as a space.
fn spans(
    bound: &Bound<'_>,
    positions: &Positions<'_>,
    joints: &HashSet<(&str, usize)>,
) -> Result<Vec<Span<Byte>>, Fault> {
    let fragments = bound.fragments.iter();
    let spans = fragments.map(|(start, end)| positions.span(*start, *end)).collect::<Result<Vec<_>, _>>()?;
    let words = spans.iter().map(|span| span.of(positions.text())).collect::<Vec<_>>().join(" ");
    // A line end within the words is a space in the file, or breaks the line off where a tool did not heed it.
    let whole = words.replace(['\n', '\r'], " ") == bound.text;
    let broken_off = words.split_once('\n').is_some_and(|(before, _)| before.trim_end_matches('\r') == bound.text);
    if whole || broken_off {
        return Ok(joined(&spans, bound.id, joints, positions.text()));
    }
    let (start, end) = (bound.fragments[0].0, bound.fragments[bound.fragments.len() - 1].1);
    Err(mismatch(start, end, bound.text, &words))
}

/// The spans of fragments of which some are one with the next, if still nothing but a line end lies between them.
fn joined(fragments: &[Span<Byte>], id: &str, joints: &HashSet<(&str, usize)>, text: &str) -> Vec<Span<Byte>> {
    let mut spans: Vec<Span<Byte>> = Vec::with_capacity(fragments.len());
    for (at, fragment) in fragments.iter().enumerate() {
        match spans.last_mut() {
            Some(last) if joints.contains(&(id, at - 1)) => {
                let between = Span::<Byte>::new(last.end, fragment.start).of(text);
                if between.contains('\n') && between.trim().is_empty() {
                    last.end = fragment.end;
                } else {
                    spans.push(*fragment);
                }
            }
            _ => spans.push(*fragment),
        }
    }
    spans
}

struct Reader<'r, 'a> {
    standoff: &'r Standoff<'a>,
    /// Where each text-bound annotation stands, if it is right.
    spans: Vec<Option<Vec<Span<Byte>>>>,
    faults: Vec<(usize, Fault)>,
    cast: Cast<Key>,
    /// Which text-bound annotations some attribution has.
    used: Vec<bool>,
    /// The group of equivalent annotations that an id is in.
    group_of: HashMap<&'a str, usize>,
    /// The names in the notes about an id.
    names_of: HashMap<&'a str, Vec<String>>,
}

impl<'a> Reader<'_, 'a> {
    fn events(&mut self) -> Vec<Attribution> {
        let standoff = self.standoff;
        let mut attributions = Vec::new();
        let mut numbers = HashMap::new();
        let mut parents = Vec::new();
        for event in &standoff.events {
            let (attribution, parent) = self.event(event);
            if attribution.content.is_empty() && attribution.cue.is_empty() && attribution.source.is_empty() {
                self.faults.push((event.line, Fault::Malformed("an attribution of nothing".to_owned())));
                continue;
            }
            numbers.insert(event.id, attributions.len());
            parents.push(parent);
            attributions.push(attribution);
        }
        for (attribution, parent) in attributions.iter_mut().zip(parents) {
            attribution.parent = parent.and_then(|id| numbers.get(id).copied());
        }
        self.details(&numbers, &mut attributions);
        attributions
    }

    /// An event's attribution and the id of the event that it is nested in.
    fn event(&mut self, event: &Event<'a>) -> (Attribution, Option<&'a str>) {
        let (mut attribution, mut parent) = (Attribution::default(), None);
        if let Some(trigger) = self.standoff.bound_at.get(event.trigger) {
            self.used[*trigger] = true;
        }
        for (name, id) in &event.arguments {
            if name.starts_with("Parent") {
                parent = Some(*id);
                continue;
            }
            let Some(at) = self.standoff.bound_at.get(id).copied() else {
                let fault = Fault::Dangling(event.id.to_owned(), (*id).to_owned());
                self.faults.push((event.line, fault));
                continue;
            };
            if name.starts_with("Speaker") {
                attribution.speaker = Some(self.mentioned(at));
            } else {
                self.take(at, role(self.standoff.bounds[at].label).or_else(|| role(name)), &mut attribution);
            }
        }
        (attribution, parent)
    }

    /// Puts a text-bound annotation into its role.
    fn take(&mut self, at: usize, role: Option<Role>, attribution: &mut Attribution) {
        self.used[at] = true;
        let (Some(role), Some(spans)) = (role, &self.spans[at]) else { return };
        match role {
            Role::Content => attribution.content.extend(spans),
            Role::Cue => attribution.cue.extend(spans),
            Role::Source => attribution.source.extend(spans),
        }
    }

    /// Attributes and notes of events.
    fn details(&mut self, numbers: &HashMap<&str, usize>, attributions: &mut [Attribution]) {
        let standoff = self.standoff;
        let mut types = HashMap::new();
        for (about, name, value) in &standoff.attributes {
            let Some(attribution) = numbers.get(about).map(|at| &mut attributions[*at]) else { continue };
            match *name {
                "Mode" => attribution.mode = labels::mode_of(value),
                "Kind" => attribution.kind = labels::kind_of(value),
                "Naming" => attribution.naming = Naming::of(value),
                "SpeakerType" => drop(types.insert(*about, labels::speaker_type_of(value))),
                _ => {}
            }
        }
        for (about, kind, note) in &standoff.notes {
            let Some(attribution) = numbers.get(about).map(|at| &mut attributions[*at]) else { continue };
            if *kind == notes::CONFIDENCE {
                attribution.confidence = note.parse().ok().filter(|it| (0.0..=1.0).contains(it));
            } else if let Some(names) = notes::speaker(note) {
                let kind = types.get(about).copied().flatten();
                let key = Key::Called(names.clone(), kind);
                attribution.speaker = Some(self.cast.index(key, || Speaker { names, kind, mentions: Vec::new() }));
            }
        }
    }

    /// The speaker who is mentioned by a text-bound annotation, with all mentions that are said to be the same.
    fn mentioned(&mut self, at: usize) -> usize {
        let standoff = self.standoff;
        let id = standoff.bounds[at].id;
        let same = self.group_of.get(id).map(|group| &standoff.equivalences[*group]);
        let mut group: Vec<usize> =
            same.into_iter().flatten().filter_map(|id| standoff.bound_at.get(id).copied()).collect();
        if !group.contains(&at) {
            group.push(at);
        }
        group.sort_unstable();
        let first = group[0];
        if let Some(known) = self.cast.get(&Key::Mentioned(first)) {
            return known;
        }
        let mut speaker = Speaker { kind: labels::speaker_type_of(standoff.bounds[first].label), ..Speaker::default() };
        for at in group {
            self.used[at] = true;
            let spans = self.spans[at].as_deref().unwrap_or_default();
            if let (Some(first), Some(last)) = (spans.first(), spans.last()) {
                speaker.mentions.push(Span::new(first.start, last.end));
            }
            speaker.names.extend(self.names_of.get(standoff.bounds[at].id).into_iter().flatten().cloned());
        }
        self.cast.index(Key::Mentioned(first), || speaker)
    }

    /// The attributions of files without events: annotations that relations connect are one.
    fn relations(&mut self) -> Vec<Attribution> {
        let standoff = self.standoff;
        let mut groups: Vec<usize> = (0..standoff.bounds.len()).collect();
        let mut related = vec![false; groups.len()];
        for (line, ids) in &standoff.relations {
            let ends = ids.map(|id| standoff.bound_at.get(id).copied());
            let [Some(one), Some(other)] = ends else {
                let lost = ids.iter().zip(ends).find(|(_, end)| end.is_none()).map_or("", |(id, _)| id);
                self.faults.push((*line, Fault::Dangling("the relation".to_owned(), lost.to_owned())));
                continue;
            };
            if [one, other].iter().all(|at| role(standoff.bounds[*at].label).is_some() && !self.used[*at]) {
                (related[one], related[other]) = (true, true);
                let (one, other) = (root(&mut groups, one), root(&mut groups, other));
                groups[one.max(other)] = one.min(other);
            }
        }
        let mut attributions: Vec<Attribution> = Vec::new();
        let mut place = HashMap::new();
        for at in (0..groups.len()).filter(|at| related[*at]) {
            let number = *place.entry(root(&mut groups, at)).or_insert_with(|| {
                attributions.push(Attribution::default());
                attributions.len() - 1
            });
            self.take(at, role(standoff.bounds[at].label), &mut attributions[number]);
        }
        attributions
    }

    /// The roles that belong to nothing, each an attribution of its own.
    fn lone(&mut self) -> Vec<Attribution> {
        let standoff = self.standoff;
        let mut attributions = Vec::new();
        for (at, bound) in standoff.bounds.iter().enumerate() {
            let Some(role) = role(bound.label).filter(|_| !self.used[at] && self.spans[at].is_some()) else { continue };
            let mut attribution = Attribution::default();
            self.take(at, Some(role), &mut attribution);
            attributions.push(attribution);
        }
        attributions
    }

    fn any_speaker(&self) -> bool {
        !self.cast.speakers.is_empty()
    }
}

/// The first member of a group, to which the path is shortened.
fn root(groups: &mut [usize], mut at: usize) -> usize {
    while groups[at] != at {
        groups[at] = groups[groups[at]];
        at = groups[at];
    }
    at
}
