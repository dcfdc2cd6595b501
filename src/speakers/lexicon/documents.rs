//! Nouns for texts, in sets of near-synonyms.

pub(super) const SETS: &[&[&str]] = &[
    &[
        "statement",
        "announcement",
        "communique",
        "declaration",
        "release",
        "message",
        "tweet",
        "post",
        "letter",
        "email",
        "comment",
        "remark",
        "speech",
        "note",
        "memo",
        "advisory",
        "proclamation",
        "website",
    ],
    &["report", "account"],
    &["analysis", "paper-study", "research", "review", "study", "findings", "finding", "result"],
    &["estimate", "forecast", "poll", "projection", "survey", "average"],
    &["decision", "judgement", "judgment", "opinion", "order", "ruling", "verdict", "summary"],
    &["complaint", "filing", "indictment", "lawsuit", "motion", "petition", "suit", "affidavit"],
    &["article", "headline", "story", "editorial"],
    &[
        "act",
        "bill",
        "code",
        "constitution",
        "decree",
        "directive",
        "law",
        "legislation",
        "regulation",
        "rule",
        "treaty",
        "amendment",
        "statute",
        "agreement",
        "deal",
        "resolution",
        "sentencing",
    ],
    &["book", "manifesto", "document", "record", "text", "guideline", "database", "dossier", "plan", "proposal"],
    &["footage", "photo", "photograph", "picture", "video", "image", "recording"],
    &["autopsy", "evidence", "test", "consensus", "tradition", "data", "figure", "statistic", "theory"],
];

/// Texts and pictures that speak for themselves: nobody is said to have issued them.
const UNISSUED: &[&str] = &[
    "act",
    "agreement",
    "amendment",
    "bill",
    "code",
    "constitution",
    "deal",
    "directive",
    "evidence",
    "footage",
    "image",
    "law",
    "legislation",
    "photo",
    "photograph",
    "picture",
    "recording",
    "regulation",
    "rule",
    "sentencing",
    "statute",
    "theory",
    "tradition",
    "treaty",
    "video",
];

/// Whether a noun for a text, singular or plural, stands for itself even where a maker is named.
pub(in super::super) fn is_unissued(word: &str) -> bool {
    UNISSUED.contains(&word) || super::singular(word).is_some_and(|one| UNISSUED.contains(&one.as_str()))
}

/// Texts that somebody puts their name to, and that are spoken of again as "the statement".
const ISSUED: &[&str] = &[
    "announcement",
    "complaint",
    "decision",
    "declaration",
    "filing",
    "indictment",
    "judgment",
    "lawsuit",
    "letter",
    "memo",
    "motion",
    "order",
    "petition",
    "press-release",
    "proclamation",
    "release",
    "report",
    "ruling",
    "speech",
    "statement",
    "suit",
    "tweet",
    "verdict",
];

/// Whether "the …" means a text by somebody spoken of before.
pub(in super::super) fn is_issued(word: &str) -> bool {
    ISSUED.contains(&word)
}
