//! The words of a text as the network sees them.

use std::ops::Range;

use tokenizers::Tokenizer;

use crate::document::{Byte, Span, Word};
use crate::quotations::Quoted;

/// Longest stretch handed to the tokenizer at once: its working memory is some 50 times the text.
const STRETCH: usize = 1 << 14;

/// A tokenizer, ready for use: without padding or truncation, whatever its file says.
#[derive(Debug, Clone)]
pub struct Tokens {
    tokenizer: Tokenizer,
    /// Id of the piece that opens every window.
    pub(super) opening: i32,
    /// Id of the piece that closes every window.
    pub(super) closing: i32,
}

impl Tokens {
    /// Reads a tokenizer in the format of the tokenizers library.
    ///
    /// # Errors
    /// The library's reason, or that no pieces are known that open and close a window.
    pub fn from_json(json: &[u8]) -> Result<Self, String> {
        let mut tokenizer = Tokenizer::from_bytes(json).map_err(|e| e.to_string())?;
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(|e| e.to_string())?;
        let (opening, closing) = frame(&tokenizer)?;
        let id = |id: u32| i32::try_from(id).map_err(|_| format!("it has a piece of the id {id}"));
        Ok(Self { opening: id(opening)?, closing: id(closing)?, tokenizer })
    }

    /// The largest id that a piece can have.
    pub fn largest_id(&self) -> u32 {
        self.tokenizer.get_vocab(true).into_values().max().unwrap_or(0)
    }
}

/// The ids of the pieces that open and close every window: those that the tokenizer itself puts around a text, or those
/// that BERT or RoBERTa has for it.
fn frame(tokenizer: &Tokenizer) -> Result<(u32, u32), String> {
    if let Ok(empty) = tokenizer.encode("", true)
        && let &[opening, closing] = empty.get_ids()
    {
        return Ok((opening, closing));
    }
    let pair = |(opening, closing)| Some((tokenizer.token_to_id(opening)?, tokenizer.token_to_id(closing)?));
    [("[CLS]", "[SEP]"), ("<s>", "</s>")].into_iter().find_map(pair).ok_or_else(|| {
        "it puts no two pieces around a text, and the vocabulary has neither [CLS] and [SEP] nor <s> and </s>"
            .to_owned()
    })
}

/// The words of a text as the tokenizer tells them apart (BERT's: runs of letters and digits, and single punctuation
/// marks), each cut into pieces of the network's vocabulary. White space, and what the vocabulary drops, belongs to no
/// word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    spans: Vec<Span<Byte>>,
    types: Vec<u8>,
    pieces: Vec<i32>,
    /// Word `w` has `pieces[starts[w]..starts[w + 1]]`.
    starts: Vec<usize>,
    /// The words of each paragraph, in order; paragraphs without words are left out.
    paragraphs: Vec<Range<usize>>,
}

impl Words {
    /// The words of the paragraphs of `text`. Takes time linear in the text.
    ///
    /// # Errors
    /// The tokenizer's reason, which no text is known to give.
    pub fn of(text: &str, paragraphs: &[Span<Byte>], quoted: &Quoted, tokens: &Tokens) -> Result<Self, String> {
        let mut words = Self { starts: vec![0], ..Self::default() };
        for &paragraph in paragraphs {
            let before = words.spans.len();
            for stretch in stretches(text, paragraph) {
                words.add(text, stretch, tokens)?;
            }
            if words.spans.len() > before {
                words.paragraphs.push(before..words.spans.len());
            }
        }
        words.types = words.spans.iter().map(|&span| token_type(span.of(text), quoted.contains(span.start))).collect();
        Ok(words)
    }

    fn add(&mut self, text: &str, stretch: Span<Byte>, tokens: &Tokens) -> Result<(), String> {
        let encoding = tokens.tokenizer.encode(stretch.of(text), false).map_err(|e| e.to_string())?;
        let mut last = None;
        // Pieces of white space, each with its word: byte-level tokenizers may cut off the space that opens a word.
        let mut spaces: Vec<(Option<u32>, i32)> = Vec::new();
        let pieces = encoding.get_ids().iter().zip(encoding.get_offsets()).zip(encoding.get_word_ids());
        for ((&id, &(start, end)), &word) in pieces {
            let span = Span::new(stretch.start + start, stretch.start + end);
            match self.spans.last_mut() {
                Some(current) if word == last && word.is_some() => {
                    *current = Span::new(current.start, span.end.max(current.end));
                    self.pieces.push(id as i32);
                    *self.starts.last_mut().expect("starts is never empty") = self.pieces.len();
                }
                _ => {
                    let inner = span.trim(text);
                    if inner.is_empty() {
                        // Offsets of what the normalizer drops can be empty or cut a character: such a piece is no word.
                        if !span.of(text).is_empty() {
                            spaces.push((word, id as i32));
                        }
                        continue;
                    }
                    self.spans.push(inner);
                    self.pieces.extend(spaces.drain(..).filter(|&(of, _)| of == word).map(|(_, space)| space));
                    self.pieces.push(id as i32);
                    self.starts.push(self.pieces.len());
                }
            }
            last = word;
        }
        Ok(())
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether the text has no word.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Where a run of words stands in the text: from the first one's start to the last one's end.
    pub fn span(&self, words: Span<Word>) -> Span<Byte> {
        match self.spans.get(words.start..words.end) {
            Some([first, .., last]) => Span::new(first.start, last.end),
            Some([only]) => *only,
            _ => Span::new(0, 0),
        }
    }

    /// The words that begin in a stretch of text.
    pub fn within(&self, span: Span<Byte>) -> Span<Word> {
        let before = |position: usize| self.spans.partition_point(|word| word.start < position);
        Span::new(before(span.start), before(span.end))
    }

    /// The ids of one word's pieces.
    pub(super) fn pieces(&self, word: usize) -> &[i32] {
        &self.pieces[self.starts[word]..self.starts[word + 1]]
    }

    /// The token type of one word: its case class, and 4 more inside quotation marks.
    pub(super) fn token_type(&self, word: usize) -> u8 {
        self.types[word]
    }

    /// Whether one word is written with a capital.
    pub fn is_capitalised(&self, word: usize) -> bool {
        !self.types[word].is_multiple_of(4)
    }

    /// The words of each paragraph that has any.
    pub fn paragraphs(&self) -> &[Range<usize>] {
        &self.paragraphs
    }
}

/// A paragraph in stretches of bounded length, cut at white space where there is any.
fn stretches(text: &str, paragraph: Span<Byte>) -> impl Iterator<Item = Span<Byte>> {
    let mut rest = paragraph;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = rest.end;
        if rest.len() > STRETCH {
            end = text.floor_char_boundary(rest.start + STRETCH);
            let stretch = Span::<Byte>::new(rest.start, end).of(text);
            if let Some(space) = stretch.rfind(char::is_whitespace).filter(|&at| at > 0) {
                end = rest.start + space;
            }
        }
        let stretch = Span::new(rest.start, end);
        rest = Span::new(end, rest.end);
        Some(stretch)
    })
}

/// What an uncased vocabulary loses and the quotation marks know: case class (0 lower case or no letter, 1 Title,
/// 2 UPPER, 3 anything else), and 4 more inside quotation marks.
fn token_type(word: &str, quoted: bool) -> u8 {
    let lower = word.chars().any(char::is_lowercase);
    let upper = word.chars().any(char::is_uppercase);
    let class = if !word.chars().any(char::is_alphabetic) || (lower && !upper) {
        0
    } else if upper && !lower && word.chars().nth(1).is_some() {
        2
    } else if word.starts_with(char::is_uppercase) {
        1
    } else {
        3
    };
    class + if quoted { 4 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_classes() {
        let cases = [("the", 0), ("3.5", 0), ("The", 1), ("I", 1), ("USA", 2), ("iPhone", 3), ("中", 3), ("p53", 0)];
        for (word, class) in cases {
            assert_eq!(token_type(word, false), class, "{word}");
            assert_eq!(token_type(word, true), class + 4, "{word}");
        }
    }

    #[test]
    fn long_paragraphs_are_cut_at_white_space() {
        let text = format!("{} {}", "a".repeat(STRETCH - 3), "é".repeat(STRETCH));
        let parts: Vec<_> = stretches(&text, Span::new(0, text.len())).map(|s| s.of(&text)).collect();
        assert_eq!(parts[0].len(), STRETCH - 3);
        assert_eq!(parts.concat(), text);
    }

    /// A tokenizer of single bytes, in which a space belongs to the word after it.
    const BYTES: &str = r#"{
        "version": "1.0", "added_tokens": [],
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": true},
        "post_processor": {
            "type": "RobertaProcessing", "sep": ["</s>", 1], "cls": ["<s>", 0], "trim_offsets": false,
            "add_prefix_space": false
        },
        "model": {
            "type": "BPE", "merges": [],
            "vocab": {"<s>": 0, "</s>": 1, "H": 2, "i": 3, "Ġ": 4, ",": 5, "Ã": 6, "©": 7, "t": 8}
        }
    }"#;

    #[test]
    fn white_space_belongs_to_no_word_whatever_the_tokenizer_says() {
        let tokens = Tokens::from_json(BYTES.as_bytes()).unwrap();
        assert_eq!((tokens.opening, tokens.closing, tokens.largest_id()), (0, 1, 8));
        let text = "Hi,   été";
        let words = Words::of(text, &[Span::new(0, text.len())], &Quoted::new(&[]), &tokens).unwrap();
        let spans: Vec<&str> = words.spans.iter().map(|span| span.of(text)).collect();
        assert_eq!(spans, ["Hi", ",", "été"]);
        assert_eq!(words.pieces(2), [4, 6, 7, 8, 6, 7]);
    }

    #[test]
    fn what_opens_and_closes_a_window_is_what_the_tokenizer_puts_around_a_text() {
        let vocabulary = |pieces: &str, processor: &str| {
            let json = format!(
                r#"{{"version": "1.0", "added_tokens": [], "post_processor": {processor},
                    "model": {{"type": "WordLevel", "unk_token": "?", "vocab": {{"?": 0, {pieces}}}}}}}"#
            );
            Tokens::from_json(json.as_bytes()).map(|tokens| (tokens.opening, tokens.closing))
        };
        let around = r#"{"type": "BertProcessing", "cls": ["<a>", 7], "sep": ["<z>", 8]}"#;
        assert_eq!(vocabulary(r#""[CLS]": 1, "[SEP]": 2, "<a>": 7, "<z>": 8"#, around), Ok((7, 8)));
        assert_eq!(vocabulary(r#""[CLS]": 1, "[SEP]": 2"#, "null"), Ok((1, 2)));
        assert_eq!(vocabulary(r#""<s>": 3, "</s>": 4, "[SEP]": 2"#, "null"), Ok((3, 4)));
        assert!(vocabulary(r#""[CLS]": 1, "</s>": 4"#, "null").unwrap_err().contains("neither [CLS] and [SEP] nor"));
    }
}
