//! Names of a speaker whom a corpus knows by mentions alone: a chain of coreference.

use crate::speakers;

/// What a chain's mentions call somebody, the most telling first: proper names, then descriptions, no pronouns.
///
/// Among proper names the one with the most words comes first, unless it is long enough to be a description with a name
/// in it; among equals the one that is met first.
pub(super) fn names<'a>(mentions: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let (mut proper, mut others) = (Vec::new(), Vec::new());
    for mention in mentions {
        let mention = mention.trim();
        let plain = mention.strip_suffix("'s").or_else(|| mention.strip_suffix("’s")).unwrap_or(mention).trim_end();
        if plain.is_empty() || is_pronoun(plain) {
            continue;
        }
        let list = if is_proper(plain) { &mut proper } else { &mut others };
        if !list.iter().any(|it| it == plain) {
            list.push(plain.to_owned());
        }
    }
    let words = |name: &String| name.split_whitespace().count();
    proper.sort_by_key(|name| std::cmp::Reverse(if words(name) > LONGEST { 0 } else { words(name) }));
    proper.into_iter().chain(others).collect()
}

/// Whether a mention is a pronoun and no name.
pub(super) fn is_pronoun(mention: &str) -> bool {
    let reflexive = |it: &str| it.ends_with("self") || it.ends_with("selves");
    !mention.contains(char::is_whitespace) && (speakers::is_pronoun(mention) || reflexive(&mention.to_lowercase()))
}

/// Number of words beyond which a mention is more than a name.
const LONGEST: usize = 4;

/// Whether every word that is not small begins with a capital, after an article.
fn is_proper(mention: &str) -> bool {
    const ARTICLES: [&str; 3] = ["the", "a", "an"];
    const SMALL: [&str; 9] = ["and", "de", "for", "in", "of", "on", "the", "van", "von"];
    let mut words: Vec<_> = mention.split_whitespace().collect();
    if words.first().is_some_and(|it| ARTICLES.contains(&it.to_lowercase().as_str())) {
        words.remove(0);
    }
    let capital = |word: &&str| word.chars().next().is_some_and(char::is_uppercase);
    let small = |word: &&str| SMALL.contains(word) || !word.chars().any(char::is_alphabetic);
    words.iter().any(capital) && words.iter().all(|it| capital(it) || small(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proper_names_come_before_descriptions() {
        let cases: [(&[&str], &[&str]); 4] = [
            (&["She", "the mayor", "Ruiz", "Ana Ruiz 's", "her"], &["Ana Ruiz", "Ruiz", "the mayor"]),
            (&["The Bank of Oslo", "it", "the bank"], &["The Bank of Oslo", "the bank"]),
            (&["I", "you", "Yourself"], &[]),
            (
                &["Ana Ruiz , Mayor of San Telmo", "Ana Ruiz", "Ana Ruiz"],
                &["Ana Ruiz", "Ana Ruiz , Mayor of San Telmo"],
            ),
        ];
        for (mentions, expected) in cases {
            assert_eq!(names(mentions.iter().copied()), expected, "{mentions:?}");
        }
    }
}
