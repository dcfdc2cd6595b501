//! Writers of labelled documents, one file a format.

pub mod brat;
pub mod jsonl;
