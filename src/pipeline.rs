//! The way from text to statements.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::document::Document;
use crate::statement::Annotation;

/// Annotates documents with one model; cheap to share between threads by reference.
#[derive(Debug)]
pub struct Annotator {}

/// Why a model cannot be used.
#[derive(Debug, Error)]
pub enum ModelError {
    /// A file of the model cannot be read.
    #[error("cannot read {}: {error}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
}

impl Annotator {
    /// An annotator with the model that is built in.
    pub fn embedded() -> Self {
        Self {}
    }

    /// An annotator with the model in the folder `dir`.
    pub fn load(dir: &Path) -> Result<Self, ModelError> {
        let path = dir.join("config.json");
        match path.metadata() {
            Ok(_) => Ok(Self {}),
            Err(error) => Err(ModelError::Unreadable { path, error }),
        }
    }

    /// Annotates a few documents at once on the calling thread, one result a document, in their order.
    ///
    /// The result for a document does not depend on its neighbours; handing in more than one only fills the
    /// encoder's batches better.
    pub fn annotate(&self, documents: &[Document]) -> Vec<Annotation> {
        documents.iter().map(|_| Annotation::default()).collect()
    }
}
