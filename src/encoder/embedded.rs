//! The runtime that is built into dixit: rten, on the calling thread alone.

use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};

use super::{EncodeError, Encoder, Scores, Window};

/// Most pieces in a batch: larger ones leave the processor's cache.
const BATCH: usize = 256;

/// An ONNX graph with the inputs `ids`, `types` and `mask` (i32, batch × pieces) and the output `scores` (f32, batch ×
/// pieces × width).
pub struct Embedded {
    model: Model,
    inputs: [NodeId; 3],
    output: NodeId,
    /// Pools of one thread that are free. A run takes one for itself: the parallelism is over documents, where nothing
    /// needs to be shared, and runs that shared a pool of one thread would wait for one another.
    idle: Mutex<Vec<Arc<ThreadPool>>>,
}

impl Embedded {
    /// Loads a graph.
    ///
    /// # Errors
    /// The runtime's reason, or what the graph lacks: an input, the output, or the `width` that the output must have.
    pub fn from_onnx(graph: Graph, width: usize) -> Result<Self, String> {
        let mut options = ModelOptions::with_all_ops();
        // Packing the weights once instead of at every product.
        options.prepack_weights(true);
        let model = match graph {
            Graph::Owned(bytes) => options.load(bytes),
            Graph::Static(bytes) => options.load_static_slice(bytes),
        }
        .map_err(|e| e.to_string())?;
        let node = |name: &str| model.node_id(name).map_err(|_| format!("the graph has no \"{name}\""));
        let inputs = [node("ids")?, node("types")?, node("mask")?];
        let output = node("scores")?;
        let network = Self { model, inputs, output, idle: Mutex::default() };
        // A run on one piece shows now what would else fail at every document.
        let probe = Window { ids: vec![0], types: vec![0], first: vec![0], start: 0, owned: 0..1 };
        match network.run(&[&probe])?.size(2) {
            found if found == width => Ok(network),
            found => Err(format!("the graph gives {found} scores a piece where config.json needs {width}")),
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Arc<ThreadPool>>> {
        // A list of pools cannot be left half changed.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Scores windows padded to one length.
    fn run(&self, windows: &[&Window]) -> Result<NdTensor<f32, 3>, String> {
        let shape = [windows.len(), windows.iter().map(|w| w.ids.len()).max().unwrap_or(0)];
        let table = |cell: &dyn Fn(&Window, usize) -> Option<i32>| {
            NdTensor::from_fn(shape, |[row, column]| cell(windows[row], column).unwrap_or(0))
        };
        let ids = table(&|w, k| w.ids.get(k).copied());
        let types = table(&|w, k| w.types.get(k).copied());
        let mask = table(&|w, k| w.ids.get(k).map(|_| 1));
        let inputs = self.inputs.iter().zip([&ids, &types, &mask]).map(|(&id, t)| (id, t.view().into())).collect();
        let pool = self.idle().pop().unwrap_or_else(|| Arc::new(ThreadPool::with_num_threads(1)));
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&pool)));
        // The runtime hands the work to the pool's thread and waits. A thread of rayon would not wait but begin another
        // piece of work meanwhile, and another in that: so more would be under way than there are threads. A plain thread waits.
        let result =
            thread::scope(|scope| scope.spawn(|| self.model.run_n(inputs, [self.output], Some(options))).join());
        self.idle().push(pool);
        let result = result.unwrap_or_else(|panic| resume_unwind(panic));
        let [scores] = result.map_err(|e| e.to_string())?;
        scores.try_into().map_err(|_| "\"scores\" is not a three-dimensional tensor of numbers".to_owned())
    }
}

/// The bytes of an ONNX file.
#[derive(Debug)]
pub enum Graph {
    /// Read at run time.
    Owned(Vec<u8>),
    /// Built into the program.
    Static(&'static [u8]),
}

impl Encoder for Embedded {
    fn encode(&self, windows: &[&Window]) -> Result<Vec<Scores>, EncodeError> {
        if windows.is_empty() {
            return Ok(Vec::new());
        }
        let scores = self.run(windows).map_err(EncodeError)?;
        let scores: NdTensorView<f32, 3> = scores.view();
        let width = scores.size(2);
        let rows = windows.iter().enumerate().map(|(row, window)| {
            let mut out = Scores::zeros(window.first.len(), width);
            for (word, &piece) in window.first.iter().enumerate() {
                for (to, &from) in out.row_mut(word).iter_mut().zip(scores.slice((row, piece)).iter()) {
                    *to = from;
                }
            }
            out
        });
        Ok(rows.collect())
    }

    fn batch_pieces(&self) -> usize {
        BATCH
    }
}
