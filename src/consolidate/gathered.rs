//! Everything that was read, in an order that does not depend on the order of the documents.

use indexmap::{IndexMap, IndexSet};

use super::words::{Vocabulary, Word, normal};
use crate::corpus::annotated::Annotated;
use crate::speakers::SpeakerType;
use crate::statement::Mode;

/// A document, and the words of its contents as they are compared. Making one takes time and needs nothing but the
/// document, so that many can be made at a time.
#[derive(Debug)]
pub struct Prepared {
    annotated: Annotated,
    normal: Vec<String>,
}

impl From<Annotated> for Prepared {
    fn from(annotated: Annotated) -> Self {
        let normal = annotated.statements.iter().map(|it| normal(&it.content)).collect();
        Self { annotated, normal }
    }
}

/// Takes in documents, in any order.
#[derive(Debug, Default)]
pub struct Gathering {
    documents: Vec<Box<str>>,
    statements: Vec<Statement>,
    locals: Vec<Local>,
    /// By their normal form, the fullest spelling of each content.
    contents: IndexMap<Box<str>, Box<str>>,
    strings: IndexSet<Box<str>>,
}

/// A document.
#[derive(Debug)]
pub(super) struct Document {
    pub id: Box<str>,
    /// Its place in the order in which documents were read.
    pub place: u32,
}

/// One statement of one document. Numbers are indices into the lists of [`Gathered`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Statement {
    pub document: u32,
    /// Its number in the document.
    pub number: u32,
    pub content: u32,
    pub local: Option<u32>,
    pub mode: Mode,
    pub confidence: f32,
}

/// A speaker of one document.
#[derive(Debug, Clone)]
pub(super) struct Local {
    pub document: u32,
    /// Its number in the document.
    pub number: u32,
    /// Index of the name in [`Gathered::strings`].
    pub name: u32,
    pub kind: SpeakerType,
    /// Indices of the titles in [`Gathered::strings`].
    pub titles: Box<[u32]>,
}

/// A content: all statements whose words are the same have the same.
#[derive(Debug)]
pub(super) struct Content {
    /// One way in which it is written.
    pub text: Box<str>,
    /// Its words, as indices into [`Gathered::words`].
    pub words: Box<[u32]>,
}

/// All of the corpus. Every list is in an order of its own, whatever the order in which the documents came.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// By id.
    pub documents: Vec<Document>,
    /// By document and number.
    pub statements: Vec<Statement>,
    /// By document and number.
    pub locals: Vec<Local>,
    /// By their words.
    pub contents: Vec<Content>,
    /// What the words of the contents are compared by. These alone come in no order that means anything.
    pub words: Vec<Word>,
    /// Names and titles, sorted.
    pub strings: Vec<Box<str>>,
}

impl Gathering {
    /// Takes in a document. Its id must be no other's.
    pub fn add(&mut self, document: Prepared) {
        let Prepared { annotated, normal } = document;
        let number = small(self.documents.len());
        self.documents.push(annotated.id.into());
        let first_local = self.locals.len();
        for it in annotated.speakers {
            let titles = it.titles.iter().map(|title| self.string(title)).collect();
            let name = self.string(&it.name);
            self.locals.push(Local { document: number, number: it.number, name, kind: it.kind, titles });
        }
        for (it, normal) in annotated.statements.into_iter().zip(normal) {
            let content = self.content(normal, &it.content);
            self.statements.push(Statement {
                document: number,
                number: it.number,
                content,
                local: it.speaker.map(|at| small(first_local + at)),
                mode: it.mode,
                confidence: it.confidence,
            });
        }
    }

    fn string(&mut self, text: &str) -> u32 {
        let known = self.strings.get_index_of(text);
        small(known.unwrap_or_else(|| self.strings.insert_full(text.into()).0))
    }

    fn content(&mut self, normal: String, text: &str) -> u32 {
        // Marks alone have no words to be compared by; each such content is its own.
        let key = if normal.is_empty() { text.to_owned() } else { normal };
        if let Some((index, _, known)) = self.contents.get_full_mut(key.as_str()) {
            if (text.len(), &**known) > (known.len(), text) {
                *known = text.into();
            }
            return small(index);
        }
        small(self.contents.insert_full(key.into(), text.into()).0)
    }

    /// Puts everything into its order.
    pub(super) fn finish(self) -> Gathered {
        let documents: Vec<_> = self.documents.into_iter().enumerate().collect();
        let (documents, document_at) = sorted(documents, |(_, id)| id.clone());
        let (strings, string_at) = sorted(self.strings.into_iter().collect(), Box::clone);
        let mut contents: Vec<_> = self.contents.into_iter().enumerate().collect();
        contents.sort_unstable_by(|(_, (a, _)), (_, (b, _))| a.cmp(b));
        let content_at = positions(contents.iter().map(|(old, _)| *old));
        let mut vocabulary = Vocabulary::default();
        let content = |(_, (key, text)): (usize, (Box<str>, Box<str>))| {
            // The key of a content without words is its text, in which there is no letter.
            let words = if key.contains(char::is_alphanumeric) { vocabulary.numbers(&key) } else { Box::default() };
            Content { text, words }
        };
        let contents: Vec<_> = contents.into_iter().map(content).collect();

        let moved = |it: Local| Local {
            document: document_at[it.document as usize],
            name: string_at[it.name as usize],
            titles: it.titles.iter().map(|title| string_at[*title as usize]).collect(),
            ..it
        };
        let locals = self.locals.into_iter().map(moved).collect();
        let (locals, local_at) = sorted(locals, |it| (it.document, it.number));
        let mut statements = self.statements;
        for it in &mut statements {
            it.document = document_at[it.document as usize];
            it.content = content_at[it.content as usize];
            it.local = it.local.map(|local| local_at[local as usize]);
        }
        statements.sort_by_key(|it| (it.document, it.number));
        let document = |(place, id): (usize, Box<str>)| Document { id, place: small(place) };
        let documents = documents.into_iter().map(document).collect();
        Gathered { documents, statements, locals, contents, words: vocabulary.into_words(), strings }
    }
}

/// The items in the order of their keys, and for each old index the new one.
fn sorted<T, K: Ord>(items: Vec<T>, key: impl Fn(&T) -> K) -> (Vec<T>, Vec<u32>) {
    let mut numbered: Vec<(usize, T)> = items.into_iter().enumerate().collect();
    numbered.sort_by_cached_key(|(_, it)| key(it));
    let moved = positions(numbered.iter().map(|(old, _)| *old));
    (numbered.into_iter().map(|(_, it)| it).collect(), moved)
}

/// For each number in `order` its place therein.
fn positions(order: impl ExactSizeIterator<Item = usize>) -> Vec<u32> {
    let mut moved = vec![0; order.len()];
    for (new, old) in order.enumerate() {
        moved[old] = small(new);
    }
    moved
}

/// An index as it is stored. Four billion statements do not fit into memory.
pub(super) fn small(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// For each number below `count` the items that have it, in their order.
#[derive(Debug)]
pub(super) struct Lists {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    /// The lists of the items `0..keys.len()` by their keys, all below `count`; an item without key is in none.
    pub fn new(count: usize, keys: impl Iterator<Item = Option<u32>> + Clone) -> Self {
        let mut starts = vec![0; count + 1];
        for key in keys.clone().flatten() {
            starts[key as usize + 1] += 1;
        }
        for at in 0..count {
            starts[at + 1] += starts[at];
        }
        let mut free = starts.clone();
        let mut items = vec![0; starts[count] as usize];
        for (item, key) in keys.enumerate().filter_map(|(item, key)| Some((item, key?))) {
            items[free[key as usize] as usize] = small(item);
            free[key as usize] += 1;
        }
        Self { starts, items }
    }

    /// The items that have this key.
    pub fn of(&self, key: u32) -> &[u32] {
        &self.items[self.starts[key as usize] as usize..self.starts[key as usize + 1] as usize]
    }
}
