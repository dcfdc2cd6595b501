"""Readers of the sets that say which mentions are the same entity: each yields `Text`, whatever the format on disk.

Every offset is a code-point offset into `Text.text`, end exclusive.
"""
import csv
import glob
import json
import os
import re
from dataclasses import dataclass


@dataclass
class Text:
    """A text and mentions in it. `chains` are lists of the mentions, (start, end), of one entity each; of those in
    `asked`, or of all where it is None, it is known which mentions of the text are the same entity and which are not."""
    id: str
    text: str
    chains: list
    asked: set | None = None


def lines(path):
    with open(path, encoding="utf8") as f:
        return [json.loads(line) for line in f if line.strip()]


def joined(tokens, spaces, breaks=()):
    """The text of tokens, and the place of each; a new paragraph begins at `breaks`."""
    text, spans = "", []
    for k, (token, space) in enumerate(zip(tokens, spaces)):
        if k in breaks:
            text = text.rstrip() + "\n\n"
        spans.append((len(text), len(text) + len(token)))
        text += token + (" " if space else "")
    return text, spans


TIGHT = re.compile(r"[.,;:!?%)”]|''|n['’]t|['’]\w*$")


def spaced(tokens):
    """Whether a space follows each token, where the corpus does not say."""
    after = [not TIGHT.match(t) for t in tokens[1:]] + [False]
    return [s and t not in {"“", "(", "$"} for s, t in zip(after, tokens)]


def gap(folder, split):
    """GAP (Webster et al. 2018): a pronoun, and two names of which it means one or neither."""
    with open(f"{folder}/gap/gap-{split}.tsv", encoding="utf8", newline="") as f:
        for row in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            span = lambda word, at: (int(row[at]), int(row[at]) + len(row[word]))
            names = [(span(n, f"{n}-offset"), row[f"{n}-coref"] == "TRUE") for n in "AB"]
            pronoun = span("Pronoun", "Pronoun-offset")
            chains = [[n for n, right in names if right] + [pronoun]] + [[n] for n, right in names if not right]
            yield Text(row["ID"], row["Text"], chains, {pronoun})


def gum(folder, clean=False, splits=("train",)):
    """GUM (Zeldes 2017): all mentions of many genres; `clean` takes only texts under a licence that lets anybody use them."""
    for row in lines(f"{folder}/gum/gum_attributions.jsonl"):
        free = row["text_licence"].startswith("CC-BY") and "-NC" not in row["text_licence"]
        if row["split"] not in splits or clean and not free:
            continue
        tokens, starts = row["tokens"], [a for a, _ in row["sentences"] if a]
        # A sentence without a final mark is a heading.
        breaks = {a for a in starts if tokens[a - 1] not in {".", "?", "!", '"', "”", "''", ")", "…"}}
        text, spans = joined(tokens, [s or k + 1 in starts for k, s in enumerate(row["space_after"])], breaks)
        chains = {}
        for m in row["mentions"]:
            chains.setdefault(m["entity"], []).append((spans[m["start"]][0], spans[m["end"] - 1][1]))
        yield Text(row["id"], text, list(chains.values()))


def litbank(folder):
    """LitBank (Bamman et al. 2020): the beginnings of a hundred novels."""
    for path in sorted(glob.glob(f"{folder}/litbank/coref/conll/*.conll")):
        tokens, breaks, marks = [], set(), []
        with open(path, encoding="utf8") as f:
            rows = [line.rstrip("\n").split("\t") for line in f if line.strip() and not line.startswith("#")]
        for k, row in enumerate(rows):
            tokens.append(row[3])
            marks.append(row[-1].strip())
            if row[2] == "0" and row[3] in {'"', "“"}:
                breaks.add(k)
        text, spans = joined(tokens, spaced(tokens), breaks)
        yield Text(os.path.basename(path), text, bracketed(marks, spans))


def bracketed(marks, spans):
    """Chains of CoNLL's column of coreference: "(4", "4)", "(4)", several with "|" between, "-" or "_" for none."""
    open_, chains = {}, {}
    for k, mark in enumerate(marks):
        for part in mark.split("|"):
            name = part.strip("() ")
            if part.strip().startswith("("):
                open_.setdefault(name, []).append(k)
            if part.strip().endswith(")") and open_.get(name):
                chains.setdefault(name, []).append((spans[open_[name].pop()][0], spans[k][1]))
    return list(chains.values())


def meantime(path):
    """MEANTIME (Minard et al. 2016): entities in the beginnings of 120 Wikinews articles."""
    documents = {}
    with open(path, encoding="utf8") as f:
        for line in f:
            fields = line.rstrip("\n").split("\t")
            if len(fields) >= 5:
                documents.setdefault(fields[0], []).append(fields)
    for name, rows in documents.items():
        tokens, marks = [r[3] for r in rows], [r[4] for r in rows]
        starts = {k for k in range(1, len(rows)) if rows[k][1] != rows[k - 1][1]}
        text, spans = joined(tokens, [s or k + 1 in starts for k, s in enumerate(spaced(tokens))])
        yield Text(name, text, bracketed(marks, spans))


def sources(rows):
    """Articles in our gold format: the sources of each speaker, and where the speaker is named."""
    for row in rows:
        chains, asked = {}, set()
        for a in row["attributions"]:
            for s in a["source"][:1] if a["speaker"] else []:
                chains.setdefault(a["speaker"], set()).add((s["start"], s["end"]))
                asked.add((s["start"], s["end"]))
        for name in list(chains):
            forms = {name, name.split()[-1]} if name[:1].isupper() else {name}
            for form in forms:
                chains[name] |= {m.span() for m in re.finditer(rf"\b{re.escape(form)}\b", row["text"])}
        yield Text(row["id"], row["text"], [sorted(c) for c in chains.values()], asked)


def texts(folder, clean=False):
    """(set, text) of all texts of the sets that the folder has; `clean` leaves out those that may not be used freely."""
    sets = {"wikinews": lambda folder: sources(lines(f"{folder}/wikinews/train.gold.jsonl")),
            "gum": lambda folder: gum(folder, clean), "litbank": litbank,
            "meantime": lambda folder: meantime(f"{folder}/meantime/en/meantime.conll"),
            "gap": lambda folder: gap(folder, "development")}
    for name, read in sets.items():
        if os.path.isdir(f"{folder}/{name}"):
            yield from ((name, text) for text in read(folder))
