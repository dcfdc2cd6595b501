//! What happens to numbers between two products, each in one pass over memory.
//!
//! Each pass does the operations of the graph in their order and with its rounding, so that its result is the same to
//! the last bit. Only where they are stored in between is different: in registers.

use rten_simd::ops::{BitOps, FloatOps, NarrowSaturate, NumOps, ToFloat};
use rten_simd::{Isa, Simd, SimdOp, SimdUnaryOp};
use rten_vecmath::{Gelu, Softmax, Sum, SumSquareSub};

use super::network::Norm;
use super::product::{Product, Quantizer};

/// Which elements of a row are worked on: as many as make a vector of bytes, or one by itself.
trait Lanes<I: Isa>: Copy {
    fn floats(self, isa: I, row: &[f32]) -> [I::F32; 4];
    fn ints(self, isa: I, row: &[i32]) -> [I::I32; 4];
    fn store(self, isa: I, floats: [I::F32; 4], row: &mut [f32]);
}

/// Four vectors from this element on.
#[derive(Clone, Copy)]
struct Block(usize);

impl<I: Isa> Lanes<I> for Block {
    #[inline(always)]
    fn floats(self, isa: I, row: &[f32]) -> [I::F32; 4] {
        isa.f32().load_many(&row[self.0..])
    }

    #[inline(always)]
    fn ints(self, isa: I, row: &[i32]) -> [I::I32; 4] {
        isa.i32().load_many(&row[self.0..])
    }

    #[inline(always)]
    fn store(self, isa: I, floats: [I::F32; 4], row: &mut [f32]) {
        let ops = isa.f32();
        let row = &mut row[self.0..][..4 * ops.len()];
        for (vector, place) in floats.into_iter().zip(row.chunks_exact_mut(ops.len())) {
            ops.store(vector, place);
        }
    }
}

/// This element, in all lanes: what is left of a row that is no multiple of a block.
#[derive(Clone, Copy)]
struct One(usize);

impl<I: Isa> Lanes<I> for One {
    #[inline(always)]
    fn floats(self, isa: I, row: &[f32]) -> [I::F32; 4] {
        [isa.f32().splat(row[self.0]); 4]
    }

    #[inline(always)]
    fn ints(self, isa: I, row: &[i32]) -> [I::I32; 4] {
        [isa.i32().splat(row[self.0]); 4]
    }

    #[inline(always)]
    fn store(self, _: I, [floats, ..]: [I::F32; 4], row: &mut [f32]) {
        row[self.0] = floats.to_array()[0];
    }
}

/// A row that is computed and becomes codes.
trait Row {
    fn codes<I: Isa, L: Lanes<I>>(&mut self, isa: I, lanes: L) -> I::U8;
}

#[inline(always)]
fn fill<I: Isa>(isa: I, mut row: impl Row, codes: &mut [u8]) {
    let ops = isa.u8();
    let mut at = 0;
    let mut blocks = codes.chunks_exact_mut(ops.len());
    for block in &mut blocks {
        ops.store(row.codes(isa, Block(at)), block);
        at += block.len();
    }
    for code in blocks.into_remainder() {
        *code = row.codes(isa, One(at)).to_array()[0];
        at += 1;
    }
}

#[inline(always)]
fn zip<A: Copy, B: Copy, C>(a: [A; 4], b: [B; 4], f: impl Fn(A, B) -> C) -> [C; 4] {
    [f(a[0], b[0]), f(a[1], b[1]), f(a[2], b[2]), f(a[3], b[3])]
}

impl Quantizer {
    #[inline(always)]
    fn quantize<I: Isa>(&self, isa: I, x: [I::F32; 4], lanes: impl Lanes<I>) -> I::U8 {
        let (floats, ints) = (isa.f32(), isa.i32());
        let (inverse, zero) = (floats.splat(self.inverse), ints.splat(self.zero.into()));
        let factor = lanes.floats(isa, &self.factor);
        let [a, b, c, d] = zip(
            x,
            factor,
            #[inline(always)]
            |x, factor| ints.add(floats.to_int_round(floats.mul(floats.mul(x, factor), inverse)), zero),
        );
        isa.i16().narrow_saturate(ints.narrow_saturate(a, b), ints.narrow_saturate(c, d))
    }
}

impl Product {
    /// The numbers that sums stand for, without the bias.
    #[inline(always)]
    fn scaled<I: Isa>(&self, isa: I, sums: &[i32], lanes: impl Lanes<I>) -> [I::F32; 4] {
        zip(
            lanes.ints(isa, sums),
            lanes.floats(isa, &self.scale),
            #[inline(always)]
            |sum, scale| isa.f32().mul(isa.i32().to_float(sum), scale),
        )
    }

    #[inline(always)]
    fn biased<I: Isa>(&self, isa: I, x: [I::F32; 4], lanes: impl Lanes<I>) -> [I::F32; 4] {
        zip(
            x,
            lanes.floats(isa, &self.bias),
            #[inline(always)]
            |x, bias| isa.f32().add(x, bias),
        )
    }
}

/// Rows of numbers become codes.
pub(super) struct Codes<'a> {
    pub rows: &'a [f32],
    pub quantizer: &'a Quantizer,
    pub codes: &'a mut [u8],
}

impl Row for (&[f32], &Quantizer) {
    #[inline(always)]
    fn codes<I: Isa, L: Lanes<I>>(&mut self, isa: I, lanes: L) -> I::U8 {
        self.1.quantize(isa, lanes.floats(isa, self.0), lanes)
    }
}

impl SimdOp for Codes<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let width = self.quantizer.factor.len();
        for (row, codes) in self.rows.chunks_exact(width).zip(self.codes.chunks_exact_mut(width)) {
            fill(isa, (row, self.quantizer), codes);
        }
    }
}

/// Rows of sums are scaled, biased and go through the GELU; the results become codes.
pub(super) struct GeluCodes<'a> {
    pub sums: &'a [i32],
    pub product: &'a Product,
    pub quantizer: &'a Quantizer,
    pub codes: &'a mut [u8],
}

struct GeluRow<'a> {
    sums: &'a [i32],
    product: &'a Product,
    quantizer: &'a Quantizer,
}

impl Row for GeluRow<'_> {
    #[inline(always)]
    fn codes<I: Isa, L: Lanes<I>>(&mut self, isa: I, lanes: L) -> I::U8 {
        let x = self.product.biased(isa, self.product.scaled(isa, self.sums, lanes), lanes);
        let [a, b, c, d] = x;
        let x = [Gelu {}.eval(isa, a), Gelu {}.eval(isa, b), Gelu {}.eval(isa, c), Gelu {}.eval(isa, d)];
        self.quantizer.quantize(isa, x, lanes)
    }
}

impl SimdOp for GeluCodes<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let Self { product, quantizer, .. } = self;
        let width = product.outputs();
        for (sums, codes) in self.sums.chunks_exact(width).zip(self.codes.chunks_exact_mut(width)) {
            fill(isa, GeluRow { sums, product, quantizer }, codes);
        }
    }
}

/// Rows are normalized in place; what comes out also becomes codes.
pub(super) struct NormCodes<'a> {
    /// Sums of a product to be scaled, added to the rows and biased before; none if the rows are complete.
    pub product: Option<(&'a [i32], &'a Product)>,
    pub rows: &'a mut [f32],
    pub norm: &'a Norm,
    pub quantizer: &'a Quantizer,
    pub codes: &'a mut [u8],
}

struct NormRow<'a> {
    row: &'a mut [f32],
    mean: f32,
    scale: f32,
    norm: &'a Norm,
    quantizer: &'a Quantizer,
}

impl Row for NormRow<'_> {
    #[inline(always)]
    fn codes<I: Isa, L: Lanes<I>>(&mut self, isa: I, lanes: L) -> I::U8 {
        let ops = isa.f32();
        let (mean, scale) = (ops.splat(self.mean), ops.splat(self.scale));
        let x = lanes.floats(isa, self.row);
        let gamma = lanes.floats(isa, &self.norm.gamma);
        let beta = lanes.floats(isa, &self.norm.beta);
        let scaled = zip(
            x,
            gamma,
            #[inline(always)]
            |x, gamma| (ops.sub(x, mean), ops.mul(gamma, scale)),
        );
        let x = zip(
            scaled,
            beta,
            #[inline(always)]
            |(x, gamma), beta| ops.mul_add(x, gamma, beta),
        );
        lanes.store(isa, x, self.row);
        self.quantizer.quantize(isa, x, lanes)
    }
}

impl SimdOp for NormCodes<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let Self { norm, quantizer, .. } = self;
        let width = norm.gamma.len();
        let rows = self.rows.chunks_exact_mut(width).zip(self.codes.chunks_exact_mut(width));
        for (number, (row, codes)) in rows.enumerate() {
            if let Some((sums, product)) = self.product {
                add_product(&sums[number * width..][..width], product, row);
            }
            let length = width as f32;
            let mean = Sum::new(row).eval(isa) / length;
            let variance = SumSquareSub::new(row, mean).eval(isa) / length;
            let scale = 1.0 / (variance + norm.epsilon).sqrt();
            fill(isa, NormRow { row, mean, scale, norm, quantizer }, codes);
        }
    }
}

/// Inlined into code for the processor at hand, the loop is made of its vectors.
#[inline(always)]
fn add_product(sums: &[i32], product: &Product, row: &mut [f32]) {
    let constants = product.scale.iter().zip(&product.bias);
    for ((x, &sum), (scale, bias)) in row.iter_mut().zip(sums).zip(constants) {
        *x = (sum as f32 * scale + *x) + bias;
    }
}

/// Rows of sums become numbers, and what belongs to one head comes together: heads × rows × size.
pub(super) struct Split<'a> {
    pub sums: &'a [i32],
    pub product: &'a Product,
    /// Columns of a head.
    pub size: usize,
    /// Rows that there is room for in `heads`.
    pub rows: usize,
    pub heads: &'a mut [f32],
}

impl SimdOp for Split<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, _: I) {
        let Self { product, size, rows, .. } = self;
        for (number, sums) in self.sums.chunks_exact(product.outputs()).enumerate() {
            let constants = product.scale.chunks_exact(size).zip(product.bias.chunks_exact(size));
            let heads = self.heads.chunks_exact_mut(rows * size).zip(sums.chunks_exact(size)).zip(constants);
            for ((head, sums), (scale, bias)) in heads {
                let row = &mut head[number * size..][..size];
                for ((x, &sum), (scale, bias)) in row.iter_mut().zip(sums).zip(scale.iter().zip(bias)) {
                    *x = sum as f32 * scale + bias;
                }
            }
        }
    }
}

/// The softmax of each row, in place.
pub(super) struct Softmaxes<'a> {
    pub rows: &'a mut [f32],
    pub width: usize,
}

impl SimdOp for Softmaxes<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        for row in self.rows.chunks_exact_mut(self.width) {
            Softmax::new_mut(row).flush_nans_to_zero(true).eval(isa);
        }
    }
}
