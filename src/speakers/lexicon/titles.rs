//! Titles before names, generational suffixes after them.

use super::Gender;

/// Words that stand before a person's name and are no part of it. Gender where the title has one.
const TITLES: &[(&str, Option<Gender>)] = &[
    ("admiral", None),
    ("adm", None),
    ("acting", None),
    ("ag", None),
    ("agent", None),
    ("alderman", None),
    ("ambassador", None),
    ("archbishop", None),
    ("assemblyman", Some(Gender::Male)),
    ("assemblywoman", Some(Gender::Female)),
    ("attorney", None),
    ("attorney-general", None),
    ("ayatollah", Some(Gender::Male)),
    ("baroness", Some(Gender::Female)),
    ("baron", Some(Gender::Male)),
    ("bishop", None),
    ("brigadier", None),
    ("capt", None),
    ("captain", None),
    ("cardinal", Some(Gender::Male)),
    ("ceo", None),
    ("chairman", None),
    ("chairwoman", Some(Gender::Female)),
    ("chancellor", None),
    ("chief", None),
    ("cmdr", None),
    ("col", None),
    ("colonel", None),
    ("commander", None),
    ("commissioner", None),
    ("congressman", Some(Gender::Male)),
    ("congresswoman", Some(Gender::Female)),
    ("constable", None),
    ("corporal", None),
    ("councillor", None),
    ("councilman", Some(Gender::Male)),
    ("councilwoman", Some(Gender::Female)),
    ("counselor", None),
    ("count", Some(Gender::Male)),
    ("countess", Some(Gender::Female)),
    ("crown", None),
    ("cpl", None),
    ("dame", Some(Gender::Female)),
    ("datin", Some(Gender::Female)),
    ("dato", Some(Gender::Male)),
    ("datuk", Some(Gender::Male)),
    ("deputy", None),
    ("detective", None),
    ("director", None),
    ("doctor", None),
    ("dr", None),
    ("duchess", Some(Gender::Female)),
    ("duke", Some(Gender::Male)),
    ("emir", Some(Gender::Male)),
    ("emperor", Some(Gender::Male)),
    ("empress", Some(Gender::Female)),
    ("father", Some(Gender::Male)),
    ("first", None),
    ("former", None),
    ("gen", None),
    ("general", None),
    ("gov", None),
    ("governor", None),
    ("hon", None),
    ("imam", None),
    ("inspector", None),
    ("judge", None),
    ("justice", None),
    ("king", Some(Gender::Male)),
    ("lady", Some(Gender::Female)),
    ("leader", None),
    ("lieutenant", None),
    ("lord", Some(Gender::Male)),
    ("lt", None),
    ("madam", Some(Gender::Female)),
    ("madame", Some(Gender::Female)),
    ("magistrate", None),
    ("maj", None),
    ("major", None),
    ("mayor", None),
    ("minister", None),
    ("miss", Some(Gender::Female)),
    ("mla", None),
    ("monsenor", Some(Gender::Male)),
    ("monsieur", Some(Gender::Male)),
    ("monsignor", Some(Gender::Male)),
    ("mp", None),
    ("mr", Some(Gender::Male)),
    ("mrs", Some(Gender::Female)),
    ("ms", Some(Gender::Female)),
    ("officer", None),
    ("pastor", None),
    ("pm", None),
    ("pope", Some(Gender::Male)),
    ("premier", None),
    ("president", None),
    ("president-elect", None),
    ("prime", None),
    ("prince", Some(Gender::Male)),
    ("princess", Some(Gender::Female)),
    ("prof", None),
    ("professor", None),
    ("prosecutor", None),
    ("queen", Some(Gender::Female)),
    ("rabbi", None),
    ("ranger", None),
    ("rep", None),
    ("representative", None),
    ("rev", None),
    ("reverend", None),
    ("saint", None),
    ("secretary", None),
    ("sen", None),
    ("senator", None),
    ("sergeant", None),
    ("sgt", None),
    ("sheikh", Some(Gender::Male)),
    ("sheriff", None),
    ("sir", Some(Gender::Male)),
    ("sister", Some(Gender::Female)),
    ("speaker", None),
    ("sultan", Some(Gender::Male)),
    ("superintendent", None),
    ("supervisor", None),
    ("treasurer", None),
    ("undersecretary", None),
    ("vice", None),
    ("vice-president", None),
    ("viscount", Some(Gender::Male)),
];

/// Titles that are written short, and the noun each stands for.
const ABBREVIATED: &[(&str, &str)] = &[
    ("adm", "admiral"),
    ("capt", "captain"),
    ("col", "colonel"),
    ("dr", "doctor"),
    ("gen", "general"),
    ("gov", "governor"),
    ("lt", "lieutenant"),
    ("maj", "major"),
    ("prof", "professor"),
    ("rep", "representative"),
    ("rev", "reverend"),
    ("sen", "senator"),
    ("sgt", "sergeant"),
];

/// Small words that are part of a surname and make no name fuller by themselves.
const PARTICLES: &[&str] =
    &["al", "bin", "da", "de", "del", "della", "der", "di", "du", "el", "ibn", "la", "le", "ten", "ter", "van", "von"];

/// Titles without which the name of a monarch or a pope is not complete: "Pope Francis", "Queen Elizabeth II".
const REGNAL: &[&str] = &["emperor", "empress", "king", "pope", "prince", "princess", "queen", "sheikh"];

/// Honours and degrees behind a name.
const HONOURS: &[&str] = &["cbe", "esq", "kbe", "kc", "mbe", "md", "mep", "mp", "obe", "phd", "qc", "rn", "sc"];

const SUFFIXES: &[&str] = &["ii", "iii", "iv", "jr", "junior", "senior", "sr"];

/// The gender a title shows, if `word` is a title: `Some(None)` for a title without gender.
pub(in super::super) fn title(word: &str) -> Option<Option<Gender>> {
    let word = word.strip_prefix("then-").or_else(|| word.strip_prefix("ex-")).unwrap_or(word);
    TITLES.iter().find(|(known, _)| *known == word).map(|(_, gender)| *gender)
}

/// The noun that a title written short stands for: "doctor" for "dr".
pub(in super::super) fn spelled_out(word: &str) -> Option<&'static str> {
    ABBREVIATED.iter().find(|(short, _)| *short == word).map(|(_, long)| *long)
}

/// "de", "van": no name by itself.
pub(in super::super) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

/// "QC", "PhD".
pub(in super::super) fn is_honour(word: &str) -> bool {
    HONOURS.contains(&word)
}

/// Whether a single name needs this title to be complete.
pub(in super::super) fn is_regnal(word: &str) -> bool {
    REGNAL.contains(&word)
}

/// "Jr", "III".
pub(in super::super) fn is_suffix(word: &str) -> bool {
    SUFFIXES.contains(&word)
}
