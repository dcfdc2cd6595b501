//! Any other graph: rten runs it node by node.

use std::sync::Arc;

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use super::Graph;
use crate::encoder::{Scores, Window};

/// A graph with the inputs `ids`, `types` and `mask` and the output `scores`.
pub(super) struct Runtime {
    model: Model,
    inputs: [NodeId; 3],
    output: NodeId,
}

impl Runtime {
    /// Loads a graph. The error says what is wrong with it, or which input or output it lacks.
    pub fn load(graph: Graph) -> Result<Self, String> {
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
        Ok(Self { model, inputs, output })
    }

    /// Scores of the words of each window; to be called on a thread of the pool.
    pub fn encode(&self, windows: &[&Window], pool: &Arc<ThreadPool>) -> Result<Vec<Scores>, String> {
        let scores = self.run(windows, pool)?;
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

    /// Scores of the pieces of windows, which are padded to one length.
    fn run(&self, windows: &[&Window], pool: &Arc<ThreadPool>) -> Result<NdTensor<f32, 3>, String> {
        let shape = [windows.len(), windows.iter().map(|w| w.ids.len()).max().unwrap_or(0)];
        let table = |cell: &dyn Fn(&Window, usize) -> Option<i32>| {
            NdTensor::from_fn(shape, |[row, column]| cell(windows[row], column).unwrap_or(0))
        };
        let ids = table(&|w, k| w.ids.get(k).copied());
        let types = table(&|w, k| w.types.get(k).copied());
        let mask = table(&|w, k| w.ids.get(k).map(|_| 1));
        let inputs = self.inputs.iter().zip([&ids, &types, &mask]).map(|(&id, t)| (id, t.view().into())).collect();
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(pool)));
        let [scores] = self.model.run_n(inputs, [self.output], Some(options)).map_err(|e| e.to_string())?;
        scores.try_into().map_err(|_| "\"scores\" is not a three-dimensional tensor of numbers".to_owned())
    }
}
