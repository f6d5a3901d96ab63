"""Prepare a generator for 8-bit activations: the same pictures, the parts of a join alike in range.

A convolution behind a concatenation reads all parts in one scale of 256 steps. Beside features that
reach 32, what hints say, in [-1, 1], has 11 of them. Here each part but the first is multiplied by
a number, and the weights that read it are divided by it: nothing changes but the steps. The number
shares them between part and weights, as Nagel et al. 2019 (arXiv 1906.04721), equation 11, do
across two layers: a part in full range would leave its weights too few.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from training.picture.ports import as_inputs

BATCH = 16
# Axis of the input channels in a kernel: (K, K, in, out), and (K, K, out, in) transposed.
INPUT_AXES = {keras.layers.Conv2D: 2, keras.layers.Conv2DTranspose: 3}
# A smaller factor is worth less than one of eight bits: no operation is added for it.
LEAST = 2.0
QUIET = 1e-6  # of the loudest part: what stays below on all drawings may speak on others
LARGEST = 256.0  # of a factor: more would clip what calibration did not see


class ScaledJoin(keras.layers.Layer):
    """Concatenate along the channels, each part multiplied by a number."""

    def __init__(self, scales: Sequence[float], **more: Any) -> None:
        """scales: of the parts. more: as of any layer."""
        super().__init__(**more)
        self.scales = tuple(scales)

    def call(self, parts: Sequence[tf.Tensor]) -> tf.Tensor:
        """parts: (N, H, W, C) each. Returns (N, H, W, the sum of all C)."""
        scaled = [
            part if scale == 1 else part * tf.cast(scale, part.dtype)
            for part, scale in zip(parts, self.scales, strict=True)
        ]
        return tf.concat(scaled, axis=-1)


def with_joins_in_range(
    generator: keras.Model, samples: Iterable[Mapping[str, np.ndarray]]
) -> keras.Model:
    """Return a generator that paints as `generator` does, the parts of its joins alike in range.

    It is `generator` itself where nothing is to be done: where no join is read by convolutions
    alone, or the parts of each are alike. samples: what its inputs take of each drawing, in order.
    """
    readers = _readers(generator)
    peaks = _peaks(generator, list(readers), samples)
    scales = {name: _scales(generator, name, readers[name], peaks[name]) for name in readers}
    scales = {name: found for name, found in scales.items() if set(found) != {1.0}}
    if not scales:
        return generator

    def rebuilt(layer: keras.layers.Layer) -> keras.layers.Layer:
        if layer.name in scales:
            return ScaledJoin(scales[layer.name], name=layer.name, dtype=layer.dtype_policy)
        return type(layer).from_config(layer.get_config())

    twin = keras.models.clone_model(generator, clone_function=rebuilt)
    twin.set_weights(generator.get_weights())
    for name, found in scales.items():
        for reader in readers[name]:
            layer = twin.get_layer(reader.name)
            kernel, *bias = layer.get_weights()
            parts = _by_part(kernel, reader, widths=_widths(generator, name))
            divided = [part / np.float32(s) for part, s in zip(parts, found, strict=True)]
            axis = INPUT_AXES[type(reader)]
            layer.set_weights([np.concatenate(divided, axis=axis), *bias])
    return twin


def _readers(generator: keras.Model) -> dict[str, list[Any]]:
    """Return {join: the convolutions that read it}, of those that nothing else reads."""
    operations = getattr(generator, "operations", [])  # of a graph: not of a class of one's own
    readers: dict[int, list[Any]] = {}
    for operation in operations:
        for node in operation._inbound_nodes:
            for tensor in node.input_tensors:
                readers.setdefault(id(tensor), []).append(operation)
    returned = {id(tensor) for tensor in tf.nest.flatten(generator.outputs)}
    found = {}
    for join in operations:
        if type(join) is not keras.layers.Concatenate or join.axis not in (-1, 3):
            continue
        if len(join._inbound_nodes) != 1 or id(join.output) in returned:
            continue
        reading = readers.get(id(join.output), [])
        if reading and all(map(_is_plain, reading)):
            found[join.name] = reading
    return found


def _is_plain(operation: Any) -> bool:
    """Say whether it is a convolution that reads all channels, and is used once."""
    once = len(operation._inbound_nodes) == 1
    return type(operation) in INPUT_AXES and once and getattr(operation, "groups", 1) == 1


def _peaks(
    generator: keras.Model, names: Sequence[str], samples: Iterable[Mapping[str, np.ndarray]]
) -> dict[str, np.ndarray]:
    """Return {join: the largest magnitude of each of its parts} over all samples."""
    if not names:
        return {}
    parts = {name: generator.get_layer(name).input for name in names}
    taps = keras.Model(generator.input, [part for name in names for part in parts[name]])
    largest: Any = 0.0
    for _, alike in itertools.groupby(samples, lambda sample: [v.shape for v in sample.values()]):
        group = list(alike)
        for first in range(0, len(group), BATCH):
            some = [sample.values() for sample in group[first : first + BATCH]]
            given = [np.concatenate(values) for values in zip(*some, strict=True)]
            values = taps(as_inputs(given), training=False)
            found = [float(np.abs(value).max()) for value in tf.nest.flatten(values)]
            largest = np.maximum(largest, found)
    counts = np.cumsum([len(parts[name]) for name in names])[:-1]
    return dict(zip(names, np.split(largest, counts), strict=True))


def _scales(
    generator: keras.Model, name: str, readers: Sequence[Any], peaks: np.ndarray
) -> tuple[float, ...]:
    """Return the number of each part of a join; 1 for one that is 0 on all drawings."""
    weights = np.max([_weight_peaks(r, widths=_widths(generator, name)) for r in readers], axis=0)
    # What scaling the part up wins, and what its weights, scaled down, lose: both are shared out.
    wanted = weights / np.where(peaks > QUIET * peaks.max(), peaks, np.inf)
    if not wanted[0]:
        return (1.0,) * len(wanted)
    found = np.minimum(np.sqrt(wanted / wanted[0]), LARGEST)
    known = (found > 0) & (np.maximum(found, 1 / np.where(found > 0, found, 1)) >= LEAST)
    return tuple(float(scale) if worth else 1.0 for scale, worth in zip(found, known, strict=True))


def _weight_peaks(reader: Any, *, widths: Sequence[int]) -> np.ndarray:
    """Return the largest weight on each part, in the middle of the output channels.

    In the middle: each output channel of a weight has a scale of its own.
    """
    axis = INPUT_AXES[type(reader)]
    outputs = 5 - axis  # 3 of axis 2, and 2 of axis 3
    others = tuple(n for n in range(4) if n != outputs)
    parts = _by_part(np.asarray(reader.kernel), reader, widths=widths)
    return np.array([np.median(np.abs(part).max(axis=others)) for part in parts])


def _by_part(kernel: np.ndarray, reader: Any, *, widths: Sequence[int]) -> list[np.ndarray]:
    return np.split(kernel, np.cumsum(widths)[:-1], axis=INPUT_AXES[type(reader)])


def _widths(generator: keras.Model, name: str) -> list[int]:
    return [part.shape[-1] for part in generator.get_layer(name).input]
