//! Who wrote a text or took a picture, and when: the forms of bylines, date lines and picture credits.

use std::sync::LazyLock;

use regex::Regex;

use super::agencies::{PICTURES, WIRE};

/// A capital letter. The classes of Unicode would make the expressions fifty times as large.
const UPPER: &str = "[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĻŁŃŅŇŌŐŒŘŚŞŠŢŤŪŮŰŹŻŽȘȚ]";
/// A letter of the Latin alphabet.
const LETTER: &str = "[A-Za-zÀ-ÖØ-öø-ɏ\u{300}-\u{36f}]";
/// A capitalised word of a name.
const NAME: &str = "UPPER[LETTER.'’-]*";
/// Small words inside names and lists of names.
const LINK: &str = "(?:and|&|de|da|del|di|du|la|le|van|von|der|den|bin|ibn|al|el|of|the|for|in|at|with|from)";
/// What separates the names of a list.
const GAP: &str = r"[\s,;/|·•–—-]+";

/// Compiles a pattern in which the names of the constants here and in [`agencies`](super::agencies) stand for their
/// expressions.
pub(super) fn pattern(form: &str) -> Regex {
    let parts = [
        ("WIRE", WIRE),
        ("PICTURES", PICTURES),
        ("NAME", NAME),
        ("LINK", LINK),
        ("GAP", GAP),
        ("UPPER", UPPER),
        ("LETTER", LETTER),
    ];
    let form = parts.iter().fold(form.to_owned(), |form, (name, part)| form.replace(name, part));
    // All forms are constants, and the tests of this module compile every one of them.
    Regex::new(&form).expect("a constant pattern compiles")
}

static BYLINES: LazyLock<[Regex; 5]> = LazyLock::new(|| {
    [
        // "By Maria Okafor and Jan de Vries, Reuters"
        pattern(r"^(?:By|BY|by)\s+NAME(?:GAP(?:NAME|LINK|[A-Za-z0-9_.+-]*@[A-Za-z0-9_.-]+))*$"),
        // "(Reporting by Maria Okafor in Lagos; Editing by Jan de Vries)"
        pattern(concat!(
            r"^[(\[]?(?i:(?:(?:additional|further|more)\s+)?(?:reporting|writing|editing|written|edited|reported|",
            r"compiled|translated|translation|story|text)(?:\s+and\s+(?:writing|editing))?\s+by):?\s+NAME",
            r"(?:GAP(?:NAME|LINK|(?i:additional|further|more|reporting|writing|editing|by|desk|newsroom|bureau)))*",
            r"\.?[)\]]?\.?$"
        )),
        // "Maria Okafor, Associated Press Writer", "Our correspondent in Lagos"
        pattern(concat!(
            r"^(?:NAME(?:\s+(?:NAME|LINK)){1,5}\s*[,|–—-]\s*(?:(?:the|The)\s+)?(?:NAME\s+){0,3}|WIRE\s+|(?i:staff)\s+|",
            r"(?i:(?:from\s+)?(?:our|a)\s+(?:own\s+|staff\s+|special\s+)?))",
            r"(?i:(?:staff|senior|chief|special|political|foreign|diplomatic)\s+)*",
            r"(?i:writers?|reporters?|correspondents?|columnists?|editors?|bureau\s+chief)(?:\s+in\s+NAME(?:\s+NAME)?)?$"
        )),
        // "Associated Press", "Maria Okafor | Reuters"
        pattern(r"^(?:NAME(?:\s+(?:NAME|LINK)){1,4}\s*[,|–—-]\s*)?(?:(?:The|the)\s+)?WIRE$"),
        pattern(r"^Special\s+to\s+(?:(?:the|The)\s+)?NAME(?:\s+(?:NAME|LINK)){0,5}$"),
    ]
});

static DATES: LazyLock<Regex> = LazyLock::new(|| {
    let month = "(?:January|February|March|April|May|June|July|August|September|October|November|December|\
                 Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)";
    let weekday = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Mon|Tues?|Wed|Thu(?:rs)?|Fri|Sat|Sun)";
    let day = r"[0-9]{1,2}(?:st|nd|rd|th)?";
    let date = format!(
        r"(?:{month}\.?\s+{day}(?:,?\s+[0-9]{{4}})?|{day}\s+{month}\.?,?(?:\s+[0-9]{{4}})?|{month}\s+[0-9]{{4}}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{1,2}}[./][0-9]{{1,2}}[./](?:[0-9]{{2}}|[0-9]{{4}}))"
    );
    let time = r"(?:at\s+)?[0-9]{1,2}[:.][0-9]{2}(?::[0-9]{2})?\s*(?:[aApP]\.?[mM]\.?)?(?:\s+[A-Z]{2,4})?";
    pattern(&format!(
        r"^(?i:(?:published|updated|posted|last updated|first published|date|on)\s*(?:on\s+|:\s*)?)?(?:{weekday}\.?,?\s+)?{date}(?:[\s,|–—-]+{time})?\.?$"
    ))
});

static CAPTIONS: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    [
        pattern(concat!(
            r"^[(\[]?(?:FILE\s+PHOTO|File\s+photo|FILE\s*(?:[-–—]|:)|",
            r"(?:AP\s+|AFP\s+)?(?:PHOTO|Photo|Photos|IMAGE|Image|PICTURE|Picture|Photograph|CAPTION|Caption|Cover\s+image)",
            r"(?:\s*:|\s+(?i:credit|courtesy|copyright|caption|by)(?-u:\b)))"
        )),
        pattern(concat!(
            r"^(?:In|This)\s+(?:this\s+)?.{0,60}?(?-u:\b)(?:(?:file|handout|undated|combination)\s+(?:photo|image|picture|photograph)|",
            r"(?:photo|image|photograph|picture)\s*(?:,|(?:taken|provided|released|made|obtained|supplied)(?-u:\b))|frame\s*grab)"
        )),
    ]
});

static CREDITS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [
        // "REUTERS/Maria Okafor/POOL/File Photo", often glued to the word before
        pattern(r"PICTURES/\s?NAME(?:[\s/,-]+(?:NAME|via|for|LINK))*[)\]]?\.?$"),
        // "Maria Okafor/AFP", "Okafor / Getty Images"
        pattern(r"NAME\s?/\s?(?:PICTURES|(?i:pool|file|file\s+photo|handout))(?:[\s/,-]+(?:NAME|via|for))*[)\]]?\.?$"),
        // "(Photo: Maria Okafor)", "[AP Photo]", "© AFP", "AFP via Getty Images"
        pattern(concat!(
            r"(?:[(\[](?:(?:PICTURES|(?i:file))\s+)?(?i:photos?|image|picture|photograph)\s*(?::|,|/|(?i:by|credits?|courtesy|copyright)(?-u:\b))[^()\[\]]*[)\]]|",
            r"[(\[](?:(?i:credit|courtesy|photograph)(?-u:\b)[^()\[\]]*|(?i:photo|image|file photo)|PICTURES\s+(?i:photo))[)\]]|",
            r"©\s?(?:[0-9]{4}\s)?PICTURES|(?:(?-u:\b)via|\|)\s+(?:Getty\s+Images|PICTURES)|(?-u:\b)Getty\s+Images[)\]]?)\.?$"
        )),
    ]
});

/// Whether the paragraph names who wrote or edited the text, and does nothing else.
pub(super) fn is_byline(paragraph: &str) -> bool {
    const LONGEST: usize = 600;
    paragraph.len() <= LONGEST && BYLINES.iter().any(|form| form.is_match(paragraph))
}

/// Whether the paragraph is a date.
pub(super) fn is_date(paragraph: &str) -> bool {
    const LONGEST: usize = 80;
    paragraph.len() <= LONGEST && DATES.is_match(paragraph)
}

/// Whether the paragraph is about a picture: it says so at its start, or a credit stands at its end.
pub(super) fn is_caption(paragraph: &str) -> bool {
    const LONGEST: usize = 1000;
    const CREDIT: usize = 160;
    if paragraph.len() > LONGEST {
        return false;
    }
    let tail = &paragraph[paragraph.ceil_char_boundary(paragraph.len().saturating_sub(CREDIT))..];
    CAPTIONS.iter().any(|form| form.is_match(paragraph)) || CREDITS.iter().any(|form| form.is_match(tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines() {
        for line in [
            "By Maria Okafor",
            "BY MARIA OKAFOR AND TOM REYES",
            "By Maria Okafor and Jan de Vries, Reuters",
            "By Léa Müller, Associated Press Writer",
            "By Tom Reyes tom.reyes@example.org",
            "(Reporting by Maria Okafor in Lagos and Tom Reyes; Editing by Ann-Marie O'Neill)",
            "Reporting by Maria Okafor; Additional reporting by Tom Reyes; Writing by Jan de Vries.",
            "Associated Press Writer",
            "Maria Okafor, Staff Writer",
            "Maria Okafor, Daily Courier political correspondent",
            "Our correspondent in Lagos",
            "Maria Okafor | Reuters",
            "Agence France-Presse",
            "Special to The Daily Courier",
        ] {
            assert!(is_byline(line), "{line}");
        }
    }

    #[test]
    fn sentences_that_begin_like_a_byline_are_none() {
        for line in [
            "By Friday, the ministry had closed forty schools.",
            "By closing the port the council saved money",
            "Reporting by the newspaper led to the inquiry.",
            "Maria Okafor, a doctor, said the clinic would close.",
            "Writing by hand",
            "Reuters said the port would close.",
        ] {
            assert!(!is_byline(line), "{line}");
        }
    }

    #[test]
    fn dates() {
        for line in [
            "Wednesday, January 16, 2019",
            "16 January 2019",
            "Jan. 16, 2019",
            "Published: 2019-01-16",
            "Updated on Wednesday 16 January 2019, 10:30 GMT",
            "02.13.13",
            "January 2019",
        ] {
            assert!(is_date(line), "{line}");
        }
        for line in ["On January 16, 2019, the port closed.", "January 16 was cold", "2019", "Friday", "1.5"] {
            assert!(!is_date(line), "{line}");
        }
    }

    #[test]
    fn captions() {
        for line in [
            "Lena OrtizREUTERS/Tom Reyes/POOL/File Photo",
            "Dockers wait at the gate of Port Selwyn. REUTERS/Tom Reyes",
            "Dockers wait at the gate of Port Selwyn, June 3, 2021. (Tom Reyes/Reuters)",
            "Dockers wait at the gate (AP Photo/Tom Reyes)",
            "A lock gate. Tom Reyes/AFP/Getty Images",
            "The basin in winter. Photograph: Tom Reyes/EPA",
            "The basin in winter © AFP",
            "The basin in winter | Tom Reyes via Getty Images",
            "The basin in winter (Photo: Port authority)",
            "(Image: Tom Reyes)",
            "Photo: Tom Reyes",
            "FILE PHOTO: The basin in winter.",
            "FILE - In this June 3, 2021 file photo, dockers wait at the gate.",
            "In this photo provided by the port, dockers wait at the gate.",
            "Image copyright Getty Images",
        ] {
            assert!(is_caption(line), "{line}");
        }
    }

    #[test]
    fn sentences_about_pictures_are_no_captions() {
        for line in [
            "The photo shows the basin in winter.",
            "A Reuters/Ipsos poll found that half of them agreed.",
            "The agency published the picture (photo in Annex A).",
            "Tom Reyes told AFP.",
            "The port told Reuters and the Associated Press that it would reopen.",
            "Photographers waited at the gate.",
        ] {
            assert!(!is_caption(line), "{line}");
        }
    }
}
