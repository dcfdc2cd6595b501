//! Verbs that tie a quotation to the name after it.

/// Whether `word` reports speech, in a form that follows a name: `"Is it over?" Mora asked`.
pub(crate) fn reports(word: &str) -> bool {
    VERBS.binary_search(&word).is_ok()
}

const VERBS: &[&str] = &[
    "added",
    "adds",
    "agreed",
    "announced",
    "argued",
    "asked",
    "asks",
    "began",
    "called",
    "complained",
    "concluded",
    "continued",
    "cried",
    "declared",
    "demanded",
    "exclaimed",
    "explained",
    "howled",
    "inquired",
    "insisted",
    "joked",
    "laughed",
    "muttered",
    "pleaded",
    "protested",
    "queried",
    "questioned",
    "recalled",
    "remarked",
    "repeated",
    "replied",
    "replies",
    "responded",
    "said",
    "say",
    "says",
    "screamed",
    "shouted",
    "sighed",
    "snapped",
    "started",
    "tells",
    "told",
    "tweeted",
    "warned",
    "went",
    "whispered",
    "wondered",
    "wonders",
    "writes",
    "wrote",
    "yelled",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_for_the_binary_search() {
        assert!(VERBS.is_sorted());
    }
}
