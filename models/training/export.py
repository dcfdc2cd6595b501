#!/usr/bin/env python3
"""Writes a trained network as a model folder: export.py CHECKPOINT BASE DATA OUT

OUT gets
  model.safetensors  all weights in half precision, under the names of BERT and of the heads: the source of truth
  model.onnx         the same network with static 8-bit weights and activations, for the embedded runtime
  config.json        what dixit needs besides: labels, windows, transitions, link scorer
  tokenizer.json     the tokenizer
  reference.json     texts with the scores that PyTorch gives in single precision, for the tests of the runtimes
"""
import argparse
import json
import os

import numpy as np
import torch
from safetensors.torch import save_file

import data
import features
import graph
import model
import rounding
import train

VERSION = 1
NEWS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../news-en/config.json")


def load(checkpoint, base, config):
    """The network with the weights that training wrote, or with those of a model folder."""
    network = model.fresh(base, **config["model"])
    if os.path.isdir(checkpoint):
        return model.of_folder(checkpoint, network).eval()
    weights = torch.load(checkpoint, weights_only=True, map_location="cpu")
    if rounding.is_in_place(weights):
        rounding.put_empty(network)
    network.load_state_dict(weights)
    return network.eval()


def settings(network, config, base, confidence, scorers):
    """config.json: the encoder's configuration as BERT has it, with the part that is dixit's under "dixit"."""
    with open(f"{base}/config.json", encoding="utf8") as f:
        bert = json.load(f)
    keep = ["hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act",
            "max_position_embeddings", "layer_norm_eps", "vocab_size"]
    round_ = lambda t: [[round(x, 5) for x in row] for row in t.tolist()]
    bio = lambda names: ["O"] + [f"{b}-{n}" for n in names for b in "BI"]
    return {
        "model_type": "bert", **{k: bert[k] for k in keep}, "type_vocab_size": 8, "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1, "initializer_range": 0.02, "pad_token_id": 0,
        "dixit": {
            "version": VERSION, "language": "en",
            "roles": bio(data.ROLES), "entities": bio(data.ENTITIES), "kinds": data.KINDS, "speaker_types": data.TYPES,
            "window": {"pieces": config["window"]["pieces"], "overlap": config["window"]["overlap"]},
            "transitions": round_(network.crf.transitions.detach()),
            "inner_transitions": round_(network.inner_crf.transitions.detach()),
            "spans": config["spans"],
            "quotation_words": config["window"]["quotation_words"],
            "links": {
                "size": network.link_size,
                "relations": ["-".join(r) for r in features.RELATIONS],
                "none": round_(network.link_none.detach()),
                "none_bias": [round(x, 5) for x in network.link_none_bias.tolist()],
                "distances": model.DISTANCES,
                "distance_bias": round_(network.link_distance.detach()),
            },
            "affinity": {
                "size": network.affinity_size,
                "none": [round(x, 5) for x in network.affinity_none.tolist()],
                "none_bias": round(network.affinity_none_bias.item(), 5),
            },
            **scorers,
            "confidence": confidence,
        },
    }


def weights(network):
    """All parameters under their names in the folder: `bert.*` and `heads.*`, half precision."""
    out = {"bert." + k: v for k, v in network.encoder.state_dict().items() if "position_ids" not in k}
    out |= {"heads." + k: v for k, v in network.heads.state_dict().items()}
    out = {k: v for k, v in out.items() if not k.endswith((".factor", ".range"))}
    return {k: v.to(torch.float16).contiguous() for k, v in out.items()}


def calibration(folder, tokenizer, config):
    """Batches of training texts, never of dev: activation ranges are read off them."""
    articles = list(data.gold_jsonl(f"{folder}/wikinews/train.gold.jsonl"))[:40]
    if os.path.isdir(f"{folder}/polnear"):
        articles += [a for a, _ in zip(data.polnear(f"{folder}/polnear", "train"), range(60))]
    prepared = train.prepare(tokenizer, [(a, 1) for a in articles])
    windows = [w for words, gold in prepared for w in features.windows(words, gold, config["window"]["pieces"])]
    return features.batches(windows, 4096)[: config["quantize"]["batches"]]


REFERENCE = [
    "The mayor said on Friday that the bridge would reopen by spring.",
    "“We are not leaving,” said Amara Nwosu, 41, a teacher.\n\n“This is our home.”",
    "LISBON (Lusitania Press) — \"It's over,\" he told reporters; the union's lawyer, Inês Pató, disagreed.",
    "",
    "naïve café — 中文 and 👋🏽 … USD 3.5m",
]


@torch.no_grad()
def reference(network, tokenizer, config):
    """What the network scores the roles of some texts, in single precision and with rounding."""
    roles = lambda w: [[round(x, 3) for x in r] for r in train.word_scores(network, [w], bf16=False)[0][0][0].tolist()]
    out = []
    for text in REFERENCE:
        words = features.words_of(tokenizer, text)
        for w in features.windows(words, features.NOTHING, config["window"]["pieces"]):
            with rounding.suspended(network):
                exact = roles(w)
            out.append({"text": text, "ids": w.ids, "types": w.types, "first": w.first, "spans": words.spans,
                        "roles": exact, "rounded": roles(w)})
    return out


def run(args, config):
    tokenizer = features.load_tokenizer(f"{args.base}/tokenizer.json")
    network = load(args.checkpoint, args.base, config)
    os.makedirs(args.out, exist_ok=True)
    confidence = {"scale": 1.0, "offset": 0.0}
    # What is fitted after the export is kept; a new folder begins with the antecedent scorers of news-en.
    known = next(path for path in (f"{args.out}/config.json", NEWS) if os.path.exists(path))
    with open(known, encoding="utf8") as f:
        fitted = json.load(f)["dixit"]
    if known != NEWS:
        confidence = fitted["confidence"]
    if not rounding.is_in_place(network.state_dict()):
        rounding.put_in_place(network, calibration(args.data_folder, tokenizer, config), config["quantize"]["smooth"])
    with open(f"{args.out}/model.onnx", "wb") as f:
        f.write(graph.build(network).SerializeToString())
    save_file(weights(network), f"{args.out}/model.safetensors", metadata={"format": "pt"})
    with open(f"{args.out}/config.json", "w", encoding="utf8") as f:
        scorers = {key: fitted[key] for key in ("antecedents", "descriptions") if key in fitted}
        json.dump(settings(network, config, args.base, confidence, scorers), f, indent=1)
        f.write("\n")
    tokenizer.save(f"{args.out}/tokenizer.json", pretty=False)
    with open(f"{args.out}/reference.json", "w", encoding="utf8") as f:
        json.dump(reference(network, tokenizer, config), f, ensure_ascii=False, separators=(",", ":"))
        f.write("\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("base")
    parser.add_argument("data_folder")
    parser.add_argument("out")
    run(parser.parse_args(), train.settings())
