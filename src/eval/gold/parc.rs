//! PARC3: the attributions of the Penn Treebank as XML (Pareti 2012).
//!
//! A file is a document of `SENTENCE`s, somewhere in which are the words: `<WORD text="said" …>`, with an element
//! `<attribution id="…">` for each attribution that the word is part of, in which `<attributionRole roleValue="cue"/>`
//! says as what. Names of elements and attributes are read in whatever case. With a folder of texts the words are aligned
//! with NAME.txt; without, the text is the words with spaces between and a sentence a line.

use std::collections::HashMap;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::align;
use super::context::{self, Collector, Context};
use super::tokens::{self, TokenText};
use super::{Fault, GoldError};
use crate::corpus::Place;
use crate::document::Document;
use crate::eval::{Attribution, Labelled, Scope, Tokens};

const SCOPE: Scope = Scope { speakers: false, ..Scope::ALL };

pub(super) fn read(path: &Path, context: &Context<'_>, found: &mut Collector) -> Result<(), GoldError> {
    for file in context::files(path, &["xml"]) {
        match context::file(&file) {
            Ok(xml) => {
                let place = context::place(&file);
                let article = article(&xml, &place, found);
                if !article.words.is_empty() {
                    finish(article, context::stem(&file), &place, context, found);
                }
            }
            Err(error) => found.skip(error),
        }
    }
    Ok(())
}

/// The words of an article and what they are part of.
#[derive(Debug, Default)]
struct Article {
    words: Vec<String>,
    /// Number of words before the end of each sentence.
    sentences: Vec<usize>,
    attributions: Vec<Roles>,
}

/// An attribution by its words.
#[derive(Debug, Default)]
struct Roles {
    content: Vec<usize>,
    cue: Vec<usize>,
    source: Vec<usize>,
}

/// Reads a file as far as it is well-formed.
fn article(xml: &str, place: &Place, found: &mut Collector) -> Article {
    let mut article = Article::default();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut current = None;
    let mut reader = Reader::from_str(xml.trim_start_matches('\u{FEFF}'));
    reader.config_mut().check_end_names = true;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::Start(element) | Event::Empty(element)) => {
                let name = element.local_name();
                match name.as_ref().to_ascii_lowercase().as_str() {
                    "word" => article.words.push(attribute(&element, "text").unwrap_or_default()),
                    "attribution" => {
                        let id = attribute(&element, "id").unwrap_or_default();
                        current = Some(*places.entry(id).or_insert_with(|| {
                            article.attributions.push(Roles::default());
                            article.attributions.len() - 1
                        }));
                    }
                    "attributionrole" => {
                        let word = article.words.len().checked_sub(1);
                        let role = attribute(&element, "roleValue").unwrap_or_default();
                        if let (Some(at), Some(word)) = (current, word) {
                            article.attributions[at].take(&role, word);
                        }
                    }
                    _ => {}
                }
            }
            Ok(Event::End(element)) if element.local_name().as_ref().eq_ignore_ascii_case("sentence") => {
                article.sentences.push(article.words.len());
            }
            Ok(_) => {}
            Err(error) => {
                let offset = usize::try_from(reader.error_position()).unwrap_or(usize::MAX).min(xml.len());
                let line = 1 + xml.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count();
                found.warn(place.at_line(line), Fault::Malformed(format!("malformed XML: {error}")));
                break;
            }
        }
    }
    article
}

impl Roles {
    fn take(&mut self, role: &str, word: usize) {
        match role.to_ascii_lowercase().as_str() {
            "content" => self.content.push(word),
            "cue" => self.cue.push(word),
            "source" => self.source.push(word),
            _ => {}
        }
    }
}

/// The value of an attribute, whatever the case of its name.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let mut attributes = attributes.with_checks(false).filter_map(Result::ok);
    let found = attributes.find(|it| it.key.local_name().as_ref().eq_ignore_ascii_case(name))?;
    let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}

fn finish(article: Article, id: String, place: &Place, context: &Context<'_>, found: &mut Collector) {
    let (text, tokens) = match context.text(&id) {
        Ok(text) => aligned(&article, text, place, found),
        Err(_) => joined(&article),
    };
    let attribution = |it: &Roles| Attribution {
        content: tokens::runs(&it.content, &tokens.spans),
        cue: tokens::runs(&it.cue, &tokens.spans),
        source: tokens::runs(&it.source, &tokens.spans),
        ..Attribution::default()
    };
    let attributions = article.attributions.iter().map(attribution).collect();
    let document = Document::new(id, text);
    found.push(
        context,
        place,
        Labelled { document, scope: SCOPE, attributions, speakers: Vec::new(), tokens: Some(tokens) },
    );
}

/// The words where they stand in a text.
fn aligned(article: &Article, text: String, place: &Place, found: &mut Collector) -> (String, Tokens) {
    let mut rows = Vec::new();
    let mut start = 0;
    for end in article.sentences.iter().copied().chain([article.words.len()]) {
        if start < end {
            rows.push(article.words[start..end].to_vec());
            start = end;
        }
    }
    let mut tokens = Tokens::default();
    for (row, spans) in rows.iter().zip(align::align(&text, &rows)) {
        let lost = spans.iter().filter(|it| it.is_empty()).count();
        if lost * 2 > row.len() && row.len() > 2 {
            found.warn(place.clone(), Fault::NotInText(row.iter().take(5).cloned().collect::<Vec<_>>().join(" ")));
        }
        let first = tokens.spans.len();
        tokens.spans.extend(spans);
        tokens.instances.push(first..tokens.spans.len());
    }
    (text, tokens)
}

/// A text of the words alone.
fn joined(article: &Article) -> (String, Tokens) {
    let mut words = TokenText::default();
    let mut ends = article.sentences.iter().copied().peekable();
    let mut separator = "";
    for (at, word) in article.words.iter().enumerate() {
        words.push(separator, word);
        separator = " ";
        while ends.next_if(|end| *end <= at + 1).is_some() {
            words.end_instance();
            separator = "\n";
        }
    }
    words.end_instance();
    (words.text, words.tokens)
}

#[cfg(test)]
mod tests {
    use crate::eval::gold::Options;
    use crate::eval::gold::testing::{gold, gold_with, words};

    const XML: &str = r#"<root><SENTENCE><S gorn="0">
<WORD gorn="0,0" lemma="rain" pos="NNP" text="Rain"><attribution id="w_1"><attributionRole roleValue="content"/></attribution></WORD>
<WORD gorn="0,1" text="&quot;helps"><attribution id="w_1"><attributionRole roleValue="content"/></attribution></WORD>
<WORD gorn="0,2" text=","/>
<WORD gorn="0,3" text="said"><attribution id="w_1"><attributionRole roleValue="cue"/></attribution></WORD>
<WORD gorn="0,4" text="Zoë"><attribution id="w_1"><attributionRole roleValue="source"/></attribution></WORD>
<WORD gorn="0,5" text="."/></S></SENTENCE>
<SENTENCE><S><WORD text="We"><attribution id="w_1"><attributionRole roleValue="content"/></attribution>
<attribution id="w_Nested_2"><attributionRole roleValue="source"/></attribution></WORD>
<WORD text="hope"><attribution id="w_1"><attributionRole roleValue="content"/></attribution>
<attribution id="w_Nested_2"><attributionRole roleValue="cue"/></attribution></WORD></S></SENTENCE></root>"#;

    #[test]
    fn words_say_what_they_are_part_of() {
        let (documents, warnings) = gold(&[("00/w.xml", XML)], "");
        assert_eq!(warnings, [""; 0]);
        assert_eq!(documents[0].document.text, "Rain \"helps , said Zoë .\nWe hope");
        assert_eq!(words(&documents[0]), [["Rain \"helps|We hope", "said", "Zoë", ""], ["", "hope", "We", ""]]);
        assert_eq!(documents[0].tokens.as_ref().unwrap().instances, [0..6, 6..8]);
    }

    #[test]
    fn words_are_aligned_with_a_text() {
        let files = [("w.xml", XML), ("texts/w.txt", "Rain \"helps, said Zoë.\n\nWe hope")];
        let options = |folder: &std::path::Path| Options { texts: Some(folder.join("texts")), ..Options::default() };
        let (documents, warnings) = gold_with(&files, "w.xml", options);
        assert_eq!((words(&documents[0])[0][0].as_str(), warnings.len()), ("Rain \"helps|We hope", 0));
    }

    #[test]
    fn broken_xml_is_located() {
        let (documents, warnings) = gold(&[("w.xml", &XML.replace("</S></SENTENCE>\n", "</SENTENCE>\n"))], "w.xml");
        assert!(warnings[0].starts_with("w.xml:7: malformed XML: "), "{warnings:?}");
        assert_eq!(documents.len(), 1);
    }
}
