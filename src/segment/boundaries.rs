//! Where sentences end inside a paragraph, judged from the words around each closing mark.

use super::abbreviations::{Abbreviation, abbreviation};
use super::reporting_verbs::reports;
use super::starters::starts_sentences;
use crate::document::{Byte, Span};

/// Byte offsets at which a sentence of `paragraph` ends, in order, the end of the paragraph left out.
///
/// Quotation marks are only looked at next to a boundary: this finds the sentences inside a quotation too.
pub(super) fn boundaries(paragraph: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut first_word = skip(paragraph, 0, is_opener_or_space);
    let mut from = 0;
    while let Some(stop) = Stop::find(paragraph, from) {
        from = stop.close;
        if stop.next < paragraph.len() && stop.ends_sentence(paragraph, first_word) {
            first_word = skip(paragraph, from, is_opener_or_space);
            ends.push(from);
        }
    }
    ends
}

/// Cuts the paragraph at `span` after each of the offsets `ends`, which count from the start of the text.
pub(super) fn cut(text: &str, span: Span<Byte>, ends: impl Iterator<Item = usize>) -> Vec<Span<Byte>> {
    let mut start = span.start;
    let mut sentences = Vec::new();
    for end in ends.chain([span.end]) {
        let sentence = Span::new(start, end).trim(text);
        if !sentence.is_empty() {
            sentences.push(sentence);
        }
        start = end;
    }
    sentences
}

/// A run of closing marks (".", "?!", ". . .") and what follows.
struct Stop {
    /// Where the run starts: the end of the word before.
    mark: usize,
    /// End of the run.
    run: usize,
    /// End of the run and the closing quotation marks, brackets and footnote marks after it.
    close: usize,
    /// Start of what comes after the white space.
    next: usize,
}

/// Ends a sentence in the languages of a name or quotation that is not English; needs no space after it.
const IDEOGRAPHIC: [char; 3] = ['。', '！', '？'];

fn is_mark(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '‼' | '⁇' | '⁈' | '⁉' | '؟' | '।') || IDEOGRAPHIC.contains(&c)
}

fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '”'
            | '’'
            | '»'
            | '›'
            | '“'
            | '‘'
            | '„'
            | '‚'
            | '«'
            | '‹'
            | '」'
            | '』'
            | '「'
            | '『'
            | '`'
    )
}

fn is_closer(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '»' | '›' | '」' | '』' | ')' | ']' | '}')
}

fn is_opener(c: char) -> bool {
    is_quote(c) || matches!(c, '(' | '[' | '{' | '¿' | '¡' | '-' | '–' | '—' | '•' | '*')
}

impl Stop {
    /// The first run of closing marks at or after `from`.
    fn find(text: &str, from: usize) -> Option<Self> {
        let mark = from + text[from..].find(is_mark)?;
        let mut run = mark;
        loop {
            run = skip(text, run, is_mark);
            // An ellipsis may be spaced, but " .5" is a number.
            let spaced = text[run..].strip_prefix(" .").is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
            if !spaced {
                break;
            }
            run += 1;
        }
        let close = after_notes(text, skip(text, run, is_closer));
        Some(Self { mark, run, close, next: skip(text, close, char::is_whitespace) })
    }

    /// Whether a sentence whose first word stands at byte `first_word` ends here.
    fn ends_sentence(&self, text: &str, first_word: usize) -> bool {
        let run = &text[self.mark..self.run];
        let before = word_before(text, self.mark);
        if self.next == self.close {
            return run.contains(IDEOGRAPHIC) || self.lacks_space(text, before);
        }
        let next = word_after(text, skip(text, self.next, is_opener));
        let closed_by_quote = text[self.run..self.close].contains(is_quote);
        if closed_by_quote && self.speaker_follows(text) {
            return false;
        }
        if next.starts_with(char::is_lowercase) {
            return self.ends_before_lower_case(run, before, next);
        }
        match run {
            "." => period_ends(text, self, before, next, self.mark <= first_word + before.len()),
            "!" | "?" => true,
            // An ellipsis that opens a sentence does not end one.
            _ => self.mark > first_word || run.contains(['!', '?']),
        }
    }

    /// Whether a sentence follows without a space, as in "the statement.Earlier this month".
    fn lacks_space(&self, text: &str, before: &str) -> bool {
        let plain = before.len() > 2 && before.chars().all(char::is_lowercase);
        plain && self.run - self.mark == 1 && starts_sentences(word_after(text, self.close))
    }

    /// A sentence hardly ever starts in lower case, unless its first word is a brand ("iPhone") or the text is sloppy.
    fn ends_before_lower_case(&self, run: &str, before: &str, next: &str) -> bool {
        let plain = before.len() > 2 && before.chars().all(char::is_lowercase) && abbreviation(before).is_none();
        let brand = next.contains(char::is_uppercase);
        self.close == self.run && (plain || brand) && matches!(run, "." | "!")
    }

    /// Whether the speaker of the quotation that closes here comes next: `"Is it over?" Enrique Mora asked.`
    fn speaker_follows(&self, text: &str) -> bool {
        const LONGEST_NAME: usize = 5;
        let asks = text[self.mark..self.run].contains(['!', '?', '…']) || self.run - self.mark > 1;
        let mut at = self.next;
        for words in 0..=LONGEST_NAME {
            let word = word_after(text, at);
            let end = at + word.len();
            if words > 0 && reports(word) {
                // After a period, "Mora said the talks …" is a new sentence; only "Mora said." is not.
                return asks || text[end..].starts_with(['.', ',']);
            }
            let named = word.starts_with(char::is_uppercase) && (word == "I" || !starts_sentences(word));
            if !named {
                return false;
            }
            at = skip(text, skip(text, end, |c| c == '.'), |c| c == ' ');
        }
        false
    }
}

/// Judges a single period before a word that is not in lower case. `first` says that the sentence has no word but
/// `before` yet.
fn period_ends(text: &str, stop: &Stop, before: &str, next: &str, first: bool) -> bool {
    let closed = stop.close > stop.run;
    let number = next.starts_with(|c: char| c.is_numeric());
    if first && !closed && is_enumerator(before) {
        return false;
    }
    if is_initial(before) {
        return starts_sentences(next) || number || next.is_empty();
    }
    if matches!(before, "a.m" | "p.m" | "A.M" | "P.M") {
        return !number && !goes_on_after_hour(next);
    }
    if is_acronym(before) {
        return closed || starts_sentences(next);
    }
    match abbreviation(before) {
        None => true,
        Some(Abbreviation::Leading) => closed,
        Some(Abbreviation::BeforeNumber) => !number,
        Some(Abbreviation::Anywhere) => closed || starts_sentences(next) || opens_quotation(text, stop.next),
    }
}

fn opens_quotation(text: &str, at: usize) -> bool {
    text[at..].starts_with(['"', '“', '«'])
}

/// "1", "2.1", "iv", "B": numbers the item it opens.
fn is_enumerator(word: &str) -> bool {
    let digits = word.len() <= 8 && word.split('.').all(|n| n.len() <= 3 && n.chars().all(|c| c.is_ascii_digit()));
    let roman = word.len() <= 4 && word.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'I' | 'V' | 'X'));
    !word.is_empty() && (digits || roman || is_initial(word))
}

/// One capital letter, hyphenated ("J.-P.") or not.
fn is_initial(word: &str) -> bool {
    let letter = word.rsplit('-').next().unwrap_or(word);
    let mut chars = letter.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
}

/// "U.S", "Ph.D", "D.C": short parts with periods between, none a number.
fn is_acronym(word: &str) -> bool {
    word.contains('.')
        && word.split('.').all(|part| {
            let longest = 2;
            !part.is_empty() && part.chars().count() <= longest && part.chars().all(char::is_alphabetic)
        })
}

/// "10 a.m. Eastern", "8 p.m. Tuesday": what may follow an hour in the same sentence.
fn goes_on_after_hour(next: &str) -> bool {
    const ZONES_AND_DAYS: [&str; 26] = [
        "BST", "CDT", "CEST", "CET", "CST", "Central", "EDT", "EST", "ET", "Eastern", "Friday", "GMT", "IST", "JST",
        "MDT", "MST", "Monday", "Mountain", "PDT", "PST", "PT", "Pacific", "Saturday", "Sunday", "Thursday", "Tuesday",
    ];
    ZONES_AND_DAYS.contains(&next) || matches!(next, "UTC" | "Wednesday" | "Beijing" | "London" | "Moscow")
}

/// End of the footnote marks ("[3]") that stand behind a sentence, or `at`.
fn after_notes(text: &str, at: usize) -> usize {
    let mut end = at;
    loop {
        let start = skip(text, end, |c| c == ' ');
        let Some(inside) = text[start..].strip_prefix('[') else { return end };
        let digits = skip(inside, 0, |c| c.is_ascii_digit());
        let most = 3;
        if digits == 0 || digits > most || !inside[digits..].starts_with(']') {
            return end;
        }
        end = start + digits + "[]".len();
    }
}

/// End of the characters from `at` on that satisfy `keep`.
fn skip(text: &str, at: usize, keep: impl Fn(char) -> bool) -> usize {
    text[at..].find(|c| !keep(c)).map_or(text.len(), |length| at + length)
}

fn is_opener_or_space(c: char) -> bool {
    c.is_whitespace() || is_opener(c)
}

/// Longest stretch looked at around a mark, so that a text without spaces takes linear time.
const LONGEST_WORD: usize = 48;

/// The word that ends at byte `end`, without opening marks. Of an overlong word, its end.
fn word_before(text: &str, end: usize) -> &str {
    let floor = end.saturating_sub(LONGEST_WORD);
    let mut start = end;
    for (at, c) in text[..end].char_indices().rev() {
        if at < floor || c.is_whitespace() || matches!(c, '—' | '…' | '/') {
            break;
        }
        start = at;
    }
    text[start..end].trim_start_matches(|c| is_opener(c) || is_mark(c))
}

/// The letters and digits from byte `start` on.
fn word_after(text: &str, start: usize) -> &str {
    let ceiling = start + LONGEST_WORD;
    let mut end = start;
    for (at, c) in text[start..].char_indices() {
        if !c.is_alphanumeric() || start + at > ceiling {
            break;
        }
        end = start + at + c.len_utf8();
    }
    &text[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Splits at every boundary and compares with the text split at each "|".
    fn check(marked: &str) {
        let expected: Vec<&str> = marked.split('|').map(str::trim).collect();
        let text = marked.replace('|', "");
        let all = Span::new(0, text.len());
        let found = cut(&text, all, boundaries(&text).into_iter());
        let found: Vec<&str> = found.into_iter().map(|span| span.of(&text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_sentence_ends_at_a_mark_before_a_capital() {
        check("The vote failed.| Nobody was surprised.");
        check("Did it fail?| It did!| And then?");
        check("(The vote failed.)| [Nobody came.]| Rain fell.");
        check("He left in 2019.| 14 others followed.");
        check("She joined the IMF.| He stayed.");
    }

    #[test]
    fn titles_and_initials_go_on_with_the_name() {
        check("Gov. Lena Ortiz met Sen. R. J. Whitlock and Dr. Amara Nwosu in St. Paul.| Lt. Col. Baker came too.");
        check("The novelist J.R. Okoro and M. Sato were there.");
        check("The letter was signed by John F. Harrow.| The court received it.");
    }

    #[test]
    fn acronyms_end_a_sentence_only_before_a_word_that_starts_one() {
        check("The U.S. Senate and the U.N. Security Council disagree.");
        check("They moved to the U.S.| The family stayed there.");
        check("He holds a Ph.D. from Leeds.");
        check("The ministry in Washington, D.C.| It is closed.");
    }

    #[test]
    fn abbreviations_that_may_end_a_sentence_do_so_before_a_word_that_starts_one() {
        check("Brandt Corp. shares fell, and so did Lumen Inc.| The market closed lower.");
        check("On Jan. 5 and on Feb. 12 she wrote to Orion Ltd. about it.");
        check("The farm near Fresno, Calif.| \"We lost everything,\" he said.");
        check("They sell tea, rice, etc. at the gate.");
        check("Mercy vs. Hale, i.e. the second case, cf. Baker, took approx. Two hours.");
    }

    #[test]
    fn numbers_keep_their_points_and_their_labels() {
        check("It rose 3.5 percent to $1.2 million.| It fell later.");
        check("He lives at No. 10 and she at No. 5.| Did he say no?| No.| They both did.");
        check("1. Open the gate.| 2. Close it.");
        check("2.1. Methods of the survey");
        check("See p. 12 and Fig. 3 in vol. 2.");
    }

    #[test]
    fn hours_go_on_with_a_zone_or_a_day() {
        check("It starts at 10 a.m. Eastern and ends at 8 p.m. Tuesday.");
        check("It ended at 11:30 p.m.| Police arrived later.");
    }

    #[test]
    fn addresses_are_not_split() {
        check("Read www.example.org/a.b?c=d today.| Write to press@example.org.| Thanks.");
        check("The site example.com said Node.js is down.");
    }

    #[test]
    fn an_ellipsis_ends_a_sentence_before_a_capital_only() {
        check("It's a good sign...| We will see.");
        check("We will ... wait and see … if we can.");
        check("They waited . . .| Nobody came.| But . . . nothing moved.");
        check("\"... The rest was silence.\"| He left.");
    }

    #[test]
    fn lower_case_starts_a_sentence_only_as_a_brand_or_in_sloppy_text() {
        check("Sales fell.| iPhone prices rose.");
        check("I am here today.| she left yesterday.");
        check("Yahoo! said it was over.");
    }

    #[test]
    fn closing_quotation_marks_and_brackets_belong_to_the_sentence() {
        check("\"We are done.\"| The minister left.");
        check("“We are done.”| «C'est fini.»| 'It is over.'| The minister left.");
        check("He called it \"over.\"| (She did not.)| Then they left.");
    }

    #[test]
    fn the_speaker_after_a_quotation_belongs_to_its_sentence() {
        check("\"Is it over?\" Enrique Mora asked.| He left.");
        check("“Stop!” I said.| “Is it over?” he asked.");
        check("\"That is all.\" Mora said.");
        check("\"That is all.\"| Mora said the talks would go on.");
        check("\"Is it over?\"| The talks said little about it.");
    }

    #[test]
    fn a_missing_space_does_not_hide_the_next_sentence() {
        check("She released a statement.|The vote is tomorrow.");
        check("See Minister.Gov and the.Example sites.");
    }

    #[test]
    fn footnote_marks_stay_with_the_sentence_before_them() {
        check("The town has two bridges. [3] [12]| A third is planned.[4]| It is late.");
    }

    #[test]
    fn ideographic_stops_need_no_space() {
        check("会议结束。|他们离开了。");
    }
}
