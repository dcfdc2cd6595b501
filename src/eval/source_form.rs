//! What a source is made of: a name, a pronoun, a description, or nothing.

use crate::document::{Byte, Document, Span};
use crate::speakers::{is_common_noun, is_pronoun};

/// The form of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SourceForm {
    /// It has a name in it: "Anna Holmberg", "the mediator, Anna Holmberg".
    Name,
    /// It is a pronoun and nothing else.
    Pronoun,
    /// Anything else: "the envoy", "two residents".
    Description,
    /// There is none.
    None,
}

impl SourceForm {
    /// What tables call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Pronoun => "pronoun",
            Self::Description => "description",
            Self::None => "none",
        }
    }
}

/// The form of a source, judged by its letters: a capital is a sign of a name, but not on a pronoun, on "I", nor at the
/// beginning of a sentence on a word that is known to be a common noun or is followed by one in small letters.
pub fn source_form(document: &Document, source: &[Span<Byte>]) -> SourceForm {
    let text = document.text.as_str();
    let words: Vec<(usize, &str)> = source
        .iter()
        .flat_map(|span| {
            let inner = span.of(text);
            inner.split_whitespace().map(move |word| (span.start + offset(inner, word), word))
        })
        .map(|(at, word)| (at, word.trim_matches(|c: char| !c.is_alphanumeric())))
        .filter(|(_, word)| !word.is_empty())
        .collect();
    match words[..] {
        [] => SourceForm::None,
        [(_, only)] if is_pronoun(only) => SourceForm::Pronoun,
        _ if words.iter().enumerate().any(|(number, _)| is_named(text, &words, number)) => SourceForm::Name,
        _ => SourceForm::Description,
    }
}

/// Where a part of a string begins in it.
fn offset(whole: &str, part: &str) -> usize {
    part.as_ptr() as usize - whole.as_ptr() as usize
}

/// Whether a word's capital is a sign of a name.
fn is_named(text: &str, words: &[(usize, &str)], number: usize) -> bool {
    let (at, word) = words[number];
    if !word.starts_with(char::is_uppercase) || is_pronoun(word) || word == "I" {
        return false;
    }
    let opens = number == 0 && begins_sentence(text, at);
    let small_follows = words.get(1).is_some_and(|(_, next)| next.starts_with(char::is_lowercase) && !is_joint(next));
    !(opens && (is_common_noun(word) || is_opener(word) || small_follows))
}

/// Words that join parts of names.
fn is_joint(word: &str) -> bool {
    matches!(word, "and" | "de" | "di" | "of" | "van" | "von" | "for" | "spokesman" | "spokeswoman" | "officials")
}

/// Words that open a description.
fn is_opener(word: &str) -> bool {
    matches!(word, "The" | "A" | "An" | "Some" | "Many" | "Most" | "Several" | "Two" | "Three" | "One" | "Other")
}

/// Whether only the end of a sentence, or nothing, stands before the position.
fn begins_sentence(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let last = before.trim_end_matches(|c: char| c.is_whitespace() && c != '\n').chars().next_back();
    last.is_none_or(|c| matches!(c, '.' | '!' | '?' | '\n' | ':' | '"' | '”' | '“' | '’' | '‘' | '\''))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let cases = [
            ("Sources were quiet. <Anna Holmberg> spoke.", SourceForm::Name),
            ("Later <the mediator, Anna Holmberg>, spoke.", SourceForm::Name),
            ("<Orsenia> spoke.", SourceForm::Name),
            ("<She> spoke.", SourceForm::Pronoun),
            ("\"Yes,\" <I> said.", SourceForm::Pronoun),
            ("<The envoy> spoke.", SourceForm::Description),
            ("<Officials> spoke.", SourceForm::Description),
            ("<Several local residents> spoke.", SourceForm::Description),
            ("In May <two of them> spoke.", SourceForm::Description),
            ("<The Bank of Orsenia> spoke.", SourceForm::Name),
            ("Nobody<> spoke.", SourceForm::None),
        ];
        for (marked, form) in cases {
            let (start, end) = (marked.find('<').unwrap(), marked.find('>').unwrap());
            let text = marked.replace(['<', '>'], "");
            let document = Document::new("a", text);
            assert_eq!(source_form(&document, &[Span::new(start, end - 1)]), form, "{marked}");
        }
        assert_eq!(source_form(&Document::new("a", "a"), &[]), SourceForm::None);
    }
}
