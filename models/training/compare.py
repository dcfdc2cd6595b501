#!/usr/bin/env python3
"""What the rounding to 8 bits costs: compare.py CHECKPOINT BASE GOLD

Exact F1 of source, cue and content spans of words, by the best path in windows of the model's length, in single precision and
with rounding. CHECKPOINT is what `distill.py` wrote; GOLD is dixit's gold JSONL, or a folder of PolNeAR, whose dev set is taken.
"""
import contextlib
import os
import sys

import torch

import data
import export
import features
import rounding
import train


def spans(labels):
    """(role, first word, end) of each span of BIO labels."""
    out, current = set(), None
    for k, label in enumerate([*labels, 0]):
        if current and label != 2 + 2 * current[0]:
            out.add((*current, k))
            current = None
        if label % 2:
            current = (label // 2, k)
    return out


@torch.no_grad()
def scores(network, windows):
    """F1 of each role, in per cent."""
    both, either = [0] * len(data.ROLES), [0] * len(data.ROLES)
    for batch in features.batches(windows, 4096):
        (roles, *_), _ = train.word_scores(network, batch, bf16=False)
        for window, row in zip(batch, roles):
            found, gold = spans(network.crf.decode(row[: len(window.first)])), spans(window.roles)
            for k in range(len(data.ROLES)):
                both[k] += sum(role == k for role, *_ in found & gold)
                either[k] += sum(role == k for role, *_ in [*found, *gold])
    return [round(200 * b / max(1, e), 1) for b, e in zip(both, either)]


def run(checkpoint, base, gold):
    config = train.settings()
    tokenizer = features.load_tokenizer(f"{base}/tokenizer.json")
    network = export.load(checkpoint, base, config)
    articles = data.polnear(gold, "dev") if os.path.isdir(gold) else data.gold_jsonl(gold)
    windows = [w for words, g in train.prepare(tokenizer, [(a, 1) for a in articles])
               for w in features.windows(words, g, config["window"]["pieces"])]
    for name, context in (("single precision", rounding.suspended), ("rounded", contextlib.nullcontext)):
        with context(network):
            print(name, *scores(network, windows), flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    run(*sys.argv[1:])
