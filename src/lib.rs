//! dixit finds who said what in news text.

pub mod corpus;
pub mod decode;
pub mod document;
pub mod encoder;
pub mod link;
pub mod model;
pub mod pipeline;
pub mod quotations;
pub mod run;
pub mod segment;
pub mod speakers;
pub mod statement;
