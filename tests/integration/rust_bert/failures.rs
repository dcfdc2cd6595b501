//! Model folders that do not fit: each is refused with its file and its mend, and none takes the program down.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::small::{self, Small};
use crate::sandbox::{Ran, Sandbox};

fn run(sandbox: &Sandbox, arguments: &[&str]) -> Ran {
    sandbox.run(&[&["annotate", "a.txt", "--backend", "rust-bert"], arguments].concat())
}

/// What is said of a folder, after that it cannot be loaded.
fn refusal(folder: impl Fn(&Path)) -> String {
    let sandbox = Sandbox::new(&[("a.txt", b"Rain fell.")]);
    folder(&sandbox.path("m"));
    let ran = run(&sandbox, &["--model", "m"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    let said = ran.err.trim_end().strip_prefix("dixit: cannot load the model in m: ").map(str::to_owned);
    said.unwrap_or_else(|| panic!("{}", ran.err))
}

fn changed(change: impl Fn(&mut Small)) -> String {
    let mut small = small::named("bert with types");
    change(&mut small);
    refusal(|folder| small.write(folder))
}

const WEIGHTS: &str = "; save the weights and config.json of one network, as models/README.md describes";
const CONFIG: &str = "; export the model again with models/training/export.py";

#[test]
fn weights_that_do_not_fit_are_named_with_what_was_expected() {
    let reshaped = |name: &'static str, shape: &'static [usize]| {
        changed(move |small| drop(small.weights.insert(name.to_owned(), shape.to_vec())))
    };
    let removed = |name: &'static str| changed(move |small| drop(small.weights.remove(name).unwrap()));
    let cases = [
        (
            reshaped("heads.weight", &[7, 24]),
            "\"heads.weight\" has the shape [7, 24], and config.json asks for [214, 24]",
        ),
        (reshaped("heads.bias", &[7]), "\"heads.bias\" has the shape [7], and config.json asks for [214]"),
        (removed("heads.bias"), "there is no \"heads.bias\", which config.json asks for"),
        (
            removed("bert.encoder.layer.1.output.LayerNorm.bias"),
            "there is no \"bert.encoder.layer.1.output.LayerNorm.bias\", which config.json asks for",
        ),
        (
            reshaped("bert.encoder.layer.0.attention.self.key.weight", &[24, 12]),
            "\"bert.encoder.layer.0.attention.self.key.weight\" has the shape [24, 12], and config.json asks for [24, 24]",
        ),
        (
            changed(|small| small.config["vocab_size"] = 400.into()),
            "\"bert.embeddings.word_embeddings.weight\" has the shape [300, 24], and config.json asks for [400, 24]",
        ),
        (
            changed(|small| small.config["num_hidden_layers"] = 2_000_000_000.into()),
            "there is no \"bert.encoder.layer.1999999999.attention.self.query.weight\", which config.json asks for",
        ),
        (
            changed(|small| small.config["intermediate_size"] = 2_000_000_000.into()),
            "\"bert.encoder.layer.1.intermediate.dense.weight\" has the shape [40, 24], and config.json asks for \
             [2000000000, 24]",
        ),
        (
            changed(|small| small.config["model_type"] = "roberta".into()),
            "there is no \"roberta.embeddings.word_embeddings.weight\", which config.json asks for",
        ),
    ];
    for (said, expected) in cases {
        assert_eq!(said, format!("m/model.safetensors: {expected}{WEIGHTS}"));
    }
}

#[test]
fn a_configuration_that_no_network_can_have_is_refused() {
    let set = |values: Value| {
        changed(move |small| {
            small.config.as_object_mut().unwrap().extend(values.as_object().unwrap().clone());
        })
    };
    let cases = [
        (
            json!({"model_type": "gpt2"}),
            "\"model_type\" is \"gpt2\"; the backend rust-bert runs bert, roberta, distilbert and deberta-v2",
        ),
        (
            json!({"model_type": null}),
            "\"model_type\" is null; the backend rust-bert runs bert, roberta, distilbert and deberta-v2",
        ),
        (json!({"hidden_size": 0}), "\"hidden_size\" is 0"),
        (json!({"vocab_size": -5}), "\"vocab_size\" is -5"),
        (json!({"num_attention_heads": 0}), "\"num_attention_heads\" is 0"),
        (json!({"num_attention_heads": 7}), "\"hidden_size\" is 24, which 7 attention heads cannot share"),
        (json!({"type_vocab_size": 0}), "\"type_vocab_size\" is 0"),
        (json!({"pad_token_id": 300}), "\"pad_token_id\" is 300, which is not in the vocabulary"),
        (json!({"position_embedding_type": "relative_key"}), "\"position_embedding_type\" must be \"absolute\""),
        (json!({"max_position_embeddings": 100}), "\"window.pieces\" is 128, and the encoder has only 100 positions"),
    ];
    for (values, expected) in cases {
        assert_eq!(set(values), format!("m/config.json: {expected}{CONFIG}"));
    }
    let said = set(json!({"hidden_act": "selu"}));
    assert!(said.starts_with("m/config.json: unknown variant `selu`") && said.ends_with(CONFIG), "{said}");
}

#[test]
fn a_deberta_that_is_not_known_is_refused() {
    let set = |name: &'static str, value: Value| {
        let mut small = small::named("deberta v3");
        small.config[name] = value;
        refusal(|folder| small.write(folder))
    };
    let cases = [
        (
            set("norm_rel_ebd", "batch_norm".into()),
            "\"norm_rel_ebd\" names \"batch_norm\", which is none of [\"layer_norm\", \"none\", \"\"]",
        ),
        (
            set("pos_att_type", json!(["c2p", "p2p"])),
            "\"pos_att_type\" names \"p2p\", which is none of [\"c2p\", \"p2c\", \"none\", \"\"]",
        ),
        (set("conv_kernel_size", 4.into()), "\"conv_kernel_size\" is 4 and \"conv_groups\" 1"),
        (set("embedding_size", 12.into()), "\"embedding_size\" must be \"hidden_size\""),
    ];
    for (said, expected) in cases {
        assert_eq!(said, format!("m/config.json: {expected}{CONFIG}"));
    }
    let said = set("position_buckets", 64.into());
    assert_eq!(
        said,
        format!(
            "m/model.safetensors: \"deberta.encoder.rel_embeddings.weight\" has the shape [512, 24], and config.json asks \
             for [128, 24]{WEIGHTS}"
        )
    );
}

/// What becomes of a file's content; none if the file goes.
type Change = fn(Vec<u8>) -> Option<Vec<u8>>;

#[test]
fn broken_files_are_named() {
    let broken = |name: &'static str, change: Change| {
        refusal(|folder| {
            small::named("bert with types").write(folder);
            let path = folder.join(name);
            let content = change(fs::read(&path).unwrap());
            fs::remove_file(&path).unwrap();
            if let Some(content) = content {
                fs::write(path, content).unwrap();
            }
        })
    };
    let said = broken("model.safetensors", |_| None);
    assert!(said.starts_with("m/model.safetensors: No such file"), "{said}");
    assert!(said.ends_with("model.onnx for the embedded backend, model.safetensors for rust-bert"), "{said}");
    let changes: [Change; 4] = [
        |_| Some(Vec::new()),
        |content| Some(content[..content.len() / 2].to_vec()),
        |content| Some([&[0xFF; 8], &content[8..]].concat()),
        |content| Some([content, vec![0]].concat()),
    ];
    for change in changes {
        let said = broken("model.safetensors", change);
        assert!(
            said.starts_with("m/model.safetensors: no whole safetensors file (") && said.ends_with(WEIGHTS),
            "{said}"
        );
    }
    let said = broken("tokenizer.json", |_| {
        let mut tokenizer = small::word_piece();
        tokenizer["model"]["vocab"]["zebra"] = 300.into();
        Some(tokenizer.to_string().into_bytes())
    });
    let mend = "copy the tokenizer.json that the model was trained with";
    assert_eq!(said, format!("m/tokenizer.json: it gives ids up to 300, and the network has 300; {mend}"));
    let said = broken("tokenizer.json", |_| {
        let mut tokenizer = small::word_piece();
        tokenizer["post_processor"] = Value::Null;
        let vocabulary = tokenizer["model"]["vocab"].as_object_mut().unwrap();
        vocabulary.remove("[CLS]");
        Some(tokenizer.to_string().into_bytes())
    });
    assert!(said.starts_with("m/tokenizer.json: it puts no two pieces around a text, and"), "{said}");
}

#[test]
fn devices_and_precisions_that_are_not_there_are_refused() {
    let sandbox = Sandbox::new(&[("a.txt", b"Rain fell.")]);
    let cases: [(&[&str], &str); 2] = [
        (&["--device", "cuda:127"], "there is no device cuda:127: libtorch finds "),
        (&["--precision", "f16"], "precision f16 needs a graphics card; use f32 or bf16 on cpu\n"),
    ];
    for (arguments, message) in cases {
        let ran = run(&sandbox, arguments);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.lines().count()), (2, "", 1));
        assert!(ran.err.starts_with(&format!("dixit: cannot load the built-in model: {message}")), "{}", ran.err);
    }
    let ran = run(&sandbox, &["--device", "gpu"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("neither \"cpu\" nor \"cuda:\" and a number from 0 to 127"), "{}", ran.err);
}

#[test]
fn the_built_in_model_runs_without_a_folder_and_gives_the_same_on_any_number_of_threads() {
    let text = "“We will not sell the harbour,” said the mayor, Rosa Lindqvist.\n\nShe added that the port was safe.";
    let sandbox = Sandbox::new(&[("a.txt", text.as_bytes()), ("b.txt", text.as_bytes())]);
    let outputs = ["1", "2"].map(|threads| {
        sandbox.run(&["annotate", "a.txt", "b.txt", "--backend", "rust-bert", "--precision", "bf16", "-j", threads])
    });
    assert_eq!((outputs[0].code, outputs[0].err.as_str()), (0, ""));
    assert!(outputs[0].out.contains("Rosa Lindqvist"), "{}", outputs[0].out);
    assert_eq!(outputs[0].out, outputs[1].out);
}
