//! A document's gold and predictions, made comparable.
//!
//! - Spans count code points. White space at their ends is dropped, and spans of one role of one attribution that only
//!   white space separates are one, so that a quotation is the same whether its paragraphs were labelled one by one or
//!   through.
//! - Attributions are sorted by what they say, so that no figure depends on the order in which a file has them.
//! - Where the gold labels quoted speech alone, predicted statements without quotation marks that overlap no gold content
//!   are set aside: nobody has said that they are wrong. So are nested statements where no gold content of the whole set
//!   stands in another: those who labelled it had no nested attributions to give.

use std::cmp::Reverse;

use crate::document::{Byte, Char, CharIndex, Document, Span};
use crate::statement::Mode;

use super::chains;
use super::matching::{self, Edge};
use super::names;
use super::overlap;
use super::tokens::{Token, Tokenized};
use super::{Attribution, Labelled, Scope, Speaker};

/// The part that words play in an attribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Who is cited.
    Source,
    /// What signals it.
    Cue,
    /// What is attributed.
    Content,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Source, Self::Cue, Self::Content];

    /// The spans of the role in an attribution, as they were labelled.
    pub fn of(self, attribution: &Attribution) -> &[Span<Byte>] {
        match self {
            Self::Source => &attribution.source,
            Self::Cue => &attribution.cue,
            Self::Content => &attribution.content,
        }
    }

    /// Whether the role is labelled.
    pub fn is_in(self, scope: Scope) -> bool {
        match self {
            Self::Source => scope.sources,
            Self::Cue => scope.cues,
            Self::Content => scope.contents,
        }
    }
}

/// The content of a found attribution has more than this share of the union in common with the gold's.
pub const FOUND: f64 = 0.5;

/// A document with gold and what was predicted for it.
#[derive(Debug)]
pub struct Case<'a> {
    /// The document.
    pub document: &'a Document,
    /// What the gold speaks about.
    pub scope: Scope,
    /// The gold.
    pub gold: Side<'a>,
    /// What was predicted and is scored.
    pub predicted: Side<'a>,
    /// How many predictions were set aside.
    pub out_of_scope: usize,
    /// The tokens: the corpus's own or, where it has none, the words by Unicode's rules.
    pub tokens: Tokenized,
    /// For each gold attribution the predicted one matched to it: content IoU above [`FOUND`], one to one, as many pairs
    /// as possible and of such matchings the one of the greatest IoU; of equals the one whose sources, cues and speakers
    /// are most alike.
    pub found: Vec<Option<usize>>,
    /// For each predicted speaker the gold one that its mentions speak for, see [`chains`].
    chains: Vec<Option<usize>>,
}

/// The attributions of one side, sorted.
#[derive(Debug)]
pub struct Side<'a> {
    /// The attributions.
    pub items: Vec<Item<'a>>,
    /// Those who make them.
    pub speakers: &'a [Speaker],
}

/// An attribution, made comparable.
#[derive(Debug, Clone)]
pub struct Item<'a> {
    /// What was labelled.
    pub labels: &'a Attribution,
    /// The spans of each role, in the order of [`Role::ALL`].
    spans: [Vec<Span<Char>>; 3],
    /// The same in tokens.
    tokens: [Vec<Span<Token>>; 3],
}

impl Item<'_> {
    /// The spans of a role in code points, in text order, no two touching.
    pub fn spans(&self, role: Role) -> &[Span<Char>] {
        &self.spans[role as usize]
    }

    /// The tokens that a role's spans touch.
    pub fn tokens(&self, role: Role) -> &[Span<Token>] {
        &self.tokens[role as usize]
    }

    /// Whether the content is quoted, in part or wholly, as far as is known: corpora of quotations need not say so.
    pub fn is_quotation(&self) -> bool {
        self.labels.mode != Some(Mode::Indirect) && !self.spans(Role::Content).is_empty()
    }
}

impl Side<'_> {
    /// The spans of a role of every attribution.
    pub fn lists(&self, role: Role) -> Vec<&[Span<Char>]> {
        self.items.iter().map(|item| item.spans(role)).collect()
    }

    /// The speaker of an attribution.
    pub fn speaker(&self, item: &Item<'_>) -> Option<&Speaker> {
        self.speakers.get(item.labels.speaker?)
    }

    /// The canonical name of an attribution's speaker.
    pub fn name(&self, item: &Item<'_>) -> Option<&str> {
        self.speaker(item)?.names.first().map(String::as_str).filter(|name| !name.is_empty())
    }
}

impl<'a> Case<'a> {
    /// The case of a document with gold, nested attributions included, and its prediction, which must be of the same text.
    pub fn new(gold: &'a Labelled, predicted: &'a Labelled) -> Self {
        Self::of_set(gold, predicted, true)
    }

    /// The same where the set that the gold is from has `nested` attributions, or has none.
    pub fn of_set(gold: &'a Labelled, predicted: &'a Labelled, nested: bool) -> Self {
        let (document, scope) = (&gold.document, gold.scope);
        let tokens = Tokenized::new(&document.text, gold.tokens.as_ref());
        let index = CharIndex::new(&document.text);
        let (gold_side, mut side) = (side(gold, &index, &tokens), side(predicted, &index, &tokens));
        let before = side.items.len();
        if !nested {
            side.items.retain(|item| item.labels.parent.is_none());
        }
        if !scope.indirect {
            drop_unlabelled(&gold_side, &mut side);
        }
        let out_of_scope = before - side.items.len();
        let chains = chains::chains(&document.text, gold_side.speakers, side.speakers);
        let found = vec![None; gold_side.items.len()];
        let mut case = Self { document, scope, gold: gold_side, predicted: side, out_of_scope, tokens, found, chains };
        if scope.contents {
            case.found = found_in(&case);
        }
        case
    }

    /// Whether a predicted attribution has the gold one's speaker: by name where the gold has names, otherwise by the
    /// chain of mentions. Where the gold knows no speaker, none is right.
    pub fn is_same_speaker(&self, gold: &Item<'_>, predicted: &Item<'_>) -> bool {
        match (self.gold.speaker(gold), self.predicted.speaker(predicted)) {
            (None, None) => true,
            (Some(right), Some(other)) => match other.names.first() {
                Some(name) if !right.names.is_empty() => names::is_one_of(name, &right.names),
                _ => self.chain(predicted).is_some() && self.chain(predicted) == gold.labels.speaker,
            },
            _ => false,
        }
    }

    /// Number of the gold speaker whose mentions the predicted attribution's speaker has, if there is one.
    pub fn chain(&self, predicted: &Item<'_>) -> Option<usize> {
        *self.chains.get(predicted.labels.speaker?)?
    }

    /// The predicted attribution matched to a gold one.
    pub fn found(&self, gold: usize) -> Option<&Item<'a>> {
        self.found.get(gold).copied().flatten().and_then(|number| self.predicted.items.get(number))
    }

    /// Whether the gold attribution was found with the right speaker.
    pub fn is_resolved(&self, gold: usize) -> bool {
        self.found(gold).is_some_and(|predicted| self.is_same_speaker(&self.gold.items[gold], predicted))
    }
}

fn side<'a>(labelled: &'a Labelled, index: &CharIndex<'_>, tokens: &Tokenized) -> Side<'a> {
    let text = &labelled.document.text;
    let item = |labels: &'a Attribution| Item {
        spans: Role::ALL.map(|role| chars(text, role.of(labels), index)),
        tokens: Role::ALL.map(|role| tokens.touched(role.of(labels))),
        labels,
    };
    let mut items: Vec<Item<'a>> = labelled.attributions.iter().map(item).collect();
    let name = |item: &Item<'_>| {
        let speaker = item.labels.speaker.and_then(|speaker| labelled.speakers.get(speaker));
        speaker.map(|it| (it.names.clone(), it.mentions.clone()))
    };
    items.sort_by_cached_key(|item| {
        let Attribution { mode, kind, naming, confidence, .. } = *item.labels;
        // The bits of numbers that are not negative are in their order.
        let sureness = Reverse(confidence.unwrap_or(0.0).max(0.0).to_bits());
        let [source, cue, content] = item.spans.clone();
        (content, cue, source, (mode, kind, naming), name(item), sureness)
    });
    Side { items, speakers: &labelled.speakers }
}

/// Byte spans as code points, white space aside.
fn chars(text: &str, spans: &[Span<Byte>], index: &CharIndex<'_>) -> Vec<Span<Char>> {
    let trimmed = overlap::normalize(spans.iter().map(|span| span.trim(text)).collect());
    let mut joined: Vec<Span<Byte>> = Vec::with_capacity(trimmed.len());
    for span in trimmed {
        match joined.last_mut() {
            Some(last) if Span::<Byte>::new(last.end, span.start).of(text).trim().is_empty() => {
                *last = Span::new(last.start, span.end);
            }
            _ => joined.push(span),
        }
    }
    joined.into_iter().map(|span| index.chars(span)).collect()
}

/// Whether some attribution stands in another's content.
pub fn nests(gold: &Labelled) -> bool {
    let contents = || gold.attributions.iter().map(|it| it.content.as_slice()).filter(|it| !it.is_empty());
    let covered = |inner: &[Span<Byte>], outer: &Span<Byte>| inner.iter().all(|it| outer.covers(*it) && it != outer);
    let within = |inner: &[Span<Byte>]| contents().flatten().any(|outer| covered(inner, outer));
    gold.attributions.iter().any(|it| it.parent.is_some()) || contents().any(within)
}

/// Takes out statements without quotation marks that overlap no gold content.
fn drop_unlabelled(gold: &Side<'_>, predicted: &mut Side<'_>) {
    let pairs = overlap::pairs(&gold.lists(Role::Content), &predicted.lists(Role::Content));
    let mut keep: Vec<bool> = predicted.items.iter().map(|item| item.labels.mode != Some(Mode::Indirect)).collect();
    for (_, touched) in pairs {
        keep[touched] = true;
    }
    let mut keep = keep.into_iter();
    predicted.items.retain(|_| keep.next().unwrap_or(true));
}

/// Of contents that are alike, those whose source, cue and speaker are alike, too, are matched.
fn found_in(case: &Case<'_>) -> Vec<Option<usize>> {
    let (gold, predicted) = (case.gold.lists(Role::Content), case.predicted.lists(Role::Content));
    let edges = overlap::pairs(&gold, &predicted).into_iter().filter_map(|(g, p)| {
        let iou = overlap::iou(gold[g], predicted[p]);
        let weight = iou + TIE * likeness(case, &case.gold.items[g], &case.predicted.items[p]);
        (iou > FOUND).then_some(Edge { gold: g, predicted: p, weight })
    });
    matching::most_pairs(gold.len(), &edges.collect::<Vec<_>>())
}

/// Less than any difference between two contents that matters.
pub const TIE: f64 = 1e-6;

/// How alike two attributions are but for their contents, in 0..=2.
pub fn likeness(case: &Case<'_>, gold: &Item<'_>, predicted: &Item<'_>) -> f64 {
    let alike = |role: Role| {
        let (gold, predicted) = (gold.spans(role), predicted.spans(role));
        if gold == predicted { 1.0 } else { overlap::iou(gold, predicted) }
    };
    let speaker = f64::from(u8::from(case.is_same_speaker(gold, predicted)));
    (alike(Role::Source) + alike(Role::Cue)) / 2.0 + speaker / 4.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::example::{attribution, labelled};

    #[test]
    fn paragraphs_of_one_quotation_are_one_span() {
        let text = "“One.\n\n“Two,” he said. “Three.”";
        let gold = labelled(text, vec![attribution(&[(0, 7), (9, 19)], &[], &[])]);
        let through = labelled(text, vec![attribution(&[(0, 19)], &[], &[])]);
        let case = Case::new(&gold, &through);
        assert_eq!(case.gold.items[0].spans(Role::Content), [Span::new(0, 13)]);
        assert_eq!(case.predicted.items[0].spans(Role::Content), [Span::new(0, 13)]);
    }

    #[test]
    fn statements_that_nobody_labelled_are_set_aside() {
        let text = "“We won,” she said, and she hoped to rest. “Good,” he said.";
        let mut gold = labelled(text, vec![attribution(&[(0, 13)], &[], &[])]);
        gold.scope.indirect = false;
        let of = |content, mode| Attribution { mode: Some(mode), ..attribution(&[content], &[], &[]) };
        let predictions = vec![
            of((3, 10), Mode::Indirect), // misjudged, but about what is labelled
            of((37, 45), Mode::Indirect),
            of((47, 58), Mode::Direct),
        ];
        let predicted = labelled(text, predictions);
        let case = Case::new(&gold, &predicted);
        assert_eq!((case.predicted.items.len(), case.out_of_scope), (2, 1));
        gold.scope.indirect = true;
        assert_eq!(Case::new(&gold, &predicted).predicted.items.len(), 3);
    }

    #[test]
    fn nested_statements_are_set_aside_where_the_gold_has_none() {
        let text = "The union said that the council believes the work is cheap.";
        let outer = attribution(&[(15, 58)], &[(10, 14)], &[(0, 9)]);
        let inner = Attribution { parent: Some(0), ..attribution(&[(41, 58)], &[(32, 40)], &[(20, 31)]) };
        let (flat, deep) = (labelled(text, vec![outer.clone()]), labelled(text, vec![outer, inner]));
        let mut untold = deep.clone();
        untold.attributions[1].parent = None;
        assert_eq!([&flat, &deep, &untold].map(nests), [false, true, true]);
        for (gold, scored, aside) in [(&flat, 1, 1), (&deep, 2, 0)] {
            let case = Case::of_set(gold, &deep, nests(gold));
            assert_eq!((case.predicted.items.len(), case.out_of_scope), (scored, aside));
        }
    }

    #[test]
    fn contents_are_found_above_one_half() {
        // Gold 0..10 and 6..16 overlap. The predictions have IoU 1 with the first and 10/11 with the second.
        let text = "a long enough text";
        let gold = labelled(text, vec![attribution(&[(0, 10)], &[], &[]), attribution(&[(6, 16)], &[], &[])]);
        let predicted = labelled(text, vec![attribution(&[(5, 16)], &[], &[]), attribution(&[(0, 10)], &[], &[])]);
        let case = Case::new(&gold, &predicted);
        assert_eq!(case.found, [Some(0), Some(1)]);
        // Exactly one half is not enough: 5 of 10.
        let half = labelled(text, vec![attribution(&[(0, 5)], &[], &[])]);
        assert_eq!(Case::new(&gold, &half).found, [None, None]);
    }
}
