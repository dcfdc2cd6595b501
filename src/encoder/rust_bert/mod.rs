//! The runtime for larger models and graphics cards: libtorch, by way of rust-bert.
//!
//! On the processor every worker computes with one thread, for dixit parallelizes over documents, and its numbers then do
//! not depend on how many there are. A graphics card takes one batch at a time, as large as its memory allows.

mod architecture;
mod deberta;
mod network;
mod weights;

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tch::{Cuda, Kind, Tensor};
use thiserror::Error;

use super::backend::{BackendError, Device, Precision};
use super::{EncodeError, Encoder, Scores, Window};
use architecture::Architecture;
use network::{Blank, Network};
use weights::{File, Weights};

/// Most pieces in a batch on the processor: larger ones leave its cache, smaller ones cost more calls.
const PROCESSOR_BATCH: usize = 512;

/// Most pieces in a batch on a graphics card. It is busy with fewer.
const CARD_BATCH: usize = 1 << 15;

/// A network on libtorch.
pub struct RustBert {
    architecture: Architecture,
    width: usize,
    device: tch::Device,
    batch: usize,
    /// What every network shares. A tensor may be moved to another thread, but not be used from two.
    weights: Mutex<Weights>,
    /// Networks that are free. On the processor a run takes one for itself; on a card there is one, and a run locks it.
    idle: Mutex<Vec<Network>>,
}

/// What a network is made of.
pub struct Parts<'p> {
    /// `config.json`.
    pub config: &'p [u8],
    /// `model.safetensors`.
    pub weights: &'p [u8],
    /// The largest id that the tokenizer gives.
    pub largest_id: u32,
    /// Most pieces in a window.
    pub window: usize,
    /// Number of scores a word.
    pub width: usize,
}

/// A network cannot be loaded. Says which of its parts is at fault.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The device or the precision.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// `config.json`.
    #[error("{0}")]
    Config(String),
    /// `model.safetensors`.
    #[error("{0}")]
    Weights(String),
    /// `tokenizer.json`.
    #[error("{0}")]
    Tokenizer(String),
    /// libtorch, for lack of memory for instance.
    #[error("{0}")]
    Run(String),
}

impl RustBert {
    /// Loads a network.
    ///
    /// # Errors
    /// The part that is broken or does not fit the others, or why the device cannot be used.
    pub fn load(parts: &Parts<'_>, device: Device, precision: Precision) -> Result<Self, LoadError> {
        let (device, kind) = target(device, precision)?;
        let architecture = Architecture::parse(parts.config, parts.window).map_err(LoadError::Config)?;
        let ids = architecture.vocabulary();
        if i64::from(parts.largest_id) >= ids {
            let largest = parts.largest_id;
            return Err(LoadError::Tokenizer(format!("it gives ids up to {largest}, and the network has {ids}")));
        }
        let file = File::parse(parts.weights).map_err(LoadError::Weights)?;
        let anchors = architecture.anchors();
        anchors.iter().try_for_each(|(name, shape)| file.expect(name, shape)).map_err(LoadError::Weights)?;
        single_thread();
        let width = parts.width as i64;
        let blank = caught(|| Ok(Blank::new(&architecture, width))).map_err(LoadError::Run)?;
        let shapes = blank.shapes();
        file.check(&shapes).map_err(LoadError::Weights)?;
        let weights = caught(|| file.load(&shapes, device, kind)).map_err(LoadError::Run)?;
        let network = caught(|| blank.fill(&weights)).map_err(LoadError::Run)?;
        let batch = match device {
            tch::Device::Cpu => PROCESSOR_BATCH,
            _ => card_batch(&architecture, kind, parts.window, device).map_err(LoadError::Run)?,
        };
        let (weights, idle) = (Mutex::new(weights), Mutex::new(vec![network]));
        let loaded = Self { architecture, width: parts.width, device, batch, weights, idle };
        // A run on two pieces shows now what would else fail at every document.
        let probe = Window { ids: vec![0, 0], types: vec![0, 0], first: vec![0], start: 0, owned: 0..1 };
        loaded.run(&[&probe]).map_err(LoadError::Run)?;
        Ok(loaded)
    }

    fn run(&self, windows: &[&Window]) -> Result<Vec<f32>, String> {
        if self.device != tch::Device::Cpu {
            let idle = lock(&self.idle);
            let network = idle.first().ok_or("the network was lost")?;
            return caught(|| network.score(windows, self.device));
        }
        single_thread();
        let free = lock(&self.idle).pop();
        let network = match free {
            Some(network) => network,
            None => self.another()?,
        };
        let scores = caught(|| network.score(windows, self.device));
        lock(&self.idle).push(network);
        scores
    }

    /// One more network on the same weights.
    fn another(&self) -> Result<Network, String> {
        caught(|| Blank::new(&self.architecture, self.width as i64).fill(&lock(&self.weights)))
    }
}

impl Encoder for RustBert {
    fn encode(&self, windows: &[&Window]) -> Result<Vec<Scores>, EncodeError> {
        if windows.is_empty() {
            return Ok(Vec::new());
        }
        let values = self.run(windows).map_err(EncodeError)?;
        let mut rows = values.chunks_exact(self.width);
        let scores = windows.iter().map(|window| {
            let mut out = Scores::zeros(window.first.len(), self.width);
            for (word, row) in rows.by_ref().take(window.first.len()).enumerate() {
                out.row_mut(word).copy_from_slice(row);
            }
            out
        });
        Ok(scores.collect())
    }

    fn batch_pieces(&self) -> usize {
        self.batch
    }
}

/// The device and the kind of number in libtorch's terms, if they can be used here.
fn target(device: Device, precision: Precision) -> Result<(tch::Device, Kind), BackendError> {
    let kind = match precision {
        Precision::F32 => Kind::Float,
        Precision::Bf16 => Kind::BFloat16,
        Precision::F16 => Kind::Half,
    };
    match device {
        Device::Cpu if precision == Precision::F16 => Err(BackendError::Precision { precision, device }),
        Device::Cpu => Ok((tch::Device::Cpu, kind)),
        Device::Cuda(number) => {
            let found = usize::try_from(Cuda::device_count()).unwrap_or(0);
            if number >= found {
                return Err(BackendError::NoDevice { device, found });
            }
            Ok((tch::Device::Cuda(number), kind))
        }
    }
}

/// How many pieces fit the memory of a card beside the weights, which are there already.
fn card_batch(architecture: &Architecture, kind: Kind, window: usize, device: tch::Device) -> Result<usize, String> {
    let sizes = &architecture.sizes;
    let attention = (architecture.attention_tables() * sizes.num_attention_heads).saturating_mul(window as i64);
    let numbers = attention.saturating_add(4 * sizes.intermediate_size + 12 * sizes.hidden_size);
    let piece = numbers.saturating_mul(kind.elt_size_in_bytes() as i64);
    let mut batch = CARD_BATCH;
    loop {
        // libtorch cannot be asked what is free, but to take it. It keeps what is given back and uses it for the batches.
        match Tensor::f_empty([piece.saturating_mul(batch as i64)], (Kind::Uint8, device)) {
            Ok(_) => return Ok(batch),
            Err(_) if batch / 2 > window => batch /= 2,
            Err(error) => return Err(format!("no memory is left for a batch: {}", first_line(&error.to_string()))),
        }
    }
}

thread_local! {
    static SINGLE: Cell<bool> = const { Cell::new(false) };
}

/// Has libtorch compute on the calling thread alone. It keeps the number of its threads for each of ours.
fn single_thread() {
    if !SINGLE.replace(true) {
        tch::set_num_threads(1);
    }
}

/// What `f` gives, or the first line of why it does not. rust-bert's layers panic where libtorch throws, which happens out of memory, on a lost card, or with
/// a config.json that is wrong in a way not thought of; a library must not take its program along.
fn caught<T>(f: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    // Nothing is left half changed: networks do not change, and a blank one is dropped.
    let result = catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|panic| Err(message(&*panic)));
    result.map_err(|reason| first_line(&reason))
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|&it| it.to_owned()))
        .unwrap_or_else(|| "libtorch failed".to_owned())
}

/// libtorch's messages go on with a trace of its own functions.
fn first_line(message: &str) -> String {
    // A panic over a result shows the error as Rust writes it in a program, with its line ends spelled out.
    let line = message.split(['\n', '\r']).next().unwrap_or_default();
    line.split("\\n").next().unwrap_or_default().to_owned()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind the locks cannot be left half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
