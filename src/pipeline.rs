//! The way from text to statements.

use crate::document::Document;
use crate::statement::Annotation;

/// Annotates documents with one model; cheap to share between threads by reference.
#[derive(Debug)]
pub struct Annotator {}

impl Annotator {
    /// Annotates a few documents at once on the calling thread, one result a document, in their order.
    ///
    /// The result for a document does not depend on its neighbours; handing in more than one only fills the
    /// encoder's batches better.
    pub fn annotate(&self, documents: &[Document]) -> Vec<Annotation> {
        documents.iter().map(|_| Annotation::default()).collect()
    }
}
