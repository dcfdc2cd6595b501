"""The network as an ONNX graph with static 8-bit matrix products, built node by node.

Every activation that enters a matrix product is quantized with a scale fixed beforehand, so a text's scores do not
depend on the batch it is in (a dynamic scale would be taken over the whole batch). Per-channel factors move the large
channels into the weights first (SmoothQuant, Xiao et al. 2023). The zero point is folded into the bias, so the runtime
multiplies u8 by i8 without correction.
"""
from dataclasses import dataclass

import numpy as np
import torch
from onnx import TensorProto, helper, numpy_helper


class Ranges:
    """Per-channel minimum, maximum and mean of the inputs of one matrix product."""

    def __init__(self):
        self.low = self.high = None
        self.sum, self.count = 0.0, 0

    def update(self, x):
        x = x.reshape(-1, x.shape[-1]).float()
        low, high = x.min(0).values, x.max(0).values
        self.low = low if self.low is None else torch.minimum(self.low, low)
        self.high = high if self.high is None else torch.maximum(self.high, high)
        self.sum, self.count = self.sum + x.double().sum(0), self.count + len(x)

    @property
    def mean(self):
        return (self.sum / self.count).numpy()


def products(network):
    """(name, module whose input is quantized) in the order of the graph."""
    for n, layer in enumerate(network.encoder.encoder.layer):
        yield f"{n}.qkv", layer.attention.self.query
        yield f"{n}.out", layer.attention.output.dense
        yield f"{n}.up", layer.intermediate.dense
        yield f"{n}.down", layer.output.dense
    yield "heads", network.heads


@torch.no_grad()
def activation_ranges(network, batches):
    """Ranges of every product's input over the batches; padding is left out."""
    import train
    ranges, hooks, mask = {}, [], []
    for name, module in products(network):
        ranges[name] = Ranges()
        hooks.append(module.register_forward_pre_hook(
            lambda _, args, name=name: ranges[name].update(args[0][mask[0]])))
    for batch in batches:
        ids, types, m = train.tensors(batch)[:3]
        mask[:] = [m.bool()]
        network(ids, types, m)
    for h in hooks:
        h.remove()
    return ranges


class Graph:
    """Nodes and constants under construction."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, name, array):
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def op(self, kind, inputs, name, domain="", **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def quantize(self, x, name, weights, ranges, smooth):
        """x in 8 bits, for products with all of `weights`. Returns a `Quantized`."""
        low, high = ranges.low.double().numpy(), ranges.high.double().numpy()
        reach = np.maximum(np.maximum(-low, high), 1e-6)
        factor = np.ones_like(reach)
        if smooth:
            rows = np.max([np.abs(w.detach().double().numpy()).max(0) for w in weights], 0)
            factor = reach ** smooth / np.maximum(rows, 1e-6) ** (1 - smooth)
            factor /= np.exp(np.log(factor).mean())
            x = self.op("Mul", [x, self.constant(f"{name}.factor", (1 / factor).astype(np.float32))], f"{name}.smooth")
        low, high = min(0.0, (low / factor).min()), max(0.0, (high / factor).max())
        scale = (high - low) / 255
        zero = int(round(-low / scale))
        x = self.op("QuantizeLinear", [x, self.constant(f"{name}.x_scale", np.float32(scale)),
                                       self.constant(f"{name}.x_zero", np.uint8(zero))], f"{name}.x")
        return Quantized(x, factor, scale, zero, ranges.mean / factor)

    def product(self, x, name, layer):
        """x @ layer.weight.T in 8 bits. Returns the product and, as an array, the bias that is still to be added."""
        w = layer.weight.detach().double().numpy().T * x.factor[:, None]                     # [in, out]
        columns = np.maximum(np.abs(w).max(0), 1e-9) / 127
        q = np.clip(np.round(w / columns), -127, 127).astype(np.int8)
        y = self.op("MatMulInteger", [x.name, self.constant(f"{name}.w", q)], f"{name}.int")
        y = self.op("Cast", [y], f"{name}.cast", to=TensorProto.FLOAT)
        y = self.op("Mul", [y, self.constant(f"{name}.scale", (x.scale * columns).astype(np.float32))], f"{name}.y")
        zero = x.zero * x.scale * columns * q.astype(np.float64).sum(0)
        # What rounding the weights does to the mean of the product is known, and undone (Nagel et al. 2019).
        shift = x.mean @ (w - q * columns)
        return y, (layer.bias.detach().double().numpy() - zero + shift).astype(np.float32)


@dataclass
class Quantized:
    """An 8-bit activation: the node, the channel factors divided out of it, its scale, its zero point and its mean."""
    name: str
    factor: np.ndarray
    scale: float
    zero: int
    mean: np.ndarray


def build(network, ranges, smooth):
    """The whole network: ids, types, mask (i32, [batch, length]) to scores (f32, [batch, length, heads])."""
    g, encoder, config = Graph(), network.encoder, network.encoder.config

    def linear(x, name, layer):
        y, bias = g.product(g.quantize(x, name, [layer.weight], ranges[name], smooth), name, layer)
        return y, g.constant(f"{name}.b", bias)

    x = embeddings(g, encoder.embeddings, config)
    for n, layer in enumerate(encoder.encoder.layer):
        attention = layer.attention
        parts = [attention.self.query, attention.self.key, attention.self.value]
        q = g.quantize(x, f"{n}.qkv", [p.weight for p in parts], ranges[f"{n}.qkv"], smooth)
        three = [g.product(q, f"{n}.{name}", p) for name, p in zip(("query", "key", "value"), parts)]
        bias = g.constant(f"{n}.qkv.b", np.concatenate([b for _, b in three]))
        y = g.op("MultiHeadAttention", [*(y for y, _ in three), bias, "mask"], f"{n}.attention", "com.microsoft",
                 num_heads=config.num_attention_heads)
        y, b = linear(y, f"{n}.out", attention.output.dense)
        x = norm(g, f"{n}.norm1", y, x, attention.output.LayerNorm, b, config)
        y, b = linear(x, f"{n}.up", layer.intermediate.dense)
        y = g.op("BiasGelu", [y, b], f"{n}.gelu", "com.microsoft")
        y, b = linear(y, f"{n}.down", layer.output.dense)
        x = norm(g, f"{n}.norm2", y, x, layer.output.LayerNorm, b, config)
    y, b = linear(x, "heads", network.heads)
    g.op("Add", [y, b], "scores")
    ints = lambda name: helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "length"])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", "length", len(network.heads.bias)])
    graph = helper.make_graph(g.nodes, "dixit", [ints("ids"), ints("types"), ints("mask")], [scores], g.constants)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="dixit")


def norm(g, name, x, skip, layer, bias, config):
    f32 = lambda t: t.detach().float().numpy()
    return g.op("SkipLayerNormalization",
                [x, skip, g.constant(f"{name}.gamma", f32(layer.weight)), g.constant(f"{name}.beta", f32(layer.bias)),
                 bias], name, "com.microsoft", epsilon=config.layer_norm_eps)


def embeddings(g, module, config):
    """Sum of word, position and type embeddings, normalized. Words are stored in 8 bits with a scale each."""
    f32 = lambda t: t.detach().float().numpy()
    words = f32(module.word_embeddings.weight)
    scales = np.maximum(np.abs(words).max(1, keepdims=True), 1e-9) / 127
    g.constant("words", np.round(words / scales).astype(np.int8))
    g.constant("words.scale", scales.astype(np.float32))
    w = g.op("Gather", ["words", "ids"], "word.int")
    w = g.op("Cast", [w], "word.cast", to=TensorProto.FLOAT)
    s = g.op("Gather", ["words.scale", "ids"], "word.scale")
    w = g.op("Mul", [w, s], "word")
    length = g.op("Shape", ["ids"], "length", start=1, end=2)
    positions = g.constant("positions", f32(module.position_embeddings.weight))
    zero = g.constant("zero", np.array([0], np.int64))
    p = g.op("Slice", [positions, zero, length, zero], "position")
    t = g.op("Gather", [g.constant("types.table", f32(module.token_type_embeddings.weight)), "types"], "type")
    return norm(g, "embeddings", w, g.op("Add", [t, p], "type.position"), module.LayerNorm,
                g.constant("embeddings.none", np.zeros(config.hidden_size, np.float32)), config)
