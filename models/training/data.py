"""Readers of the training sets: each yields articles as `Article`, whatever the format on disk.

Every offset is a code-point offset into `Article.text`, end exclusive.
"""
import glob
import json
import os
import random
import re
from dataclasses import dataclass

ROLES = ["source", "cue", "content"]
ENTITIES = ["person", "organization", "location", "misc"]
KINDS = ["speech", "thought"]
TYPES = ["person", "organization", "group", "document"]


@dataclass
class Attribution:
    """One attribution: for each role the parts of its span, in text order; empty where the role is absent."""
    source: list
    cue: list
    content: list
    kind: str | None = None
    type: str | None = None


@dataclass
class Article:
    """A text with what is known of it. `entities` is None where names are not annotated, and so for `attributions`."""
    id: str
    text: str
    attributions: list | None = None
    entities: list | None = None        # (start, end, label)
    nested: bool = False                # whether attributions within another's content are annotated, too


def polnear(folder, split):
    """PolNeAR: attributions of the first annotator, names from the automatic tags that come with the corpus."""
    texts = sorted(glob.glob(f"{folder}/data/{split}/text/*"))
    for path in texts:
        base = os.path.basename(path)[:-4]
        files = sorted(glob.glob(f"{folder}/data/{split}/attributions/{glob.escape(base)}*.ann"))
        if not files:
            continue
        with open(path, encoding="utf8", newline="") as f:
            text = f.read()
        yield Article(base, text, _brat(files[0], len(text)), _corenlp(f"{folder}/data/{split}/corenlp-tokens/{base}.tsv"))


def _brat(path, length):
    spans, links = {}, []
    with open(path, encoding="utf8") as f:
        for line in f:
            fields = line.rstrip("\n").split("\t")
            if line.startswith("T") and len(fields) > 1:
                role, rest = fields[1].split(" ", 1)
                parts = [tuple(map(int, p.split())) for p in rest.split(";")]
                spans[fields[0]] = (role.lower(), [(s, min(e, length)) for s, e in parts if s < length])
            elif line.startswith("E") and len(fields) > 1:
                links.append([a.split(":", 1) for a in fields[1].split()])
            elif line.startswith("R") and len(fields) > 1:
                links.append([a.split(":", 1) for a in fields[1].split()[1:]])
    groups = _groups(spans, links)
    out = []
    for group in groups:
        parts = {r: sorted(p for t in group if spans[t][0] == r for p in spans[t][1]) for r in ROLES}
        if parts["content"] or parts["cue"]:
            out.append(Attribution(**parts))
    return out


def _groups(spans, links):
    """Sets of text-bound ids that form one attribution each; spans of no relation stand alone."""
    groups, seen = [], set()
    for link in links:
        ids = [t for _, t in link if t in spans and spans[t][0] in ROLES]
        if ids:
            groups.append(ids)
            seen.update(ids)
    return groups + [[t] for t in spans if t not in seen and spans[t][0] in ROLES]


CORENLP = {"PERSON": "person", "ORGANIZATION": "organization", "LOCATION": "location", "CITY": "location",
           "COUNTRY": "location", "STATE_OR_PROVINCE": "location", "MISC": "misc", "NATIONALITY": "misc"}


def _corenlp(path):
    if not os.path.exists(path):
        return None
    out = []
    with open(path, encoding="utf8") as f:
        next(f)
        for line in f:
            fields = line.rstrip("\n").split("\t")
            label = CORENLP.get(fields[-1])
            if not label or len(fields) < 5:
                continue
            sent, start, end = fields[0], fields[2], fields[3]
            if out and out[-1][2:] == (label, sent) and int(start) - out[-1][1] <= 1:
                out[-1] = (out[-1][0], int(end), label, sent)
            else:
                out.append((int(start), int(end), label, sent))
    return [(s, e, label) for s, e, label, _ in out]


def gold_jsonl(path):
    """dixit's own gold format (Wikinews and the articles of `corpus/`)."""
    with open(path, encoding="utf8") as f:
        for line in f:
            yield gold_article(json.loads(line))


def gold_article(d):
    """An article of that format, parsed."""
    spans = lambda a, r: [(s["start"], s["end"]) for s in a[r]]
    return Article(d["id"], d["text"], [
        Attribution(spans(a, "source"), spans(a, "cue"), spans(a, "content"), a.get("kind"),
                    a.get("speaker_type") if a.get("speaker_type") in TYPES else None)
        for a in d["attributions"]], nested=True)


NEWSWIRE = {"Person": "person", "Organization": "organization", "Location": "location", "Facility": "location",
            "NORP": "misc", "Product": "misc", "Miscellaneous": "misc", "Misc": "misc"}


def newswire_entities(path):
    """Worldwide newswire: names only. The corpus has tokens; the text is set again by simple rules."""
    def article(name, sentences):
        text, entities = "", []
        for sentence in sentences:
            opened = False
            for k, (word, tag) in enumerate(sentence):
                closing = re.fullmatch(r"[.,;:!?%)\]’”]+|['’](s|re|ve|ll|d|m|t)|n['’]t", word)
                if word == '"':
                    closing, opened = opened, not opened
                if k and not closing and not text.endswith(("(", "[", "“", "‘", "$", "\x00")):
                    text += " "
                text = text.replace("\x00", "")
                label = NEWSWIRE.get(tag[2:])
                if label and tag[0] == "I" and entities and entities[-1][2] == label and len(text) - entities[-1][1] <= 1:
                    entities[-1] = (entities[-1][0], len(text) + len(word), label)
                elif label:
                    entities.append((len(text), len(text) + len(word), label))
                text += word
                if word == '"' and opened:
                    text += "\x00"
            text = text.replace("\x00", "") + "\n"
        return Article(name, text, None, entities)

    name, sentences, sentence = "", [], []
    with open(path, encoding="utf8") as f:
        for line in f:
            fields = line.rstrip("\n").split("\t")
            if line.startswith("# file"):
                if sentences:
                    yield article(name, sentences)
                name, sentences, sentence = line.split("=", 1)[1].strip(), [], []
            elif len(fields) < 2:
                if sentence:
                    sentences.append(sentence)
                sentence = []
            else:
                sentence.append((fields[0], fields[1]))
    if sentence:
        sentences.append(sentence)
    if sentences:
        yield article(name, sentences)


def iob2_entities(path):
    """Universal NER in IOB2 (word in column 2, tag in column 3): names only."""
    labels = {"PER": "person", "ORG": "organization", "LOC": "location"}
    text, entities = "", []
    with open(path, encoding="utf8") as f:
        for line in f:
            fields = line.rstrip("\n").split("\t")
            if line.startswith("#"):
                continue
            if len(fields) < 3:
                text += "\n"
                continue
            word, tag = fields[1], fields[2]
            if text and not text.endswith("\n") and not re.fullmatch(r"[.,;:!?)]|'s|n't", word):
                text += " "
            label = labels.get(tag[2:])
            if label and tag[0] == "I" and entities:
                entities[-1] = (entities[-1][0], len(text) + len(word), entities[-1][2])
            elif label:
                entities.append((len(text), len(text) + len(word), label))
            text += word
    yield Article(os.path.basename(path), text, None, entities)


# PropBank senses (Palmer et al. 2005) that attribute; their ARG0 is a source and their ARG1 a content.
REPORTING = {"say.01", "tell.01", "add.01", "announce.01", "argue.01", "ask.01", "believe.01", "claim.01", "deny.01",
             "explain.01", "hope.01", "insist.01", "note.01", "predict.01", "report.01", "state.01", "suggest.01",
             "think.01", "warn.01", "write.01"}


def propbank(path):
    """English Web Treebank with PropBank: reporting verbs with a content. What is reported without a verb is missing."""
    with open(path, encoding="utf8") as f:
        for line in f:
            d = json.loads(line)
            text, attributions = "", []
            for sentence in d["sentences"]:
                at = _places(sentence["text"], sentence["tokens"], len(text))
                text += sentence["text"] + "\n"
                for p in sentence["preds"] if at else []:
                    if p["roleset"] not in REPORTING:
                        continue
                    spans = {label: (at[start][0], at[end - 1][1]) for label, start, end in p["args"] if start < end}
                    if "ARG1" in spans and "V" in spans:
                        source = [spans["ARG0"]] if "ARG0" in spans else []
                        attributions.append(Attribution(source, [spans["V"]], [spans["ARG1"]]))
            yield Article(d["id"], text, attributions, nested=True)


def _places(text, tokens, offset):
    """Where each token stands, or None if the text has not all of them."""
    out, at = [], 0
    for token in tokens:
        found = text.find(token, at)
        if found < 0:
            return None
        at = found + len(token)
        out.append((offset + found, offset + at))
    return out


def wrapped(articles, share, seed):
    """Attributions within attributions, made: a `share` of the lines that hold an attribution and no quotation mark are
    put into the mouth of a source of another line, so that what was reported once is reported twice."""
    rng = random.Random(seed)
    lines, sources = [], []
    for article in articles:
        start = 0
        for line in article.text.split("\n"):
            end = start + len(line)
            inside = lambda a: all(start <= s and e <= end for r in ROLES for s, e in getattr(a, r))
            own = [a for a in article.attributions if inside(a)]
            others = sum(any(start <= s < end for r in ROLES for s, _ in getattr(a, r)) for a in article.attributions)
            if own and len(own) == others and line.endswith(".") and len(line) < 300 and not re.search("[\"“”«»]|''", line):
                lines.append((line, [_moved(a, -start) for a in own]))
            names = (article.text[s:e] for a in own for s, e in a.source if e - s < 60)
            sources += [n for n in names if n[:1].isupper() and n.split()[0].lower() not in PRONOUNS]
            start = end + 1
    for n, (line, attributions) in enumerate(lines):
        if rng.random() < share:
            yield _wrapped(f"wrapped-{n}", line, attributions, rng.choice(sources), rng)


PRONOUNS = {"he", "she", "they", "it", "i", "we", "you", "who", "that", "this", "his", "her", "their", "my", "our"}
CUES = ["said", "says", "reported", "wrote", "told reporters", "claimed", "added", "argued", "announced"]


def _wrapped(name, line, attributions, source, rng):
    cue, bare = rng.choice(CUES), line[:-1]
    if rng.random() < 0.5:
        before = f"{source} {cue} that "
        # A first word that is lower case elsewhere in the line loses its capital; a name keeps it.
        bare = bare[0].lower() + bare[1:] if bare.split()[0].lower() in LOWERED else bare
        text, at = before + bare + ".", len(before)
        outer = Attribution([(0, len(source))], [(len(source) + 1, len(source) + 1 + len(cue))],
                            [(len(before) - 5, len(text) - 1)])
    else:
        text, at = f"{bare}, {source} {cue}.", 0
        begin = len(bare) + 2
        outer = Attribution([(begin, begin + len(source))],
                            [(begin + len(source) + 1, begin + len(source) + 1 + len(cue))], [(0, len(bare))])
    end = at + len(bare)
    inner = [Attribution(*([(s, min(e, end)) for s, e in getattr(_moved(a, at), r) if s < end] for r in ROLES))
             for a in attributions]
    return Article(name, text, [outer] + inner, nested=True)


LOWERED = {"the", "a", "an", "in", "on", "at", "he", "she", "they", "it", "but", "and", "some", "many", "his", "her",
           "their", "its", "this", "that", "these", "those", "while", "when", "if", "as", "after", "before", "for"}


def _moved(attribution, by):
    return Attribution(*([(s + by, e + by) for s, e in getattr(attribution, r)] for r in ROLES))
