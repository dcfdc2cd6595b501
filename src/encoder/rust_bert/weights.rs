//! `model.safetensors`: looked through before libtorch sees any of it.

use std::collections::HashMap;

use safetensors::tensor::{Dtype, SafeTensors};
use tch::{Device, Kind, TchError, Tensor};

/// The tensors of a file.
pub struct File<'b>(SafeTensors<'b>);

impl<'b> File<'b> {
    /// Reads the header.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn parse(bytes: &'b [u8]) -> Result<Self, String> {
        SafeTensors::deserialize(bytes).map(Self).map_err(|e| format!("no whole safetensors file ({e})"))
    }

    /// Whether the file has a tensor of this name and shape, of numbers with a fraction.
    ///
    /// # Errors
    /// What it lacks or has instead.
    pub fn expect(&self, name: &str, shape: &[i64]) -> Result<(), String> {
        let tensor = self.0.tensor(name).map_err(|_| format!("there is no \"{name}\", which config.json asks for"))?;
        if !tensor.shape().iter().map(|&size| i64::try_from(size)).eq(shape.iter().map(|&size| Ok(size))) {
            let found = tensor.shape();
            return Err(format!("\"{name}\" has the shape {found:?}, and config.json asks for {shape:?}"));
        }
        kind(tensor.dtype()).map(|_| ()).ok_or_else(|| {
            let found = tensor.dtype();
            format!("\"{name}\" holds {found:?}; f16, bf16 and f32 can be read")
        })
    }

    /// Whether the file has all tensors of these names and shapes.
    ///
    /// # Errors
    /// What it lacks or has instead; the first one by name.
    pub fn check(&self, shapes: &Shapes) -> Result<(), String> {
        let mut shapes: Vec<_> = shapes.iter().collect();
        shapes.sort();
        shapes.into_iter().try_for_each(|(name, shape)| self.expect(name, shape))
    }

    /// The tensors of these names and shapes, on a device and of a kind.
    ///
    /// # Errors
    /// What the file lacks, or libtorch's reason.
    pub fn load(&self, shapes: &Shapes, device: Device, to: Kind) -> Result<Weights, String> {
        let tensor = |(name, shape): (&String, &Vec<i64>)| Ok((name.clone(), self.tensor(name, shape, device, to)?));
        shapes.iter().map(tensor).collect::<Result<_, TchError>>().map_err(|e| e.to_string())
    }

    fn tensor(&self, name: &str, shape: &[i64], device: Device, to: Kind) -> Result<Tensor, TchError> {
        let missing = || TchError::TensorNameNotFound(name.to_owned(), "model.safetensors".to_owned());
        let view = self.0.tensor(name).map_err(|_| missing())?;
        let from = kind(view.dtype()).ok_or_else(missing)?;
        Tensor::f_from_data_size(view.data(), shape, from)?.f_totype(to)?.f_to(device)
    }
}

/// The shapes of tensors by their names.
pub type Shapes = HashMap<String, Vec<i64>>;

/// Tensors by their names.
pub type Weights = HashMap<String, Tensor>;

fn kind(dtype: Dtype) -> Option<Kind> {
    match dtype {
        Dtype::F16 => Some(Kind::Half),
        Dtype::BF16 => Some(Kind::BFloat16),
        Dtype::F32 => Some(Kind::Float),
        Dtype::F64 => Some(Kind::Double),
        _ => None,
    }
}
