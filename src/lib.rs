//! dixit finds who said what in news text.

pub mod document;
pub mod quotations;
pub mod segment;
pub mod speakers;
