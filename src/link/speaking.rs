//! The speaker of each attribution: whom its source means or, if it names nobody, whoever goes on speaking.

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
        for (number, speaker) in numbers.into_iter().zip(conversation::speakers(&turns)) {
            if let Some(source) = self.attributions[number].source {
                hand_over(source.span, speaking[number], speaker, &mut speakers.entities);
            }
            speaking[number] = speaker;
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
