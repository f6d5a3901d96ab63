"""Store the weights of an ONNX model smaller than ONNX can say: in palettes, and in 16 bits.

A convolution's weight becomes what a node of ours makes of stored numbers; `expanded` makes plain
ONNX of it again, conversion/coreai/program.py the operation of Core AI. Computed in float32.
"""

import copy
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from conversion.compression.compensated import compensated_weight
from conversion.compression.in_words import palettes_in_words, storages_in_words
from conversion.compression.layers import Layer
from conversion.compression.moments import attributes_of, has_moments
from conversion.compression.palettes import palette
from conversion.compression.storages import GROUP, PALETTE_BITS
from conversion.compression.uniform import channels_sharing, may_be_made_good, uniformly
from training.terminal.progress import Progress

DOMAIN, DOMAIN_VERSION = "nurie", 1
PALETTE, HALF = "Palette", "Half"
FEW = 64  # numbers that are not worth an operation
# What Core ML calls the operation, which says where its output channels are.
LAYER_TYPES = {"Conv": "conv", "ConvTranspose": "conv_transpose"}


@dataclass(frozen=True)
class Stored:
    """A weight in a palette for each group of its output channels."""

    indices: np.ndarray  # of the shape of the weight, uint8
    luts: np.ndarray  # (groups, 2^bits) float16
    bits: int
    axis: int  # of the output channels

    def expanded(self) -> np.ndarray:
        """Return the weight that it stands for, float32."""
        first = np.moveaxis(self.indices, self.axis, 0)
        groups = np.split(first, len(self.luts))
        made = [lut[group] for lut, group in zip(self.luts, groups, strict=True)]
        return np.moveaxis(np.concatenate(made), 0, self.axis).astype(np.float32)

    @property
    def lut_shape(self) -> tuple[int, ...]:
        """The shape that Core AI wants of the palettes: blocks of each axis, entries, 1."""
        blocks = [1] * self.indices.ndim
        blocks[self.axis] = len(self.luts)
        return (*blocks, 2**self.bits, 1)


def layers_of(model: Any) -> list[Layer]:
    """Return the convolutions of a float32 model that have a weight of their own, in its order.

    A layer is named after its weight, which is given in float16.
    """
    weights = {tensor.name: tensor for tensor in model.graph.initializer}
    layers = {}
    for node in model.graph.node:
        if node.op_type in LAYER_TYPES and node.input[1] in weights:
            name = node.input[1]
            weight = numpy_helper.to_array(weights[name]).astype(np.float16)
            layers[name] = Layer(name, LAYER_TYPES[node.op_type], weight)
    return list(layers.values())


def compensated_layers(model: Any) -> list[Layer]:
    """Return the layers whose palettes may look at what the layers are given on drawings."""
    convolutions = [node for node in model.graph.node if node.op_type in LAYER_TYPES]
    unseen = {node.input[1] for node in convolutions if not has_moments(node)}
    return [
        layer for layer in layers_of(model) if layer.name not in unseen and may_be_made_good(layer)
    ]


def store_uniformly(
    model: Any, storage: str, *, moments: Mapping[str, np.ndarray]
) -> tuple[Any, dict[str, str]]:
    """Return the model with every layer's weight stored the same way, and what was done.

    moments: of `compensated_layers`, whose errors are then made good, and of which the smallest
    are stored finer. Without any, each weight is rounded by itself.
    """
    chosen = uniformly(layers_of(model), storage, made_good=moments)
    return store(model, chosen, moments=moments)


def store(
    model: Any, chosen: Mapping[str, str], *, moments: Mapping[str, np.ndarray] | None = None
) -> tuple[Any, dict[str, str]]:
    """Return a model with weights stored as chosen, and what was done, in words.

    chosen: layer name -> a palette or fp16; layers that are not named are stored in 16 bits, and so
    is every other constant of some size, as biases. moments: see `store_uniformly`.
    """
    moments = moments or {}
    layers = layers_of(model)
    result = copy.deepcopy(model)
    result.opset_import.append(helper.make_opsetid(DOMAIN, DOMAIN_VERSION))
    tensors = {tensor.name: tensor for tensor in result.graph.initializer}
    total = sum(layer.weight.size for layer in layers)
    sharing = set()  # numbers of channels that share a palette
    with Progress("weights", total=total, unit="weights") as progress:
        for layer in layers:
            storage = chosen.get(layer.name, "fp16")
            result.graph.initializer.remove(tensors[layer.name])
            if storage == "fp16":
                _add(result.graph, HALF, layer.name, {"half": layer.weight})
            else:
                stored = in_palettes(
                    layer, bits=PALETTE_BITS[storage], moment=moments.get(layer.name)
                )
                sharing.add(stored.indices.shape[stored.axis] // len(stored.luts))
                parts = {"indices": stored.indices, "luts": stored.luts}
                _add(result.graph, PALETTE, layer.name, parts, bits=stored.bits, axis=stored.axis)
            progress.advance(layer.weight.size)
    for name in _large_floats(result):
        value = numpy_helper.to_array(tensors[name]).astype(np.float16)
        result.graph.initializer.remove(tensors[name])
        _add(result.graph, HALF, name, {"half": value})
    details = {"weights": storages_in_words(layers, chosen)}
    if sharing:
        details["palettes"] = palettes_in_words(sharing, made_good=bool(moments))
    return result, details


def in_palettes(layer: Layer, *, bits: int, moment: np.ndarray | None = None) -> Stored:
    """Return a layer's weight in palettes, one for each group of channels.

    moment: of the layer's inputs, whose errors are then made good; None: each weight is rounded
    by itself.
    """
    if moment is not None:
        group, axis = channels_sharing(layer, bits=bits, made_good=True), layer.channel_axis
        made, indices = compensated_weight(layer.weight, moment, axis=axis, bits=bits, group=group)
        return Stored(indices, made, bits, axis)
    first = np.moveaxis(layer.weight, layer.channel_axis, 0)
    size = layer.group(GROUP)
    luts, placed = [], []
    for start in range(0, len(first), size):
        lut, places = palette(first[start : start + size], bits=bits)
        luts.append(lut)
        placed.append(places.reshape(size, *first.shape[1:]))
    whole = np.moveaxis(np.concatenate(placed), 0, layer.channel_axis)
    return Stored(np.ascontiguousarray(whole), np.stack(luts), bits, layer.channel_axis)


def stored_in(node: Any, tensors: Mapping[str, np.ndarray]) -> Stored:
    """Return what a node of ours that is a palette stores. tensors: the model's initializers."""
    attributes = attributes_of(node)
    indices, luts = (tensors[name] for name in node.input)
    return Stored(indices, luts, attributes["bits"], attributes["axis"])


def expanded(model: Any) -> Any:
    """Return a model of plain ONNX in which every stored weight stands as float32."""
    result = copy.deepcopy(model)
    graph = result.graph
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    for node in [node for node in graph.node if node.domain == DOMAIN]:
        if node.op_type == PALETTE:
            weight = stored_in(node, tensors).expanded()
        else:
            weight = tensors[node.input[0]].astype(np.float32)
        graph.node.remove(node)
        graph.initializer.append(numpy_helper.from_array(weight, node.output[0]))
    read = {name for node in graph.node for name in node.input}
    for tensor in [each for each in graph.initializer if each.name not in read]:
        graph.initializer.remove(tensor)  # ONNX Runtime would warn of each
    kept = [each for each in result.opset_import if each.domain != DOMAIN]
    del result.opset_import[:]
    result.opset_import.extend(kept)
    return result


def with_float_biases(model: Any) -> Any:
    """Return a quantized model whose biases are float32 again: Core AI dequantizes 8 bits alone.

    A bias of 32 bits stands for the same floats, so nothing is rounded anew.
    """
    result = copy.deepcopy(model)
    graph = result.graph
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    for node in list(graph.node):
        stored = tensors.get(node.input[0]) if node.op_type == "DequantizeLinear" else None
        if stored is not None and stored.data_type == onnx.TensorProto.INT32:
            codes, scale = (numpy_helper.to_array(tensors[name]) for name in node.input[:2])
            bias = (codes * scale).astype(np.float32)  # one axis: a scale for each, or one for all
            graph.node.remove(node)
            graph.initializer.append(numpy_helper.from_array(bias, node.output[0]))
    return result


def _add(graph: Any, kind: str, name: str, parts: Mapping[str, np.ndarray], **more: int) -> None:
    """Add a node that makes the weight `name` of parts that are stored."""
    inputs = [f"{name}:{part}" for part in parts]
    graph.initializer.extend(
        numpy_helper.from_array(value, held)
        for held, value in zip(inputs, parts.values(), strict=True)
    )
    node = helper.make_node(kind, inputs, [name], name=f"{name}:{kind}", domain=DOMAIN, **more)
    graph.node.insert(0, node)  # before whatever reads it


def _large_floats(model: Any) -> list[str]:
    """Return the constants in float32 that are not kept by themselves anyway, being few numbers."""
    return [
        tensor.name
        for tensor in model.graph.initializer
        if tensor.data_type == onnx.TensorProto.FLOAT and math.prod(tensor.dims) > FEW
    ]
