//! Several speakers in one phrase: "A and B", "A, B and two aides", "A, along with B".

use std::ops::Range;

use super::lexicon;
use super::names::{GUESSED, is_party_tag};
use super::phrase::{Determiner, LONGEST, Reader, Reading};
use crate::decode::NameKind;

/// Tokens that a party and a state behind a name have at most: "R-N. Dak.".
const PARTY_TAG: usize = 4;

impl Reader<'_> {
    /// The parts of "A and B" or "A, B and C", if all of them can stand alone.
    pub(super) fn together(&self, tokens: &Range<usize>, depth: usize) -> Option<Vec<Reading>> {
        let free = |i: usize| self.mention_at(i).is_none_or(|m| self.mentions[m].tokens.start == i);
        let bracket = tokens.clone().find(|&i| self.words.fold(i) == "(").unwrap_or(tokens.end);
        let closing = (bracket..tokens.end).find(|&i| self.words.fold(i) == ")").unwrap_or(tokens.end);
        let inside = tokens.start + 1..tokens.end - 1;
        let joint = inside.clone().find(|&i| self.joins(i) && free(i) && !(bracket..closing).contains(&i))?;
        let relative = (tokens.start..joint)
            .any(|i| lexicon::is_clause_opener(self.words.function(i)) && self.mention_at(i).is_none());
        if relative {
            return None;
        }
        let mut starts = vec![tokens.start];
        let commas = (tokens.start..joint).filter(|&i| self.words.fold(i) == "," && self.mention_at(i).is_none());
        starts.extend(commas.map(|i| i + 1));
        let before_joint = if self.words.fold(joint) == "with" { joint.saturating_sub(2) } else { joint - 1 };
        if starts.len() > 1 && starts.last() == Some(&(before_joint + 1)) {
            // The comma of "A, and B" opens no part of its own.
            starts.pop();
        }
        starts.push(joint + 1);
        let mut parts = Vec::new();
        for (n, &start) in starts.iter().enumerate() {
            let mut end = starts.get(n + 1).map_or(tokens.end, |next| next - 1);
            if end > start && self.words.fold(end - 1) == "along" {
                end -= 1;
            }
            if n > 0 && is_party_tag(self.words, start) && end - start <= PARTY_TAG {
                continue;
            }
            parts.push(self.part(start..end, depth)?);
        }
        self.stand_together(tokens, joint, &parts).then_some(parts)
    }

    fn joins(&self, i: usize) -> bool {
        let along = i > 0 && self.words.fold(i) == "with" && self.words.fold(i - 1) == "along";
        along || matches!(self.words.fold(i), "and" | "or" | "nor" | "&")
    }

    /// Whether the parts are equals: not "a friend of Roe and Poe", not "Roe, his friend and adviser".
    fn stand_together(&self, tokens: &Range<usize>, joint: usize, parts: &[Reading]) -> bool {
        let Some((last, rest)) = parts.split_last() else { return false };
        let described = |part: &Reading| matches!(part, Reading::Described(_));
        if rest[1..].iter().any(described) {
            return false;
        }
        let determined = |i: usize| lexicon::is_determiner(self.words.function(i));
        if described(&rest[0]) {
            return determined(tokens.start) && determined(joint + 1) && described(last);
        }
        let governed = (tokens.start..joint).any(|i| {
            self.mention_at(i).is_none()
                && lexicon::is_preposition(self.words.function(i))
                && self.words.fold(i) != "along"
        });
        match last {
            Reading::Named(mention) => {
                let name = &self.mentions[*mention];
                !governed || name.kind == NameKind::Person && name.confidence > GUESSED
            }
            Reading::Described(description) => description.determiner != Determiner::None || description.plural,
            _ => true,
        }
    }

    fn part(&self, mut tokens: Range<usize>, depth: usize) -> Option<Reading> {
        self.trim(&mut tokens);
        while tokens.start < tokens.end && matches!(self.words.fold(tokens.start), "both" | "neither" | "either") {
            tokens.start += 1;
        }
        if tokens.is_empty() || tokens.len() > LONGEST / 2 {
            return None;
        }
        if let Some(pronoun) = self.pronoun(&tokens) {
            return Some(pronoun);
        }
        match self.one(&tokens, depth.saturating_sub(1)) {
            Reading::Named(mention) => Some(Reading::Named(mention)),
            Reading::Described(description) if description.noun.is_some() || description.plural => {
                Some(Reading::Described(description))
            }
            _ => None,
        }
    }
}
