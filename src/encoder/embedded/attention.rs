//! Attention within a window.

use rten_gemm::{GemmError, GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_simd::SimdOp;
use rten_tensor::NdTensorView;

use super::passes::{Softmaxes, Split};
use super::product::{Product, Quantizer};

/// What multiplies matrices in single precision.
pub(super) type Float = GemmExecutor<f32>;

/// The products that attention is made of. The graph's mask is not needed: where windows are not padded, there is
/// nothing to be hidden.
pub(super) struct Attention {
    pub input: Quantizer,
    pub query: Product,
    /// Keys and, beside them, values.
    pub key_value: Product,
    pub heads: usize,
}

/// What attention to one window is computed in. All is by heads: each one's rows together.
#[derive(Default)]
pub(super) struct Buffers {
    queries: Vec<f32>,
    /// Of all heads the keys, then of all the values.
    keys_values: Vec<f32>,
    /// Of one head only.
    weights: Vec<f32>,
    context: Vec<f32>,
}

impl Attention {
    /// What the queries of one window find in it: one row a query, the heads side by side.
    pub fn attend(
        &self,
        float: &Float,
        queries: &[i32],
        keys_values: &[i32],
        buffers: &mut Buffers,
        out: &mut [f32],
    ) -> Result<(), GemmError> {
        let hidden = self.query.outputs();
        let size = hidden / self.heads;
        let length = keys_values.len() / (2 * hidden);
        // A product with a single row is summed in another order, so that row is given an empty one beside it.
        let rows = (queries.len() / hidden).max(2);
        let Buffers { queries: q, keys_values: kv, weights, context } = buffers;
        let split = |sums, product, rows, heads: &mut Vec<f32>, columns| {
            heads.clear();
            heads.resize(rows * columns, 0.0);
            Split { sums, product, size, rows, heads }.dispatch();
        };
        split(queries, &self.query, rows, q, hidden);
        split(keys_values, &self.key_value, length, kv, 2 * hidden);
        weights.resize(rows * length, 0.0);
        context.resize(rows * hidden, 0.0);
        let (keys, values) = kv.split_at(length * hidden);
        let heads = q.chunks_exact(rows * size).zip(keys.chunks_exact(length * size));
        let heads = heads.zip(values.chunks_exact(length * size)).zip(context.chunks_exact_mut(rows * size));
        for (((queries, keys), values), context) in heads {
            let matrix = |rows, columns, data| NdTensorView::<f32, 2>::from_data([rows, columns], data);
            let keys = matrix(length, size, keys);
            let scaled = GemmOptions { alpha: 1.0 / (size as f32).sqrt(), ..GemmOptions::default() };
            let queries = GemmInputA::Unpacked(matrix(rows, size, queries));
            float.gemm(weights, queries, GemmInputB::Unpacked(keys.transposed()), scaled)?;
            Softmaxes { rows: weights, width: length }.dispatch();
            let weights = GemmInputA::Unpacked(matrix(rows, length, weights));
            let values = GemmInputB::Unpacked(matrix(length, size, values));
            float.gemm(context, weights, values, GemmOptions::default())?;
        }
        for (number, row) in out.chunks_exact_mut(hidden).enumerate() {
            for (head, part) in context.chunks_exact(rows * size).zip(row.chunks_exact_mut(size)) {
                part.copy_from_slice(&head[number * size..][..size]);
            }
        }
        Ok(())
    }
}
