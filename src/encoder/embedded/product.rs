//! Products of 8-bit activations with 8-bit weights.

use rten_gemm::{GemmError, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_tensor::NdTensorView;

/// What multiplies 8-bit matrices.
pub(super) type Int8 = GemmExecutor<u8, i8, i32>;

/// How a value becomes 8-bit codes: each channel times its factor, divided by the scale, rounded, the zero point added.
pub(super) struct Quantizer {
    /// One factor a channel.
    pub factor: Vec<f32>,
    /// 1 / scale.
    pub inverse: f32,
    pub zero: u8,
}

/// A matrix of weights, packed for the processor, and what turns the sums of the product into numbers.
pub(super) struct Product {
    weights: PackedBMatrix<i8>,
    /// One factor an output.
    pub scale: Vec<f32>,
    /// One summand an output, added after scaling.
    pub bias: Vec<f32>,
}

impl Product {
    /// `weights` has one row an input; there must be as many columns as scales and biases.
    pub fn new(weights: &[i8], inputs: usize, scale: Vec<f32>, bias: Vec<f32>) -> Self {
        let weights = NdTensorView::from_data([inputs, scale.len()], weights);
        Self { weights: Int8::new().prepack_b(weights), scale, bias }
    }

    pub fn inputs(&self) -> usize {
        self.weights.rows()
    }

    pub fn outputs(&self) -> usize {
        self.scale.len()
    }

    /// The integer sums for rows of codes, still to be scaled.
    pub fn sums(&self, int8: &Int8, codes: &[u8], sums: &mut [i32]) -> Result<(), GemmError> {
        let codes = NdTensorView::from_data([codes.len() / self.inputs(), self.inputs()], codes);
        int8.gemm(sums, GemmInputA::Unpacked(codes), GemmInputB::Packed(&self.weights), GemmOptions::default())
    }

    /// What the sums of a row stand for.
    pub fn numbers(&self, sums: &[i32], row: &mut [f32]) {
        for ((x, &sum), (scale, bias)) in row.iter_mut().zip(sums).zip(self.scale.iter().zip(&self.bias)) {
            *x = sum as f32 * scale + bias;
        }
    }
}

/// A linear layer: quantizes, multiplies, adds the bias.
pub(super) struct Linear {
    pub input: Quantizer,
    pub product: Product,
}

impl Linear {
    pub fn inputs(&self) -> usize {
        self.product.inputs()
    }

    pub fn outputs(&self) -> usize {
        self.product.outputs()
    }
}
