//! Lists, sets and strings as Python prints them, which PDNC keeps in its tables.

/// A value as Python prints it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    /// A list, a tuple or a set.
    List(Vec<Literal>),
    Text(String),
    /// Anything without brackets and quotation marks: a number, `None`, `nan`.
    Plain(String),
}

impl Literal {
    /// Reads a value that fills the whole of `text`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut rest = text.trim();
        let value = value(&mut rest, 0)?;
        rest.trim().is_empty().then_some(value)
    }

    /// The items of a list.
    pub(super) fn items(&self) -> Option<&[Self]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    /// The words of a string.
    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The value of a number that is not negative.
    pub(super) fn number(&self) -> Option<usize> {
        if let Self::Plain(text) = self { text.parse().ok() } else { None }
    }
}

/// How deep lists may nest: PDNC's nest three deep.
const DEPTH: usize = 16;

fn value(rest: &mut &str, depth: usize) -> Option<Literal> {
    *rest = rest.trim_start();
    match rest.chars().next()? {
        '[' | '{' | '(' if depth < DEPTH => {
            *rest = &rest[1..];
            list(rest, depth + 1).map(Literal::List)
        }
        quote @ ('\'' | '"') => {
            *rest = &rest[1..];
            string(rest, quote).map(Literal::Text)
        }
        _ => {
            let end = rest.find([',', ']', '}', ')']).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            *rest = after;
            let word = word.trim();
            // An empty set is printed as a call.
            if word == "set(" {
                *rest = rest.strip_prefix(')')?;
                return Some(Literal::List(Vec::new()));
            }
            (!word.is_empty()).then(|| Literal::Plain(word.to_owned()))
        }
    }
}

fn list(rest: &mut &str, depth: usize) -> Option<Vec<Literal>> {
    let mut items = Vec::new();
    loop {
        *rest = rest.trim_start().trim_start_matches(',').trim_start();
        if let Some(after) = rest.strip_prefix([']', '}', ')']) {
            *rest = after;
            return Some(items);
        }
        items.push(value(rest, depth)?);
    }
}

fn string(rest: &mut &str, quote: char) -> Option<String> {
    let mut words = String::new();
    let mut chars = rest.char_indices();
    while let Some((at, it)) = chars.next() {
        match it {
            '\\' => words.push(escaped(&mut chars)?),
            it if it == quote => {
                *rest = &rest[at + it.len_utf8()..];
                return Some(words);
            }
            it => words.push(it),
        }
    }
    None
}

/// The character that what follows a backslash stands for.
fn escaped(chars: &mut std::str::CharIndices<'_>) -> Option<char> {
    let digits = match chars.next()?.1 {
        'n' => return Some('\n'),
        't' => return Some('\t'),
        'r' => return Some('\r'),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        other => return Some(other),
    };
    let number: String = chars.take(digits).map(|(_, it)| it).collect();
    char::from_u32(u32::from_str_radix(&number, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(words: &str) -> Literal {
        Literal::Text(words.to_owned())
    }

    #[test]
    fn values_are_read_as_python_prints_them() {
        let number = |it: &str| Literal::Plain(it.to_owned());
        let cases = [
            ("[[4745, 4778]]", Some(Literal::List(vec![Literal::List(vec![number("4745"), number("4778")])]))),
            (
                r#"["It\'s", 'a "b"\n', "é\xe9\u2014"]"#,
                Some(Literal::List(vec![text("It's"), text("a \"b\"\n"), text("éé—")])),
            ),
            ("{'Ana', 'Ruiz'}", Some(Literal::List(vec![text("Ana"), text("Ruiz")]))),
            ("set()", Some(Literal::List(vec![]))),
            ("[]", Some(Literal::List(vec![]))),
            ("['a'", None),
            ("['a']]", None),
            ("", None),
        ];
        for (input, expected) in cases {
            assert_eq!(Literal::parse(input), expected, "{input}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(input in "[\\[\\]{}()'\",\\\\xuU0-9aé ]{0,40}") {
            let _ = Literal::parse(&input);
        }
    }
}
