//! The labels of a document: what a person, dixit or another system says of who said what in it.

use std::ops::Range;

use crate::document::{Byte, Document, Span};
use crate::speakers::SpeakerType;
use crate::statement::{Annotation, Kind, Mode};

/// How a text tells whose a quotation is, as PDNC tells quotations apart (Vishnubhotla et al. 2022).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Naming {
    /// Its speaker is named beside it.
    Explicit,
    /// A pronoun or a description stands beside it.
    Anaphoric,
    /// Nothing does.
    Implicit,
}

impl Naming {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Explicit, Self::Anaphoric, Self::Implicit];

    /// `explicit`, `anaphoric` or `implicit`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Explicit => "explicit",
            Self::Anaphoric => "anaphoric",
            Self::Implicit => "implicit",
        }
    }

    /// What a word stands for, in whatever case.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name().eq_ignore_ascii_case(word))
    }
}

/// One attribution as somebody labelled it. Spans are byte spans of the document's text, in text order; what the
/// labels leave open is `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Attribution {
    /// The attributed words; several spans where a quotation is interrupted.
    pub content: Vec<Span<Byte>>,
    /// The words that signal the attribution.
    pub cue: Vec<Span<Byte>>,
    /// The words that name who is cited.
    pub source: Vec<Span<Byte>>,
    /// Whether the content stands in quotation marks.
    pub mode: Option<Mode>,
    /// Whether something was uttered.
    pub kind: Option<Kind>,
    /// How the text tells whose the content is.
    pub naming: Option<Naming>,
    /// Index of the speaker in [`Labelled::speakers`].
    pub speaker: Option<usize>,
    /// Probability that the attribution is right, in 0..=1, where a system gives one.
    pub confidence: Option<f32>,
    /// Index in [`Labelled::attributions`] of the attribution that this one is nested in.
    pub parent: Option<usize>,
}

/// A speaker as the labels know them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Speaker {
    /// The names that are right for them, the canonical one first; empty where the labels give mentions alone.
    pub names: Vec<String>,
    /// What sort of speaker it is.
    pub kind: Option<SpeakerType>,
    /// Where the document mentions them, in text order; as complete as the labels are.
    pub mentions: Vec<Span<Byte>>,
}

/// What of a document the labels speak about. A system is not charged for finding what nobody labelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// Whether statements without quotation marks are labelled.
    pub indirect: bool,
    /// Whether contents are labelled.
    pub contents: bool,
    /// Whether cues are labelled.
    pub cues: bool,
    /// Whether source spans are labelled.
    pub sources: bool,
    /// Whether the roles of one attribution are tied together; if not, each attribution holds a single role.
    pub relations: bool,
    /// Whether speakers are named.
    pub speakers: bool,
}

impl Scope {
    /// Everything that dixit itself says.
    pub const ALL: Self =
        Self { indirect: true, contents: true, cues: true, sources: true, relations: true, speakers: true };
}

/// The tokens of a document as its corpus counts them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Where each token stands, in text order; empty for a token that the text does not have.
    pub spans: Vec<Span<Byte>>,
    /// The runs of tokens that are scored each on its own (sentences, or the rows of a file).
    pub instances: Vec<Range<usize>>,
}

/// A document with labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Labelled {
    /// Its text and its name.
    pub document: Document,
    /// What the labels speak about.
    pub scope: Scope,
    /// The attributions, in text order.
    pub attributions: Vec<Attribution>,
    /// Those who make them.
    pub speakers: Vec<Speaker>,
    /// The tokens, where the corpus has some.
    pub tokens: Option<Tokens>,
}

impl Labelled {
    /// The parts of each direct content that stands in no other, which is all that is needed to ask who says it.
    pub fn quotations(&self) -> Vec<Vec<Span<Byte>>> {
        let direct = |it: &&Attribution| it.mode == Some(Mode::Direct) && it.parent.is_none();
        self.attributions.iter().filter(direct).map(|it| it.content.clone()).collect()
    }

    /// What dixit says of a document, as labels.
    pub fn from_annotation(document: Document, annotation: &Annotation) -> Self {
        let attributions = annotation.statements.iter().map(|statement| Attribution {
            content: statement.content.clone(),
            cue: statement.cue.clone(),
            source: statement.source.clone(),
            mode: Some(statement.mode),
            kind: Some(statement.kind),
            naming: None,
            speaker: statement.speaker,
            confidence: Some(statement.confidence),
            parent: statement.parent,
        });
        let speakers = annotation.speakers.iter().map(|entity| Speaker {
            names: vec![entity.name.clone()],
            kind: Some(entity.kind),
            mentions: entity.mentions.clone(),
        });
        Self {
            attributions: attributions.collect(),
            speakers: speakers.collect(),
            scope: Scope::ALL,
            tokens: None,
            document,
        }
    }
}
