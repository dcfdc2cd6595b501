//! Words in capitals that open a paragraph and are no place.

/// Whether the first word of a paragraph labels it ("UPDATE: …"), so that no place opens it.
pub(super) fn opens_with_label(paragraph: &str) -> bool {
    let word = paragraph.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    LABELS.binary_search(&word).is_ok()
}

const LABELS: &[&str] = &[
    "ALSO",
    "ANALYSIS",
    "ANSWER",
    "BACKGROUND",
    "BREAKING",
    "BY",
    "CLARIFICATION",
    "COLUMN",
    "COMMENT",
    "COMMENTARY",
    "CONTACT",
    "CORRECTION",
    "DEVELOPING",
    "DISCLAIMER",
    "EDITOR",
    "EDITORIAL",
    "EDITORS",
    "EXCLUSIVE",
    "EXPLAINER",
    "FACT",
    "FILE",
    "FOCUS",
    "FOR",
    "FROM",
    "HERE",
    "HIGHLIGHTS",
    "HOW",
    "ICYMI",
    "IF",
    "IMAGE",
    "IN",
    "INTERVIEW",
    "LETTER",
    "LIVE",
    "MORE",
    "NEWS",
    "NOTE",
    "ON",
    "OPINION",
    "PHOTO",
    "PHOTOS",
    "PICTURES",
    "POLL",
    "PROFILE",
    "QUESTION",
    "READ",
    "RELATED",
    "REPORT",
    "REVIEW",
    "SEE",
    "SPOILER",
    "STATEMENT",
    "SUBJECT",
    "SUMMARY",
    "THE",
    "THIS",
    "TIMELINE",
    "TO",
    "TODAY",
    "TOPLINE",
    "TRANSCRIPT",
    "UPDATE",
    "UPDATED",
    "URGENT",
    "VIDEO",
    "WARNING",
    "WATCH",
    "WHAT",
    "WHEN",
    "WHERE",
    "WHO",
    "WHY",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_for_the_binary_search() {
        assert!(LABELS.is_sorted());
    }
}
