"""The affinity of mentions: readers, passages, loss."""
import json
import types

import affinity
import coreference
import features
import pytest
import tiny
import torch


@pytest.mark.parametrize("marks, chains", [
    (["(1)", "-", "(1)"], [[(0, 2), (6, 8)]]),
    (["(1", "1)|(2)", "2"], [[(0, 5)], [(3, 5)]]),
    (["(1|(1)", "-", "1)"], [[(0, 2), (0, 8)]]),
    (["-", "_", "1)"], []),
])
def test_brackets_become_spans(marks, chains):
    assert [sorted(c) for c in coreference.bracketed(marks, [(0, 2), (3, 5), (6, 8)])] == chains


def test_the_tokens_of_a_text_are_joined_as_they_are_written():
    tokens = ["The", "mayor", "'s", "aide", "said", ":", "“", "No", "”", "(", "twice", ")", "."]
    text, spans = coreference.joined(tokens, coreference.spaced(tokens))
    assert text.strip() == "The mayor's aide said: “No” (twice)."
    assert [text[s:e] for s, e in spans] == tokens


def ranked(base, text):
    words = features.words_of(features.load_tokenizer(f"{base}/tokenizer.json"), tiny.ARTICLE)
    return words, features.ranked_mentions(text, words)


def test_mentions_stand_at_their_first_words(base):
    mayor, brandt, she = (tiny.span(t) for t in ("Mayor Ilse Brandt", "Ilse Brandt", "She"))
    words, mentions = ranked(base, coreference.Text("a", tiny.ARTICLE, [[mayor, she], [brandt]]))
    named = [(tiny.ARTICLE[slice(*words.spans[w])], chain, first, asked) for w, _, chain, first, asked in mentions]
    assert named == [("Mayor", 0, True, True), ("Ilse", 1, True, True), ("She", 0, False, True)]


def test_what_is_asked_for_comes_after_what_it_may_mean(base):
    she, union = tiny.span("She"), tiny.span("The union")
    _, mentions = ranked(base, coreference.Text("a", tiny.ARTICLE, [[union, she]], {she}))
    (_, rank_she, _, first, asked), (_, rank_union, *_) = mentions
    assert rank_she > rank_union and asked and not first


def test_passages_hold_every_mention_once_and_batches_every_passage(base):
    chains = [[tiny.span(t)] for t in ("Mayor", "Brandt told", "She", "The union", "the council")]
    words, mentions = ranked(base, coreference.Text("a", tiny.ARTICLE, chains))
    groups = features.passages(words, mentions, 24, 2)
    windows = [w for g in groups for w in g]
    assert all(len(g) <= 2 for g in groups)
    found = [(w.start + m.word, m.rank) for w in windows for m in w.mentions]
    assert found == [(w, r) for w, r, *_ in mentions]
    batches = features.passage_batches(groups, 60, features.random.Random(1))
    assert sorted(tuple(w.ids) for b in batches for w in b) == sorted(tuple(w.ids) for w in windows)
    assert all(len({w.passage for w in b}) == b[-1].passage + 1 for b in batches)


def window(mentions):
    return features.Window([0] * 9, [0] * 9, list(range(1, 8)), None, None, None, [], [], [], 0,
                           [features.Mention(*m) for m in mentions])


def test_the_loss_asks_for_an_earlier_mention_of_the_entity():
    network = types.SimpleNamespace(affinity_size=4, affinity_distance=torch.zeros(99), affinity_none=torch.zeros(4),
                                    affinity_none_bias=torch.tensor(0.0))
    keys = torch.zeros(1, 7, 4)
    keys[0, 0, 0] = keys[0, 2, 1] = 1.0
    queries = torch.zeros(1, 7, 4)
    # Word 4 is of the entity of word 0, which it points at.
    queries[0, 4, 0] = 40.0
    batch = [window([(0, 0, 0, True, True), (2, 1, 1, True, True), (4, 2, 0, False, True)])]
    loss, weight = zip(*affinity.losses(network, batch, queries, keys))
    assert torch.allclose(loss[0], torch.tensor([0.0, 2.0, 3.0]).clamp(min=1).log() * torch.tensor([0, 1, 0]), atol=1e-3)
    assert weight[0].tolist() == pytest.approx([0.3, 0.3, 1.0])
    queries[0, 4, 0], queries[0, 4, 1] = 0.0, 40.0
    assert affinity.mean(network, batch, queries, keys) > 5


def test_readers_know_their_formats(tmp_path):
    gum = {"id": "G", "split": "train", "text_licence": "CC-BY-NC-SA-4.0", "tokens": ["Ortiz", "left", ".", "She", "waved", "."],
           "space_after": [True, False, True, True, False, True], "sentences": [[0, 3], [3, 6]],
           "mentions": [{"entity": "1", "start": 0, "end": 1}, {"entity": "1", "start": 3, "end": 4}]}
    tiny.write(tmp_path / "gum/gum_attributions.jsonl", "".join(json.dumps(gum | {"split": s}) + "\n" for s in ("train", "dev")))
    head = "ID\tText\tPronoun\tPronoun-offset\tA\tA-offset\tA-coref\tB\tB-offset\tB-coref\tURL\n"
    row = "t-1\tOrtiz met Brandt and she left.\tshe\t21\tOrtiz\t0\tTRUE\tBrandt\t10\tFALSE\tu\n"
    tiny.write(tmp_path / "gap/gap-development.tsv", head + row)
    rows = [("d", "0", "0", "Ortiz", "(1)"), ("d", "0", "1", "left", "-"), ("d", "1", "0", "She", "(1)"), ("d", "1", "1", "waved", "-")]
    tiny.write(tmp_path / "meantime/en/meantime.conll", "#begin document (d)\n" + "".join("\t".join(r) + "\n" for r in rows))
    said = {"id": "w", "text": "Ana Ortiz spoke. \"No,\" she said. Ortiz left.", "attributions": [
        {"source": [{"start": 23, "end": 26}], "speaker": "Ana Ortiz"}, {"source": [], "speaker": ""}]}
    tiny.write(tmp_path / "wikinews/train.gold.jsonl", json.dumps(said) + "\n")
    assert "gum" not in {name for name, _ in coreference.texts(tmp_path, clean=True)}
    found = {name: (text, [[text.text[s:e] for s, e in c] for c in text.chains]) for name, text in coreference.texts(tmp_path)}
    assert {n: c for n, (_, c) in found.items()} == {
        "gum": [["Ortiz", "She"]], "gap": [["Ortiz", "she"], ["Brandt"]], "meantime": [["Ortiz", "She"]],
        "wikinews": [["Ana Ortiz", "Ortiz", "she", "Ortiz"]]}
    assert found["gap"][0].asked == {(21, 24)} and found["gum"][0].asked is None
