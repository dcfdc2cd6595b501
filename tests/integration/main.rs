//! The `dixit` program as its users meet it.

mod articles;
mod consolidate;
mod convert;
mod corpus;
mod evaluate;
mod failures;
mod formats;
mod hostile;
mod input;
mod output;
mod reference;
mod resume;
#[cfg(feature = "rust-bert")]
mod rust_bert;
mod sandbox;
