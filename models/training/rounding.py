"""Training with the rounding of the exported graph in place (Jacob et al. 2018).

Every matrix product rounds its input to 8 bits and its weights to 7, as `graph.py` writes them, and gradients pass through
the rounding as if it were not there. Weights of 7 bits keep the sum of two products within 16 bits, which processors
without VNNI instructions hold them in: so the graph gives the same on all.
"""
import contextlib

import torch
from torch import nn

WEIGHT = 63             # greatest magnitude of a rounded weight
INPUT = 255             # greatest rounded input; the least is 0
SHRINKS = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]     # ranges that are tried, as shares of the whole
SAMPLE = 4096           # rows that these are tried on


class Rounded(nn.Linear):
    """A linear layer that rounds. Its input is divided by `factor`, which its weights are multiplied by."""

    rounds = True       # or is a plain linear layer, for the scores in single precision

    def __init__(self, layer, factor, low, high):
        super().__init__(layer.in_features, layer.out_features)
        self.weight, self.bias = layer.weight, layer.bias
        self.register_buffer("factor", factor)
        self.register_buffer("range", torch.stack([low, high]))

    def scale(self):
        """Step and zero point of the rounded input."""
        low, high = self.range.tolist()
        step = (high - low) / INPUT
        return step, int(round(-low / step))

    def forward(self, x):
        if not self.rounds:
            return super().forward(x)
        step, zero = self.scale()
        x = torch.fake_quantize_per_tensor_affine(x.float() / self.factor, step, zero, 0, INPUT)
        weight = self.weight * self.factor
        steps = (weight.detach().abs().amax(1) / WEIGHT).clamp(min=1e-9)
        zeros = torch.zeros(len(steps), dtype=torch.int32)
        weight = torch.fake_quantize_per_channel_affine(weight, steps, zeros, 0, -WEIGHT, WEIGHT)
        return nn.functional.linear(x, weight, self.bias)


def products(network):
    """(parent, names of its linear layers that share one input) of every product, in the order of the graph."""
    for layer in network.encoder.encoder.layer:
        yield layer.attention.self, ["query", "key", "value"]
        yield layer.attention.output, ["dense"]
        yield layer.intermediate, ["dense"]
        yield layer.output, ["dense"]
    yield network, ["heads"]


class Inputs:
    """Reach of each channel, and a sample of the rows, of what enters a product."""

    def __init__(self):
        self.reach, self.rows = None, []

    def update(self, x):
        reach = x.abs().amax(0)
        self.reach = reach if self.reach is None else torch.maximum(self.reach, reach)
        if sum(len(r) for r in self.rows) < SAMPLE:
            self.rows.append(x[:: max(1, len(x) // 256)].clone())


@torch.no_grad()
def inputs(network, batches):
    """The `Inputs` of every product over the batches; padding is left out."""
    import train
    out, hooks, mask = [], [], []
    for parent, names in products(network):
        found = Inputs()
        out.append(found)
        hook = lambda _, args, found=found: found.update(args[0][mask[0]].float())
        hooks.append(getattr(parent, names[0]).register_forward_pre_hook(hook))
    for batch in batches:
        ids, types, m = train.tensors(batch)[:3]
        mask[:] = [m.bool()]
        network(ids, types, m)
    for h in hooks:
        h.remove()
    return out


@torch.no_grad()
def bounds(rows):
    """The range that rounds the rows with the least squared error."""
    low, high = rows.min().clamp(max=0.0), rows.max().clamp(min=1e-6)

    def error(shrink):
        step = ((high - low) * shrink / INPUT).item()
        rounded = torch.fake_quantize_per_tensor_affine(rows, step, int(round(-low.item() * shrink / step)), 0, INPUT)
        return (rounded - rows).square().mean().item()
    best = min(SHRINKS, key=error)
    return low * best, high * best


@torch.no_grad()
def put_in_place(network, batches, smooth):
    """Replaces every linear layer by a rounding one, its ranges read off the batches, and moves range from the channels
    of the input into the weights (SmoothQuant, Xiao et al. 2023)."""
    network.eval()
    for (parent, names), found in list(zip(products(network), inputs(network, batches))):
        layers = [getattr(parent, name) for name in names]
        rows = torch.cat([layer.weight for layer in layers]).abs().amax(0).clamp(min=1e-6)
        factor = found.reach.clamp(min=1e-6) ** smooth / rows ** (1 - smooth)
        factor /= factor.log().mean().exp()
        low, high = bounds(torch.cat(found.rows) / factor)
        for name, layer in zip(names, layers):
            setattr(parent, name, Rounded(layer, factor, low, high))
    return network


def put_empty(network):
    """The same without anything measured, for loading the weights of such a network."""
    for parent, names in list(products(network)):
        for name in names:
            layer = getattr(parent, name)
            one = torch.ones(layer.in_features)
            setattr(parent, name, Rounded(layer, one, torch.tensor(-1.0), torch.tensor(1.0)))
    return network


@contextlib.contextmanager
def suspended(network):
    """Within it the network computes without rounding."""
    layers = [m for m in network.modules() if isinstance(m, Rounded)]
    for layer in layers:
        layer.rounds = False
    yield
    for layer in layers:
        layer.rounds = True


def is_in_place(weights):
    """Whether a state dict is that of a network that rounds."""
    return "heads.factor" in weights
