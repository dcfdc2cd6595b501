#!/usr/bin/env python3
"""Fits the scorer of descriptions: which entity "the ministry" or "the envoy" means, or that it is a new one.

descriptions.py texts DATA SET OUT     writes the texts of SET (gum, wikinews) with their gold, one JSON object a line
descriptions.py fit CONFIG TEXTS DUMP [TEXTS DUMP ...]
                                       fits the weights and writes them into CONFIG (a model folder's config.json)

DUMP is what `cargo run --release --example descriptions -- TEXTS` prints for those texts. The gold is as antecedents.py
has it; GUM's documents of the train split are used.
"""
import json
import os
import random
import sys

import torch

import antecedents
from antecedents import by_chain, key, lines, overlap

SEED, FOLDS, UNITS, EPOCHS, DECAY = 7, 5, 8, 30, 0.05
WEIGHTS = {"wikinews": 2.0, "gum": 1.0}


def gum(folder):
    split = {row["id"]: row["split"] for row in lines(f"{folder}/gum/gum_attributions.jsonl")}
    return (row for row in antecedents.gum(folder) if split[row["id"]] == "train")


SETS = {"gum": gum, "wikinews": antecedents.wikinews}


def is_proper(name):
    return name[:1].isupper()


def by_speakers(said, found):
    """For each description, which candidates are right by the speakers of the contents, or None."""
    def speaker(contents):
        names = {n for place, who in said for part in contents if overlap(place, part) for n in who}
        return next(iter(names)) if len(names) == 1 else None
    # Who an unnamed entity is, is known by what was attributed to it.
    gold = [speaker(d["contents"]) for d in found]
    at = {tuple(d["span"]): g for d, g in zip(found, gold) if g}
    for description, name in zip(found, gold):
        if name is None:
            continue
        right = []
        for c in description["candidates"]:
            others = [at[s] for s in at if any(overlap(s, m) for m in c["mentions"]) and s != tuple(description["span"])
                      and s[0] < description["span"][0]]
            right.append(bool(c["name"]) and (key(c["name"]) == key(name) or name in others and not is_proper(c["name"])))
        if not any(right) and not is_proper(name):
            # The text has no entity of that name yet.
            right = [not c["name"] for c in description["candidates"]]
        yield description, right


def by_chains(chains, found):
    exact, chain_of = by_chain(chains)
    for description in found:
        a, b = description["span"]
        chain = next((n for (x, y), n in exact.items() if y == b and a - 12 <= x <= a), None)
        if chain is None:
            continue
        right = [bool(c["name"]) and chain_of([m for m in c["mentions"] if m[1] != b]) == chain
                 for c in description["candidates"]]
        first = min(m for m in chains[chain])
        if not any(right) and first[1] >= b:
            right = [not c["name"] for c in description["candidates"]]
        yield description, right


def examples(text, dump):
    found = dump["descriptions"]
    if "chains" in text:
        labelled = by_chains(text["chains"], found)
    else:
        labelled = by_speakers(text["speakers"], found)
    for description, right in labelled:
        if any(right) and not all(right):
            yield [c["features"] for c in description["candidates"]], right


def fit(config_path, *paths):
    antecedents.UNITS, antecedents.EPOCHS, antecedents.DECAY = UNITS, EPOCHS, DECAY
    groups = []
    for texts, dump in zip(paths[::2], paths[1::2]):
        name = os.path.basename(texts).split(".")[0]
        for text, found in zip(lines(texts), lines(dump)):
            assert text["id"] == found["id"]
            groups.append((name, [(*e, WEIGHTS.get(name, 1.0)) for e in examples(text, found)]))
    random.Random(SEED).shuffle(groups)
    torch.set_num_threads(1)
    held = {}
    for fold in range(FOLDS if len(groups) > FOLDS else 0):
        scorer = antecedents.train([e for k, (_, g) in enumerate(groups) if k % FOLDS != fold for e in g])
        for name in {n for n, _ in groups}:
            part = [e for k, (n, g) in enumerate(groups) if k % FOLDS == fold and n == name for e in g]
            if part:
                held.setdefault(name, []).append((antecedents.accuracy(scorer, part), len(part)))
    for name, parts in sorted(held.items()):
        total = sum(n for _, n in parts)
        print(f"{name:16} {total:6} descriptions, held-out accuracy {100 * sum(a * n for a, n in parts) / total:.1f} %")
    scorer = antecedents.train([e for _, g in groups for e in g])
    with open(config_path, encoding="utf8") as f:
        config = json.load(f)
    round_ = lambda t: [round(x, 4) for x in t.tolist()]
    weights = config["dixit"]["descriptions"]
    weights["linear"] = round_(scorer.linear.weight[0].detach())
    weights["hidden"] = [round_(row) for row in scorer.hidden.weight.detach()]
    weights["bias"] = round_(scorer.hidden.bias.detach())
    weights["out"] = round_(scorer.out.weight[0].detach())
    with open(config_path, "w", encoding="utf8") as f:
        json.dump(config, f, indent=1)
        f.write("\n")


def texts(folder, name, out):
    with open(out, "w", encoding="utf8") as f:
        for row in SETS[name](folder):
            f.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    commands = {"texts": texts, "fit": fit}
    if len(sys.argv) < 4 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
