//! Whose a quotation of the news is that names nobody: it goes on from what was said before it.

/// One paragraph's quotation.
#[derive(Debug, Clone, Copy)]
struct Turn {
    paragraph: usize,
    speaker: Option<usize>,
}

/// The quotations met so far.
#[derive(Debug, Default)]
pub(super) struct Turns {
    last: Option<Turn>,
    /// The last turn of somebody other than the last speaker.
    other: Option<Turn>,
    /// Whose words were last reported without quotation marks, if no quotation followed.
    reported: Option<Turn>,
}

impl Turns {
    /// The speaker of a quotation that begins in paragraph `here` and names nobody.
    pub fn next(&self, here: usize) -> Option<usize> {
        // "The coach said it was over." and the coach's own words in the next paragraph.
        if let Some(reported) = self.reported.filter(|it| here.abs_diff(it.paragraph) <= 1) {
            return reported.speaker;
        }
        let last = self.last.filter(|last| here.abs_diff(last.paragraph) <= 1)?;
        if here == last.paragraph {
            return last.speaker;
        }
        // Two who have spoken in paragraphs one after another take turns.
        let other = self.other.filter(|other| last.paragraph.abs_diff(other.paragraph) <= 1);
        other.and_then(|other| other.speaker).or(last.speaker)
    }

    /// Takes in a quotation that ends in `paragraph`, and whose it is.
    pub fn take(&mut self, paragraph: usize, speaker: Option<usize>) {
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

    /// Takes in words of `speaker` that are reported without quotation marks, and end in `paragraph`.
    pub fn report(&mut self, paragraph: usize, speaker: usize) {
        self.reported = Some(Turn { paragraph, speaker: Some(speaker) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The speakers that are given to a text with a quotation a paragraph, of which these name somebody.
    fn speakers(named: &[Option<usize>]) -> Vec<Option<usize>> {
        let mut turns = Turns::default();
        let mut give = |(paragraph, speaker): (usize, &Option<usize>)| {
            let speaker = speaker.or_else(|| turns.next(paragraph));
            turns.take(paragraph, speaker);
            speaker
        };
        named.iter().enumerate().map(&mut give).collect()
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
    fn a_quotation_does_not_go_on_across_other_paragraphs() {
        let mut turns = Turns::default();
        turns.take(0, Some(1));
        assert_eq!((turns.next(1), turns.next(2)), (Some(1), None));
    }

    #[test]
    fn whose_words_are_reported_goes_on_in_quotation_marks() {
        let mut turns = Turns::default();
        turns.take(0, Some(1));
        turns.report(1, 2);
        assert_eq!(turns.next(1), Some(2));
        assert_eq!(turns.next(2), Some(2));
        assert_eq!(turns.next(3), None, "a paragraph stands between");
        turns.take(2, Some(3));
        assert_eq!(turns.next(3), Some(3), "a quotation counts for more");
    }
}
