"""Prepare a generator for 8-bit activations: the same pictures, with every channel in one range.

Eight bits hold all channels of a layer in one scale, so a quiet channel beside a loud one is lost.
Instance normalization takes whatever level and scale a channel has out again: both may be chosen
freely in the convolution before it. Here each such channel gets mean 0 and deviation 1 over the
calibration drawings, exactly undone by the normalization behind it, which is spelled so that
integers can follow. Nagel et al. 2019 (arXiv 1906.04721) equalise across two layers; here one is
enough.
"""

from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf

from conversion.export.drawings import Drawings
from training import pixels
from training.models.layers import InstanceNormalization
from training.picture.ports import as_inputs

if TYPE_CHECKING:
    from collections.abc import Mapping

BATCH = 16
CONVOLUTIONS = (keras.layers.Conv2D, keras.layers.Conv2DTranspose)
QUIET = 1e-6  # a channel that hardly moves on any drawing keeps its scale


class CentredNormalization(keras.layers.Layer):
    """InstanceNormalization that subtracts the mean first, with an epsilon of each channel.

    tf.nn.batch_normalization computes x * k + (offset - mean * k): in 8 bits the difference of two
    large numbers. Squared differences, besides, have no 16-bit TFLite kernel; a product has.
    """

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create scale, offset and epsilon, one of each per channel."""
        for name in ("scale", "offset", "epsilon"):
            weight = self.add_weight(name=name, shape=(input_shape[-1],), trainable=False)
            setattr(self, name, weight)

    def call(self, x: tf.Tensor) -> tf.Tensor:
        """x: (N, H, W, C). Returns the same shape."""
        centred = x - tf.reduce_mean(x, axis=(1, 2), keepdims=True)
        variance = tf.reduce_mean(centred * centred, axis=(1, 2), keepdims=True)
        return centred * (self.scale * tf.math.rsqrt(variance + self.epsilon)) + self.offset


def equalized(generator: keras.Model, drawings: Drawings) -> keras.Model:
    """Return a generator that paints as `generator` does, and whose channels are alike in range.

    drawings: of the kind that it will be quantized for.
    """
    if not any(isinstance(layer, InstanceNormalization) for layer in generator.layers):
        return generator  # its levels are its own
    feeds = _convolutions_before(generator)
    levels = _levels(generator, list(feeds.values()), drawings)

    def rebuilt(layer: keras.layers.Layer) -> keras.layers.Layer:
        if isinstance(layer, InstanceNormalization):
            return CentredNormalization(name=layer.name, dtype=layer.dtype_policy)
        if layer.name in levels:
            return type(layer).from_config({**layer.get_config(), "use_bias": True})
        return type(layer).from_config(layer.get_config())

    twin = keras.models.clone_model(generator, clone_function=rebuilt)
    for layer in generator.layers:
        if isinstance(layer, InstanceNormalization):
            before = feeds.get(layer.name)
            scale = np.float32(1) if before is None else levels[before][1]
            epsilon = np.broadcast_to(layer.epsilon / scale**2, layer.scale.shape)
            weights = [layer.scale.numpy(), layer.offset.numpy(), epsilon]
        elif layer.name in levels:
            mean, deviation = levels[layer.name]
            kernel, *bias = layer.get_weights()
            shift = (bias[0] if bias else 0.0) - mean
            weights = [_divide_outputs(layer, kernel, deviation), shift / deviation]
        else:
            weights = layer.get_weights()
        twin.get_layer(layer.name).set_weights(weights)
    return twin


def _convolutions_before(generator: keras.Model) -> "dict[str, str]":
    """Return {normalization: the convolution that feeds it and nothing else}, by name."""
    consumers: dict[str, int] = {}
    feeds = {}
    for layer in generator.layers:
        for tensor in tf.nest.flatten(layer.input):
            name = tensor._keras_history.operation.name
            consumers[name] = consumers.get(name, 0) + (layer.name != name)
        if isinstance(layer, InstanceNormalization):
            before = layer.input._keras_history.operation
            if isinstance(before, CONVOLUTIONS) and before.activation is keras.activations.linear:
                feeds[layer.name] = before.name
    return {norm: conv for norm, conv in feeds.items() if consumers[conv] == 1}


def _levels(
    generator: keras.Model, names: list[str], drawings: Drawings
) -> "Mapping[str, tuple[np.ndarray, np.ndarray]]":
    """Return {layer: (mean, deviation)} of each channel of its output over all drawings."""
    if not names:  # no normalization that a convolution alone feeds
        return {}
    outputs = [generator.get_layer(name).output for name in names]
    taps = keras.Model(generator.input, outputs)
    sums: dict[str, Any] = {name: [0.0, 0.0] for name in names}
    for first in range(0, len(drawings), BATCH):
        some = drawings.chosen(np.arange(first, min(first + BATCH, len(drawings))))
        given = [pixels.to_unit_range(some.lineart[..., None])]
        if some.hints is not None:
            given.append(pixels.hints_to_unit_range(some.hints))
        for name, value in zip(names, taps(as_inputs(given), training=False), strict=True):
            value = value.numpy().astype(np.float64)
            sums[name][0] += value.mean((1, 2)).sum(0) / len(drawings)
            sums[name][1] += (value**2).mean((1, 2)).sum(0) / len(drawings)
    levels = {}
    for name, (mean, square) in sums.items():
        deviation = np.sqrt(np.maximum(square - mean**2, 0))
        deviation = np.where(deviation < QUIET, 1.0, deviation)
        levels[name] = (mean.astype(np.float32), deviation.astype(np.float32))
    return levels


def _divide_outputs(layer: Any, kernel: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """Keras kernels are (K, K, in, out); of a transposed convolution (K, K, out, in)."""
    if isinstance(layer, keras.layers.Conv2DTranspose):
        return kernel / deviation[:, None]
    return kernel / deviation
