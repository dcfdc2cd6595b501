#!/usr/bin/env python3
"""Platt scaling (Platt 1999) of the confidence on top of the present one: calibrate.py GOLD PREDICTIONS

GOLD is dixit's gold JSONL, PREDICTIONS the output of `dixit annotate` in JSONL. A statement is right if a gold content
overlaps its own by more than half and the canonical speaker is the gold's. Prints scale and offset; the scale in
`config.json` is to be multiplied by the scale, and the offset there by the scale and then raised by the offset.
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


def calibrate(gold_path, predictions):
    predicted = {p["id"]: p for p in lines(predictions)}
    points = []
    for document in lines(gold_path):
        got = predicted[document["id"]]["statements"]
        match = {k: g for g, k in matches(document["attributions"], got).items()}
        for k, s in enumerate(got):
            gold = document["attributions"][match[k]] if k in match else None
            name = (s["speaker"] or {}).get("name", "")
            p = min(max(s["confidence"], 0.005), 0.995)
            points.append((math.log(p / (1 - p)), float(gold is not None and name_key(gold["speaker"]) == name_key(name))))
    scale, offset = 1.0, 0.0
    for _ in range(5000):                       # gradient ascent; two parameters and a concave likelihood
        errors = [(y - 1 / (1 + math.exp(-(scale * x + offset))), x) for x, y in points]
        scale += 0.5 * sum(e * x for e, x in errors) / len(points)
        offset += 0.5 * sum(e for e, _ in errors) / len(points)
    sure = [(1 / (1 + math.exp(-(scale * x + offset))), y) for x, y in points]
    bins = [[pair for pair in sure if int(min(pair[0], 0.999) * 10) == b] for b in range(10)]
    error = sum(abs(sum(p for p, _ in b) - sum(y for _, y in b)) for b in bins) / len(points)
    print(f"scale {scale:.4f} offset {offset:.4f}; expected calibration error {error:.3f} over {len(points)} statements")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    calibrate(*sys.argv[1:])
