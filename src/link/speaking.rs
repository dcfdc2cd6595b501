//! The speaker of each attribution: whom its source means or, if it names nobody, whoever goes on speaking.

use std::collections::HashMap;

use crate::document::{Byte, Layout, Span};
use crate::quotations::Quoted;
use crate::speakers::{Entity, Speakers};
use crate::statement::Mode;

use super::attributions::Attribution;
use super::conversation::{self, Evidence, Turn};
use super::turns::Turns;

/// The attributions of a document, and what is known of them before their speakers are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attributed<'a> {
    pub layout: &'a Layout,
    pub quoted: &'a Quoted,
    pub attributions: &'a [Attribution<'a>],
    /// The parts of the content of each, in text order.
    pub contents: &'a [Vec<Span<Byte>>],
    pub modes: &'a [Mode],
}

/// An attribution that is in no other's content.
#[derive(Debug, Clone, Copy)]
struct Outer {
    number: usize,
    /// From the start of its content to the end of it.
    extent: Span<Byte>,
}

impl Attributed<'_> {
    /// The speaker of each attribution. Where that is not the one whom its source was taken to mean, the mention changes
    /// hands.
    pub fn speakers(self, speakers: &mut Speakers) -> Vec<Option<usize>> {
        let mut speaking = speakers.of_source.clone();
        speaking.resize(self.attributions.len(), None);
        let outer = self.outer();
        let named = outer.iter().filter(|it| self.has_source(it) && self.quoted.at(it.extent.start).is_some());
        let named = named.filter_map(|it| Some((it.extent.start, speaking[it.number]?)));
        if conversation::is_conversation(self.layout, named) {
            self.converse(&outer, speakers, &mut speaking);
        } else {
            self.go_on(&outer, &mut speaking);
        }
        speaking
    }

    fn outer(self) -> Vec<Outer> {
        let outer = (0..self.attributions.len()).filter(|&number| self.attributions[number].parent.is_none());
        let extent = |number: usize| {
            let (first, last) = (self.contents[number].first()?, self.contents[number].last()?);
            Some(Outer { number, extent: Span::new(first.start, last.end) })
        };
        outer.filter_map(extent).collect()
    }

    fn has_source(self, outer: &Outer) -> bool {
        self.attributions[outer.number].source.is_some()
    }

    /// The paragraphs in which a content begins and ends.
    fn paragraphs(self, Outer { extent, .. }: &Outer) -> (usize, usize) {
        let last = extent.end.saturating_sub(1).max(extent.start);
        (self.layout.paragraph_number(extent.start), self.layout.paragraph_number(last))
    }

    /// In a conversation all quotations together say who speaks each.
    fn converse(self, outer: &[Outer], speakers: &mut Speakers, speaking: &mut [Option<usize>]) {
        let evidence = |outer: &Outer| {
            let alternatives = speakers.alternatives.get(outer.number).filter(|means| !means.is_empty());
            match (alternatives, self.has_source(outer), speaking[outer.number]) {
                (Some(alternatives), ..) => Evidence::Among(alternatives.clone()),
                (None, true, speaker) => Evidence::Named(speaker),
                (None, false, Some(speaker)) => Evidence::Beside(speaker),
                (None, false, None) => Evidence::Nothing,
            }
        };
        let names = names(speakers);
        let turn = |outer: &Outer| {
            let evidence = evidence(outer);
            let is_turn = match self.modes[outer.number] {
                Mode::Direct => true,
                Mode::Mixed => evidence != Evidence::Nothing,
                Mode::Indirect => false,
            };
            let (first, last) = self.paragraphs(outer);
            let told_of = told_of(&names, &self.contents[outer.number]);
            is_turn.then_some((outer.number, Turn { first, last, evidence, told_of }))
        };
        let (numbers, turns): (Vec<usize>, Vec<Turn>) = outer.iter().filter_map(turn).unzip();
        let mut of_source: HashMap<Span<Byte>, Option<usize>> = HashMap::new();
        for (number, speaker) in numbers.into_iter().zip(conversation::speakers(&turns)) {
            match self.attributions[number].source {
                Some(source) => _ = of_source.entry(source.span).or_insert(speaker),
                None => speaking[number] = speaker,
            }
        }
        // A source means one person, whatever else is attributed to it.
        for (attribution, speaking) in self.attributions.iter().zip(speaking) {
            let Some(source) = attribution.source.map(|source| source.span) else { continue };
            let Some(&speaker) = of_source.get(&source) else { continue };
            hand_over(source, *speaking, speaker, &mut speakers.entities);
            *speaking = speaker;
        }
    }

    /// In the news a quotation that names nobody goes on from what was said before it.
    fn go_on(self, outer: &[Outer], speaking: &mut [Option<usize>]) {
        let mut turns = Turns::default();
        for it in outer {
            let (first, last) = self.paragraphs(it);
            let (mode, has_source) = (self.modes[it.number], self.has_source(it));
            let speaker = &mut speaking[it.number];
            if mode == Mode::Direct && !has_source && speaker.is_none() {
                *speaker = turns.next(first);
            }
            match (mode, *speaker) {
                (Mode::Indirect, Some(speaker)) if has_source => turns.report(last, speaker),
                (Mode::Indirect, _) => {}
                (_, speaker) => turns.take(last, speaker),
            }
        }
    }
}

/// Where the speakers are mentioned, in text order.
fn names(speakers: &Speakers) -> Vec<(usize, usize)> {
    let places = |(number, entity): (usize, &Entity)| {
        let starts: Vec<_> = entity.mentions.iter().map(|mention| (mention.start, number)).collect();
        starts
    };
    let mut names: Vec<_> = speakers.entities.iter().enumerate().flat_map(places).collect();
    names.sort_unstable();
    names
}

/// Who is mentioned in a content.
fn told_of(names: &[(usize, usize)], content: &[Span<Byte>]) -> Vec<usize> {
    let mut told_of: Vec<usize> = Vec::new();
    for part in content {
        let from = names.partition_point(|&(at, _)| at < part.start);
        told_of.extend(names[from..].iter().take_while(|&&(at, _)| at < part.end).map(|&(_, speaker)| speaker));
    }
    told_of.sort_unstable();
    told_of.dedup();
    told_of
}

/// Makes a mention of one entity that of another.
fn hand_over(mention: Span<Byte>, from: Option<usize>, to: Option<usize>, entities: &mut [Entity]) {
    if from == to {
        return;
    }
    if let Some(from) = from.and_then(|from| entities.get_mut(from)) {
        from.mentions.retain(|known| *known != mention);
    }
    if let Some(to) = to.and_then(|to| entities.get_mut(to))
        && let Err(place) = to.mentions.binary_search(&mention)
    {
        to.mentions.insert(place, mention);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{Role, RoleSpan};
    use crate::document::Word;
    use crate::quotations::quotations;
    use crate::segment::{layout, paragraphs};
    use crate::speakers::SpeakerType;
    use crate::statement::Kind;

    fn role(role: Role, start: usize, end: usize) -> RoleSpan {
        RoleSpan {
            span: Span::new(start, end),
            words: Span::<Word>::new(0, 1),
            role,
            confidence: 1.0,
            kind: Kind::Speech,
            speaker_type: (SpeakerType::Person, 1.0),
            vectors: Vec::new(),
        }
    }

    #[test]
    fn a_source_means_one_person_whatever_is_attributed_to_it() {
        let text = format!("{}“No,” he said, and that it rained.", "“Yes,” said Roe.\n\n".repeat(5));
        let paragraphs = paragraphs(&text);
        let spans: Vec<_> = paragraphs.iter().map(|paragraph| paragraph.span).collect();
        let quotations = quotations(&text, &spans);
        let (layout, quoted) = (layout(&text, paragraphs, &quotations), Quoted::new(&quotations));
        let at = |words: &str, from: usize| from + text[from..].find(words).expect("the words stand in the text");
        let mut roles: Vec<(RoleSpan, RoleSpan)> = Vec::new();
        for paragraph in &spans[..5] {
            let (start, source) = (paragraph.start, at("Roe", paragraph.start));
            let content = role(Role::Content, start, at(" said", start));
            roles.push((content, role(Role::Source, source, source + 3)));
        }
        let (start, he) = (spans[5].start, at("he", spans[5].start));
        for content in [(start, at(" he", start)), (at("that", start), at(".", start))] {
            roles.push((role(Role::Content, content.0, content.1), role(Role::Source, he, he + 2)));
        }
        let attribution = |(content, source)| Attribution {
            content: vec![content],
            cue: None,
            source: Some(source),
            confidence: 1.0,
            parent: None,
        };
        let attributions: Vec<_> = roles.iter().map(|(content, source)| attribution((content, source))).collect();
        let contents: Vec<_> = roles.iter().map(|(content, _)| vec![content.span]).collect();
        let modes: Vec<Mode> = (0..7).map(|k| if k < 6 { Mode::Direct } else { Mode::Indirect }).collect();
        let entity = |name: &str, mentions| Entity {
            name: name.to_owned(),
            kind: SpeakerType::Person,
            titles: Vec::new(),
            mentions,
        };
        let mention = Span::new(he, he + 2);
        let mut alternatives = vec![Vec::new(); 7];
        alternatives[5] = vec![(0, 0.55), (1, 0.45)];
        alternatives[6] = alternatives[5].clone();
        let mut speakers = Speakers {
            entities: vec![entity("Ann Roe", vec![mention]), entity("Jan Roe", Vec::new())],
            of_source: [0, 1, 0, 1, 0, 0, 0].map(Some).to_vec(),
            alternatives,
        };
        let (layout, quoted) = (&layout, &quoted);
        let attributed = Attributed { layout, quoted, attributions: &attributions, contents: &contents, modes: &modes };
        assert_eq!(attributed.speakers(&mut speakers), [0, 1, 0, 1, 0, 1, 1].map(Some));
        assert_eq!(speakers.entities.into_iter().map(|it| it.mentions).collect::<Vec<_>>(), [vec![], vec![mention]]);
    }
}
