#!/usr/bin/env python3
"""Times dixit against what one would write in Python: python.py DIXIT TEXTS [--rounds N] [--threads N] [--model DIR]

DIXIT is the program, TEXTS a folder of plain text. In each round dixit and each rival process all of TEXTS, one after the
other, so that what else the machine does falls on all alike. The rivals run the same network on the same windows:

- `onnx`: ONNX Runtime on the shipped graph, which is in 8 bits;
- `onnx-dynamic`: ONNX Runtime on the network exported from PyTorch and quantized to 8 bits with its own dynamic
  quantization, one scale a weight channel;
- `transformers`: PyTorch, in single precision.

All of them cut the texts with the tokenizers library, sort the windows of all texts by length, run them 32 at a time, and
take the most probable label of each word for roles and names; they neither link nor look for speakers. Printed are the
median of the whole process and of its part after everything is loaded, as seconds and as multiples of dixit's whole
process. Needs the packages of models/training/requirements.txt, and onnxscript for the export.
"""
import argparse
import glob
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

RIVALS = ["onnx", "onnx-dynamic", "transformers"]
BATCH = 32
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "models", "training"))


def settings(model):
    with open(f"{model}/config.json", encoding="utf8") as f:
        return json.load(f)


def torch_network(model):
    """The network in PyTorch, from model.safetensors."""
    import torch
    from safetensors.torch import load_file
    from transformers import BertConfig, BertModel

    class Network(torch.nn.Module):
        def __init__(self, config, weights):
            super().__init__()
            self.bert = BertModel(BertConfig(**config), add_pooling_layer=False)
            self.heads = torch.nn.Linear(config["hidden_size"], len(weights["heads.bias"]))

        def forward(self, input_ids, token_type_ids, attention_mask):
            out = self.bert(input_ids=input_ids, token_type_ids=token_type_ids, attention_mask=attention_mask)
            return self.heads(out.last_hidden_state)

    config = {k: v for k, v in settings(model).items() if k != "dixit"}
    weights = {k: v.float() for k, v in load_file(f"{model}/model.safetensors").items()}
    network = Network(config, weights)
    network.load_state_dict(weights, strict=False)
    return network.eval()


def export_dynamic(model, out):
    """Writes the network as an ONNX graph in 8 bits with dynamic scales."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    ids = torch.ones(2, 16, dtype=torch.int64)
    names = ["input_ids", "token_type_ids", "attention_mask"]
    shape = {0: torch.export.Dim("batch"), 1: torch.export.Dim("length", max=512)}
    torch.onnx.export(torch_network(model), (ids, torch.zeros_like(ids), ids), out + ".float", input_names=names,
                      output_names=["scores"], dynamic_shapes=[shape] * 3, external_data=False)
    quantize_dynamic(out + ".float", out, per_channel=True, weight_type=QuantType.QInt8)


def onnx_scorer(path, threads):
    import numpy as np
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    inputs = session.get_inputs()
    kinds = [np.int32 if "int32" in i.type else np.int64 if "int64" in i.type else np.float32 for i in inputs]
    return lambda *arrays: session.run(None, {i.name: a.astype(k) for i, k, a in zip(inputs, kinds, arrays)})[0]


def torch_scorer(model, threads):
    import torch
    torch.set_num_threads(threads)
    network = torch_network(model)

    def score(*arrays):
        with torch.inference_mode():
            return network(*(torch.from_numpy(a) for a in arrays)).numpy()
    return score


def spans(labels):
    """(class, first word, end) of the runs in BIO labels."""
    out, start = [], None
    for at, label in enumerate([*labels, 0]):
        if start is not None and label != labels[start] + labels[start] % 2:
            out.append((int(labels[start] - 1) // 2, start, at))
            start = None
        if start is None and label:
            start = at
    return out


def work(rival, texts, model, threads, dynamic, out):
    """What a rival does; prints the seconds after loading."""
    import features
    import numpy as np
    tokenizer = features.load_tokenizer(f"{model}/tokenizer.json")
    dixit = settings(model)["dixit"]
    score = {"onnx": lambda: onnx_scorer(f"{model}/model.onnx", threads),
             "onnx-dynamic": lambda: onnx_scorer(dynamic, threads),
             "transformers": lambda: torch_scorer(model, threads)}[rival]()
    began = time.perf_counter()
    windows = []
    for path in sorted(glob.glob(f"{texts}/*")):
        with open(path, encoding="utf8", newline="") as f:
            words = features.words_of(tokenizer, f.read())
        window = dixit["window"]
        windows += [(path, w) for w in features.windows(words, features.NOTHING, window["pieces"], window["overlap"])]
    windows.sort(key=lambda it: len(it[1].ids))
    found, roles, names = [], len(dixit["roles"]), len(dixit["entities"])
    for at in range(0, len(windows), BATCH):
        batch = windows[at:at + BATCH]
        ids, types, mask = (np.zeros((len(batch), len(batch[-1][1].ids)), np.int64) for _ in range(3))
        for row, (_, w) in enumerate(batch):
            ids[row, : len(w.ids)], types[row, : len(w.ids)], mask[row, : len(w.ids)] = w.ids, w.types, 1
        scores = score(ids, types, mask)
        for row, (path, w) in enumerate(batch):
            own = scores[row, w.first]
            found.append((path, spans(own[:, :roles].argmax(1)), spans(own[:, roles:roles + names].argmax(1))))
    with open(out, "w", encoding="utf8") as f:
        f.writelines(json.dumps(it) + "\n" for it in found)
    print(time.perf_counter() - began)


def rival_command(args, rival, dynamic, out):
    own = [sys.executable, os.path.abspath(__file__), args.dixit, args.texts, "--model", args.model]
    return [*own, "--threads", str(args.threads), "--worker", rival, "--dynamic", dynamic, "--out", out]


def run(args):
    with tempfile.TemporaryDirectory() as folder:
        dynamic, out = f"{folder}/dynamic.onnx", f"{folder}/out"
        export_dynamic(args.model, dynamic)
        dixit = [args.dixit, "annotate", args.texts, "--input-format", "text", "--model", args.model]
        commands = {"dixit": [*dixit, "--threads", str(args.threads), "-o", f"{out}.jsonl"]}
        commands |= {rival: rival_command(args, rival, dynamic, out) for rival in RIVALS}
        whole, after = {name: [] for name in commands}, {name: [] for name in commands}
        for round_ in range(args.rounds + 1):
            for name, command in commands.items():
                if os.path.exists(f"{out}.jsonl"):
                    os.remove(f"{out}.jsonl")
                began = time.perf_counter()
                done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
                seconds = time.perf_counter() - began
                if round_:      # the first one only warms up
                    whole[name].append(seconds)
                    after[name].append(float(done.stdout) if done.stdout else seconds)
    for name in commands:
        columns = []
        for times in (whole, after):
            ratio = statistics.median(a / b for a, b in zip(times[name], whole["dixit"]))
            columns.append(f"{statistics.median(times[name]):8.2f} s {ratio:6.2f} x")
        print(f"{name:14} {'  '.join(columns)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dixit")
    parser.add_argument("texts")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--model", default=os.path.join(HERE, "..", "models", "news-en"))
    parser.add_argument("--worker", choices=RIVALS, help=argparse.SUPPRESS)
    parser.add_argument("--dynamic", help=argparse.SUPPRESS)
    parser.add_argument("--out", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        work(arguments.worker, arguments.texts, arguments.model, arguments.threads, arguments.dynamic, arguments.out)
    else:
        run(arguments)
