"""The affinity of mentions: which earlier mention is the same entity (Lee et al. 2017, without spans)."""
import torch

import model

FIRST_WEIGHT = 0.3      # what a mention that has no earlier one counts for, of which there are many


def losses(network, batch, queries, keys):
    """Loss of each mention that the gold knows of, against those of a lower rank in its passage; and its weight."""
    passages = {}
    for b, window in enumerate(batch):
        passages.setdefault(window.passage, []).extend((m.rank, b, m, window.start) for m in window.mentions)
    for found in passages.values():
        found.sort(key=lambda item: item[0])
        if any(m.asked for _, _, m, _ in found):
            yield from _passage(network, found, queries, keys)


def _passage(network, found, queries, keys):
    rows, words = [b for _, b, _, _ in found], [m.word for _, _, m, _ in found]
    chains = torch.tensor([m.chain for _, _, m, _ in found])
    place = torch.tensor([start + m.word for _, _, m, start in found])
    earlier = torch.ones(len(found), len(found)).tril(-1).bool()
    q, k = queries[rows, words], keys[rows, words]
    root = network.affinity_size ** 0.5
    scores = q @ k.T / root + network.affinity_distance[model.bucket(place[None] - place[:, None])]
    none = q @ network.affinity_none / root + network.affinity_none_bias
    right = earlier & (chains[None] == chains[:, None])
    first = torch.tensor([m.first for _, _, m, _ in found])
    asked = torch.tensor([m.asked for _, _, m, _ in found]) & (right.any(1) | first)
    low = torch.finfo(scores.dtype).min / 2
    scores = torch.cat([none[:, None], scores.masked_fill(~earlier, low)], 1)
    wanted = torch.cat([(~right.any(1))[:, None], right], 1)
    loss = torch.logsumexp(scores, 1) - torch.logsumexp(scores.masked_fill(~wanted, low), 1)
    weight = torch.where(right.any(1), 1.0, FIRST_WEIGHT)
    yield loss[asked], weight[asked]


def mean(network, batch, queries, keys):
    """The weighted mean of `losses`, or zero."""
    parts = list(losses(network, batch, queries, keys))
    if not parts:
        return queries.sum() * 0
    loss, weight = (torch.cat(p) for p in zip(*parts))
    return (loss * weight).sum() / weight.sum().clamp(min=1e-6)
