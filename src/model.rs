//! A model folder: the network, its tokenizer, and everything else that was learned.
//!
//! dixit has no learned number in its code. `config.json` names the labels in the order of the network's output columns
//! and holds the transitions, the link scorer and the calibration; `models/README.md` documents the format.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

#[cfg(feature = "rust-bert")]
use crate::encoder;
use crate::encoder::{Backend, BackendError, Embedded, Encoder, Graph, Tokens, WindowSize};
use crate::speakers;

/// The version of the folder format that this program reads.
pub const VERSION: u32 = 1;

const CONFIG: &str = "config.json";
const TOKENIZER: &str = "tokenizer.json";
const NETWORK: &str = "model.onnx";
#[cfg(any(feature = "rust-bert", feature = "cli"))]
const WEIGHTS: &str = "model.safetensors";

/// Why a model cannot be used. Each message names the file and the mend.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A file of the folder cannot be read.
    #[error(
        "{}: {error}; a model folder holds config.json, tokenizer.json and the weights: model.onnx for the embedded \
         backend, model.safetensors for rust-bert",
        path.display()
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// `config.json` is not a configuration of dixit.
    #[error("{}: {reason}; export the model again with models/training/export.py", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The folder was written for another version of dixit.
    #[error("{}: the model has format version {found}, this dixit reads version {VERSION}; {mend}", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The version found.
        found: u32,
        /// What to do.
        mend: &'static str,
    },
    /// `tokenizer.json` is no tokenizer, or not one for this network.
    #[error("{}: {reason}; copy the tokenizer.json that the model was trained with", path.display())]
    Tokenizer {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// `model.safetensors` holds no weights, or not those that `config.json` asks for.
    #[error("{}: {reason}; save the weights and config.json of one network, as models/README.md describes", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The backend that was asked for cannot be used here.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// The backend failed on a sound network, for lack of memory for instance.
    #[error("{}: the network cannot be run: {reason}; try another device or precision", path.display())]
    Run {
        /// The file.
        path: PathBuf,
        /// The backend's reason.
        reason: String,
    },
    /// `model.onnx` is no network, or not one that fits `config.json`.
    #[error("{}: {reason}; export the model again with models/training/export.py", path.display())]
    Network {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

#[cfg(feature = "rust-bert")]
impl ModelError {
    fn of_load(error: encoder::LoadError, folder: &Path) -> Self {
        use encoder::LoadError;
        match error {
            LoadError::Backend(error) => Self::Backend(error),
            LoadError::Config(reason) => Self::Config { path: folder.join(CONFIG), reason },
            LoadError::Tokenizer(reason) => Self::Tokenizer { path: folder.join(TOKENIZER), reason },
            LoadError::Weights(reason) => Self::Weights { path: folder.join(WEIGHTS), reason },
            LoadError::Run(reason) => Self::Run { path: folder.join(WEIGHTS), reason },
        }
    }
}

/// A model, ready to be used from any number of threads.
pub struct Model {
    /// What was learned besides the network.
    pub config: Config,
    /// The tokenizer.
    pub tokens: Tokens,
    /// The network.
    pub encoder: Box<dyn Encoder>,
}

impl Model {
    /// Reads a model folder for the embedded backend.
    ///
    /// # Errors
    /// A [`ModelError`] that names the file which is missing, broken or of another version.
    pub fn load(folder: &Path) -> Result<Self, ModelError> {
        Self::load_on(Backend::Embedded, folder)
    }

    /// Reads a model folder for a backend.
    ///
    /// # Errors
    /// A [`ModelError`] that names the file which is missing, broken or of another version, or says why the backend
    /// cannot be used.
    pub fn load_on(backend: Backend, folder: &Path) -> Result<Self, ModelError> {
        Self::build(folder, backend, |name| {
            let path = folder.join(name);
            fs::read(&path).map(Cow::Owned).map_err(|error| ModelError::Unreadable { path, error })
        })
    }

    /// The model that is built into the program, on the embedded backend.
    ///
    /// # Errors
    /// None, unless the program was built from a broken model folder.
    #[cfg(feature = "embedded-model")]
    pub fn embedded() -> Result<Self, ModelError> {
        Self::embedded_on(Backend::Embedded)
    }

    /// The model that is built into the program, on a backend.
    ///
    /// # Errors
    /// A [`ModelError`] that says why the backend cannot be used.
    #[cfg(feature = "embedded-model")]
    pub fn embedded_on(backend: Backend) -> Result<Self, ModelError> {
        Self::build(Path::new("models/news-en"), backend, |name| Ok(Cow::Borrowed(built_in(name))))
    }

    /// What tells a model from every other: the SHA-256 of the files that a backend reads of the model in `folder`, or of
    /// the one that is built in.
    ///
    /// # Errors
    /// A [`ModelError`] that names the file which cannot be read.
    #[cfg(all(feature = "cli", feature = "embedded-model"))]
    pub fn fingerprint(backend: Backend, folder: Option<&Path>) -> Result<String, ModelError> {
        use sha2::{Digest, Sha256};

        let network = if backend == Backend::Embedded { NETWORK } else { WEIGHTS };
        let mut hash = Sha256::new();
        for name in [CONFIG, TOKENIZER, network] {
            let bytes = match folder.map(|folder| folder.join(name)) {
                None => Cow::Borrowed(built_in(name)),
                Some(path) => {
                    fs::read(&path).map(Cow::Owned).map_err(|error| ModelError::Unreadable { path, error })?
                }
            };
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(&bytes);
        }
        Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    fn build(
        folder: &Path,
        backend: Backend,
        file: impl Fn(&str) -> Result<Cow<'static, [u8]>, ModelError>,
    ) -> Result<Self, ModelError> {
        let json = file(CONFIG)?;
        let config = Config::parse(&json, &folder.join(CONFIG))?;
        let tokens = Tokens::from_json(&file(TOKENIZER)?)
            .map_err(|reason| ModelError::Tokenizer { path: folder.join(TOKENIZER), reason })?;
        let encoder: Box<dyn Encoder> = match backend {
            Backend::Embedded => {
                let graph = match file(NETWORK)? {
                    Cow::Owned(bytes) => Graph::Owned(bytes),
                    Cow::Borrowed(bytes) => Graph::Static(bytes),
                };
                let network = |reason| ModelError::Network { path: folder.join(NETWORK), reason };
                Box::new(Embedded::from_onnx(graph, config.columns().end).map_err(network)?)
            }
            #[cfg(feature = "rust-bert")]
            Backend::RustBert { device, precision } => {
                let parts = encoder::Parts {
                    config: &json,
                    weights: &file(WEIGHTS)?,
                    largest_id: tokens.largest_id(),
                    window: config.window.pieces,
                    width: config.columns().end,
                };
                let encoder = encoder::RustBert::load(&parts, device, precision);
                Box::new(encoder.map_err(|error| ModelError::of_load(error, folder))?)
            }
            #[cfg(not(feature = "rust-bert"))]
            Backend::RustBert { .. } => return Err(BackendError::NotBuilt.into()),
        };
        Ok(Self { config, tokens, encoder })
    }
}

/// A file of the model that is built in.
#[cfg(feature = "embedded-model")]
fn built_in(name: &str) -> &'static [u8] {
    match name {
        CONFIG => include_bytes!("../models/news-en/config.json"),
        TOKENIZER => include_bytes!("../models/news-en/tokenizer.json"),
        #[cfg(feature = "rust-bert")]
        WEIGHTS => include_bytes!("../models/news-en/model.safetensors"),
        _ => include_bytes!("../models/news-en/model.onnx"),
    }
}

/// What `config.json` says under "dixit".
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Config {
    version: u32,
    /// Labels of the role head, in BIO: "O", "B-source", "I-source" …
    pub roles: Vec<String>,
    /// Labels of the name head, in BIO.
    pub entities: Vec<String>,
    /// Classes of the head that tells speech from thought, read at a cue.
    pub kinds: Vec<String>,
    /// Classes of the head that tells what a source is.
    pub speaker_types: Vec<String>,
    /// How long windows are.
    pub window: WindowSize,
    /// Score of the step from one role label (row) to the next (column).
    pub transitions: Vec<Vec<f32>>,
    /// The same for the roles of attributions that stand in another's content; absent from a model that does not look for
    /// them.
    #[serde(default)]
    pub inner_transitions: Option<Vec<Vec<f32>>>,
    /// Which spans of a role are chosen.
    pub spans: SpanChoice,
    /// Words that a quotation must have to be taken for a content where the network found none in it.
    pub quotation_words: usize,
    /// The link scorer.
    pub links: LinkConfig,
    /// The antecedent scorer of pronouns.
    pub antecedents: AntecedentConfig,
    /// The antecedent scorer of descriptions; where a model has none, rules choose.
    #[serde(default)]
    pub descriptions: Option<AntecedentConfig>,
    /// The affinity of mentions; absent from a model without such a head.
    #[serde(default)]
    pub affinity: Option<AffinityConfig>,
    /// Calibration of the confidence: the probability of a statement is the logistic function of `scale · x + offset`,
    /// where x is the logit of the network's own probability (Platt 1999), and of what else is added to the sum.
    pub confidence: Calibration,
}

/// What a span must promise to be chosen: `exact + coverage · (mean − exact) − price` above 0, and more than the spans that
/// it overlaps, where `exact` is the probability that the span is exactly right, and `mean` that of a word of it to be in a
/// span of the role.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct SpanChoice {
    /// Price of a source, a cue and a content.
    pub price: [f32; 3],
    /// How much a span counts that is right but for its ends, in 0..=1.
    pub coverage: f32,
}

/// The learned part of the link scorer: the score of a head word h and a candidate c is
/// `query(h) · key(c) / √size + distance_bias[bucket(h, c)]`, and that of no candidate `query(h) · none / √size +
/// none_bias`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct LinkConfig {
    /// Dimensions of a query or key.
    pub size: usize,
    /// "content-cue", "cue-source", "content-source": the order of the heads.
    pub relations: Vec<String>,
    /// Key of "none", one a relation.
    pub none: Vec<Vec<f32>>,
    /// Bias of "none", one a relation.
    pub none_bias: Vec<f32>,
    /// Upper ends of the buckets of the distance in words.
    pub distances: Vec<usize>,
    /// Bias of each bucket, first those of candidates after the head, then those before it; one row a relation.
    pub distance_bias: Vec<Vec<f32>>,
}

/// The learned part of the affinity of mentions: that of an anaphor whose first word is m and a mention whose first word is
/// c scores `query(m) · key(c) / √size`, and that m means nobody mentioned before `query(m) · none / √size + none_bias`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct AffinityConfig {
    /// Dimensions of a query or key.
    pub size: usize,
    /// Key of "nobody".
    pub none: Vec<f32>,
    /// Bias of "nobody".
    pub none_bias: f32,
}

/// The learned part of the antecedent scorer: an entity with the features x, which [`crate::speakers`] computes, scores
/// `linear · x + Σ out[k] · max(0, hidden[k] · x + bias[k])`. The scale is that of a logit: a softmax over the entities that a
/// pronoun can mean gives their probabilities.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct AntecedentConfig {
    /// Names of the features, in the order of the weights: some or all of [`speakers::FEATURES`], of the scorer of
    /// descriptions of [`speakers::DESCRIPTION_FEATURES`].
    pub features: Vec<String>,
    /// Weight of each feature by itself.
    pub linear: Vec<f32>,
    /// Weights of the features in each hidden unit.
    pub hidden: Vec<Vec<f32>>,
    /// Bias of each hidden unit.
    pub bias: Vec<f32>,
    /// What each hidden unit adds to the score.
    pub out: Vec<f32>,
}

impl AntecedentConfig {
    /// The score of an entity with these features.
    pub(crate) fn score(&self, features: &[f32]) -> f32 {
        let dot = |weights: &[f32]| weights.iter().zip(features).map(|(w, x)| w * x).sum::<f32>();
        let units = self.hidden.iter().zip(&self.bias).zip(&self.out);
        dot(&self.linear) + units.map(|((weights, bias), out)| out * (dot(weights) + bias).max(0.0)).sum::<f32>()
    }

    /// A scorer to which all entities are alike.
    pub(crate) fn none() -> Self {
        Self { features: Vec::new(), linear: Vec::new(), hidden: Vec::new(), bias: Vec::new(), out: Vec::new() }
    }

    /// The same scorer with a weight for each of the `known` features, in their order; those that the file, where the scorer
    /// is called `key`, does not name weigh nothing.
    pub(crate) fn aligned(self, key: &str, known: &[&str]) -> Result<Self, String> {
        self.check(key)?;
        if let Some(unknown) = self.features.iter().find(|name| !known.contains(&name.as_str())) {
            return Err(format!("\"{key}.features\" has {unknown:?}, which this dixit does not know"));
        }
        let places: Vec<Option<usize>> =
            known.iter().map(|name| self.features.iter().position(|it| it == name)).collect();
        let spread = |row: &[f32]| places.iter().map(|place| place.map_or(0.0, |at| row[at])).collect::<Vec<f32>>();
        Ok(Self {
            linear: spread(&self.linear),
            hidden: self.hidden.iter().map(|row| spread(row)).collect(),
            features: known.iter().map(|name| (*name).to_string()).collect(),
            ..self
        })
    }

    fn check(&self, key: &str) -> Result<(), String> {
        let (units, width) = (self.hidden.len(), self.features.len());
        let fits = self.hidden.iter().all(|row| row.len() == width)
            && self.linear.len() == width
            && self.bias.len() == units
            && self.out.len() == units;
        if fits {
            Ok(())
        } else {
            Err(format!("\"{key}\" must have {width} weights a unit, and a bias and an out for each"))
        }
    }
}

/// Platt scaling of the confidence.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Calibration {
    /// Factor of the logit.
    pub scale: f32,
    /// Added to the scaled logit.
    pub offset: f32,
    /// Added where the content is a quotation as a whole.
    #[serde(default)]
    pub direct: f32,
    /// Added where nobody can be named.
    #[serde(default)]
    pub unnamed: f32,
}

/// The output columns of each head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    /// First column of the name head; the role head begins at 0.
    pub entities: usize,
    /// First column of the speech–thought head.
    pub kinds: usize,
    /// First column of the source-type head.
    pub speaker_types: usize,
    /// First column of the link queries, `size` a relation.
    pub queries: usize,
    /// First column of the link keys, `size` a relation.
    pub keys: usize,
    /// First column of the head for the roles within contents; equal to `affinity` where the model has none.
    pub inner: usize,
    /// First column of the affinity queries, which their keys follow; equal to `end` where the model has none.
    pub affinity: usize,
    /// Number of columns.
    pub end: usize,
}

impl Config {
    pub(crate) fn parse(json: &[u8], path: &Path) -> Result<Self, ModelError> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        #[derive(Deserialize)]
        struct File<T> {
            dixit: T,
        }
        let broken = |e: serde_json::Error| ModelError::Config { path: path.to_owned(), reason: e.to_string() };
        // The version first: a newer file may well lack a field of this one.
        let found = serde_json::from_slice::<File<Version>>(json).map_err(broken)?.dixit.version;
        if found != VERSION {
            let mend = if found > VERSION { "use a newer dixit" } else { "export the model again" };
            return Err(ModelError::Version { path: path.to_owned(), found, mend });
        }
        let config = serde_json::from_slice::<File<Self>>(json).map_err(broken)?.dixit;
        config.checked().map_err(|reason| ModelError::Config { path: path.to_owned(), reason })
    }

    /// The same, if all parts have the sizes that they must have among themselves.
    fn checked(self) -> Result<Self, String> {
        let expect = |what: &str, names: &[String], wanted: &[&str]| {
            if names == wanted { Ok(()) } else { Err(format!("\"{what}\" is {names:?}, not {wanted:?}")) }
        };
        expect("roles", &self.roles, &["O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content"])?;
        let names = ["O", "B-person", "I-person", "B-organization", "I-organization", "B-location", "I-location"];
        expect("entities", &self.entities, &[&names[..], &["B-misc", "I-misc"]].concat())?;
        expect("kinds", &self.kinds, &["speech", "thought"])?;
        expect("speaker_types", &self.speaker_types, &["person", "organization", "group", "document"])?;
        expect("links.relations", &self.links.relations, &["content-cue", "cue-source", "content-source"])?;
        let table = |what: &str, rows: &[Vec<f32>], height: usize, width: usize| {
            let fits = rows.len() == height && rows.iter().all(|row| row.len() == width);
            if fits { Ok(()) } else { Err(format!("\"{what}\" must have {height} rows of {width} numbers")) }
        };
        let relations = self.links.relations.len();
        table("transitions", &self.transitions, self.roles.len(), self.roles.len())?;
        if let Some(inner) = &self.inner_transitions {
            table("inner_transitions", inner, self.roles.len(), self.roles.len())?;
        }
        table("links.none", &self.links.none, relations, self.links.size)?;
        table("links.none_bias", std::slice::from_ref(&self.links.none_bias), 1, relations)?;
        table("links.distance_bias", &self.links.distance_bias, relations, 2 * (self.links.distances.len() + 1))?;
        if let Some(affinity) = &self.affinity {
            table("affinity.none", std::slice::from_ref(&affinity.none), 1, affinity.size)?;
        }
        if !self.spans.price.iter().all(|price| *price > 0.0) || !(0.0..=1.0).contains(&self.spans.coverage) {
            return Err("\"spans\" must have prices above 0 and a coverage from 0 to 1".to_owned());
        }
        if self.window.pieces < 8 || self.window.overlap >= self.window.pieces {
            return Err("\"window\" must have at least 8 pieces and an overlap of fewer".to_owned());
        }
        let antecedents = self.antecedents.aligned("antecedents", &speakers::FEATURES)?;
        let descriptions = self.descriptions.map(|it| it.aligned("descriptions", &speakers::DESCRIPTION_FEATURES));
        Ok(Self { antecedents, descriptions: descriptions.transpose()?, ..self })
    }

    /// Where each head's scores stand in a row.
    pub fn columns(&self) -> Columns {
        let entities = self.roles.len();
        let kinds = entities + self.entities.len();
        let speaker_types = kinds + self.kinds.len();
        let queries = speaker_types + self.speaker_types.len();
        let keys = queries + self.links.relations.len() * self.links.size;
        let inner = 2 * keys - queries;
        let affinity = inner + self.inner_transitions.as_ref().map_or(0, |_| self.roles.len());
        let end = affinity + self.affinity.as_ref().map_or(0, |affinity| 2 * affinity.size);
        Columns { entities, kinds, speaker_types, queries, keys, inner, affinity, end }
    }
}
