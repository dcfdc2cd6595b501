//! Who speaks in a conversation, found out for all its quotations at once.
//!
//! In a novel those who talk take turns, and most quotations name nobody or only a "she". One that does name somebody then
//! says something of those before it as well as of those after it. So the likeliest speakers of all are looked for
//! together, by a beam search (after Viterbi 1967) whose state is who spoke last and who did before.

use std::collections::HashMap;

use crate::document::Layout;

/// Quotations of named speakers, one paragraph after another, that show how a text goes on.
const FEW: usize = 4;

/// States that are kept from one quotation to the next.
const BEAM: usize = 40;

/// Quotations on either side whose speakers may be meant by one that names nobody.
const REACH: usize = 6;

/// How many of these are considered, those nearest by first.
const CONSIDERED: usize = 6;

/// The probability that is left to those whom a pronoun does not seem to mean, and to those who are not named.
const DOUBT: f32 = 0.01;

/// The probability that whoever stands beside a quotation speaks it.
const BESIDE: f32 = 0.5;

/// How much likelier somebody else is to name a person than that person himself.
const TOLD_OF: f32 = 0.15;

/// How many third persons there are, among whom the probability of one is shared.
const THIRDS: f32 = 3.0;

/// Paragraphs after which a conversation is over.
const FAR: usize = 8;

/// Whoever is a source but nobody known, such as the "I" of a narrator.
const UNKNOWN: usize = usize::MAX;

/// How often a speaker is the last one, the one before or a third person: in the paragraph of the quotation before, one,
/// two or more paragraphs on, and when the conversation is over. Counted in every other novel of PDNC.
type Habits = [[f32; 3]; 5];

/// Of quotations that name nobody.
const UNNAMED: Habits =
    [[0.93, 0.04, 0.03], [0.02, 0.90, 0.08], [0.53, 0.35, 0.12], [0.30, 0.25, 0.45], [0.2, 0.1, 0.7]];

/// Of those whose source is a pronoun.
const PRONOUN: Habits =
    [[0.86, 0.08, 0.06], [0.12, 0.70, 0.18], [0.33, 0.43, 0.24], [0.30, 0.25, 0.45], [0.1, 0.1, 0.8]];

/// Of those that name or describe their speaker.
const NAMED: Habits = [[0.47, 0.26, 0.27], [0.03, 0.66, 0.31], [0.38, 0.32, 0.30], [0.27, 0.33, 0.40], [0.1, 0.1, 0.8]];

/// What the text says of who speaks a quotation.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Evidence {
    /// This speaker; `None` for a source who is nobody known.
    Named(Option<usize>),
    /// One of these, with their probabilities.
    Among(Vec<(usize, f32)>),
    /// This speaker is mentioned in the same paragraph.
    Beside(usize),
    /// Nothing.
    Nothing,
}

impl Evidence {
    /// The probability of everybody whom it names.
    fn named(&self) -> impl Iterator<Item = (usize, f32)> {
        let (one, several) = match self {
            Self::Named(speaker) => (Some((speaker.unwrap_or(UNKNOWN), 1.0 - DOUBT)), &[][..]),
            Self::Among(several) => (None, several.as_slice()),
            Self::Beside(speaker) => (Some((*speaker, BESIDE)), &[][..]),
            Self::Nothing => (None, &[][..]),
        };
        one.into_iter().chain(several.iter().copied())
    }

    /// The logarithm of the probability of a speaker.
    fn of(&self, speaker: usize) -> f32 {
        if *self == Self::Nothing {
            return 0.0;
        }
        let probability = self.named().find(|&(named, _)| named == speaker).map_or(0.0, |(_, probability)| probability);
        probability.max(DOUBT).ln()
    }

    fn habits(&self) -> &'static Habits {
        match self {
            Self::Named(_) => &NAMED,
            Self::Among(_) | Self::Beside(_) => &PRONOUN,
            Self::Nothing => &UNNAMED,
        }
    }
}

/// A quotation of a conversation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Turn {
    /// The number of the paragraph in which it begins.
    pub first: usize,
    /// That of the one in which it ends.
    pub last: usize,
    /// Who speaks it, as far as it is said.
    pub evidence: Evidence,
    /// Who is named in its words, and so hardly speaks them.
    pub told_of: Vec<usize>,
}

impl Turn {
    /// The logarithm of the probability of a speaker by what is said of him and in the quotation.
    fn says(&self, speaker: usize) -> f32 {
        let told_of = if self.told_of.contains(&speaker) { TOLD_OF.ln() } else { 0.0 };
        self.evidence.of(speaker) + told_of
    }
}

/// Whether a quotation that follows another is mostly somebody else's, as in a novel, and not the same speaker's, as in the
/// news. `named` are the places and speakers of the quotations whose source is known, in text order.
pub(super) fn is_conversation(layout: &Layout, named: impl Iterator<Item = (usize, usize)>) -> bool {
    let (mut changes, mut stays) = (0, 0);
    let mut last: Option<(usize, usize)> = None;
    for (start, speaker) in named {
        let paragraph = layout.paragraph_number(start);
        if let Some((_, before)) = last.filter(|(before, _)| *before + 1 == paragraph) {
            if speaker == before { stays += 1 } else { changes += 1 }
        }
        last = Some((paragraph, speaker));
    }
    changes >= FEW && changes > stays
}

/// Who spoke last, and who else last before that.
type State = (Option<usize>, Option<usize>);

/// A state that the turns so far can have led to.
#[derive(Debug, Clone, Copy)]
struct Path {
    state: State,
    score: f32,
    /// The number of the path that it goes on from.
    from: usize,
    speaker: Option<usize>,
}

/// The likeliest speaker of each turn; `None` for one who is nobody known.
pub(super) fn speakers(turns: &[Turn]) -> Vec<Option<usize>> {
    let mut paths = vec![Path { state: (None, None), score: 0.0, from: 0, speaker: None }];
    let mut trail: Vec<Vec<Path>> = Vec::with_capacity(turns.len());
    for (number, turn) in turns.iter().enumerate() {
        let before = number.checked_sub(1).map(|before| &turns[before]);
        let step = before.map_or(usize::MAX, |before| turn.first.saturating_sub(before.last));
        paths = gone_on(&paths, turn, step, &considered(turns, number));
        trail.push(paths.clone());
    }
    let mut at = 0;
    let mut speakers: Vec<Option<usize>> = Vec::with_capacity(turns.len());
    for paths in trail.iter().rev() {
        speakers.push(paths[at].speaker.filter(|&speaker| speaker != UNKNOWN));
        at = paths[at].from;
    }
    speakers.reverse();
    speakers
}

/// Those who may speak a turn: whom it names, and whom the turns around it do.
fn considered(turns: &[Turn], number: usize) -> Vec<usize> {
    let mut speakers: Vec<usize> = turns[number].evidence.named().map(|(speaker, _)| speaker).collect();
    if let Evidence::Named(_) = turns[number].evidence {
        return speakers;
    }
    let mut near: Vec<(usize, f32)> = Vec::new();
    let from = number.saturating_sub(REACH);
    for (place, turn) in turns.iter().enumerate().take(number + REACH + 1).skip(from) {
        for (speaker, probability) in turn.evidence.named() {
            let weight = probability / (1 + place.abs_diff(number)) as f32;
            match near.iter_mut().find(|(known, _)| *known == speaker) {
                Some((_, sum)) => *sum += weight,
                None => near.push((speaker, weight)),
            }
        }
    }
    near.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    for (speaker, _) in near.into_iter().take(CONSIDERED) {
        if !speakers.contains(&speaker) {
            speakers.push(speaker);
        }
    }
    speakers
}

/// The best paths with one turn more, `step` paragraphs on; the best one first.
fn gone_on(paths: &[Path], turn: &Turn, step: usize, considered: &[usize]) -> Vec<Path> {
    let habits = turn.evidence.habits()[if step < FAR { step.min(3) } else { 4 }];
    let mut new: Vec<Path> = Vec::new();
    let mut known: HashMap<State, usize> = HashMap::new();
    for (from, path) in paths.iter().enumerate() {
        let (last, other) = path.state;
        let there = [last, other].into_iter().flatten().filter(|speaker| !considered.contains(speaker));
        let there = there.filter(|_| !matches!(turn.evidence, Evidence::Named(_)));
        let mut any = false;
        for speaker in considered.iter().copied().chain(there) {
            any = true;
            let score = path.score + turned(path.state, speaker, habits) + turn.says(speaker);
            let state = (Some(speaker), if last == Some(speaker) { other } else { last });
            let path = Path { state, score, from, speaker: Some(speaker) };
            match known.get(&state).map(|&place| &mut new[place]) {
                Some(known) if known.score >= score => {}
                Some(known) => *known = path,
                None => {
                    known.insert(state, new.len());
                    new.push(path);
                }
            }
        }
        if !any {
            new.push(Path { from, speaker: None, ..*path });
        }
    }
    new.sort_by(|one, other| other.score.total_cmp(&one.score));
    new.truncate(BEAM);
    new
}

/// The logarithm of the probability that `speaker` comes after the state.
fn turned((last, other): State, speaker: usize, [same, before, third]: [f32; 3]) -> f32 {
    if last == Some(speaker) {
        return same.ln();
    }
    if other == Some(speaker) {
        return before.ln();
    }
    // Where nobody has spoken yet, everybody is new.
    let new = third + if other.is_none() { before } else { 0.0 } + if last.is_none() { same } else { 0.0 };
    (new / THIRDS).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quotations::quotations;
    use crate::segment::{layout, paragraphs};

    /// A turn in this paragraph.
    fn turn(paragraph: usize, evidence: Evidence) -> Turn {
        Turn { first: paragraph, last: paragraph, evidence, told_of: Vec::new() }
    }

    fn named(speaker: usize) -> Evidence {
        Evidence::Named(Some(speaker))
    }

    /// The speakers of turns one paragraph after another.
    fn talk(turns: Vec<Evidence>) -> Vec<Option<usize>> {
        let turns: Vec<Turn> = turns.into_iter().enumerate().map(|(place, evidence)| turn(place, evidence)).collect();
        speakers(&turns)
    }

    #[test]
    fn who_is_named_tells_who_spoke_before_and_speaks_after() {
        let nobody = || Evidence::Nothing;
        let either = || Evidence::Among(vec![(2, 0.55), (1, 0.45)]);
        let cases = [
            ("nobody talks", vec![], vec![]),
            ("two take turns", vec![named(1), named(2), nobody(), nobody()], vec![1, 2, 1, 2]),
            ("a name tells of those before", vec![nobody(), named(2), named(1), nobody()], vec![1, 2, 1, 2]),
            ("a third comes in", vec![named(1), named(2), named(3), nobody()], vec![1, 2, 3, 2]),
            (
                "a pronoun means the one whose turn it is",
                vec![named(1), named(2), named(1), either()],
                vec![1, 2, 1, 2],
            ),
            ("against a weak leaning", vec![named(1), named(2), either(), named(2)], vec![1, 2, 1, 2]),
        ];
        for (name, turns, expected) in cases {
            assert_eq!(talk(turns), expected.into_iter().map(Some).collect::<Vec<_>>(), "{name}");
        }
    }

    #[test]
    fn within_a_paragraph_and_after_narration_the_same_one_goes_on() {
        let both = [turn(0, named(1)), turn(1, named(2))];
        let after = |paragraph: usize| speakers(&[&both[..], &[turn(paragraph, Evidence::Nothing)]].concat())[2];
        assert_eq!([after(1), after(2), after(3)], [Some(2), Some(1), Some(2)]);
    }

    #[test]
    fn a_narrator_who_is_not_named_takes_turns_too() {
        assert_eq!(talk(vec![Evidence::Named(None), named(1), Evidence::Nothing]), [None, Some(1), None]);
    }

    #[test]
    fn hardly_anybody_speaks_of_himself_by_name() {
        let asked = Turn { told_of: vec![1], ..turn(3, Evidence::Nothing) };
        let spoken = speakers(&[turn(0, named(1)), turn(1, named(2)), turn(2, named(3)), asked]);
        assert_eq!(spoken[3], Some(2));
        let asked = Turn { told_of: vec![2], ..turn(3, Evidence::Among(vec![(2, 0.6), (1, 0.4)])) };
        assert_eq!(speakers(&[turn(0, named(3)), turn(2, named(3)), asked])[2], Some(1));
    }

    #[test]
    fn a_text_whose_speakers_alternate_is_a_conversation() {
        let text = "“We shall see,” it was said.\n\n".repeat(8);
        let paragraphs = paragraphs(&text);
        let starts: Vec<usize> = paragraphs.iter().map(|paragraph| paragraph.span.start).collect();
        let spans: Vec<_> = paragraphs.iter().map(|paragraph| paragraph.span).collect();
        let layout = layout(&text, paragraphs, &quotations(&text, &spans));
        let is = |speakers: &[usize]| is_conversation(&layout, starts.iter().copied().zip(speakers.iter().copied()));
        assert!(is(&[1, 2, 1, 2, 1]));
        assert!(!is(&[1, 2, 1, 2]), "too few");
        assert!(!is(&[1, 1, 1, 1, 1, 2, 1, 2, 1]), "most go on");
    }

    proptest::proptest! {
        #[test]
        fn only_who_is_mentioned_speaks(kinds in proptest::collection::vec((0usize..4, 0usize..5, 0usize..3), 0..60)) {
            let mut paragraph = 0;
            let turns: Vec<Turn> = kinds.iter().map(|&(kind, speaker, step)| {
                paragraph += step;
                turn(paragraph, match kind {
                    0 => Evidence::Named((speaker > 0).then_some(speaker)),
                    1 => Evidence::Among(vec![(speaker, 0.7), (speaker + 1, 0.3)]),
                    2 => Evidence::Beside(speaker),
                    _ => Evidence::Nothing,
                })
            }).collect();
            let found = speakers(&turns);
            proptest::prop_assert_eq!(found.len(), turns.len());
            for (turn, speaker) in turns.iter().zip(found) {
                if let Evidence::Named(named) = turn.evidence {
                    proptest::prop_assert_eq!(speaker, named);
                }
                let mentioned = |turn: &Turn| turn.evidence.named().any(|(named, _)| Some(named) == speaker);
                proptest::prop_assert!(speaker.is_none() || turns.iter().any(mentioned));
            }
        }
    }
}
