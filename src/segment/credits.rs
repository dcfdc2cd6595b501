//! Who wrote a text or took a picture, and when: the forms of bylines, date lines and picture credits.

use std::sync::LazyLock;

use regex::Regex;

use super::agencies::{PICTURES, WIRE};

/// A capitalised word of a name.
const NAME: &str = r"\p{Lu}[\p{L}\p{M}.'’-]*";
/// Small words inside names and lists of names.
const LINK: &str = "(?:and|&|de|da|del|di|du|la|le|van|von|der|den|bin|ibn|al|el|of|the|for|in|at|with|from)";
/// What separates the names of a list.
const GAP: &str = r"[\s,;/|·•–—-]+";

/// Compiles a pattern in which `NAME`, `LINK`, `GAP`, `WIRE` and `PICTURES` stand for their expressions.
pub(super) fn pattern(form: &str) -> Regex {
    let form = form
        .replace("NAME", NAME)
        .replace("LINK", LINK)
        .replace("GAP", GAP)
        .replace("PICTURES", PICTURES)
        .replace("WIRE", WIRE);
    // All forms are constants, and the tests of this module compile every one of them.
    Regex::new(&form).expect("a constant pattern compiles")
}

static BYLINES: LazyLock<[Regex; 5]> = LazyLock::new(|| {
    [
        // "By Maria Okafor and Jan de Vries, Reuters"
        pattern(r"^(?:By|BY|by)\s+NAME(?:GAP(?:NAME|LINK|[\w.+-]*@[\w.-]+))*$"),
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
    let day = r"\d{1,2}(?:st|nd|rd|th)?";
    let date = format!(
        r"(?:{month}\.?\s+{day}(?:,?\s+\d{{4}})?|{day}\s+{month}\.?,?(?:\s+\d{{4}})?|{month}\s+\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./](?:\d{{2}}|\d{{4}}))"
    );
    let time = r"(?:at\s+)?\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[aApP]\.?[mM]\.?)?(?:\s+[A-Z]{2,4})?";
    pattern(&format!(
        r"^(?i:(?:published|updated|posted|last updated|first published|date|on)\s*(?:on\s+|:\s*)?)?(?:{weekday}\.?,?\s+)?{date}(?:[\s,|–—-]+{time})?\.?$"
    ))
});

static CAPTIONS: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    [
        pattern(concat!(
            r"^[(\[]?(?:FILE\s+PHOTO|File\s+photo|FILE\s*(?:[-–—]|:)|",
            r"(?:AP\s+|AFP\s+)?(?:PHOTO|Photo|Photos|IMAGE|Image|PICTURE|Picture|Photograph|CAPTION|Caption|Cover\s+image)",
            r"(?:\s*:|\s+(?i:credit|courtesy|copyright|caption|by)\b))"
        )),
        pattern(concat!(
            r"^(?:In|This)\s+(?:this\s+)?.{0,60}?\b(?:(?:file|handout|undated|combination)\s+(?:photo|image|picture|photograph)|",
            r"(?:photo|image|photograph|picture)\s*(?:,|(?:taken|provided|released|made|obtained|supplied)\b)|frame\s*grab)"
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
            r"(?:[(\[](?:(?:PICTURES|(?i:file))\s+)?(?i:photos?|image|picture|photograph)\s*(?::|,|/|(?i:by|credits?|courtesy|copyright)\b)[^()\[\]]{0,90}[)\]]|",
            r"[(\[](?:(?i:credit|courtesy|photograph)\b[^()\[\]]{0,90}|(?i:photo|image|file photo)|PICTURES\s+(?i:photo))[)\]]|",
            r"©\s?(?:\d{4}\s)?PICTURES|(?:\bvia|\|)\s+(?:Getty\s+Images|PICTURES)|\bGetty\s+Images[)\]]?)\.?$"
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
