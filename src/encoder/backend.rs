//! Which runtime computes the scores, and where.

use std::fmt;
use std::str::FromStr;

/// A runtime of the neural network.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Backend {
    /// The one that is built in: 8-bit weights, on the processor, without any library.
    #[default]
    Embedded,
    /// libtorch by way of rust-bert, for dixit built with the feature `rust-bert`.
    RustBert {
        /// What computes.
        device: Device,
        /// What it computes with.
        precision: Precision,
    },
}

/// What computes. Written "cpu" or "cuda:0".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Device {
    /// The processor.
    #[default]
    Cpu,
    /// The NVIDIA graphics card of this number, from 0.
    Cuda(usize),
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda(number) => write!(f, "cuda:{number}"),
        }
    }
}

/// A device's name was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("neither \"cpu\" nor \"cuda:\" and a number from 0 to {MOST_CARDS}, such as \"cuda:0\"")]
pub struct UnknownDevice;

/// The highest number of a card that libtorch can count to.
const MOST_CARDS: usize = 127;

impl FromStr for Device {
    type Err = UnknownDevice;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        if name == "cpu" {
            return Ok(Self::Cpu);
        }
        let number = name.strip_prefix("cuda:").filter(|it| it.bytes().all(|byte| byte.is_ascii_digit()));
        let number = number.and_then(|it| it.parse().ok()).filter(|&it| it <= MOST_CARDS);
        number.map(Self::Cuda).ok_or(UnknownDevice)
    }
}

/// The numbers that a network is computed with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Precision {
    /// Single precision.
    #[default]
    F32,
    /// bfloat16: 8 bits of precision, the range of single precision.
    Bf16,
    /// Half precision: 11 bits of precision; graphics cards only.
    F16,
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::F32 => "f32",
            Self::Bf16 => "bf16",
            Self::F16 => "f16",
        })
    }
}

/// A backend cannot be used here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BackendError {
    /// dixit was built without it.
    #[error(
        "this dixit was built without the backend rust-bert; build it with cargo's --features rust-bert, as \
         CONTRIBUTING.md describes, or use the embedded backend"
    )]
    NotBuilt,
    /// There is no such device.
    #[error("there is no device {device}: libtorch finds {}; {}", cards(*.found), mend(*.found))]
    NoDevice {
        /// The device that was asked for.
        device: Device,
        /// How many CUDA devices libtorch finds.
        found: usize,
    },
    /// The device does not compute with this precision.
    #[error("precision {precision} needs a graphics card; use f32 or bf16 on {device}")]
    Precision {
        /// The precision that was asked for.
        precision: Precision,
        /// The device that was asked for.
        device: Device,
    },
}

fn cards(found: usize) -> String {
    match found {
        0 => "no CUDA device".to_owned(),
        1 => "one CUDA device".to_owned(),
        many => format!("{many} CUDA devices"),
    }
}

fn mend(found: usize) -> String {
    match found {
        0 => "use cpu, or install NVIDIA's driver and build dixit against a libtorch with CUDA".to_owned(),
        1 => "use cuda:0".to_owned(),
        many => format!("use cuda:0 to cuda:{}", many - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_read_as_they_are_written() {
        for device in [Device::Cpu, Device::Cuda(0), Device::Cuda(127)] {
            assert_eq!(device.to_string().parse(), Ok(device));
        }
        for name in ["", "gpu", "CPU", "cuda", "cuda:", "cuda:x", "cuda:-1", "cuda:+1", "cuda:128", "cuda:0 "] {
            assert_eq!(name.parse::<Device>(), Err(UnknownDevice), "{name}");
        }
    }

    #[test]
    fn a_missing_device_is_reported_with_those_that_are_there() {
        let message = |found| BackendError::NoDevice { device: Device::Cuda(3), found }.to_string();
        assert!(message(0).starts_with("there is no device cuda:3: libtorch finds no CUDA device; use cpu, or"));
        assert_eq!(message(1), "there is no device cuda:3: libtorch finds one CUDA device; use cuda:0");
        assert_eq!(message(3), "there is no device cuda:3: libtorch finds 3 CUDA devices; use cuda:0 to cuda:2");
    }
}
