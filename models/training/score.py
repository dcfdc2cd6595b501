#!/usr/bin/env python3
"""Scores what `dixit annotate` wrote, against development sets.

score.py cofenet ROWS PREDICTIONS TEXTS   exact span F1 by CofeNet's protocol (Wang et al. 2022) on their rows, aligned to
                                          the raw articles that were annotated
score.py speakers GOLD PREDICTIONS        share of gold attributions, by mode, that were found (content IoU > 0.5) with
                                          the right canonical speaker; a missed one is a wrong one
score.py calibrate GOLD PREDICTIONS       Platt scaling (scale, offset) of the confidence on top of the present one

ROWS is CofeNet's JSONL, TEXTS the folder of the articles (NAME.txt), GOLD dixit's gold JSONL, PREDICTIONS the output of
`dixit annotate` in JSONL.
"""
import json
import math
import os
import re
import sys

ROLES = ["source", "cue", "content"]
ESCAPES = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}", "``": '"', "''": '"',
           "`": "'", "--": "—"}
PLAIN = str.maketrans("“”„«»‘’–", "\"\"\"\"\"''—")

def lines(path):
    with open(path, encoding="utf8") as f:
        return [json.loads(line) for line in f if line.strip()]


def align(text, tokens, start):
    """Character spans of tokens in text from `start` on, and where the last one ends; a token not found is empty."""
    text = text.translate(PLAIN)
    spans, at = [], start
    for token in tokens:
        found = None
        for form in {token.translate(PLAIN), ESCAPES.get(token, token), "…" if token == "..." else token}:
            k = text.find(form, at, at + 60 + len(form))
            if k >= 0 and (found is None or k < found[0]):
                found = (k, k + len(form))
        spans.append(found or (at, at))
        at = found[1] if found else at
    return spans, at


def bio_spans(labels):
    """CofeNet's spans: an I- of another kind, or after O, ends what is open and begins nothing."""
    out, open_ = set(), None
    for k, label in enumerate([*labels, "O"]):
        if open_ and label != "I-" + open_[0]:
            out.add((*open_, k))
            open_ = None
        if label.startswith("B-"):
            open_ = (label[2:], k)
    return out


def labels_of(spans, statements):
    """BIO labels over tokens of a document's statements: content first, so that sources and cues stay visible."""
    out = ["O"] * len(spans)
    for role in ("content", "source", "cue"):
        for part in {(p["start"], p["end"]) for s in statements for p in s[role]}:
            covered = [k for k, (a, b) in enumerate(spans) if a < part[1] and part[0] < b]
            for n, k in enumerate(covered):
                out[k] = ("B-" if n == 0 else "I-") + role
    return out


def cofenet(rows, predictions, texts):
    predicted = {p["id"]: p["statements"] for p in lines(predictions)}
    hit, gold_n, found_n, lost, places = dict.fromkeys(ROLES, 0), dict.fromkeys(ROLES, 0), dict.fromkeys(ROLES, 0), 0, {}
    begin = dict.fromkeys(ROLES, 0)
    for row in lines(rows):
        name = row["id"].rsplit("_", 1)[0]
        with open(os.path.join(texts, name + ".txt"), encoding="utf8", newline="") as f:
            text = f.read()
        spans, places[row["id"]] = align(text, row["tokens"], places.get(row["id"], 0))
        lost += sum(a == b for a, b in spans)
        gold, found = bio_spans(row["labels"]), bio_spans(labels_of(spans, predicted[name]))
        for role in ROLES:
            g, f = {s for s in gold if s[0] == role}, {s for s in found if s[0] == role}
            hit[role] += len(g & f)
            begin[role] += len({s[1] for s in g} & {s[1] for s in f})
            gold_n[role] += len(g)
            found_n[role] += len(f)
    for role in ROLES:
        p, r = hit[role] / max(1, found_n[role]), hit[role] / max(1, gold_n[role])
        f1 = lambda hits: 200 * hits / max(1, gold_n[role] + found_n[role])
        print(f"{role:8} P {100 * p:.1f} R {100 * r:.1f} F1 {f1(hit[role]):.1f}  begin F1 {f1(begin[role]):.1f}")
    print(f"{lost} tokens could not be aligned")


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


def speakers(gold_path, predictions, verbose=False):
    predicted = {p["id"]: p for p in lines(predictions)}
    right, found, all_, statements = {}, {}, {}, 0
    for document in lines(gold_path):
        gold, got = document["attributions"], predicted[document["id"]]["statements"]
        match = matches(gold, got)
        statements += len(got)
        for g, a in enumerate(gold):
            groups = [a["mode"], "direct+mixed" if a["mode"] != "indirect" else None, "all"]
            name = (got[match[g]]["speaker"] or {}).get("name", "") if g in match else None
            ok = name is not None and name_key(name) == name_key(a["speaker"])
            if not ok and a["mode"] != "indirect" and verbose:
                source = [p["text"] for p in a["source"]]
                print(document["id"][:30], a["mode"], source, "|", a["content"][0]["text"][:50], "|", a["speaker"], "->", name)
            for group in filter(None, groups):
                all_[group] = all_.get(group, 0) + 1
                found[group] = found.get(group, 0) + (g in match)
                right[group] = right.get(group, 0) + ok
    for group, n in all_.items():
        print(f"{group:13} {n:4} gold, found {100 * found[group] / n:.1f} %, speaker right {100 * right[group] / n:.1f} %")
    print(f"attribution F1 {200 * found['all'] / (all_['all'] + statements):.1f}")


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
    commands = {"cofenet": cofenet, "speakers": speakers, "calibrate": calibrate}
    if len(sys.argv) < 4 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
