//! Whom "who", "which" and "that" stand for: the noun phrase before them.

use super::SpeakerType;
use super::lexicon;
use super::phrase::Reading;
use super::resolve::Resolver;

/// Tokens before "who" in which the noun that it belongs to must begin.
const RELATIVE_REACH: usize = 10;

impl Resolver<'_> {
    /// The noun phrase that "who" at `token` follows.
    pub(super) fn noun_before(&mut self, token: usize) -> Option<usize> {
        let words = self.reader.words;
        let end = if token > 0 && words.fold(token - 1) == "," { token - 1 } else { token };
        if end == 0 || self.reader.mention_at(end - 1).is_some() {
            return None;
        }
        let earliest = end.saturating_sub(RELATIVE_REACH);
        if matches!(words.fold(token), "who" | "whom") {
            return self.people_before(earliest, end);
        }
        let start = (earliest..end)
            .rev()
            .take_while(|&i| words.is_word(i) && !lexicon::is_verb(words.fold(i)))
            .find(|&i| lexicon::is_determiner(words.fold(i)))?;
        match self.reader.read(start..end) {
            reading @ (Reading::Described(_) | Reading::Named(_)) => self.entity(&reading, None, None),
            _ => None,
        }
    }

    /// The shortest noun phrase for people, or for somebody, that ends at `end`: "House leaders" in "an annoyance for House
    /// leaders, who".
    fn people_before(&mut self, earliest: usize, end: usize) -> Option<usize> {
        let words = self.reader.words;
        for i in (earliest..end).rev() {
            let fold = words.fold(i);
            let stops = !words.is_word(i) || lexicon::is_verb(fold);
            let opens = lexicon::is_determiner(fold);
            let governs = lexicon::is_preposition(fold) || lexicon::is_conjunction(fold);
            if !(stops || opens || governs) {
                continue;
            }
            let mut start = if opens { i } else { i + 1 };
            if (start..end).any(|i| lexicon::pronoun(words.fold(i)).is_some()) {
                // "It helps neighbors who": a verb that no list has.
                start = end - 1;
            }
            match self.reader.read(start..end) {
                Reading::Described(people)
                    if matches!(people.kind(), Some(SpeakerType::Person | SpeakerType::Group))
                        && (opens || people.plural) =>
                {
                    return self.entity(&Reading::Described(people), None, None);
                }
                Reading::Named(name) if opens => return self.entity(&Reading::Named(name), None, None),
                _ if stops => return None,
                _ => {}
            }
        }
        None
    }
}
