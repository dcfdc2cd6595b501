//! Who speaks next in a conversation whose quotations name nobody.

use crate::document::Layout;

/// Paragraphs back to which somebody still takes part in a conversation.
const REACH: usize = 40;

/// Paragraphs of narration that a conversation goes on across.
const PAUSE: usize = 6;

/// Quotations of named speakers, one paragraph after another, that show how a text goes on.
const FEW: usize = 4;

/// One paragraph's quotation.
#[derive(Debug, Clone, Copy)]
struct Turn {
    paragraph: usize,
    speaker: Option<usize>,
}

/// The quotations met so far.
#[derive(Debug)]
pub(super) struct Turns<'t> {
    layout: &'t Layout,
    /// Whether a quotation that follows another is mostly somebody else's, as in a novel, and not the same speaker's, as in
    /// the news.
    conversation: bool,
    last: Option<Turn>,
    /// The last turn of somebody other than the last speaker.
    other: Option<Turn>,
    /// Whose words were last reported without quotation marks, if no quotation followed.
    reported: Option<Turn>,
}

impl<'t> Turns<'t> {
    /// `named` are the places and speakers of the quotations whose source is known, in text order.
    pub fn new(layout: &'t Layout, named: impl Iterator<Item = (usize, usize)>) -> Self {
        let (mut changes, mut stays) = (0, 0);
        let mut last: Option<(usize, usize)> = None;
        for (start, speaker) in named {
            let paragraph = layout.paragraph_number(start);
            if let Some((_, before)) = last.filter(|(before, _)| *before + 1 == paragraph) {
                if speaker == before { stays += 1 } else { changes += 1 }
            }
            last = Some((paragraph, speaker));
        }
        Self { layout, conversation: changes >= FEW && changes > stays, last: None, other: None, reported: None }
    }

    /// The speaker of a quotation at `start` that names nobody. It goes on from what was said or reported before it; but in
    /// a conversation the one who did not speak last answers.
    pub fn next(&self, start: usize) -> Option<usize> {
        let here = self.layout.paragraph_number(start);
        // "The coach said it was over." and the coach's own words in the next paragraph.
        if let Some(reported) = self.reported.filter(|it| !self.conversation && here.abs_diff(it.paragraph) <= 1) {
            return reported.speaker;
        }
        let pause = if self.conversation { PAUSE } else { 0 };
        let last = self.last.filter(|last| here.abs_diff(last.paragraph) <= 1 + pause)?;
        if here == last.paragraph {
            return last.speaker;
        }
        let reach = if self.conversation { REACH } else { 1 };
        let other = self.other.filter(|other| last.paragraph.abs_diff(other.paragraph) <= reach);
        match other.and_then(|other| other.speaker) {
            Some(other) => Some(other),
            None if self.conversation => None,
            None => last.speaker,
        }
    }

    /// Takes in a quotation from `start` to `end`, and whose it is.
    pub fn take(&mut self, start: usize, end: usize, speaker: Option<usize>) {
        let paragraph = self.layout.paragraph_number(end.saturating_sub(1).max(start));
        let turn = Turn { paragraph, speaker };
        self.reported = None;
        match self.last {
            Some(last) if last.paragraph == paragraph => {
                self.last = Some(Turn { speaker: speaker.or(last.speaker), ..turn });
            }
            Some(last) if last.speaker != speaker => self.other = self.last.replace(turn),
            _ => self.last = Some(turn),
        }
    }

    /// Takes in words of `speaker` up to `end` that are reported without quotation marks.
    pub fn report(&mut self, end: usize, speaker: usize) {
        let paragraph = self.layout.paragraph_number(end.saturating_sub(1));
        self.reported = Some(Turn { paragraph, speaker: Some(speaker) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quotations::quotations;
    use crate::segment::{layout, paragraphs};

    /// A text with a quotation a paragraph, and where each begins.
    fn paragraphs_of(count: usize) -> (Layout, Vec<usize>) {
        let text = "“We shall see,” it was said.\n\n".repeat(count);
        let paragraphs = paragraphs(&text);
        let starts = paragraphs.iter().map(|paragraph| paragraph.span.start).collect();
        let spans: Vec<_> = paragraphs.iter().map(|paragraph| paragraph.span).collect();
        (layout(&text, paragraphs, &quotations(&text, &spans)), starts)
    }

    /// The speakers that are given to a text whose quotations name these.
    fn speakers(named: &[Option<usize>]) -> Vec<Option<usize>> {
        let (layout, starts) = paragraphs_of(named.len());
        let known = starts.iter().zip(named).filter_map(|(&start, speaker)| Some((start, (*speaker)?)));
        let mut turns = Turns::new(&layout, known);
        let mut give = |(&start, speaker): (&usize, &Option<usize>)| {
            let speaker = speaker.or_else(|| turns.next(start));
            turns.take(start, start + 2, speaker);
            speaker
        };
        starts.iter().zip(named).map(&mut give).collect()
    }

    #[test]
    fn in_the_news_a_speaker_goes_on() {
        assert_eq!(speakers(&[Some(1), None, None]), [Some(1), Some(1), Some(1)]);
    }

    #[test]
    fn two_who_have_just_spoken_take_turns() {
        assert_eq!(speakers(&[Some(1), Some(2), None, None]), [Some(1), Some(2), Some(1), Some(2)]);
    }

    #[test]
    fn whose_words_are_reported_goes_on_in_quotation_marks() {
        let (layout, starts) = paragraphs_of(4);
        let mut turns = Turns::new(&layout, [(starts[0], 1)].into_iter());
        turns.take(starts[0], starts[0] + 2, Some(1));
        turns.report(starts[1] + 2, 2);
        assert_eq!(turns.next(starts[1]), Some(2));
        assert_eq!(turns.next(starts[2]), Some(2));
        assert_eq!(turns.next(starts[3]), None, "a paragraph stands between");
        turns.take(starts[2], starts[2] + 2, Some(3));
        assert_eq!(turns.next(starts[3]), Some(3), "a quotation counts for more");
    }

    #[test]
    fn in_a_conversation_somebody_else_answers() {
        let talk = [Some(1), Some(2), Some(1), Some(2), Some(3), None];
        assert_eq!(speakers(&talk)[5], Some(2));
        let (layout, starts) = paragraphs_of(6);
        let turns = Turns::new(&layout, starts.into_iter().zip([1, 2, 1, 2, 1, 2]));
        assert!(turns.conversation);
    }

    #[test]
    fn a_conversation_goes_on_across_some_narration() {
        let (layout, starts) = paragraphs_of(6 + PAUSE + 2);
        let after = |named: [usize; 6], pause: usize| {
            let named: Vec<_> = starts.iter().copied().zip(named).collect();
            let mut turns = Turns::new(&layout, named.iter().copied());
            named.iter().for_each(|&(start, speaker)| turns.take(start, start + 2, Some(speaker)));
            turns.next(starts[6 + pause])
        };
        assert_eq!(after([1, 2, 1, 2, 1, 2], PAUSE), Some(1));
        assert_eq!(after([1, 2, 1, 2, 1, 2], PAUSE + 1), None);
        assert_eq!(after([1, 1, 1, 1, 1, 2], 1), None, "in the news it does not");
    }
}
