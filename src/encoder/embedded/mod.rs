//! The runtime that is built into dixit, on the calling thread alone.
//!
//! The graph of dixit's own networks is recognized ([`graph`]) and computed in fused passes ([`network`]). Any other graph
//! is run by rten ([`runtime`]); on dixit's own graph the result would be the same.

mod attention;
mod graph;
mod network;
mod passes;
mod product;
mod runtime;
#[cfg(test)]
mod tests;

use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rten::ThreadPool;

use super::{EncodeError, Encoder, Scores, Window};
use network::{Network, Scratch};
use runtime::Runtime;

/// Most pieces in a batch: smaller ones cost more for handing them over, larger ones leave the processor's cache.
const BATCH: usize = 512;

/// An ONNX graph with the inputs `ids`, `types` and `mask` (i32, batch × pieces) and the output `scores` (f32, batch ×
/// pieces × width).
pub struct Embedded {
    way: Way,
    /// Workers that are free.
    idle: Mutex<Vec<Worker>>,
}

/// How a graph is computed.
enum Way {
    Fused(Box<Network>),
    ByNode(Box<Runtime>),
}

/// What one batch is computed with.
struct Worker {
    /// A thread by itself. The parallelism is over documents, where nothing needs to be shared.
    pool: Arc<ThreadPool>,
    scratch: Scratch,
}

/// The bytes of an ONNX file.
#[derive(Debug)]
pub enum Graph {
    /// Read at run time.
    Owned(Vec<u8>),
    /// Built into the program.
    Static(&'static [u8]),
}

impl Graph {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Owned(bytes) => bytes,
            Self::Static(bytes) => bytes,
        }
    }
}

impl Embedded {
    /// Loads a graph.
    ///
    /// # Errors
    /// The runtime's reason, or what the graph lacks: an input, the output, or the `width` that the output must have.
    pub fn from_onnx(graph: Graph, width: usize) -> Result<Self, String> {
        let way = match graph::network(graph.bytes()) {
            Some(network) => Way::Fused(Box::new(network)),
            None => Way::ByNode(Box::new(Runtime::load(graph)?)),
        };
        Self::new(way, width)
    }

    fn new(way: Way, width: usize) -> Result<Self, String> {
        let encoder = Self { way, idle: Mutex::default() };
        // A run on one piece shows now what would else fail at every document.
        let probe = Window { ids: vec![0], types: vec![0], first: vec![0], start: 0, owned: 0..1 };
        let scores = encoder.encode(&[&probe]).map_err(|error| error.0)?;
        match scores.first().map_or(0, |scores| scores.row(0).len()) {
            found if found == width => Ok(encoder),
            found => Err(format!("the graph gives {found} scores a piece where config.json needs {width}")),
        }
    }

    fn compute(&self, windows: &[&Window], worker: &mut Worker) -> Result<Vec<Scores>, String> {
        match &self.way {
            Way::Fused(network) => network.encode(windows, &mut worker.scratch),
            Way::ByNode(runtime) => runtime.encode(windows, &worker.pool),
        }
    }
}

impl Worker {
    fn new() -> Self {
        Self { pool: Arc::new(ThreadPool::with_num_threads(1)), scratch: Scratch::default() }
    }
}

impl Encoder for Embedded {
    fn encode(&self, windows: &[&Window]) -> Result<Vec<Scores>, EncodeError> {
        if windows.is_empty() {
            return Ok(Vec::new());
        }
        if let Some(window) = windows.iter().find(|window| window.first.iter().any(|&piece| piece >= window.ids.len()))
        {
            return Err(EncodeError(format!("a word of the window at {} begins after its end", window.start)));
        }
        // A list of workers cannot be left half changed.
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let mut worker = idle().pop().unwrap_or_else(Worker::new);
        let pool = Arc::clone(&worker.pool);
        // Products are divided among the threads of the pool that they are computed in, so it is one of a single thread.
        // A thread of rayon would not wait for it but begin another piece of work meanwhile, and another in that: so more
        // would be under way than there are threads. A plain thread waits.
        let work = || pool.run(|| self.compute(windows, &mut worker));
        let result = thread::scope(|scope| scope.spawn(work).join());
        let result = result.unwrap_or_else(|panic| resume_unwind(panic));
        idle().push(worker);
        result.map_err(EncodeError)
    }

    fn batch_pieces(&self) -> usize {
        BATCH
    }

    fn pads(&self) -> bool {
        matches!(self.way, Way::ByNode(_))
    }
}
