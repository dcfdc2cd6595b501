"""The network: a BERT encoder, one linear layer with all heads, and the transitions of the role labels."""
import json
import math

import torch
from safetensors.torch import load_file
from torch import nn
from transformers import BertModel

from data import ENTITIES, KINDS, ROLES, TYPES
from features import RELATIONS

ROLE_LABELS = 1 + 2 * len(ROLES)
ENTITY_LABELS = 1 + 2 * len(ENTITIES)
FORBIDDEN = -1e4
DISTANCES = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]      # upper ends of the buckets of the distance in words
BUCKETS = 2 * (len(DISTANCES) + 1)


def bio_constraints(labels):
    """Additive mask of transitions [from, to] and of the start: I-x only after B-x or I-x."""
    hard, start = torch.zeros(labels, labels), torch.zeros(labels)
    for to in range(2, labels, 2):
        start[to] = FORBIDDEN
        for source in range(labels):
            if source not in (to, to - 1):
                hard[source, to] = FORBIDDEN
    return hard, start


class Crf(nn.Module):
    """Linear-chain CRF (Lafferty et al. 2001) over words with hard BIO constraints."""

    def __init__(self, labels=ROLE_LABELS):
        super().__init__()
        self.transitions = nn.Parameter(torch.zeros(labels, labels))
        hard, start = bio_constraints(labels)
        self.register_buffer("hard", hard)
        self.register_buffer("start", start)

    def loss(self, scores, gold, mask):
        """Negative log likelihood a word. scores [B, W, K], gold [B, W], mask [B, W] with each row's words in front."""
        move = self.transitions + self.hard
        m = mask.float()
        path = (scores.gather(2, gold[..., None])[..., 0] * m).sum(1) + self.start[gold[:, 0]]
        path = path + (move[gold[:, :-1], gold[:, 1:]] * m[:, 1:]).sum(1)
        return (self._total(scores, mask, move) - path).sum() / m.sum()

    def _total(self, scores, mask, move):
        # The sum over all paths as a tree of matrix products in the log semiring: log2(W) steps instead of W.
        k = scores.shape[2]
        step = move[None, None] + scores[:, 1:, None, :]
        identity = torch.full((k, k), FORBIDDEN * 10).fill_diagonal_(0.0)
        step = torch.where(mask[:, 1:, None, None], step, identity)
        while step.shape[1] > 1:
            if step.shape[1] % 2:
                step = torch.cat([step, identity.expand(len(step), 1, k, k)], 1)
            left, right = step[:, 0::2], step[:, 1::2]
            step = torch.logsumexp(left[..., :, :, None] + right[..., None, :, :], -2)
        first = scores[:, 0] + self.start
        if step.shape[1]:
            first = torch.logsumexp(first[:, :, None] + step[:, 0], 1)
        return torch.logsumexp(first, 1)

    def log_marginals(self, scores, mask):
        """Log probability of each label of each word over all paths: [B, W, K]. Words outside `mask` have no meaning."""
        move, forward, backward = self.transitions + self.hard, [scores[:, 0] + self.start], []
        for w in range(1, scores.shape[1]):
            reached = torch.logsumexp(forward[-1][:, :, None] + move, 1) + scores[:, w]
            forward.append(torch.where(mask[:, w, None], reached, forward[-1]))
        last = torch.zeros_like(scores[:, 0])
        backward.append(last)
        for w in range(scores.shape[1] - 1, 0, -1):
            before = torch.logsumexp(move + (scores[:, w] + backward[-1])[:, None, :], 2)
            backward.append(torch.where(mask[:, w, None], before, last))
        return torch.log_softmax(torch.stack(forward, 1) + torch.stack(backward[::-1], 1), 2)

    def decode(self, scores):
        """Best path of one text: scores [W, K] to a list of labels (Viterbi)."""
        move = self.transitions + self.hard
        best, back = scores[0] + self.start, []
        for row in scores[1:]:
            value, arg = (best[:, None] + move).max(0)
            best = value + row
            back.append(arg)
        path = [int(best.argmax())]
        for arg in reversed(back):
            path.append(int(arg[path[-1]]))
        return path[::-1]


def bucket(distance):
    """Bucket of a signed distance in words, for tensors."""
    ends = torch.tensor(DISTANCES)
    return torch.bucketize(distance.abs(), ends) + (distance < 0).long() * (len(DISTANCES) + 1)


class Network(nn.Module):
    """Heads, in the order of the output columns: roles, entities, kind, source type, link queries, link keys, the roles
    of attributions within a content, and the queries and the keys of the affinity of mentions."""

    def __init__(self, encoder, link_size=32, affinity_size=64, dropout=0.1):
        super().__init__()
        self.encoder, self.link_size, self.affinity_size = encoder, link_size, affinity_size
        self.sizes = ([ROLE_LABELS, ENTITY_LABELS, len(KINDS), len(TYPES)] + 2 * [len(RELATIONS) * link_size]
                      + [ROLE_LABELS] + 2 * [affinity_size])
        self.heads = nn.Linear(encoder.config.hidden_size, sum(self.sizes))
        self.dropout = nn.Dropout(dropout)
        self.crf, self.inner_crf = Crf(), Crf()
        self.link_none = nn.Parameter(torch.zeros(len(RELATIONS), link_size))
        self.link_none_bias = nn.Parameter(torch.zeros(len(RELATIONS)))
        self.link_distance = nn.Parameter(torch.zeros(len(RELATIONS), BUCKETS))
        self.affinity_none = nn.Parameter(torch.zeros(affinity_size))
        self.affinity_none_bias = nn.Parameter(torch.zeros(()))
        # Takes what distance alone says out of the queries and keys; only training reads it.
        self.affinity_distance = nn.Parameter(torch.zeros(BUCKETS))

    def forward(self, ids, types, mask):
        """Scores of all heads for every piece: [B, L, sum(sizes)]."""
        hidden = self.encoder(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        return self.heads(self.dropout(hidden))

    def link_scores(self, relation, queries, keys, at, candidates):
        """Scores of one head word against its candidates, "none" first: [1 + len(candidates)]."""
        q = queries.view(-1, self.link_size)[relation]
        k = keys.view(len(candidates), -1, self.link_size)[:, relation]
        near = self.link_distance[relation][bucket(candidates - at)]
        none = (q @ self.link_none[relation]) / math.sqrt(self.link_size) + self.link_none_bias[relation]
        return torch.cat([none[None], k @ q / math.sqrt(self.link_size) + near])


def widened(base):
    """The pretrained encoder, its token types widened to eight where it has fewer."""
    # No dropout of attention weights: with it torch leaves its fused kernel, which costs a third of the speed.
    encoder = BertModel.from_pretrained(base, add_pooling_layer=False, attn_implementation="sdpa",
                                        attention_probs_dropout_prob=0.0)
    old = encoder.embeddings.token_type_embeddings.weight.data
    if len(old) < 8:
        wide = nn.Embedding(8, old.shape[1])
        wide.weight.data = old[0] + 0.01 * torch.randn(8, old.shape[1], device=old.device)
        wide.weight.data[0] = old[0]
        encoder.embeddings.token_type_embeddings = wide
        encoder.config.type_vocab_size = 8
    return encoder


def fresh(base, link_size, affinity_size, dropout):
    """The network on pretrained weights."""
    return Network(widened(base), link_size, affinity_size, dropout)


@torch.no_grad()
def of_folder(folder, network):
    """Gives the network the weights of a model folder. What the folder's model has no head for stays as it is."""
    weights = load_file(f"{folder}/model.safetensors")
    encoder = {k.removeprefix("bert."): v.float() for k, v in weights.items() if k.startswith("bert.")}
    network.encoder.load_state_dict(encoder, strict=False)
    for name, own in (("heads.weight", network.heads.weight), ("heads.bias", network.heads.bias)):
        own[: len(weights[name])] = weights[name].float()
    with open(f"{folder}/config.json", encoding="utf8") as f:
        dixit = json.load(f)["dixit"]
    links, affinity = dixit["links"], dixit.get("affinity")
    known = [(network.crf.transitions, dixit["transitions"]), (network.inner_crf.transitions, dixit["inner_transitions"]),
             (network.link_none, links["none"]), (network.link_none_bias, links["none_bias"]),
             (network.link_distance, links["distance_bias"])]
    if affinity:
        known += [(network.affinity_none, affinity["none"]), (network.affinity_none_bias, affinity["none_bias"])]
    for parameter, values in known:
        parameter.copy_(torch.tensor(values))
    return network
