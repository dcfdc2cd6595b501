//! The `dixit` program as its users meet it. What the model finds is no matter here.

mod failures;
mod input;
mod output;
mod reference;
mod sandbox;
