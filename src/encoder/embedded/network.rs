//! The network that `models/training/graph.py` builds, computed with the operators of the graph fused.
//!
//! The pieces of all windows of a batch are rows of one matrix, without padding: products and what is between them go
//! row by row, and attention window by window. So a window's scores do not depend on the others.

use rten_gemm::GemmError;
use rten_simd::{Isa, SimdOp};

use super::attention::{self, Attention, Float};
use super::passes::{Codes, GeluCodes, NormCodes};
use super::product::{Int8, Linear, Quantizer};
use crate::encoder::{Scores, Window};

/// Rows that go through the products of a layer together: what is in between stays in the processor's cache.
const ROWS: usize = 132;

/// The constants of a network, ready to be computed with.
pub(super) struct Network {
    pub embeddings: Embeddings,
    /// At least one.
    pub layers: Vec<Layer>,
    pub heads: Linear,
}

/// Tables with one row a piece of the vocabulary, a type or a position.
pub(super) struct Embeddings {
    pub words: Vec<i8>,
    /// One factor a piece of the vocabulary.
    pub scales: Vec<f32>,
    pub types: Vec<f32>,
    pub positions: Vec<f32>,
    pub bias: Vec<f32>,
    pub norm: Norm,
}

/// A layer of the encoder.
pub(super) struct Layer {
    pub attention: Attention,
    pub out: Linear,
    pub norm: Norm,
    pub up: Linear,
    pub down: Linear,
    pub last_norm: Norm,
}

/// Layer normalization.
pub(super) struct Norm {
    pub gamma: Vec<f32>,
    pub beta: Vec<f32>,
    pub epsilon: f32,
}

/// What a batch is computed in; kept, so that its memory need not be asked for again.
#[derive(Default)]
pub(super) struct Scratch {
    /// The rows between layers.
    rows: Vec<f32>,
    /// The same as codes, for the next product.
    codes: Vec<u8>,
    /// Rows and codes of the pieces that a word begins with.
    first_rows: Vec<f32>,
    first_codes: Vec<u8>,
    queries: Vec<i32>,
    keys_values: Vec<i32>,
    context: Vec<f32>,
    attention: attention::Buffers,
    inner_codes: Vec<u8>,
    sums: Vec<i32>,
}

/// The computing units, and how the rows belong to windows.
struct Batch<'w> {
    windows: &'w [&'w Window],
    int8: Int8,
    float: Float,
}

impl Network {
    /// Scores of the words of each window.
    pub fn encode(&self, windows: &[&Window], scratch: &mut Scratch) -> Result<Vec<Scores>, String> {
        let batch = Batch { windows, int8: Int8::new(), float: Float::new() };
        self.embed(windows, scratch)?;
        let inputs = self.layers.iter().skip(1).map(|next| &next.attention.input).chain([&self.heads.input]);
        for (number, (layer, next)) in self.layers.iter().zip(inputs).enumerate() {
            let last = number + 1 == self.layers.len();
            batch.layer(layer, next, last, scratch).map_err(|error| error.to_string())?;
        }
        self.score(&batch, scratch).map_err(|error| error.to_string())
    }

    /// The rows that the first layer is given.
    fn embed(&self, windows: &[&Window], scratch: &mut Scratch) -> Result<(), String> {
        let Embeddings { words, scales, types, positions, bias, norm } = &self.embeddings;
        let hidden = bias.len();
        let length: usize = windows.iter().map(|window| window.ids.len()).sum();
        let Scratch { rows, codes, .. } = scratch;
        resize(rows, length * hidden);
        resize(codes, length * hidden);
        let pieces = windows.iter().flat_map(|window| window.ids.iter().enumerate().map(move |it| (window, it)));
        for (row, (window, (position, &id))) in rows.chunks_exact_mut(hidden).zip(pieces) {
            let number = window.types.get(position).copied().unwrap_or(0);
            let of = |index: i32| usize::try_from(index).ok();
            let word = of(id).and_then(|id| Some((table_row(words, id, hidden)?, *scales.get(id)?)));
            let (word, scale) = word.ok_or_else(|| format!("there is no piece {id} in the vocabulary"))?;
            let kind = of(number).and_then(|kind| table_row(types, kind, hidden));
            let kind = kind.ok_or_else(|| format!("there is no token type {number}"))?;
            let position = table_row(positions, position, hidden);
            let position = position.ok_or_else(|| {
                let longest = positions.len() / hidden;
                format!("a window of {} pieces is longer than the network's {longest}", window.ids.len())
            })?;
            Embed { word, scale, kind, position, bias, row }.dispatch();
        }
        let quantizer = &self.layers.first().map_or(&self.heads.input, |layer| &layer.attention.input);
        NormCodes { product: None, rows, norm, quantizer, codes }.dispatch();
        Ok(())
    }

    /// The product of the heads, for the pieces that a word begins with.
    fn score(&self, batch: &Batch, scratch: &mut Scratch) -> Result<Vec<Scores>, GemmError> {
        let Linear { product, .. } = &self.heads;
        let Scratch { codes, sums, .. } = scratch;
        let width = product.outputs();
        resize(sums, codes.len() / product.inputs() * width);
        product.sums(&batch.int8, codes, sums)?;
        let mut sums = sums.chunks_exact(width);
        let scores = batch.windows.iter().map(|window| {
            let mut scores = Scores::zeros(window.first.len(), width);
            for (word, sums) in (0..window.first.len()).zip(&mut sums) {
                product.numbers(sums, scores.row_mut(word));
            }
            scores
        });
        Ok(scores.collect())
    }
}

impl Batch<'_> {
    /// From the codes of the rows to the rows after the layer and their codes for the `next` product. After the last layer
    /// only those rows are left that a word begins with: the others are not asked for.
    fn layer(&self, layer: &Layer, next: &Quantizer, last: bool, scratch: &mut Scratch) -> Result<(), GemmError> {
        let Layer { attention, out, norm, up, down, last_norm } = layer;
        let hidden = out.outputs();
        resize(&mut scratch.keys_values, scratch.codes.len() * 2);
        attention.key_value.sums(&self.int8, &scratch.codes, &mut scratch.keys_values)?;
        if last {
            self.keep_first(hidden, scratch);
        }
        let Scratch { rows, codes, queries, keys_values, context, sums, inner_codes, .. } = scratch;
        resize(queries, codes.len());
        attention.query.sums(&self.int8, codes, queries)?;
        resize(context, codes.len());
        let (mut queries, mut keys_values, mut contexts) = (&queries[..], &keys_values[..], &mut context[..]);
        for window in self.windows {
            let count = if last { window.first.len() } else { window.ids.len() };
            let (mine, keys, out);
            (mine, queries) = queries.split_at(count * hidden);
            (keys, keys_values) = keys_values.split_at(window.ids.len() * 2 * hidden);
            (out, contexts) = contexts.split_at_mut(count * hidden);
            if count > 0 {
                attention.attend(&self.float, mine, keys, &mut scratch.attention, out)?;
            }
        }
        let blocks = rows.chunks_mut(ROWS * hidden).zip(codes.chunks_mut(ROWS * hidden));
        for ((rows, codes), context) in blocks.zip(context.chunks(ROWS * hidden)) {
            let count = rows.len() / hidden;
            Codes { rows: context, quantizer: &out.input, codes }.dispatch();
            resize(sums, count * hidden);
            out.product.sums(&self.int8, codes, sums)?;
            let product = Some((&sums[..], &out.product));
            NormCodes { product, rows, norm, quantizer: &up.input, codes }.dispatch();
            resize(sums, count * up.outputs());
            resize(inner_codes, count * up.outputs());
            up.product.sums(&self.int8, codes, sums)?;
            GeluCodes { sums, product: &up.product, quantizer: &down.input, codes: inner_codes }.dispatch();
            resize(sums, count * hidden);
            down.product.sums(&self.int8, inner_codes, sums)?;
            let product = Some((&sums[..], &down.product));
            NormCodes { product, rows, norm: last_norm, quantizer: next, codes }.dispatch();
        }
        Ok(())
    }

    /// Leaves only the rows, and their codes, that a word begins with.
    fn keep_first(&self, hidden: usize, scratch: &mut Scratch) {
        let Scratch { rows, codes, first_rows, first_codes, .. } = scratch;
        first_rows.clear();
        first_codes.clear();
        let mut start = 0;
        for window in self.windows {
            for piece in &window.first {
                let row = (start + piece) * hidden..(start + piece + 1) * hidden;
                first_rows.extend_from_slice(&rows[row.clone()]);
                first_codes.extend_from_slice(&codes[row]);
            }
            start += window.ids.len();
        }
        std::mem::swap(rows, first_rows);
        std::mem::swap(codes, first_codes);
    }
}

fn resize<T: Copy + Default>(buffer: &mut Vec<T>, length: usize) {
    buffer.resize(length, T::default());
}

fn table_row<T>(table: &[T], row: usize, width: usize) -> Option<&[T]> {
    table.get(row.checked_mul(width)?..)?.get(..width)
}

/// The sum of a piece's embeddings.
struct Embed<'a> {
    word: &'a [i8],
    scale: f32,
    kind: &'a [f32],
    position: &'a [f32],
    bias: &'a [f32],
    row: &'a mut [f32],
}

impl SimdOp for Embed<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, _: I) {
        let word = self.row.iter_mut().zip(self.word);
        for (((x, &word), bias), (kind, position)) in word.zip(self.bias).zip(self.kind.iter().zip(self.position)) {
            *x = (f32::from(word) * self.scale + (kind + position)) + bias;
        }
    }
}
