//! dixit finds who said what in news text.
//!
//! For every attributed statement of a text it gives the words that are attributed (the *content*), the words that
//! signal it (the *cue*: "said", "according to"), the words that name who is cited (the *source*: "the envoy", "he"),
//! and who that is: the speaker under a canonical name, resolved over the whole document.
//!
//! # Primary types
//!
//! - [`Annotator`] holds a model and annotates texts; share one between threads by reference.
//! - [`Annotation`] is what it says of one document: [`Statement`]s, and the [`Entity`]s that make them.
//! - [`Span`] is a range of positions in a text. The library counts bytes; [`CharIndex`] turns them into the code
//!   points that files and Python count.
//! - [`run::run`] takes a corpus of any size through all cores; [`corpus`] reads and writes it.
//! - [`consolidate`] finds the same quotations and speakers in what was written of many documents.
//!
//! # Example
//!
//! ```
//! # #[cfg(feature = "embedded-model")] {
//! use dixit::Annotator;
//!
//! let text = "“We will not sell the harbour,” said the mayor, Rosa Lindqvist.";
//! let annotator = Annotator::embedded()?;
//! let annotation = annotator.annotate_text(text)?;
//!
//! let statement = &annotation.statements[0];
//! assert_eq!(statement.content[0].of(text), "“We will not sell the harbour,”");
//! assert_eq!(statement.cue[0].of(text), "said");
//! assert_eq!(annotation.speakers[statement.speaker.unwrap()].name, "Rosa Lindqvist");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The way of the data
//!
//! Each stage is a module and a function of values; none reaches back.
//!
//! 1. [`segment`] finds paragraphs and sentences, [`mod@quotations`] pairs quotation marks.
//! 2. [`encoder`] cuts the text into words and windows and has the network of the [`model`] score them.
//! 3. [`decode`] turns the scores into sources, cues, contents and names.
//! 4. [`link`] ties them together, [`speakers`] finds out who the sources are.
//! 5. [`statement`] is the result. [`pipeline`] is the way through all of it.

pub mod consolidate;
pub mod corpus;
pub mod decode;
pub mod document;
pub mod encoder;
pub mod eval;
pub mod link;
pub mod model;
pub mod pipeline;
pub mod quotations;
pub mod run;
pub mod segment;
pub mod speakers;
pub mod statement;
#[cfg(feature = "html")]
pub mod view;

pub use document::{CharIndex, Document, Span};
pub use pipeline::Annotator;
pub use speakers::Entity;
pub use statement::{Annotation, Statement};
