#!/usr/bin/env python3
"""Fits the two antecedent scorers: which entity a pronoun means, and which a description ("the ministry"), if any.

antecedents.py all DATA MODEL WORK [SET ...]
                                       fits the weights of the model folder MODEL on what dixit finds in the sets by it, and
                                       prints how well they do; the intermediate files go to the folder WORK
antecedents.py texts DATA SET OUT      writes the texts of SET with their gold, one JSON object a line
antecedents.py dump MODEL TEXTS OUT    writes what the pronouns and descriptions of those texts can mean
antecedents.py fit MODEL TEXTS DUMP [TEXTS DUMP ...]
                                       fits the weights and writes them into MODEL/config.json
antecedents.py score TEXTS DUMP        how many the weights that made DUMP get right; for GAP by its own protocol

DATA is the folder of the sets. Gold is one of: "chains", lists of [start, end] of all mentions of one entity; "speakers",
pairs of a content's [start, end] and the names of who said it; "pairs", GAP's pronoun with the spans it means and does not
mean.
"""
import ast
import csv
import glob
import json
import os
import random
import re
import subprocess
import sys

import torch

import annotations
import coreference
from coreference import lines

SEED, UNITS, EPOCHS, BATCH, RATE, DECAY, FOLDS = 7, 16, 40, 256, 0.01, 0.01, 5
# What the weights are fitted on, and what they are scored by.
TRAIN, DEV = ("wikinews", "annotated", "gum", "litbank", "gap-development"), ("wikinews-dev", "gum-dev", "gap-validation")
# A pronoun that is understood otherwise is another mention that later ones go by: the second fit sees what the first made.
ROUNDS = 2
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
# News counts for more than the much larger sets of other text.
WEIGHTS = {"wikinews": 4.0, "annotated": 1.0, "gum": 2.0, "gap-development": 1.0, "litbank": 0.5, "pdnc": 0.3}


# The scorers, as MODEL/config.json names them, and the sets that each is fitted on: chains do not say whether a description
# brings somebody new.
SCORERS = {"antecedents": WEIGHTS.keys(), "descriptions": ("wikinews", "annotated")}


# Texts and gold.

def gap(folder, split):
    with open(f"{folder}/gap/gap-{split}.tsv", encoding="utf8", newline="") as f:
        for row in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            span = lambda word, at: [int(row[at]), int(row[at]) + len(row[word])]
            names = [(span(n, f"{n}-offset"), row[f"{n}-coref"] == "TRUE") for n in "AB"]
            yield {"id": row["ID"], "text": row["Text"], "pairs": [{"pronoun": span("Pronoun", "Pronoun-offset"),
                   "names": [n for n, _ in names], "right": [r for _, r in names]}]}


def speakers(rows):
    for row in rows:
        said = [[[c["start"], c["end"]], [a["speaker"]]] for a in row["attributions"] for c in a["content"] if a["speaker"]]
        yield {"id": row["id"], "text": row["text"], "speakers": said}


def pdnc(folder, half):
    """Every other novel: those of half 0 may be fitted on, those of half 1 tell how well that does."""
    csv.field_size_limit(10**8)
    for novel in sorted(glob.glob(f"{folder}/pdnc/data/*/"))[half::2]:
        with open(novel + "novel_text.txt", encoding="utf8", newline="") as f:
            text = f.read()
        with open(novel + "character_info.csv", encoding="utf8") as f:
            names = {r["Main Name"]: sorted({r["Main Name"], *ast.literal_eval(r["Aliases"])}) for r in csv.DictReader(f)}
        with open(novel + "quotation_info.csv", encoding="utf8") as f:
            said = [[span, names.get(r["speaker"], [r["speaker"]])]
                    for r in csv.DictReader(f) for span in ast.literal_eval(r["quoteByteSpans"])]
        yield {"id": os.path.basename(novel[:-1]), "text": text, "speakers": said}


def chained(texts):
    for text in texts:
        yield {"id": text.id, "text": text.text, "chains": [[list(span) for span in chain] for chain in text.chains]}


SETS = {"gap-development": lambda f: gap(f, "development"), "gap-validation": lambda f: gap(f, "validation"),
        "gum": lambda f: chained(coreference.gum(f)), "gum-dev": lambda f: chained(coreference.gum(f, splits=("dev",))),
        "litbank": lambda f: chained(coreference.litbank(f)),
        "pdnc": lambda f: pdnc(f, 0), "pdnc-dev": lambda f: pdnc(f, 1),
        "annotated": lambda f: speakers(annotations.rows(f)),
        "wikinews": lambda f: speakers(lines(f"{f}/wikinews/train.gold.jsonl")),
        "wikinews-dev": lambda f: speakers(lines(f"{f}/wikinews/dev.gold.jsonl"))}


# Which candidates are right.

def key(name):
    name = re.sub(r"[^\w\s&]", "", re.sub(r"['’]s\b", "", name.casefold()))
    return re.sub(r"^(the|a|an|mr|mrs|miss|ms|sir|lady|dr)\s+", "", " ".join(name.split()))


def overlap(a, b):
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def by_chain(chains):
    """For a candidate's mentions the number of the chain that most of them are in, or None."""
    ends, exact = {}, {}
    for number, chain in enumerate(chains):
        for a, b in chain:
            exact[a, b] = number
            ends.setdefault(b, []).append((a, number))
    def chain_of(mentions):
        votes = {}
        for a, b in mentions:
            number = exact.get((a, b))
            if number is None:
                # "the envoy Enrique Mora" and "Enrique Mora" end together.
                near = [(abs(a - start), n) for start, n in ends.get(b, []) if start <= a]
                number = min(near)[1] if near else None
            if number is not None:
                votes[number] = votes.get(number, 0) + 1
        return max(votes, key=votes.get) if votes else None
    return exact, chain_of


def examples(text, dump):
    """Pairs (candidates, which of them are right) of the anaphors of a text that gold says something of."""
    exact, chain_of = by_chain(text.get("chains", []))
    said = text.get("speakers", [])
    for anaphor in dump["anaphors"]:
        candidates, span = anaphor["candidates"], anaphor["span"]
        if "chains" in text:
            chain = exact.get(tuple(span))
            right = [chain is not None and chain_of(c["mentions"]) == chain for c in candidates]
        elif "pairs" in text:
            pair = next((p for p in text["pairs"] if p["pronoun"][0] == span[0]), None)
            if not pair:
                continue
            means = lambda c, n: any(overlap(m, n) for m in c["mentions"])
            right = [any(r and means(c, n) for n, r in zip(pair["names"], pair["right"])) for c in candidates]
        else:
            names = {key(n) for place, who in said for part in anaphor["contents"] if overlap(place, part) for n in who}
            right = [key(c["name"]) in names for c in candidates]
        yield candidates, right


# The fit.

class Scorer(torch.nn.Module):
    def __init__(self, size):
        super().__init__()
        self.linear = torch.nn.Linear(size, 1, bias=False)
        self.hidden = torch.nn.Linear(size, UNITS)
        self.out = torch.nn.Linear(UNITS, 1, bias=False)
        torch.nn.init.zeros_(self.linear.weight)

    def forward(self, x):
        return (self.linear(x) + self.out(torch.relu(self.hidden(x)))).squeeze(-1)


def padded(data):
    """All examples as tensors: features, which candidates are right, which are real, weight of the example."""
    most = max(len(x) for x, *_ in data)
    x = torch.zeros(len(data), most, len(data[0][0][0]))
    right, real = torch.zeros(len(data), most, dtype=torch.bool), torch.zeros(len(data), most, dtype=torch.bool)
    for k, (features, good, _) in enumerate(data):
        x[k, : len(features)] = torch.tensor(features)
        right[k, : len(good)] = torch.tensor(good)
        real[k, : len(good)] = True
    return x, right, real, torch.tensor([weight for *_, weight in data])


def train(data):
    x, right, real, weight = padded(data)
    torch.manual_seed(SEED)
    scorer = Scorer(x.shape[-1])
    optimizer = torch.optim.AdamW(scorer.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * -(-len(data) // BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(data)).split(BATCH):
            scores = scorer(x[batch]).masked_fill(~real[batch], -1e9)
            loss = torch.logsumexp(scores, 1) - torch.logsumexp(scores.masked_fill(~right[batch], -1e9), 1)
            optimizer.zero_grad()
            ((loss * weight[batch]).sum() / weight[batch].sum()).backward()
            optimizer.step()
            schedule.step()
    return scorer


def accuracy(scorer, data):
    with torch.no_grad():
        x, right, real, _ = padded(data)
        best = scorer(x).masked_fill(~real, -1e9).argmax(1, keepdim=True)
        return right.gather(1, best).float().mean().item()


def read(paths):
    """The texts of TEXTS and DUMP files in turn, each with its set and what was found in it."""
    for texts, dump in zip(paths[::2], paths[1::2]):
        for text, found in zip(lines(texts), lines(dump), strict=True):
            assert text["id"] == found["id"]
            yield os.path.basename(texts).split(".")[0], text, found


def fit(model, *paths):
    for scorer, sets in SCORERS.items():
        fit_one(model, scorer, [(name, text, found[scorer]) for name, text, found in read(paths) if name in sets])


def fit_one(model, scorer, found_in_sets):
    groups = []                                 # (set, examples of one text)
    for name, text, found in found_in_sets:
        names = found["features"]
        undecided = [(c, r) for c, r in examples(text, found) if any(r) and not all(r)]
        groups.append((name, [([c["features"] for c in cs], r, WEIGHTS.get(name, 1.0)) for cs, r in undecided]))
    if not any(g for _, g in groups):
        return
    random.Random(SEED).shuffle(groups)
    torch.set_num_threads(1)
    held = {}
    for fold in range(FOLDS if len(groups) > FOLDS else 0):
        learned = train([e for k, (_, g) in enumerate(groups) if k % FOLDS != fold for e in g])
        for name in {n for n, _ in groups}:
            part = [e for k, (n, g) in enumerate(groups) if k % FOLDS == fold and n == name for e in g]
            if part:
                held.setdefault(name, []).append((accuracy(learned, part), len(part)))
    for name, parts in sorted(held.items()):
        total = sum(n for _, n in parts)
        print(f"{scorer:12} {name:16} {total:6}, held-out accuracy {100 * sum(a * n for a, n in parts) / total:.1f} %")
    data = [e for _, g in groups for e in g]
    write(train(data), scorer, names, seen(data), f"{model}/config.json")


def seen(data):
    """Which features are ever looked at: of a model without affinities, those that tell of them are always 0."""
    x, _, real, _ = padded(data)
    return x[real].any(0)


def write(scorer, key, names, seen, path):
    with open(path, encoding="utf8") as f:
        config = json.load(f)
    rounded = lambda t: [round(x, 4) for x in t.tolist()]
    config["dixit"].setdefault(key, {}).update({
        "features": names,
        "linear": rounded(scorer.linear.weight[0].detach() * seen),
        "hidden": [rounded(row) for row in scorer.hidden.weight.detach() * seen],
        "bias": rounded(scorer.hidden.bias.detach()),
        "out": rounded(scorer.out.weight[0].detach()),
    })
    with open(path, "w", encoding="utf8") as f:
        json.dump(config, f, indent=1)
        f.write("\n")


def score(*paths):
    for scorer in SCORERS:
        total = known = hits = 0
        for _, text, found in read(paths):
            if "pairs" in text:
                return score_gap(*paths)
            for candidates, right in examples(text, found[scorer]):
                if candidates and any(right):
                    best = max(range(len(right)), key=lambda k: candidates[k]["score"])
                    known, hits = known + 1, hits + right[best]
                total += 1
        share = 100 * hits / max(1, known)
        print(f"{scorer}: {hits} of {known} with a right candidate, {share:.1f} % ({total} in all)")


def score_gap(texts, dump):
    """The name whose entity scores best is taken; none where neither is a candidate."""
    hits = wanted = found = 0
    for text, row in zip(lines(texts), lines(dump)):
        for pair in text["pairs"]:
            anaphor = next((a for a in row["antecedents"]["anaphors"] if a["span"][0] == pair["pronoun"][0]), {"candidates": []})
            scores = []
            for name in pair["names"]:
                means = [c["score"] for c in anaphor["candidates"] if any(overlap(m, name) for m in c["mentions"])]
                scores.append(max(means, default=None))
            best = max((s for s in scores if s is not None), default=None)
            for score, right in zip(scores, pair["right"]):
                says = score is not None and score == best
                hits, wanted, found = hits + (says and right), wanted + right, found + says
    p, r = hits / max(1, found), hits / max(1, wanted)
    print(f"precision {100 * p:.1f}, recall {100 * r:.1f}, F1 {200 * p * r / max(1e-9, p + r):.1f}")


def texts(folder, name, out):
    with open(out, "w", encoding="utf8") as f:
        for row in SETS[name](folder):
            f.write(json.dumps(row, ensure_ascii=False) + "\n")


def dump(model, texts, out):
    command = ["cargo", "run", "--release", "--quiet", "--example", "antecedents", "--"]
    with open(out, "w", encoding="utf8") as f:
        subprocess.run([*command, os.path.abspath(model), os.path.abspath(texts)], cwd=ROOT, stdout=f, check=True)


def fit_all(folder, model, work, *names):
    os.makedirs(work, exist_ok=True)
    files = lambda name: (f"{work}/{name}.texts.jsonl", f"{work}/{name}.dump.jsonl")
    names = names or TRAIN
    for name in {*names, *DEV}:
        texts(folder, name, files(name)[0])
    for _ in range(ROUNDS):
        for name in names:
            dump(model, *files(name))
        fit(model, *(path for name in names for path in files(name)))
    for name in DEV:
        dump(model, *files(name))
        print(name, end=": ", flush=True)
        score(*files(name))


if __name__ == "__main__":
    commands = {"all": fit_all, "texts": texts, "dump": dump, "fit": fit, "score": score}
    if len(sys.argv) < 4 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
