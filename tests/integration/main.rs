//! The `dixit` program as its users meet it.

mod convert;
mod corpus;
mod evaluate;
mod failures;
mod hostile;
mod input;
mod output;
mod reference;
mod sandbox;
