"""Text to words, types, labels and windows."""
import random

import data
import features
import tiny


def article():
    return data.Article("a", tiny.ARTICLE, [data.Attribution([s], [c], [t], kind, "person")
                                            for s, c, t, kind in tiny.spans()], nested=True)


def labelled(words, labels):
    """(label, words) of each span of BIO labels."""
    out = []
    for (start, end), label in zip(words.spans, labels):
        if label % 2:
            out.append([label // 2, start, end])
        elif label:
            out[-1][2] = end
    return [(data.ROLES[k], tiny.ARTICLE[s:e]) for k, s, e in out]


def prepared(base):
    words = features.words_of(features.load_tokenizer(f"{base}/tokenizer.json"), tiny.ARTICLE)
    return words, features.gold_of(article(), words)


def test_every_word_says_what_the_text_says(base):
    words, _ = prepared(base)
    assert "".join(tiny.ARTICLE[s:e] for s, e in words.spans) == "".join(tiny.ARTICLE.split())
    assert all(words.pieces)


def test_types_carry_case_and_quotation(base):
    words, _ = prepared(base)
    kind = {tiny.ARTICLE[s:e]: t for (s, e), t in zip(words.spans, words.types)}
    assert (kind["PORT"], kind["Ilse"], kind["ships"], kind["waited"]) == (2, 1, 0, 4)


def test_layers_are_labelled_apart(base):
    words, gold = prepared(base)
    outer, inner = labelled(words, gold.roles), labelled(words, gold.inner)
    assert ("content", "that the council believes the work is cheap") in outer
    assert inner == [("source", "the council"), ("cue", "believes"), ("content", "the work is cheap")]
    assert len(outer) == 12


def test_windows_hold_every_word_and_restart_cut_spans(base):
    words, gold = prepared(base)
    for budget in (12, 20, 64):
        cut = list(features.windows(words, gold, budget))
        assert all(len(w.ids) <= budget for w in cut)
        assert sum(len(w.first) for w in cut) == len(words.spans)
        assert all(w.roles[0] % 2 == 1 or w.roles[0] == 0 for w in cut)


def test_links_point_at_the_beginnings_of_spans(base):
    words, gold = prepared(base)
    window, = features.windows(words, gold, 128)
    for layer, relation, at, to in window.links:
        labels = (window.roles, window.inner)[layer]
        head, target = features.RELATIONS[relation]
        assert labels[at] == 1 + 2 * data.ROLES.index(head)
        assert to < 0 or labels[to] == 1 + 2 * data.ROLES.index(target)
    assert {layer for layer, *_ in window.links} == {0, 1}


def test_batches_hold_each_window_once_within_the_budget(base):
    words, gold = prepared(base)
    windows = list(features.windows(words, gold, 20)) * 5
    made = features.batches(windows, 100, random.Random(1))
    assert sorted(map(id, (w for b in made for w in b))) == sorted(map(id, windows))
    assert all(max(len(w.ids) for w in b) * len(b) <= 100 for b in made)
