//! What dixit says in the notes of a standoff file, which brat lets people change.

/// Type of the note that holds an attribution's confidence.
pub(crate) const CONFIDENCE: &str = "Confidence";

const SPEAKER: &str = "speaker:";

/// The note of a speaker's names, the canonical one first: `speaker: Ned Price | Price`.
pub(crate) fn of_speaker(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|it| escaped(it)).collect();
    format!("{SPEAKER} {}", names.join(" | "))
}

/// The names in the note of a speaker, if it is one.
pub(crate) fn speaker(note: &str) -> Option<Vec<String>> {
    let names = note.trim().strip_prefix(SPEAKER)?;
    let names: Vec<_> = split(names).into_iter().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
    Some(names).filter(|names| !names.is_empty())
}

fn escaped(name: &str) -> String {
    name.replace('\\', "\\\\").replace('|', "\\|").replace(['\n', '\r', '\t'], " ")
}

/// The parts between bars, a backslash taking the meaning from what follows.
fn split(names: &str) -> Vec<String> {
    let (mut parts, mut part, mut rest) = (Vec::new(), String::new(), names.chars());
    while let Some(next) = rest.next() {
        match next {
            '\\' => part.extend(rest.next()),
            '|' => parts.push(std::mem::take(&mut part)),
            other => part.push(other),
        }
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        for names in [vec!["Ana Ruiz"], vec!["A|B \\ C", "Ruiz"], vec!["—", "|", "\\"]] {
            let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
            assert_eq!(speaker(&of_speaker(&names)), Some(names));
        }
        assert_eq!(speaker("ask Ana about this"), None);
        assert_eq!(speaker("speaker:  | "), None);
    }
}
