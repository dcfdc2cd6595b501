//! The weights of a model folder as an ONNX graph in single precision: what the embedded backend computes when nothing
//! is quantized.

use std::cell::RefCell;

use rten_onnx::onnx::{
    AttributeProto, AttributeType, DataType, Dimension, GraphProto, ModelProto, NodeProto, OperatorSetIdProto,
    TensorProto, TensorShapeProto, TypeProto, TypeProtoTensor, ValueInfoProto,
};
use safetensors::tensor::{Dtype, SafeTensors};
use serde_json::Value;

const MICROSOFT: &str = "com.microsoft";

/// A `model.onnx` of a BERT: inputs `ids`, `types` and `mask`, output `scores`.
pub fn onnx(weights: &[u8], config: &Value) -> Vec<u8> {
    let number = |name: &str| config[name].as_i64().unwrap();
    let mut graph = Graph { weights: SafeTensors::deserialize(weights).unwrap(), graph: GraphProto::default() };
    let epsilon = config["layer_norm_eps"].as_f64().unwrap() as f32;
    let mut x = graph.embeddings(epsilon);
    for layer in 0..number("num_hidden_layers") {
        x = graph.layer(&x, &format!("bert.encoder.layer.{layer}"), number("num_attention_heads"), epsilon);
    }
    graph.linear(&x, "heads", "scores");
    let Graph { mut graph, .. } = graph;
    graph.input = ["ids", "types", "mask"].map(|name| value(name, DataType::INT32, &["batch", "length"])).into();
    graph.output = vec![value("scores", DataType::FLOAT, &["batch", "length", "columns"])];
    let opset = |domain: &str, version| OperatorSetIdProto { domain: Some(domain.into()), version: Some(version) };
    let model = ModelProto {
        ir_version: Some(8),
        graph: Some(graph),
        opset_import: vec![opset("", 17), opset(MICROSOFT, 1)],
        ..ModelProto::default()
    };
    model.write_buf().unwrap()
}

struct Graph<'w> {
    weights: SafeTensors<'w>,
    graph: GraphProto,
}

impl Graph<'_> {
    fn embeddings(&mut self, epsilon: f32) -> String {
        let rows = |graph: &mut Self, name: &str, ids: &str| {
            let table = graph.weight(&format!("bert.embeddings.{name}_embeddings.weight"), false);
            graph.op("Gather", "", &[&table, ids], name, vec![])
        };
        let (words, types) = (rows(self, "word", "ids"), rows(self, "token_type", "types"));
        self.op("Shape", "", &["ids"], "length", vec![int("start", 1), int("end", 2)]);
        self.numbers("zero", &[0]);
        let positions = self.weight("bert.embeddings.position_embeddings.weight", false);
        let positions = self.op("Slice", "", &[&positions, "zero", "length", "zero"], "position", vec![]);
        let sum = self.op("Add", "", &[&words, &types], "words.types", vec![]);
        let sum = self.op("Add", "", &[&sum, &positions], "words.types.positions", vec![]);
        self.norm(&sum, "bert.embeddings.LayerNorm", epsilon)
    }

    fn layer(&mut self, x: &str, name: &str, heads: i64, epsilon: f32) -> String {
        let part = |part: &str| format!("{name}.{part}");
        let [q, k, v] =
            ["query", "key", "value"].map(|it| self.linear(x, &part(&format!("attention.self.{it}")), &part(it)));
        // The bias comes with the three products; the operator's own is left out.
        let attention = [&q, &k, &v, "", "mask"];
        let y = self.op("MultiHeadAttention", MICROSOFT, &attention, &part("heads"), vec![int("num_heads", heads)]);
        let y = self.linear(&y, &part("attention.output.dense"), &part("out"));
        let y = self.op("Add", "", &[&y, x], &part("out.skip"), vec![]);
        let x = self.norm(&y, &part("attention.output.LayerNorm"), epsilon);
        let y = self.linear(&x, &part("intermediate.dense"), &part("up"));
        let y = self.op("Gelu", MICROSOFT, &[&y], &part("gelu"), vec![]);
        let y = self.linear(&y, &part("output.dense"), &part("down"));
        let y = self.op("Add", "", &[&y, &x], &part("down.skip"), vec![]);
        self.norm(&y, &part("output.LayerNorm"), epsilon)
    }

    fn linear(&mut self, x: &str, layer: &str, out: &str) -> String {
        let weight = self.weight(&format!("{layer}.weight"), true);
        let bias = self.weight(&format!("{layer}.bias"), false);
        let product = self.op("MatMul", "", &[x, &weight], &format!("{out}.product"), vec![]);
        self.op("Add", "", &[&product, &bias], out, vec![])
    }

    fn norm(&mut self, x: &str, layer: &str, epsilon: f32) -> String {
        let [weight, bias] = ["weight", "bias"].map(|it| self.weight(&format!("{layer}.{it}"), false));
        let epsilon = AttributeProto {
            name: Some("epsilon".into()),
            f: Some(epsilon),
            r#type: Some(AttributeType::FLOAT),
            ..AttributeProto::default()
        };
        self.op("LayerNormalization", "", &[x, &weight, &bias], &format!("{layer}.out"), vec![epsilon])
    }

    fn op(&mut self, kind: &str, domain: &str, inputs: &[&str], out: &str, attribute: Vec<AttributeProto>) -> String {
        self.graph.node.push(NodeProto {
            domain: Some(domain.into()),
            name: Some(out.into()),
            input: inputs.iter().map(|&it| it.into()).collect(),
            output: vec![out.into()],
            op_type: Some(kind.into()),
            attribute,
        });
        out.to_owned()
    }

    /// A tensor of the weights file, in single precision; the matrix of a product is transposed.
    fn weight(&mut self, name: &str, transposed: bool) -> String {
        let view = self.weights.tensor(name).unwrap();
        let mut shape: Vec<i64> = view.shape().iter().map(|&size| size as i64).collect();
        let mut values = floats(view.data(), view.dtype());
        if transposed {
            let (rows, columns) = (view.shape()[0], view.shape()[1]);
            values = (0..rows * columns).map(|at| values[at % rows * columns + at / rows]).collect();
            shape.reverse();
        }
        let raw = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(name, shape, DataType::FLOAT, raw)
    }

    fn numbers(&mut self, name: &str, numbers: &[i64]) {
        let raw = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        self.constant(name, vec![numbers.len() as i64], DataType::INT64, raw);
    }

    fn constant(&mut self, name: &str, dims: Vec<i64>, data_type: DataType, raw: Vec<u8>) -> String {
        self.graph.initializer.push(TensorProto {
            dims,
            data_type: Some(data_type),
            raw_data: Some(RefCell::new(raw)),
            name: Some(name.into()),
            ..TensorProto::default()
        });
        name.to_owned()
    }
}

fn floats(bytes: &[u8], dtype: Dtype) -> Vec<f32> {
    match dtype {
        Dtype::F16 => bytes.as_chunks().0.iter().map(|&it| half(u16::from_le_bytes(it))).collect(),
        Dtype::F32 => bytes.as_chunks().0.iter().map(|&it| f32::from_le_bytes(it)).collect(),
        other => panic!("weights of {other:?}"),
    }
}

/// The value of a half-precision number.
fn half(bits: u16) -> f32 {
    let (sign, exponent, fraction) = (bits >> 15, i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    let magnitude = match exponent {
        0 => fraction / 1024.0 * 2f32.powi(-14),
        31 => panic!("a weight that is no number"),
        _ => (1.0 + fraction / 1024.0) * 2f32.powi(exponent - 15),
    };
    if sign == 1 { -magnitude } else { magnitude }
}

fn int(name: &str, value: i64) -> AttributeProto {
    let (name, kind) = (Some(name.into()), Some(AttributeType::INT));
    AttributeProto { name, i: Some(value), r#type: kind, ..AttributeProto::default() }
}

fn value(name: &str, kind: DataType, shape: &[&str]) -> ValueInfoProto {
    let dim = shape.iter().map(|&it| Dimension { dim_value: None, dim_param: Some(it.into()) }).collect();
    let tensor = TypeProtoTensor { elem_type: Some(kind), shape: Some(TensorShapeProto { dim }) };
    ValueInfoProto {
        name: Some(name.into()),
        r#type: Some(TypeProto { tensor_type: Some(tensor), ..TypeProto::default() }),
    }
}
