//! Entities as brackets over tokens, as CoNLL-2012 and its descendants print them: `(3|(4` … `4)3)`, or `(3)`.

use std::collections::HashMap;

/// Reads the brackets of one document, token by token.
#[derive(Debug, Default)]
pub(super) struct Brackets {
    /// The first tokens of what is open, by name.
    open: HashMap<String, Vec<usize>>,
    /// What was closed, with its first token and the one after its last.
    pub mentions: Vec<(String, usize, usize)>,
}

impl Brackets {
    /// Reads the brackets of the token `at`. `name` says what an opening bracket's label is called when it is closed.
    pub(super) fn token(&mut self, brackets: &str, at: usize, name: impl Fn(&str) -> String) {
        let mut rest = brackets;
        while let Some(next) = rest.find(['(', ')', '|']) {
            let (before, after) = rest.split_at(next);
            match &after[..1] {
                "(" => {
                    let label = &after[1..];
                    let end = label.find(['(', ')', '|']).unwrap_or(label.len());
                    self.open.entry(name(&label[..end])).or_default().push(at);
                    rest = &label[end..];
                    if let Some(closed) = rest.strip_prefix(')') {
                        self.close(&name(&label[..end]), at);
                        rest = closed;
                    }
                }
                ")" => {
                    self.close(before, at);
                    rest = &after[1..];
                }
                _ => rest = &after[1..],
            }
        }
    }

    fn close(&mut self, name: &str, at: usize) {
        if let Some(start) = self.open.get_mut(name).and_then(Vec::pop) {
            self.mentions.push((name.to_owned(), start, at + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_nest_and_stand_side_by_side() {
        let mut brackets = Brackets::default();
        for (at, token) in ["(3|(4", "_", "4)", "3)|(5)", "(3(6)", "3)7)"].into_iter().enumerate() {
            brackets.token(token, at, str::to_owned);
        }
        let expected = [("4", 0, 3), ("3", 0, 4), ("5", 3, 4), ("6", 4, 5), ("3", 4, 6)];
        assert_eq!(brackets.mentions, expected.map(|(name, start, end)| (name.to_owned(), start, end)));
    }
}
