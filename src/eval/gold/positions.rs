//! From the code points that files count to the bytes of a text.

use super::Fault;
use crate::document::{Byte, Span};

/// How much of a label or a text a message quotes, in code points.
const QUOTED: usize = 60;

/// Converts code-point positions of one text into byte spans, and checks what labels quote of it.
#[derive(Debug)]
pub(super) struct Positions<'t> {
    text: &'t str,
    /// The byte at which every [`STRIDE`](Self::STRIDE)th code point begins.
    starts: Vec<usize>,
    length: usize,
}

impl<'t> Positions<'t> {
    const STRIDE: usize = 64;

    pub(super) fn new(text: &'t str) -> Self {
        let (mut starts, mut length) = (Vec::with_capacity(text.len() / Self::STRIDE + 1), 0);
        for (byte, _) in text.char_indices() {
            if length % Self::STRIDE == 0 {
                starts.push(byte);
            }
            length += 1;
        }
        Self { text, starts, length }
    }

    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// The byte at which a code point begins; the text's end for the one after the last.
    fn byte(&self, position: usize) -> Option<usize> {
        if position == self.length {
            return Some(self.text.len());
        }
        let start = *self.starts.get(position / Self::STRIDE)?;
        let mut after = self.text[start..].char_indices();
        after.nth(position % Self::STRIDE).map(|(byte, _)| start + byte)
    }

    /// The byte span of the code points `start..end`, which must not be empty.
    pub(super) fn span(&self, start: usize, end: usize) -> Result<Span<Byte>, Fault> {
        let bytes = (start < end).then(|| Some((self.byte(start)?, self.byte(end)?))).flatten();
        bytes.map(|(start, end)| Span::new(start, end)).ok_or(Fault::OutOfText { start, end, length: self.length })
    }

    /// The byte span of a token, which may be empty.
    pub(super) fn token(&self, start: usize, end: usize) -> Result<Span<Byte>, Fault> {
        match self.byte(start) {
            Some(byte) if start == end => Ok(Span::new(byte, byte)),
            _ => self.span(start, end),
        }
    }

    /// The byte span of `start..end`, if the text says there what the labels say.
    pub(super) fn quoted(&self, start: usize, end: usize, label: &str) -> Result<Span<Byte>, Fault> {
        let span = self.span(start, end)?;
        let text = span.of(self.text);
        if text == label { Ok(span) } else { Err(mismatch(start, end, label, text)) }
    }
}

/// The fault of labels that say something else than the text, quoting the two from a little before they part.
pub(super) fn mismatch(start: usize, end: usize, label: &str, text: &str) -> Fault {
    let same = label.chars().zip(text.chars()).take_while(|(one, other)| one == other).count();
    let skipped = if same > QUOTED / 2 { same - QUOTED / 3 } else { 0 };
    let shown = |words: &str| {
        let (before, mut rest) = (if skipped > 0 { "…" } else { "" }, words.chars().skip(skipped));
        let part: String = rest.by_ref().take(QUOTED).collect();
        format!("{before}{part}{}", if rest.next().is_some() { "…" } else { "" })
    };
    Fault::Mismatch { start, end, label: shown(label), text: shown(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::CharIndex;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn positions_undo_what_the_index_does(text in "(\\PC|\\n){0,200}", at in 0_usize..200, size in 1_usize..90) {
            let positions = Positions::new(&text);
            let length = text.chars().count();
            let found = positions.span(at, at + size);
            prop_assert_eq!(found.is_ok(), at + size <= length);
            if let Ok(span) = found {
                let chars = CharIndex::new(&text).chars(span);
                prop_assert_eq!((chars.start, chars.end), (at, at + size));
            }
        }
    }

    #[test]
    fn what_is_no_span_is_told() {
        let positions = Positions::new("Zoë spoke.");
        let cases = [
            (0, 3, "Zoë", None),
            (2, 3, "e", Some("at 2..3 the labels say \"e\" and the text says \"ë\"")),
            (3, 3, "", Some("3..3 is no span of the text, which has 10 characters")),
            (9, 11, ".", Some("9..11 is no span of the text, which has 10 characters")),
        ];
        for (start, end, label, fault) in cases {
            let found = positions.quoted(start, end, label).err().map(|it| it.to_string());
            assert_eq!(found.as_deref(), fault);
        }
    }

    #[test]
    fn long_words_are_quoted_where_they_part() {
        let text = format!("{}north {}", "a".repeat(100), "b".repeat(100));
        let fault = mismatch(0, 206, &text.replace("north", "south"), &text).to_string();
        let (before, after) = ("a".repeat(20), "b".repeat(34));
        let quoted = |word: &str| format!("\"…{before}{word} {after}…\"");
        assert_eq!(
            fault,
            format!("at 0..206 the labels say {} and the text says {}", quoted("south"), quoted("north"))
        );
    }
}
