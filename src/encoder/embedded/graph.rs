//! The network in an ONNX graph, if it is one that [`Network`] computes.
//!
//! The graph is followed from its output to its inputs, and every node on the way must be the one that
//! `models/training/graph.py` puts there. Names do not matter, but for those of the inputs and of the output; nor do
//! sizes, as long as they fit together.

use std::collections::HashMap;

use rten_onnx::onnx::{AttributeProto, DataType, GraphProto, ModelProto, NodeProto, TensorProto};

use super::attention::Attention;
use super::network::{Embeddings, Layer, Network, Norm};
use super::product::{Linear, Product, Quantizer};

const MICROSOFT: &str = "com.microsoft";

/// The network in this ONNX file; `None` if its graph is another one.
pub(super) fn network(onnx: &[u8]) -> Option<Network> {
    Reader::new(&ModelProto::parse_buf(onnx).ok()?.graph?)?.network()
}

struct Reader<'g> {
    /// The node that computes each value.
    nodes: HashMap<&'g str, &'g NodeProto>,
    constants: HashMap<&'g str, &'g TensorProto>,
}

/// A product that is still to be given its bias.
struct Scaled {
    /// One row an input, one column an output.
    weights: Vec<i8>,
    scale: Vec<f32>,
}

impl<'g> Reader<'g> {
    fn new(graph: &'g GraphProto) -> Option<Self> {
        let nodes = graph.node.iter().flat_map(|node| node.output.iter().map(move |name| (name.as_str(), node)));
        let constants = graph.initializer.iter().filter_map(|tensor| Some((tensor.name.as_deref()?, tensor)));
        let reader = Self { nodes: nodes.collect(), constants: constants.collect() };
        let given = |name: &&str| !reader.nodes.contains_key(name) && !reader.constants.contains_key(name);
        ["ids", "types", "mask"].iter().all(given).then_some(reader)
    }

    fn network(&self) -> Option<Network> {
        let [product, bias] = self.op("scores", "Add", "")?;
        let (heads, mut x) = self.linear(product, bias)?;
        let hidden = heads.inputs();
        let mut layers = Vec::new();
        while let Some((layer, before)) = self.layer(x, hidden) {
            layers.push(layer);
            x = before;
        }
        layers.reverse();
        let embeddings = self.embeddings(x, hidden)?;
        (!layers.is_empty()).then_some(Network { embeddings, layers, heads })
    }

    /// The layer that gives `x`, and what it is given.
    fn layer(&self, x: &str, hidden: usize) -> Option<(Layer, &'g str)> {
        let (last_norm, [down, middle, bias]) = self.norm(x, hidden)?;
        let (down, gelu) = self.linear(down, bias)?;
        let [up, bias] = self.op(gelu, "BiasGelu", MICROSOFT)?;
        let (up, up_input) = self.linear(up, bias)?;
        let (norm, [out, before, bias]) = self.norm(middle, hidden)?;
        let (out, attention) = self.linear(out, bias)?;
        let (attention, attention_input) = self.attention(attention, hidden)?;
        let fits = up_input == middle
            && attention_input == before
            && [out.inputs(), out.outputs(), up.inputs(), down.outputs()] == [hidden; 4]
            && up.outputs() == down.inputs();
        fits.then_some((Layer { attention, out, norm, up, down, last_norm }, before))
    }

    fn attention(&self, y: &str, hidden: usize) -> Option<(Attention, &'g str)> {
        let node = self.node(y, "MultiHeadAttention", MICROSOFT)?;
        let [query, key, value, bias, "mask"] = inputs(node)? else { return None };
        let heads = match node.attribute.as_slice() {
            [it] if name(it) == "num_heads" => usize::try_from(it.i?).ok()?,
            _ => return None,
        };
        let (query, codes) = self.product(query, hidden, hidden)?;
        let (key, key_codes) = self.product(key, hidden, hidden)?;
        let (value, value_codes) = self.product(value, hidden, hidden)?;
        if [key_codes, value_codes] != [codes; 2] || hidden.checked_rem(heads) != Some(0) {
            return None;
        }
        let (input, x) = self.quantizer(codes, hidden)?;
        let bias = self.floats(bias, &[3 * hidden])?;
        let (query_bias, key_value_bias) = bias.split_at(hidden);
        let attention = Attention {
            input,
            query: Product::new(&query.weights, hidden, query.scale, query_bias.to_vec()),
            key_value: Product::new(
                &beside(&key.weights, &value.weights, hidden),
                hidden,
                [key.scale, value.scale].concat(),
                key_value_bias.to_vec(),
            ),
            heads,
        };
        Some((attention, x))
    }

    fn embeddings(&self, x: &str, hidden: usize) -> Option<Embeddings> {
        let (norm, [word, rest, bias]) = self.norm(x, hidden)?;
        let [word, scale] = self.op(word, "Mul", "")?;
        let [words, "ids"] = self.op(self.cast(word)?, "Gather", "")? else { return None };
        let [scales, "ids"] = self.op(scale, "Gather", "")? else { return None };
        let [kind, position] = self.op(rest, "Add", "")?;
        let [types, "types"] = self.op(kind, "Gather", "")? else { return None };
        let [positions, start, length, axis] = self.op(position, "Slice", "")?;
        if [start, axis].iter().any(|it| self.bytes(it, DataType::INT64, &[1]).as_deref() != Some(&[0; 8])) {
            return None;
        }
        self.length(length)?;
        let table = |name: &str| self.floats(name, &[self.rows(name)?, hidden]);
        let vocabulary = self.rows(words)?;
        Some(Embeddings {
            words: self.signed_bytes(words, &[vocabulary, hidden])?,
            scales: self.floats(scales, &[vocabulary, 1])?,
            types: table(types)?,
            positions: table(positions)?,
            bias: self.floats(bias, &[hidden])?,
            norm,
        })
    }

    /// Whether the value is the number of pieces in a window, padding included.
    fn length(&self, y: &str) -> Option<()> {
        let node = self.node(y, "Shape", "")?;
        let ["ids"] = inputs(node)? else { return None };
        let given = |key: &str| node.attribute.iter().find(|it| name(it) == key)?.i;
        (node.attribute.len() == 2 && given("start") == Some(1) && given("end") == Some(2)).then_some(())
    }

    /// The norm that gives `y`; what is normalized is the sum of the product, what is beside it, and the bias.
    fn norm(&self, y: &str, hidden: usize) -> Option<(Norm, [&'g str; 3])> {
        let node = self.node(y, "SkipLayerNormalization", MICROSOFT)?;
        let [product, skip, gamma, beta, bias] = inputs(node)?;
        let epsilon = match node.attribute.as_slice() {
            [it] if name(it) == "epsilon" => it.f?,
            _ => return None,
        };
        let [gamma, beta] = [gamma, beta].map(|it| self.floats(it, &[hidden]));
        // A single number would be taken for a scalar, and summed in another way.
        (hidden > 1).then_some((Norm { gamma: gamma?, beta: beta?, epsilon }, [product, skip, bias]))
    }

    /// The linear layer of a product and a bias, and the value that it quantizes.
    fn linear(&self, product: &str, bias: &str) -> Option<(Linear, &'g str)> {
        let [cast, _] = self.op(product, "Mul", "")?;
        let [_, weights] = self.op(self.cast(cast)?, "MatMulInteger", "")?;
        let [inputs, outputs] = [self.rows(weights)?, self.rows(bias)?];
        let (Scaled { weights, scale }, codes) = self.product(product, inputs, outputs)?;
        let bias = self.floats(bias, &[outputs])?;
        let (input, x) = self.quantizer(codes, inputs)?;
        Some((Linear { input, product: Product::new(&weights, inputs, scale, bias) }, x))
    }

    /// A product and the 8-bit value that it is made with.
    fn product(&self, y: &str, inputs: usize, outputs: usize) -> Option<(Scaled, &'g str)> {
        let [cast, scale] = self.op(y, "Mul", "")?;
        let [codes, weights] = self.op(self.cast(cast)?, "MatMulInteger", "")?;
        let weights = self.signed_bytes(weights, &[inputs, outputs])?;
        let scale = self.floats(scale, &[outputs])?;
        (inputs > 0 && outputs > 0).then_some((Scaled { weights, scale }, codes))
    }

    /// What makes 8-bit values, and of what.
    fn quantizer(&self, codes: &str, width: usize) -> Option<(Quantizer, &'g str)> {
        let [x, scale, zero] = self.op(codes, "QuantizeLinear", "")?;
        let &[scale] = self.floats(scale, &[1])?.as_slice() else { return None };
        let &[zero] = self.bytes(zero, DataType::UINT8, &[1])?.as_slice() else { return None };
        let smoothed = self.op(x, "Mul", "").and_then(|[x, factor]| Some((self.floats(factor, &[width])?, x)));
        let (factor, x) = smoothed.unwrap_or_else(|| (vec![1.0; width], x));
        Some((Quantizer { factor, inverse: 1.0 / scale, zero }, x))
    }

    /// What is cast to single precision.
    fn cast(&self, y: &str) -> Option<&'g str> {
        let node = self.node(y, "Cast", "")?;
        let [x] = inputs(node)?;
        match node.attribute.as_slice() {
            [to] if name(to) == "to" && to.i == Some(DataType::FLOAT.0.into()) => Some(x),
            _ => None,
        }
    }

    /// The inputs of an operator without attributes.
    fn op<const N: usize>(&self, y: &str, kind: &str, domain: &str) -> Option<[&'g str; N]> {
        inputs(self.node(y, kind, domain).filter(|node| node.attribute.is_empty())?)
    }

    fn node(&self, y: &str, kind: &str, domain: &str) -> Option<&'g NodeProto> {
        let is = |node: &&&NodeProto| {
            node.op_type.as_deref() == Some(kind)
                && node.domain.as_deref().unwrap_or_default() == domain
                && node.output.len() == 1
        };
        self.nodes.get(y).filter(is).copied()
    }

    /// The first dimension of a constant.
    fn rows(&self, name: &str) -> Option<usize> {
        usize::try_from(*self.constants.get(name)?.dims.first()?).ok()
    }

    fn floats(&self, name: &str, shape: &[usize]) -> Option<Vec<f32>> {
        let bytes = self.bytes(name, DataType::FLOAT, shape)?;
        Some(bytes.as_chunks().0.iter().map(|&it| f32::from_le_bytes(it)).collect())
    }

    fn signed_bytes(&self, name: &str, shape: &[usize]) -> Option<Vec<i8>> {
        Some(self.bytes(name, DataType::INT8, shape)?.into_iter().map(u8::cast_signed).collect())
    }

    /// The bytes of a constant of this type and shape.
    fn bytes(&self, name: &str, of: DataType, shape: &[usize]) -> Option<Vec<u8>> {
        let tensor = self.constants.get(name)?;
        let size = if of == DataType::FLOAT {
            4
        } else if of == DataType::INT64 {
            8
        } else {
            1
        };
        let length = shape.iter().try_fold(size, |product: usize, &it| product.checked_mul(it))?;
        let same_shape = tensor.dims.iter().map(|&it| usize::try_from(it).ok()).eq(shape.iter().copied().map(Some));
        let bytes = tensor.raw_data.as_ref()?.borrow();
        (same_shape && tensor.data_type == Some(of) && bytes.len() == length).then(|| bytes.clone())
    }
}

fn inputs<const N: usize>(node: &NodeProto) -> Option<[&str; N]> {
    let inputs: Vec<&str> = node.input.iter().map(String::as_str).collect();
    inputs.try_into().ok()
}

fn name(attribute: &AttributeProto) -> &str {
    attribute.name.as_deref().unwrap_or_default()
}

/// Two matrices of so many columns each, side by side.
fn beside(left: &[i8], right: &[i8], columns: usize) -> Vec<i8> {
    left.chunks(columns).zip(right.chunks(columns)).flat_map(|rows| <[&[i8]; 2]>::from(rows).concat()).collect()
}
