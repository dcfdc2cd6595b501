//! The backend on libtorch.

mod agreement;
mod architectures;
mod articles;
mod failures;
mod float_graph;
mod small;

use dixit::encoder::{Backend, Device, Precision};

const F32: Backend = Backend::RustBert { device: Device::Cpu, precision: Precision::F32 };
const BF16: Backend = Backend::RustBert { device: Device::Cpu, precision: Precision::Bf16 };
