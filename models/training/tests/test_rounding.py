"""The rounding of the exported graph, in training."""
import rounding
import tiny
import torch
import train
from torch import nn


def layer(inputs, outputs, rows):
    plain = nn.Linear(inputs, outputs)
    low, high = rounding.bounds(rows)
    return plain, rounding.Rounded(plain, torch.ones(inputs), low, high)


def test_a_rounding_layer_computes_in_whole_steps():
    x = torch.randn(50, 12)
    plain, rounded = layer(12, 5, x)
    step, zero = rounded.scale()
    q = torch.clamp(torch.round(x / step) + zero, 0, 255) - zero
    columns = plain.weight.abs().amax(1) / 63
    w = torch.round(plain.weight / columns[:, None])
    expected = (q @ w.T) * step * columns + plain.bias
    assert torch.allclose(rounded(x), expected, atol=1e-4)
    assert 0 < (rounded(x) - plain(x)).abs().max() < 0.2


def test_gradients_pass_through_the_rounding():
    x = torch.randn(50, 12, requires_grad=True)
    plain, rounded = layer(12, 5, x.detach())
    rounded(x).sum().backward()
    assert torch.allclose(x.grad.mean(0), plain.weight.sum(0), atol=0.1)


def test_an_outlier_is_given_up_for_the_rest():
    rows = torch.cat([torch.randn(100_000), torch.tensor([12.0])])
    low, high = rounding.bounds(rows[:, None])
    assert high < 11
    assert rounding.bounds(torch.rand(5000, 1))[1] > 0.8


def test_suspended_rounding_is_none(base):
    network = train.model.fresh(base, 8, 4, 0.0)
    tokenizer = train.features.load_tokenizer(f"{base}/tokenizer.json")
    words = train.features.words_of(tokenizer, tiny.ARTICLE)
    windows = list(train.features.windows(words, train.features.NOTHING, 64))
    with torch.no_grad():
        before = torch.cat(train.word_scores(network, windows, bf16=False)[0], 2)
        rounding.put_in_place(network, [windows], 0.5)
        after = torch.cat(train.word_scores(network, windows, bf16=False)[0], 2)
        with rounding.suspended(network):
            again = torch.cat(train.word_scores(network, windows, bf16=False)[0], 2)
    assert torch.equal(before, again)
    assert 0 < (before - after).abs().max() < 0.5
