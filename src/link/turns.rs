//! Who speaks next in a conversation whose quotations name nobody.

use crate::document::Layout;

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
    before: Option<Turn>,
    last: Option<Turn>,
}

impl<'t> Turns<'t> {
    pub fn new(layout: &'t Layout) -> Self {
        Self { layout, before: None, last: None }
    }

    /// The speaker of a quotation at `start` that names nobody. It goes on from the one before it; but where two people
    /// have just spoken in turn, the one who did not speak last answers.
    pub fn next(&self, start: usize) -> Option<usize> {
        let here = self.layout.paragraph_number(start);
        let last = self.last.filter(|last| here.abs_diff(last.paragraph) <= 1)?;
        let before = self.before.filter(|before| last.paragraph.abs_diff(before.paragraph) <= 1);
        let answered = before.and_then(|before| before.speaker).filter(|_| here != last.paragraph && last.speaker.is_some());
        match answered {
            Some(other) if Some(other) != last.speaker => Some(other),
            _ => last.speaker,
        }
    }

    /// Takes in a quotation from `start` to `end`, and whose it is.
    pub fn take(&mut self, start: usize, end: usize, speaker: Option<usize>) {
        let paragraph = self.layout.paragraph_number(end.saturating_sub(1).max(start));
        let turn = Turn { paragraph, speaker };
        if self.last.is_some_and(|last| last.paragraph == paragraph) {
            self.last = Some(Turn { speaker: speaker.or(self.last.and_then(|last| last.speaker)), ..turn });
        } else {
            self.before = self.last.replace(turn);
        }
    }
}
