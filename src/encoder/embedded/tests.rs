//! The fused way against rten's, on small made-up networks and on the one that is built in.

use std::cell::RefCell;

use rten_onnx::onnx::{
    AttributeProto, AttributeType, DataType, Dimension, GraphProto, ModelProto, NodeProto, OperatorSetIdProto,
    TensorProto, TensorShapeProto, TypeProto, TypeProtoTensor, ValueInfoProto,
};

use super::*;

const MICROSOFT: &str = "com.microsoft";
/// Pieces in the vocabulary, token types, and the longest window.
const TABLES: [usize; 3] = [50, 3, 40];
const WIDTH: usize = 7;

/// A made-up network as `models/training/graph.py` would build it.
struct Made {
    graph: GraphProto,
    random: fastrand::Rng,
    hidden: usize,
    inner: usize,
    heads: usize,
    smooth: bool,
}

impl Made {
    /// A network of so many layers.
    fn network(hidden: usize, inner: usize, heads: usize, layers: usize, smooth: bool) -> GraphProto {
        let random = fastrand::Rng::with_seed(7);
        let mut made = Self { graph: GraphProto::default(), random, hidden, inner, heads, smooth };
        let mut x = made.embeddings();
        for layer in 0..layers {
            x = made.layer(&x, &layer.to_string());
        }
        let y = made.linear(&x, "heads", hidden, WIDTH);
        let bias = made.floats("heads.b", &[WIDTH], 1.0);
        made.op("Add", "", &[&y, &bias], "scores", vec![]);
        made.graph.input = ["ids", "types", "mask"].map(|name| value(name, DataType::INT32)).into();
        made.graph.output = vec![value("scores", DataType::FLOAT)];
        made.graph
    }

    fn embeddings(&mut self) -> String {
        let hidden = self.hidden;
        let [vocabulary, types, positions] = TABLES;
        let words = self.bytes("words", &[vocabulary, hidden]);
        let scales = self.floats("words.scale", &[vocabulary, 1], 0.05);
        let word = self.op("Gather", "", &[&words, "ids"], "word.int", vec![]);
        let word = self.op("Cast", "", &[&word], "word.cast", vec![int("to", 1)]);
        let scale = self.op("Gather", "", &[&scales, "ids"], "word.scale", vec![]);
        let word = self.op("Mul", "", &[&word, &scale], "word", vec![]);
        let length = self.op("Shape", "", &["ids"], "length", vec![int("start", 1), int("end", 2)]);
        let positions = self.floats("positions", &[positions, hidden], 1.0);
        let zero = self.constant("zero", &[1], DataType::INT64, vec![0; 8]);
        let position = self.op("Slice", "", &[&positions, &zero, &length, &zero], "position", vec![]);
        let types = self.floats("types.table", &[types, hidden], 1.0);
        let kind = self.op("Gather", "", &[&types, "types"], "type", vec![]);
        let rest = self.op("Add", "", &[&kind, &position], "rest", vec![]);
        self.norm("embeddings", &word, &rest)
    }

    fn layer(&mut self, x: &str, layer: &str) -> String {
        let (hidden, inner) = (self.hidden, self.inner);
        let name = |part: &str| format!("{layer}.{part}");
        let codes = self.quantize(x, &name("qkv"), hidden);
        let three = ["query", "key", "value"].map(|part| self.product(&codes, &name(part), hidden, hidden));
        let bias = self.floats(&name("qkv.b"), &[3 * hidden], 1.0);
        let inputs = [&three[0], &three[1], &three[2], bias.as_str(), "mask"];
        let heads = vec![int("num_heads", self.heads as i64)];
        let y = self.op("MultiHeadAttention", MICROSOFT, &inputs, &name("attention"), heads);
        let y = self.linear(&y, &name("out"), hidden, hidden);
        let x = self.norm(&name("norm1"), &y, x);
        let y = self.linear(&x, &name("up"), hidden, inner);
        let bias = self.floats(&name("up.b"), &[inner], 1.0);
        let y = self.op("BiasGelu", MICROSOFT, &[&y, &bias], &name("gelu"), vec![]);
        let y = self.linear(&y, &name("down"), inner, hidden);
        self.norm(&name("norm2"), &y, &x)
    }

    fn linear(&mut self, x: &str, name: &str, inputs: usize, outputs: usize) -> String {
        let codes = self.quantize(x, name, inputs);
        self.product(&codes, name, inputs, outputs)
    }

    fn quantize(&mut self, x: &str, name: &str, width: usize) -> String {
        let mut x = x.to_owned();
        if self.smooth {
            let factor = self.floats(&format!("{name}.factor"), &[width], 2.0);
            x = self.op("Mul", "", &[&x, &factor], &format!("{name}.smooth"), vec![]);
        }
        let scale = self.constant(&format!("{name}.x_scale"), &[1], DataType::FLOAT, 0.021_f32.to_le_bytes().into());
        let zero = self.constant(&format!("{name}.x_zero"), &[1], DataType::UINT8, vec![119]);
        self.op("QuantizeLinear", "", &[&x, &scale, &zero], &format!("{name}.x"), vec![])
    }

    fn product(&mut self, codes: &str, name: &str, inputs: usize, outputs: usize) -> String {
        let weights = self.bytes(&format!("{name}.w"), &[inputs, outputs]);
        let y = self.op("MatMulInteger", "", &[codes, &weights], &format!("{name}.int"), vec![]);
        let y = self.op("Cast", "", &[&y], &format!("{name}.cast"), vec![int("to", 1)]);
        let scale = self.floats(&format!("{name}.scale"), &[outputs], 1e-4);
        self.op("Mul", "", &[&y, &scale], &format!("{name}.y"), vec![])
    }

    fn norm(&mut self, name: &str, x: &str, skip: &str) -> String {
        let [gamma, beta, bias] =
            ["gamma", "beta", "bias"].map(|part| self.floats(&format!("{name}.{part}"), &[self.hidden], 1.5));
        let epsilon = AttributeProto {
            name: Some("epsilon".into()),
            f: Some(1e-12),
            r#type: Some(AttributeType::FLOAT),
            ..AttributeProto::default()
        };
        self.op("SkipLayerNormalization", MICROSOFT, &[x, skip, &gamma, &beta, &bias], name, vec![epsilon])
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

    /// Numbers up to `reach` in size.
    fn floats(&mut self, name: &str, shape: &[usize], reach: f32) -> String {
        let count = shape.iter().product();
        let raw = (0..count).flat_map(|_| ((self.random.f32() * 2.0 - 1.0) * reach).to_le_bytes()).collect();
        self.constant(name, shape, DataType::FLOAT, raw)
    }

    /// Weights of seven bits.
    fn bytes(&mut self, name: &str, shape: &[usize]) -> String {
        let raw = (0..shape.iter().product()).map(|_| self.random.i8(-63..=63).cast_unsigned()).collect();
        self.constant(name, shape, DataType::INT8, raw)
    }

    fn constant(&mut self, name: &str, shape: &[usize], data_type: DataType, raw: Vec<u8>) -> String {
        self.graph.initializer.push(TensorProto {
            dims: shape.iter().map(|&it| it as i64).collect(),
            data_type: Some(data_type),
            raw_data: Some(RefCell::new(raw)),
            name: Some(name.into()),
            ..TensorProto::default()
        });
        name.to_owned()
    }
}

fn int(name: &str, value: i64) -> AttributeProto {
    let r#type = Some(AttributeType::INT);
    AttributeProto { name: Some(name.into()), i: Some(value), r#type, ..AttributeProto::default() }
}

fn value(name: &str, elem_type: DataType) -> ValueInfoProto {
    let dim = ["a", "b", "c"].map(|dim| Dimension { dim_param: Some(dim.into()), ..Dimension::default() });
    let dim = if name == "scores" { dim.to_vec() } else { dim[..2].to_vec() };
    let tensor = TypeProtoTensor { elem_type: Some(elem_type), shape: Some(TensorShapeProto { dim }) };
    let r#type = Some(TypeProto { tensor_type: Some(tensor), ..TypeProto::default() });
    ValueInfoProto { name: Some(name.into()), r#type }
}

fn onnx(graph: GraphProto) -> Vec<u8> {
    let opset = |domain: &str, version| OperatorSetIdProto { domain: Some(domain.into()), version: Some(version) };
    let model = ModelProto {
        ir_version: Some(8),
        graph: Some(graph),
        opset_import: vec![opset("", 17), opset(MICROSOFT, 1)],
        ..ModelProto::default()
    };
    model.write_buf().unwrap()
}

/// A window of so many pieces, some of which continue a word.
fn window(length: usize, [vocabulary, types, _]: [usize; 3]) -> Window {
    let mut random = fastrand::Rng::with_seed(length as u64);
    let ids = (0..length).map(|_| random.i32(0..vocabulary as i32)).collect();
    let types = (0..length).map(|_| random.i32(0..types as i32)).collect();
    let first: Vec<usize> = (1..length - 1).filter(|piece| *piece == 1 || random.u8(..) < 200).collect();
    Window { ids, types, start: 0, owned: 0..first.len(), first }
}

fn bits(scores: &[Scores]) -> Vec<Vec<u32>> {
    let rows =
        |scores: &Scores| (0..scores.words()).flat_map(|word| scores.row(word).to_vec()).map(f32::to_bits).collect();
    scores.iter().map(rows).collect()
}

fn by_node(onnx: &[u8], width: usize) -> Embedded {
    let runtime = Runtime::load(Graph::Owned(onnx.to_vec())).unwrap();
    Embedded::new(Way::ByNode(Box::new(runtime)), width).unwrap()
}

fn fused(onnx: &[u8], width: usize) -> Embedded {
    let encoder = Embedded::from_onnx(Graph::Owned(onnx.to_vec()), width).unwrap();
    assert!(matches!(encoder.way, Way::Fused(_)));
    encoder
}

/// The fused way, with the windows alone and together, against rten with and without padding.
fn assert_same(onnx: &[u8], width: usize, lengths: &[usize], tables: [usize; 3]) {
    let windows: Vec<Window> = lengths.iter().map(|&length| window(length, tables)).collect();
    let windows: Vec<&Window> = windows.iter().collect();
    let (rten, fused) = (by_node(onnx, width), fused(onnx, width));
    let expected = bits(&rten.encode(&windows).unwrap());
    assert!(expected.iter().zip(&windows).all(|(scores, window)| scores.len() == window.first.len() * width));
    assert!(expected.iter().flatten().any(|&it| it != expected[0][0]), "all scores are the same");
    assert_eq!(bits(&fused.encode(&windows).unwrap()), expected);
    for (window, expected) in windows.iter().zip(&expected) {
        assert_eq!(&bits(&rten.encode(&[window]).unwrap())[0], expected);
        assert_eq!(&bits(&fused.encode(&[window]).unwrap())[0], expected);
    }
}

#[test]
fn made_up_networks_score_as_node_by_node() {
    for (hidden, inner, heads, layers, smooth) in
        [(64, 192, 4, 2, true), (20, 37, 2, 1, true), (6, 3, 3, 3, false), (96, 130, 1, 1, false)]
    {
        let onnx = onnx(Made::network(hidden, inner, heads, layers, smooth));
        assert_same(&onnx, WIDTH, &[3, 40, 12, 17, 2, 31, 3, 8], TABLES);
    }
}

#[cfg(feature = "embedded-model")]
#[test]
fn the_network_that_is_built_in_scores_as_node_by_node() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models/news-en");
    let config: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("config.json")).unwrap()).unwrap();
    let tables = ["vocab_size", "type_vocab_size", "max_position_embeddings"];
    let tables = tables.map(|name| usize::try_from(config[name].as_u64().unwrap()).unwrap());
    let onnx = std::fs::read(folder.join("model.onnx")).unwrap();
    let width = graph::network(&onnx).unwrap().heads.outputs();
    assert_same(&onnx, width, &[128, 3, 64, 90, 7, 128, 33], tables);
}

#[test]
fn neither_neighbours_nor_threads_change_scores() {
    let encoder = fused(&onnx(Made::network(64, 192, 4, 2, true)), WIDTH);
    let windows: Vec<Window> = (3..40).map(|length| window(length, TABLES)).collect();
    let alone: Vec<_> = windows.iter().flat_map(|window| bits(&encoder.encode(&[window]).unwrap())).collect();
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let all: Vec<&Window> = windows.iter().collect();
        let together = pool.install(|| {
            use rayon::prelude::*;
            let batches: Vec<_> = all.par_chunks(7).map(|batch| encoder.encode(batch).unwrap()).collect();
            batches.concat()
        });
        assert_eq!(bits(&together), alone, "{threads} threads");
    }
}

#[test]
fn another_graph_is_run_by_node() {
    type Change = fn(&mut GraphProto);
    fn node<'g>(graph: &'g mut GraphProto, name: &str) -> &'g mut NodeProto {
        graph.node.iter_mut().find(|node| node.name.as_deref() == Some(name)).unwrap()
    }
    let changes: [(&str, Change); 6] = [
        ("another activation", |graph| node(graph, "0.gelu").op_type = Some("FastGelu".into())),
        ("another mask", |graph| {
            let value = AttributeProto { name: Some("mask_filter_value".into()), f: Some(5.0), ..int("", 0) };
            let value = AttributeProto { i: None, r#type: Some(AttributeType::FLOAT), ..value };
            node(graph, "0.attention").attribute.push(value);
        }),
        ("another skip", |graph| node(graph, "1.norm2").input[1] = "0.norm1".into()),
        ("no bias of a norm", |graph| node(graph, "0.norm1").input.truncate(4)),
        ("keys of other codes", |graph| node(graph, "1.key.int").input[0] = "0.up.x".into()),
        ("queries are keys", |graph| node(graph, "0.attention").input[1] = String::new()),
    ];
    let windows = [window(12, TABLES), window(5, TABLES)];
    let windows: Vec<&Window> = windows.iter().collect();
    let usual = fused(&onnx(Made::network(64, 192, 4, 2, true)), WIDTH).encode(&windows).unwrap();
    for (name, change) in changes {
        let mut graph = Made::network(64, 192, 4, 2, true);
        change(&mut graph);
        match Embedded::from_onnx(Graph::Owned(onnx(graph)), WIDTH) {
            Ok(encoder) => {
                assert!(matches!(encoder.way, Way::ByNode(_)), "{name}");
                assert_ne!(bits(&encoder.encode(&windows).unwrap()), bits(&usual), "{name}");
            }
            Err(error) => assert!(error.contains("0.attention"), "{name}: {error}"),
        }
    }
}

#[test]
fn what_does_not_fit_is_an_error() {
    type Change = fn(&mut Window);
    let graph = onnx(Made::network(64, 192, 4, 2, true));
    let wrong = Embedded::from_onnx(Graph::Owned(graph.clone()), WIDTH + 1).err();
    assert_eq!(wrong.as_deref(), Some("the graph gives 7 scores a piece where config.json needs 8"));
    let encoder = fused(&graph, WIDTH);
    let cases: [(&str, Change); 5] = [
        ("there is no piece 50 in the vocabulary", |window| window.ids[3] = 50),
        ("there is no piece -1 in the vocabulary", |window| window.ids[3] = -1),
        ("there is no token type 3", |window| window.types[3] = 3),
        ("a window of 41 pieces is longer than the network's 40", |window| window.ids.resize(41, 0)),
        ("a word of the window at 0 begins after its end", |window| window.first.push(12)),
    ];
    for (expected, change) in cases {
        let mut window = window(12, TABLES);
        change(&mut window);
        assert_eq!(encoder.encode(&[&window]), Err(EncodeError(expected.into())));
    }
    let empty = Window { ids: vec![], types: vec![], first: vec![], start: 0, owned: 0..0 };
    let whole = window(12, TABLES);
    let found = encoder.encode(&[&empty, &whole, &empty]).unwrap();
    assert_eq!(bits(&found[1..2]), bits(&encoder.encode(&[&whole]).unwrap()));
    assert_eq!((found[0].words(), found[2].words()), (0, 0));
}
