"""Text to the model's input: words, pieces, token types, and the gold as labels over words.

`src/encoder/` does the same in Rust at run time; `reference.json` of an exported model holds examples that keep the two
equal.
"""
import random
from bisect import bisect_right
from dataclasses import dataclass, field, replace

from tokenizers import Tokenizer

from data import ENTITIES, KINDS, ROLES, TYPES

CLS, SEP, PAD = 101, 102, 0


def load_tokenizer(path):
    tokenizer = Tokenizer.from_file(path)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


@dataclass
class Words:
    """The words of a text. `pieces[w]` are the ids of word w, `spans[w]` its code points, `types[w]` its token type,
    `breaks[w]` whether it begins a line."""
    pieces: list
    spans: list
    types: list
    breaks: list


def case_class(word):
    """0 lower case or no letter, 1 Title, 2 UPPER, 3 anything else."""
    if not any(c.isalpha() for c in word) or word.islower():
        return 0
    if len(word) > 1 and word.isupper():
        return 2
    return 1 if word[0].isupper() else 3


def inside_quotation(text):
    """Per code point whether it stands inside double quotation marks, the marks included. A line's end closes."""
    flags, start = [False] * len(text), None
    for k, ch in enumerate(text):
        if ch == "\n":
            start = None
        elif ch in "“«„":
            start = k if start is None else start
        elif ch == '"':
            start = k if start is None else None
        elif ch in "”»":
            flags[k] = start is not None
            start = None
        flags[k] = flags[k] or start is not None or ch == '"'
    return flags


def words_of(tokenizer, text):
    encoding = tokenizer.encode(text, add_special_tokens=False)
    inside = inside_quotation(text)
    out = Words([], [], [], [])
    last = None
    for id_, (start, end), word in zip(encoding.ids, encoding.offsets, encoding.word_ids):
        if word == last:
            out.pieces[-1].append(id_)
            out.spans[-1] = (out.spans[-1][0], end)
        else:
            before = out.spans[-1][1] if out.spans else 0
            out.breaks.append(not out.spans or "\n" in text[before:start])
            out.pieces.append([id_])
            out.spans.append((start, end))
            last = word
    out.types = [case_class(text[s:e]) + 4 * inside[s] for s, e in out.spans]
    return out


@dataclass
class Gold:
    """Labels over the words of a text; None where the set does not annotate it.

    roles, inner, entities: BIO, 0 outside, 1+2k begins class k, 2+2k continues it. `roles` are those of the outermost
    attributions, `inner` those of the attributions that stand directly in another's content.
    parts: (layer, role, first word, attribution) of every labelled span part, layer 0 being `roles` and 1 `inner`.
    """
    roles: list | None
    inner: list | None
    entities: list | None
    parts: list
    attributions: list


NOTHING = Gold(None, None, None, [], [])


def layers(attributions):
    """The attributions that stand in no other's content, and those that stand in these alone; the rest is left out."""
    chars = lambda parts: {k for s, e in parts for k in range(s, e)}
    contents = [chars(a.content) for a in attributions]

    def outermost(numbers):
        for i in numbers:
            own = chars(attributions[i].cue) | chars(attributions[i].source)
            if not any(j != i and len(contents[j]) > len(contents[i]) and (own & contents[j] or contents[i] < contents[j])
                       for j in numbers):
                yield i
    outer = list(outermost(range(len(attributions))))
    inner = list(outermost(sorted(set(range(len(attributions))) - set(outer))))
    return [attributions[i] for i in outer], [attributions[i] for i in inner]


def gold_of(article, words):
    roles = inner = entities = None
    parts, attributions = [], []
    if article.attributions is not None:
        outer, nested = layers(article.attributions) if article.nested else (article.attributions, [])
        attributions = outer + nested
        roles = _roles(outer, words, 0, 0, parts)
        if article.nested:
            inner = _roles(nested, words, 1, len(outer), parts)
    if article.entities is not None:
        entities = [0] * len(words.spans)
        for start, end, label in article.entities:
            covered = _covered(words.spans, start, end)
            for w in covered:
                entities[w] = 2 + 2 * ENTITIES.index(label)
            if covered:
                entities[covered[0]] -= 1
    return Gold(roles, inner, entities, parts, attributions)


def _roles(attributions, words, layer, number, parts):
    """The labels of one layer. Appends its parts; the attributions are counted from `number` on."""
    labels, own = [0] * len(words.spans), []
    # Content first: where a set lets spans overlap, the small source and cue stay visible.
    for k in (2, 0, 1):
        for n, a in enumerate(attributions):
            for start, end in getattr(a, ROLES[k]):
                covered = _covered(words.spans, start, end)
                for w in covered:
                    labels[w] = 2 + 2 * k
                if covered:
                    labels[covered[0]] = 1 + 2 * k
                    own.append((layer, k, covered[0], number + n))
    _repair(labels)
    parts += [p for p in own if labels[p[2]] == 1 + 2 * p[1]]
    return labels


def _covered(spans, start, end):
    first = bisect_right(spans, (start, float("inf")))
    if first and spans[first - 1][1] > start:
        first -= 1
    last = first
    while last < len(spans) and spans[last][0] < end:
        last += 1
    return range(first, last)


def _repair(labels):
    """A span whose beginning another span overwrote begins anew."""
    previous = 0
    for k, label in enumerate(labels):
        if label and label % 2 == 0 and previous not in (label, label - 1):
            labels[k] = label - 1
        previous = labels[k]


@dataclass
class Window:
    """One input of the encoder with its gold; positions are words of the window."""
    ids: list
    types: list
    first: list             # index in `ids` of each word's first piece
    roles: list | None
    inner: list | None
    entities: list | None
    links: list             # (layer, relation, from word, to word or -1)
    kinds: list             # (cue word, kind)
    source_types: list      # (source word, type)
    start: int = 0          # number of its first word in the text
    mentions: list = field(default_factory=list)    # of `Mention`
    passage: int = 0        # windows of one batch with one number hang together
    soft: list | None = None    # probabilities of the labels, by teachers (`distill.py`)


@dataclass(frozen=True)
class Mention:
    """A mention of an entity, by its first word. It is looked for among those of a lower `rank`; `first` tells that its
    entity has none there in the whole text, and `asked` whether the gold knows of it."""
    word: int               # in the window
    rank: int
    chain: int
    first: bool
    asked: bool


def windows(words, gold, budget, overlap=0, first_budget=None):
    """Cuts a text into windows of at most `budget` pieces: whole lines where they fit, over-long lines in pieces."""
    room = budget - 2
    limit = first_budget or room
    lines, current = [], []
    for w, begins in enumerate(words.breaks):
        if begins and current:
            lines.append(current)
            current = []
        current.append(w)
    if current:
        lines.append(current)
    size = lambda ws: sum(len(words.pieces[w]) for w in ws)
    window, used = [], 0
    for line in lines:
        cost = size(line)
        if window and used + cost > limit:
            yield build(words, gold, window)
            window, used, limit = [], 0, room
        while cost > room:
            cut, part = 0, 0
            while part + len(words.pieces[line[cut]]) <= room:
                part += len(words.pieces[line[cut]])
                cut += 1
            if not cut:         # a single word longer than a window
                line, cost = line[1:], cost - len(words.pieces[line[0]])
                continue
            yield build(words, gold, line[:cut])
            back, shared = cut, 0
            while back > 1 and shared + len(words.pieces[line[back - 1]]) <= overlap:
                back -= 1
                shared += len(words.pieces[line[back]])
            line = line[back:]
            cost = size(line)
        window, used = window + line, used + cost
    if window:
        yield build(words, gold, window)


CONTENT_CUE, CUE_SOURCE, CONTENT_SOURCE = range(3)
RELATIONS = [("content", "cue"), ("cue", "source"), ("content", "source")]


def build(words, gold, chosen):
    ids, types, first = [CLS], [0], []
    for w in chosen:
        first.append(len(ids))
        ids += words.pieces[w]
        types += [words.types[w]] * len(words.pieces[w])
    ids.append(SEP)
    types.append(0)
    at = {w: k for k, w in enumerate(chosen)}
    cut = lambda labels: None if labels is None else _cut([labels[w] for w in chosen])
    parts = [(layer, k, at[w], n) for layer, k, w, n in gold.parts if w in at]
    where = {}
    for layer, k, w, n in parts:
        where.setdefault((k, n), w)
    links, kinds, source_types = [], [], []
    for layer, k, w, n in parts:
        a = gold.attributions[n]
        for r, (head, target) in enumerate(RELATIONS):
            if ROLES[k] != head:
                continue
            to = where.get((ROLES.index(target), n), -1)
            # A target that exists outside the window is neither there nor absent: say nothing.
            if to >= 0 or not getattr(a, target):
                links.append((layer, r, w, to))
        if ROLES[k] == "cue" and a.kind:
            kinds.append((w, KINDS.index(a.kind)))
        if ROLES[k] == "source" and a.type:
            source_types.append((w, TYPES.index(a.type)))
    return Window(ids, types, first, cut(gold.roles), cut(gold.inner), cut(gold.entities), links, kinds, source_types,
                  chosen[0])


def _cut(labels):
    if labels and labels[0] and labels[0] % 2 == 0:
        labels[0] -= 1
    return labels


def shuffled_windows(prepared, budget, overlap, rng):
    """The windows of one epoch: each text is cut at other places in each, so that context varies."""
    for words, gold in prepared:
        yield from windows(words, gold, budget, overlap, first_budget=rng.randint(budget // 3, budget - 2))


def ranked_mentions(text, words):
    """(word, rank, chain, first, asked) of the mentions of a `coreference.Text`, in the order of the words.

    Where one begins in another, that of the entity that is mentioned more often stands for both. Mentions rank by their
    place, but those that are asked for come last if only some are.
    """
    at = {}
    for number, chain in enumerate(text.chains):
        for span in chain:
            word = bisect_right(words.spans, (span[0], float("inf"))) - 1
            known = at.get(word)
            if word >= 0 and (known is None or len(chain) > len(text.chains[known[0]])):
                at[word] = (number, text.asked is None or span in text.asked)
    last = lambda item: (text.asked is not None and item[1][1], item[0])
    seen, out = set(), []
    for rank, (word, (chain, asked)) in enumerate(sorted(at.items(), key=last)):
        out.append((word, rank, chain, chain not in seen, asked))
        seen.add(chain)
    return sorted(out)


def passages(words, mentions, budget, length, first_budget=None):
    """Cuts a text into windows, and these into passages of at most `length` windows in a row."""
    out, k = [], 0
    for window in windows(words, NOTHING, budget, first_budget=first_budget):
        end = window.start + len(window.first)
        while k < len(mentions) and mentions[k][0] < end:
            word, *rest = mentions[k]
            if word >= window.start:
                window.mentions.append(Mention(word - window.start, *rest))
            k += 1
        out.append(window)
    return [out[k: k + length] for k in range(0, len(out), length)]


def passage_batches(groups, pieces, rng):
    """Batches of whole passages, of at most `pieces` pieces, padding included, unless one alone has more."""
    order = list(groups)
    rng.shuffle(order)
    out, batch, longest = [], [], 0
    for group in order:
        wide = max(longest, *(len(w.ids) for w in group))
        if batch and wide * (len(batch) + len(group)) > pieces:
            out.append(batch)
            batch, wide = [], max(len(w.ids) for w in group)
        number = batch[-1].passage + 1 if batch else 0
        batch += [replace(w, passage=number) for w in group]
        longest = wide
    return out + [batch] if batch else out


def batches(examples, pieces, rng=None):
    """Groups windows of like length into batches of at most `pieces` pieces, padding included."""
    jitter = (lambda: rng.random() * 12) if rng else (lambda: 0)
    order = sorted(examples, key=lambda w: len(w.ids) + jitter())
    out, batch, longest = [], [], 0
    for w in order:
        if batch and max(longest, len(w.ids)) * (len(batch) + 1) > pieces:
            out.append(batch)
            batch, longest = [], 0
        batch.append(w)
        longest = max(longest, len(w.ids))
    if batch:
        out.append(batch)
    (rng or random.Random(0)).shuffle(out)
    return out
