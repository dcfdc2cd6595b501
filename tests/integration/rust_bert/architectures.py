#!/usr/bin/env python3
"""Writes architectures.json: small networks of each supported family, and what Transformers computes with them.

The weights are a function of their names, which `small.rs` has too, so that none need to be stored. Needs the
packages torch and transformers; run it again only when a family is added.
"""
import json
import os
from functools import reduce

import numpy as np
import torch
import transformers

WIDTH = 214         # columns of the heads of news-en
SHOWN = 16          # columns whose scores are kept

SIZES = {"hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 40,
         "max_position_embeddings": 160, "vocab_size": 300, "layer_norm_eps": 1e-12}
DEBERTA = {"relative_attention": True, "position_buckets": 256, "norm_rel_ebd": "layer_norm", "share_att_key": True,
           "pos_att_type": "p2c|c2p", "position_biased_input": False, "type_vocab_size": 0, "layer_norm_eps": 1e-7}
FAMILIES = {
    "bert with types": ("bert", transformers.BertConfig(**SIZES, type_vocab_size=8, pad_token_id=0)),
    "bert without types": ("bert", transformers.BertConfig(**SIZES, type_vocab_size=2, hidden_act="relu")),
    "roberta": ("roberta", transformers.RobertaConfig(**SIZES, type_vocab_size=1, pad_token_id=1)),
    "distilbert": ("distilbert", transformers.DistilBertConfig(dim=24, n_layers=2, n_heads=3, hidden_dim=40,
                                                               max_position_embeddings=160, vocab_size=300)),
    "deberta v3": ("deberta", transformers.DebertaV2Config(**{**SIZES, **DEBERTA})),
    "deberta v2 with types and a convolution": ("deberta", transformers.DebertaV2Config(
        **{**SIZES, **DEBERTA, "share_att_key": False, "conv_kernel_size": 3, "conv_act": "gelu", "type_vocab_size": 8,
           "position_biased_input": True, "pos_att_type": "c2p", "position_buckets": 6})),
}
KEPT = ["model_type", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act",
        "max_position_embeddings", "layer_norm_eps", "vocab_size", "type_vocab_size", "pad_token_id", "dim", "n_layers",
        "n_heads", "hidden_dim", "activation", *DEBERTA, "conv_kernel_size", "conv_act", "max_relative_positions"]
WINDOWS = [
    {"ids": [2, 17, 250, 31, 32, 99, 3], "types": [0, 1, 0, 5, 4, 7, 0]},
    {"ids": [2, 41, 1, 0, 199, 7, 120, 120, 60, 299, 13, 3], "types": [0, 0, 2, 3, 0, 0, 6, 4, 0, 1, 0, 0]},
]


def values(name, shape):
    """Numbers between -0.25 and 0.25 that follow from the name; those of a norm's weight lie around 1."""
    seed = reduce(lambda seed, byte: (seed * 31 + byte) % 2**32, name.encode(), 0)
    x = np.arange(int(np.prod(shape)), dtype=np.uint32) * np.uint32(2654435761) + np.uint32(seed)
    for _ in range(2):
        x = (x ^ (x >> np.uint32(16))) * np.uint32(0x45D9F3B)
    x = (x ^ (x >> np.uint32(16))).astype(np.float64) / 2.0**32 / 2 - 0.25
    norm = name.endswith(("LayerNorm.weight", "layer_norm.weight"))
    return (x + 1 if norm else x).astype(np.float32).reshape(shape)


def scores(prefix, config, window):
    extra = {} if prefix in ("distilbert", "deberta") else {"add_pooling_layer": False}
    encoder = {"bert": transformers.BertModel, "roberta": transformers.RobertaModel,
               "distilbert": transformers.DistilBertModel, "deberta": transformers.DebertaV2Model}[prefix]
    encoder = encoder(config, **extra).eval()
    state = {name: torch.from_numpy(values(f"{prefix}.{name}", tensor.shape))
             for name, tensor in encoder.state_dict().items()}
    encoder.load_state_dict(state)
    inputs = {"input_ids": torch.tensor([window["ids"]]), "attention_mask": torch.ones(1, len(window["ids"]))}
    if getattr(config, "type_vocab_size", 0) >= 8:
        inputs["token_type_ids"] = torch.tensor([window["types"]])
    if prefix == "roberta":
        inputs["position_ids"] = torch.arange(2, 2 + len(window["ids"]))[None]
    with torch.no_grad():
        hidden = encoder(**inputs).last_hidden_state[0]
    weight, bias = values("heads.weight", (WIDTH, hidden.shape[1])), values("heads.bias", (WIDTH,))
    out = hidden @ torch.from_numpy(weight).T + torch.from_numpy(bias)
    shapes = {f"{prefix}.{name}": list(tensor.shape) for name, tensor in state.items()}
    shapes |= {"heads.weight": list(weight.shape), "heads.bias": list(bias.shape)}
    return shapes, [[round(x, 4) for x in row[:SHOWN]] for row in out.tolist()]


def main():
    cases = []
    for name, (prefix, config) in FAMILIES.items():
        results = [scores(prefix, config, window) for window in WINDOWS]
        written = {k: v for k, v in config.to_dict().items() if k in KEPT}
        cases.append({"name": name, "config": written, "weights": results[0][0],
                      "windows": [w | {"scores": s} for w, (_, s) in zip(WINDOWS, results)]})
    with open(os.path.join(os.path.dirname(__file__), "architectures.json"), "w", encoding="utf8") as file:
        json.dump(cases, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
