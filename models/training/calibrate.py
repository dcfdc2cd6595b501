#!/usr/bin/env python3
"""Platt scaling (Platt 1999) of the confidence on top of the present one: calibrate.py GOLD PREDICTIONS CONFIG

GOLD is dixit's gold JSONL, PREDICTIONS the output of `dixit annotate` in JSONL. A statement is right if a gold content
overlaps its own by more than half and the canonical speaker is the gold's. Prints what "confidence" in CONFIG, a model's
config.json that the predictions were made with, is to be now: two numbers for the logit of the network's probability, one
that is added for direct quotations, and one for statements of which nobody is named.
"""
import json
import math
import re
import sys


def lines(path):
    with open(path, encoding="utf8") as f:
        return [json.loads(line) for line in f if line.strip()]


def name_key(name):
    name = re.sub(r"[^\w\s&]", "", name.casefold().replace("’s", "").replace("'s", ""))
    return re.sub(r"^(the|a|an)\s+", "", " ".join(name.split()))


def chars(parts):
    return {k for p in parts for k in range(p["start"], p["end"])}


def matches(gold, statements):
    """Pairs (gold, statement) with content IoU > 0.5, best first, each used once."""
    contents = [chars(s["content"]) for s in statements]
    pairs = []
    for g, a in enumerate(gold):
        own = chars(a["content"])
        pairs += [(len(own & c) / len(own | c), g, k) for k, c in enumerate(contents) if own & c]
    out, used = {}, set()
    for iou, g, k in sorted(pairs, reverse=True):
        if iou > 0.5 and g not in out and k not in used:
            out[g] = k
            used.add(k)
    return out


def calibrate(gold_path, predictions, config):
    predicted = {p["id"]: p for p in lines(predictions)}
    with open(config, encoding="utf8") as f:
        present = json.load(f)["dixit"]["confidence"]
    points = []
    for document in lines(gold_path):
        got = predicted[document["id"]]["statements"]
        match = {k: g for g, k in matches(document["attributions"], got).items()}
        for k, s in enumerate(got):
            gold = document["attributions"][match[k]] if k in match else None
            name = (s["speaker"] or {}).get("name", "")
            p = min(max(s["confidence"], 0.005), 0.995)
            x = [math.log(p / (1 - p)), 1.0, float(s["mode"] == "direct"), float(s["speaker"] is None)]
            points.append((x, float(gold is not None and name_key(gold["speaker"]) == name_key(name))))
    weights = [1.0, 0.0, 0.0, 0.0]
    sure = lambda x: 1 / (1 + math.exp(-sum(w * v for w, v in zip(weights, x))))
    for _ in range(4000):                       # gradient ascent; four parameters and a concave likelihood
        errors = [y - sure(x) for x, y in points]
        weights = [w + 0.5 * sum(e * x[k] for e, (x, _) in zip(errors, points)) / len(points)
                   for k, w in enumerate(weights)]
    bins = [[(sure(x), y) for x, y in points if int(min(sure(x), 0.999) * 10) == b] for b in range(10)]
    error = sum(abs(sum(p for p, _ in b) - sum(y for _, y in b)) for b in bins) / len(points)
    names = ["scale", "offset", "direct", "unnamed"]
    fitted = {name: weights[0] * present.get(name, 0.0) + (weight if name != "scale" else 0.0)
              for name, weight in zip(names, weights)}
    print(json.dumps({name: round(value, 4) for name, value in fitted.items()}))
    print(f"expected calibration error {error:.3f} over {len(points)} statements", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    calibrate(*sys.argv[1:])
