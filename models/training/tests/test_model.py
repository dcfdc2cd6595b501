"""The conditional random field against the sum and the maximum over all paths."""
import itertools
import math

import model
import torch


def paths(crf, scores):
    """Score of every label sequence."""
    move = crf.transitions + crf.hard
    for path in itertools.product(range(scores.shape[1]), repeat=len(scores)):
        total = crf.start[path[0]] + sum(row[k] for row, k in zip(scores, path))
        yield path, (total + sum(move[a, b] for a, b in zip(path, path[1:]))).item()


def field(labels):
    crf = model.Crf(labels)
    crf.transitions.data = torch.randn(labels, labels)
    return crf


def test_loss_is_that_of_the_definition():
    crf = field(3)
    for length in (1, 2, 5):
        scores, gold = torch.randn(1, length, 3), torch.tensor([[1, 2, 2, 0, 1][:length]])
        every = dict(paths(crf, scores[0]))
        expected = torch.logsumexp(torch.tensor(list(every.values())), 0) - every[tuple(gold[0].tolist())]
        got = crf.loss(scores, gold, torch.ones(1, length, dtype=torch.bool))
        assert abs(got.item() * length - expected.item()) < 1e-3


def test_marginals_are_the_shares_of_the_paths():
    crf = field(3)
    for length in (1, 2, 5):
        scores = torch.randn(1, length + 2, 3)
        mask = torch.tensor([[True] * length + [False] * 2])
        every = dict(paths(crf, scores[0, :length]))
        total = sum(math.exp(v) for v in every.values())
        got = crf.log_marginals(scores, mask)[0, :length].exp()
        for word, label in itertools.product(range(length), range(3)):
            expected = sum(math.exp(v) for path, v in every.items() if path[word] == label) / total
            assert abs(got[word, label].item() - expected) < 1e-4


def test_padding_changes_nothing():
    crf, scores = field(3), torch.randn(1, 7, 3)
    gold, mask = torch.tensor([[1, 2, 0, 0, 0, 0, 0]]), torch.tensor([[True] * 3 + [False] * 4])
    short = crf.loss(scores[:, :3], gold[:, :3], mask[:, :3])
    assert abs(crf.loss(scores, gold, mask).item() - short.item()) < 1e-4


def test_decoding_finds_the_best_allowed_path():
    crf = field(5)
    for _ in range(20):
        scores = torch.randn(4, 5) * 3
        best = max(paths(crf, scores), key=lambda it: it[1])[0]
        assert tuple(crf.decode(scores)) == best
        assert all(b not in (2, 4) or a in (b, b - 1) for a, b in zip((0, *best), best))
