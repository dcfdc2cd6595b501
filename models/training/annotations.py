"""Our annotations of raw news (`annotations/train/` and `annotations/dev/`), put together with its text.

The files hold places only, never words: each line is an article, `id`, `sha256` (the first 16 digits of its text's) and
`attributions`. An attribution has the parts of its `source`, `cue` and `content` as [start, end] in code points, `mode`,
`kind`, `speaker_type`, and `speaker`, where the article first gives the speaker's full name, or null.

`annotations.py DATA SPLIT` prints the articles of a split, train or dev, with their texts, for `dixit evaluate`.
"""
import hashlib
import json
import lzma
import os
import sys

import coreference
import data

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "annotations")
CLEAN = ["meantime", "releases"]


class Changed(Exception):
    """The text of an article is not the one that was annotated."""


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def rows(folder, clean=False, split="train", annotations=HERE):
    """The annotated articles whose texts are in `folder`, in the gold format of `corpus/`."""
    for source, (read, path) in TEXTS.items():
        path = f"{folder}/{path}"
        if clean and source not in CLEAN or not os.path.exists(path):
            continue
        with open(f"{annotations}/{split}/{source}.jsonl", encoding="utf8") as f:
            marked = {d["id"]: d for d in map(json.loads, f)}
        for id, text in read(path):
            if id in marked:
                yield put_together(f"{source}/{id}", text, marked[id])


def put_together(id, text, marked):
    if digest(text) != marked["sha256"]:
        raise Changed(f"{id}: the text is not the one that was annotated; leave the article out of annotations/")
    part = lambda span: {"start": span[0], "end": span[1], "text": text[span[0] : span[1]]}
    return {"id": id, "text": text, "attributions": [
        {"id": number, **{r: [part(s) for s in a[r]] for r in data.ROLES}, "mode": a["mode"], "kind": a["kind"],
         "speaker": text[slice(*a["speaker"])] if a["speaker"] else "", "speaker_type": a["speaker_type"]}
        for number, a in enumerate(marked["attributions"], 1)]}


def _raw(path):
    with lzma.open(path, "rt", encoding="utf8") as f:
        for line in f:
            d = json.loads(line)
            yield d["id"], d["text"]


def _newswire(path):
    for article in data.newswire_entities(path):
        yield article.id, article.text


def _meantime(path):
    for text in coreference.meantime(path):
        yield text.id, text.text


# What reads the texts of a file of annotations, and where in DATA they are.
TEXTS = {
    "allsides": (_raw, "rawnews/allsides.jsonl.xz"),
    "releases": (_raw, "rawnews/public-press-releases.jsonl.xz"),
    "meantime": (_meantime, "meantime/en/meantime.conll"),
    "newswire": (_newswire, "worldwide-newswire-ner/all.bio.tsv"),
}


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[2] not in ("train", "dev"):
        sys.exit(__doc__)
    for row in rows(sys.argv[1], split=sys.argv[2]):
        print(json.dumps(row, ensure_ascii=False))
