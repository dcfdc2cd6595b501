//! Nouns for bodies, in sets of near-synonyms, and the endings of company names.

pub(super) const SETS: &[&[&str]] = &[
    &[
        "business",
        "carrier",
        "company",
        "corporation",
        "developer",
        "firm",
        "maker",
        "manufacturer",
        "producer",
        "retailer",
        "supplier",
        "utility",
        "airline",
        "startup",
        "conglomerate",
    ],
    &["police", "force", "constabulary"],
    &["administration", "government", "regime", "executive-branch"],
    &["cabinet"],
    &["ministry"],
    &["department"],
    &["agency", "bureau", "service", "authority-body", "office", "watchdog", "regulator"],
    &["commission", "committee", "panel", "board", "inquiry"],
    &["council"],
    &["court", "tribunal"],
    &["jury"],
    &["parliament", "legislature", "assembly", "congress"],
    &["house"],
    &["senate"],
    &["party"],
    &["campaign"],
    &["union"],
    &[
        "association",
        "charity",
        "foundation",
        "fundraiser",
        "institute",
        "ngo",
        "nonprofit",
        "organisation",
        "organization",
        "society",
        "group",
        "coalition",
        "alliance",
        "movement",
    ],
    &["academy", "college", "institution", "school", "university"],
    &["hospital", "clinic"],
    &["bank", "lender"],
    &["fund"],
    &["hotel", "inn", "restaurant"],
    &["army", "military", "navy", "militia"],
    &["broadcaster", "channel", "network", "station"],
    &[
        "daily",
        "magazine",
        "newspaper",
        "outlet",
        "paper",
        "publication",
        "site",
        "weekly",
        "portal",
        "publisher",
        "agency-news",
    ],
    &["club", "team", "side", "federation", "league"],
    &["church", "diocese", "vatican"],
    &["country", "nation", "state", "republic", "kingdom", "commonwealth"],
    &["city", "county", "municipality", "province", "region", "district", "town"],
    &["embassy", "consulate"],
    &["palace", "monarchy"],
    &["tribe", "nation-tribe"],
    &["laboratory", "lab", "center", "centre", "observatory"],
    &["museum", "zoo", "theatre", "theater"],
    &["bloc"],
];

const COMPANY_SUFFIXES: &[&str] = &[
    "ab",
    "ag",
    "airlines",
    "airways",
    "asa",
    "bank",
    "bros",
    "brothers",
    "co",
    "company",
    "corp",
    "corporation",
    "electric",
    "gmbh",
    "group",
    "holding",
    "holdings",
    "inc",
    "incorporated",
    "industries",
    "international",
    "limited",
    "llc",
    "llp",
    "ltd",
    "motor",
    "motors",
    "nv",
    "ou",
    "oy",
    "oyj",
    "partners",
    "party",
    "plc",
    "sa",
    "sarl",
    "sas",
    "se",
    "spa",
    "srl",
    "technologies",
    "tribe",
];

/// Words that show that a named body is no company.
const PUBLIC: &[&str] = &[
    "academy",
    "agency",
    "army",
    "assembly",
    "authority",
    "bureau",
    "center",
    "centre",
    "church",
    "commission",
    "committee",
    "congress",
    "council",
    "court",
    "department",
    "federation",
    "force",
    "foundation",
    "government",
    "hospital",
    "house",
    "institute",
    "ministry",
    "nations",
    "office",
    "organisation",
    "organization",
    "parliament",
    "party",
    "police",
    "senate",
    "service",
    "society",
    "union",
    "university",
];

/// What the law calls a company, behind its name.
const LEGAL_FORMS: &[&str] = &[
    "ab",
    "ag",
    "as",
    "asa",
    "bv",
    "co",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "incorporated",
    "kg",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "nv",
    "ou",
    "oy",
    "oyj",
    "plc",
    "pty",
    "pvt",
    "sa",
    "sarl",
    "sas",
    "se",
    "spa",
    "srl",
];

/// Whether the word, in capitals behind a name, belongs to it as what the law calls a company: "Inc", "SpA".
pub(in super::super) fn is_legal_form(word: &str) -> bool {
    LEGAL_FORMS.binary_search(&word).is_ok()
}

/// Bodies that are named for what they are there for: "Center for …", "Commission on …".
const SEATS: &[&str] = &[
    "agency",
    "alliance",
    "association",
    "bureau",
    "campaign",
    "center",
    "centre",
    "coalition",
    "commission",
    "committee",
    "council",
    "court",
    "department",
    "directorate",
    "foundation",
    "fund",
    "initiative",
    "institute",
    "league",
    "ministry",
    "movement",
    "office",
    "organisation",
    "organization",
    "program",
    "programme",
    "project",
    "school",
    "secretariat",
    "society",
    "subcommittee",
    "union",
];

/// Whether "for" or "on" behind the word goes on with a name.
pub(in super::super) fn is_seat(word: &str) -> bool {
    SEATS.binary_search(&word).is_ok()
}

/// Nouns for bodies that have the noun in their names.
const NAMED_FOR_THEIR_SORT: &[&str] = &[
    "army",
    "assembly",
    "cabinet",
    "church",
    "college",
    "congress",
    "council",
    "court",
    "department",
    "embassy",
    "government",
    "hospital",
    "house",
    "jury",
    "legislature",
    "ministry",
    "parliament",
    "party",
    "police",
    "school",
    "senate",
    "tribunal",
    "university",
];

/// Whether a body of this sort has the word in its name: "the ministry" is no "Tarn Motors".
pub(in super::super) fn is_named_for_its_sort(word: &str) -> bool {
    NAMED_FOR_THEIR_SORT.contains(&word)
}

/// Words that a name is often given without once it is known: "Fox" for "Fox News".
pub(in super::super) fn is_dropped(word: &str) -> bool {
    matches!(word, "news" | "university")
}

/// Words by which newspapers are called for short: "the Times".
const MASTHEADS: &[&str] = &[
    "chronicle",
    "courier",
    "examiner",
    "gazette",
    "globe",
    "guardian",
    "herald",
    "independent",
    "inquirer",
    "journal",
    "mail",
    "mirror",
    "monitor",
    "observer",
    "post",
    "standard",
    "star",
    "sun",
    "telegraph",
    "times",
    "tribune",
];

/// Whether a newspaper's name can be shortened to this last word of it.
pub(in super::super) fn is_masthead(word: &str) -> bool {
    MASTHEADS.contains(&word)
}

/// Whether a company's name is the same without this last word.
pub(in super::super) fn is_company_suffix(word: &str) -> bool {
    COMPANY_SUFFIXES.contains(&word)
}

/// "embassy": the place behind "in" belongs to its name.
pub(in super::super) fn is_mission(word: &str) -> bool {
    matches!(word, "consulate" | "embassy")
}

/// Whether a name with this word names a public body.
pub(in super::super) fn is_public_body(word: &str) -> bool {
    PUBLIC.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_for_binary_search() {
        assert!(LEGAL_FORMS.is_sorted());
        assert!(SEATS.is_sorted());
    }
}
