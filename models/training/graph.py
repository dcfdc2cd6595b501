"""The network as an ONNX graph with static 8-bit matrix products, built node by node.

Every activation that enters a matrix product is quantized with a scale fixed beforehand, so a text's scores do not
depend on the batch it is in (a dynamic scale would be taken over the whole batch). `rounding.py` has chosen the scales, and
the factors that move range from the channels into the weights. The zero point is folded into the bias, so the runtime
multiplies u8 by i8 without correction.
"""
import numpy as np
from onnx import TensorProto, helper, numpy_helper

import rounding


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

    def quantize(self, x, name, layer):
        """x in 8 bits, as the `rounding.Rounded` layer takes it."""
        factor = self.constant(f"{name}.factor", (1 / layer.factor.double().numpy()).astype(np.float32))
        x = self.op("Mul", [x, factor], f"{name}.smooth")
        step, zero = layer.scale()
        return self.op("QuantizeLinear", [x, self.constant(f"{name}.x_scale", np.float32(step)),
                                          self.constant(f"{name}.x_zero", np.uint8(zero))], f"{name}.x")

    def product(self, x, name, layer):
        """x, quantized for the `rounding.Rounded` layer, times its weights. Returns the product and, as an array, the
        bias that is still to be added."""
        step, zero = layer.scale()
        w = (layer.weight * layer.factor).detach().double().numpy().T                        # [in, out]
        columns = np.maximum(np.abs(w).max(0), 1e-9) / rounding.WEIGHT
        q = np.clip(np.round(w / columns), -rounding.WEIGHT, rounding.WEIGHT).astype(np.int8)
        y = self.op("MatMulInteger", [x, self.constant(f"{name}.w", q)], f"{name}.int")
        y = self.op("Cast", [y], f"{name}.cast", to=TensorProto.FLOAT)
        y = self.op("Mul", [y, self.constant(f"{name}.scale", (step * columns).astype(np.float32))], f"{name}.y")
        zeros = zero * step * columns * q.astype(np.float64).sum(0)
        return y, (layer.bias.detach().double().numpy() - zeros).astype(np.float32)


def build(network):
    """The whole network, which rounds (`rounding.put_in_place`): ids, types, mask (i32, [batch, length]) to scores (f32,
    [batch, length, heads])."""
    g, encoder, config = Graph(), network.encoder, network.encoder.config

    def linear(x, name, layer):
        y, bias = g.product(g.quantize(x, name, layer), name, layer)
        return y, g.constant(f"{name}.b", bias)

    x = embeddings(g, encoder.embeddings, config)
    for n, layer in enumerate(encoder.encoder.layer):
        attention = layer.attention
        parts = [attention.self.query, attention.self.key, attention.self.value]
        q = g.quantize(x, f"{n}.qkv", parts[0])
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
