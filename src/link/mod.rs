//! Stage 3: contents, cues, sources and speakers become statements.
//!
//! [`attributions`] ties the spans of a document together; after [`crate::speakers::resolve`] has found out who the
//! sources are, [`statements`] gives every attribution its speaker, mode and confidence.

mod attributions;
mod beside;
mod conversation;
mod mode;
mod scorer;
mod speaking;
mod statements;
mod turns;

pub use attributions::{Attribution, attributions};
pub use beside::named_beside;
pub use statements::statements;
