"""ONNX models with 8-bit weights, or with 8-bit weights and activations, as QDQ pairs.

Weights alone: our own pass. ONNX Runtime's weight-only tools know MatMul and Gather; its dynamic
quantization computes convolutions in integers with scales found while running, and has none for
ConvTranspose. Activations: onnxruntime.quantization.quantize_static, calibrated on drawings.
"""

import copy
import logging
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from conversion.export.calibration import TANH_LIMIT

# Axis of the output channels in a weight: (out, in, K, K), and (in, out, K, K) transposed.
CHANNEL_AXIS = {"Conv": 0, "ConvTranspose": 1}
CONVERSIONS = ("QuantizeLinear", "DequantizeLinear")  # compute nothing
LARGEST = 127  # of int8, symmetric


def quantized_channels(weight: np.ndarray, *, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (int8 weight, float32 scale of each channel): weight = int8 * scale, zero exact.

    A channel of zeros has scale 1.
    """
    others = tuple(n for n in range(weight.ndim) if n != axis)
    peak = np.abs(weight).max(axis=others, keepdims=True)
    scale = np.where(peak > 0, peak / LARGEST, 1).astype(np.float32)
    stored = np.clip(np.round(weight / scale), -LARGEST, LARGEST).astype(np.int8)
    return stored, scale.reshape(-1)


def with_int8_weights(model: Any) -> tuple[Any, dict[str, str]]:
    """Return the model with every convolution's weight in int8 behind a DequantizeLinear.

    It computes in float32. Returns what was done in words, too.
    """
    result = copy.deepcopy(model)
    graph = result.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    added = []
    for node in [n for n in graph.node if n.op_type in CHANNEL_AXIS]:
        tensor = weights.pop(node.input[1], None)
        if tensor is None:
            continue  # made by another operation, or done: one weight may serve two convolutions
        axis = CHANNEL_AXIS[node.op_type]
        stored, scale = quantized_channels(numpy_helper.to_array(tensor), axis=axis)
        graph.initializer.remove(tensor)
        name = tensor.name
        graph.initializer.extend(
            [
                numpy_helper.from_array(stored, f"{name}_int8"),
                numpy_helper.from_array(scale, f"{name}_scale"),
            ]
        )
        added.append(
            helper.make_node(
                "DequantizeLinear",
                [f"{name}_int8", f"{name}_scale"],
                [name],
                name=f"{name}_dequantize",
                axis=axis,
            )
        )
    for place, node in enumerate(added):  # before whatever reads them
        graph.node.insert(place, node)
    return result, {"weights in 8 bits": f"{len(added)} convolutions, one scale a channel"}


def with_int8_activations(
    model: Any, samples: Iterable[dict[str, np.ndarray]]
) -> tuple[Any, dict[str, str]]:
    """Return the model with 8-bit weights, inputs and outputs of all convolutions but the first.

    samples: what the model is given, drawing by drawing. Returns what was done in words, too.
    """
    from onnxruntime.quantization import (
        CalibrationMethod,
        QuantFormat,
        QuantType,
        quantize_static,
    )

    # The first stays in float, as in TFLite's: all else descends from what it makes.
    first, *convolutions = [n for n in model.graph.node if n.op_type in CHANNEL_AXIS]
    before_tanh = {n.input[0] for n in model.graph.node if n.op_type == "Tanh"}
    # It warns that a pass of its own should run before; there is no batch norm here to fuse.
    root = logging.getLogger()
    root.addFilter(_asks_for_nothing)
    limits = [{"rmin": np.float32(-TANH_LIMIT), "rmax": np.float32(TANH_LIMIT)}]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "quantized.onnx"
        try:
            quantize_static(
                copy.deepcopy(model),  # it empties the model that it is given
                path,
                _Samples(samples),
                quant_format=QuantFormat.QDQ,
                # A ReLU after a convolution goes: the range that is quantized begins at 0. One that
                # is given floats stays.
                op_types_to_quantize=[*sorted(CHANNEL_AXIS), "Relu"],
                nodes_to_exclude=[first.name],
                per_channel=True,
                # Unsigned by unsigned: where a processor multiplies unsigned by signed bytes with
                # AVX2, pairs of products can saturate at 16 bits
                # (docs/decisions/0009-portable-recipes.md). Symmetric, since ONNX Runtime wants one
                # zero point for all channels of a weight.
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QUInt8,
                calibrate_method=CalibrationMethod.MinMax,
                extra_options={
                    "WeightSymmetric": True,
                    "TensorQuantOverrides": {name: limits for name in before_tanh},
                },
            )
        finally:
            root.removeFilter(_asks_for_nothing)
        result = onnx.load(path)
    made = [n for n in result.graph.node if n.op_type not in CONVERSIONS]
    return result, {
        "convolutions on 8-bit values": f"{len(convolutions)} of {len(convolutions) + 1}",
        "operations kept in float": f"{len(made) - len(convolutions)} of {len(made)}",
    }


def _asks_for_nothing(record: logging.LogRecord) -> bool:
    return "pre-processing" not in record.getMessage()


class _Samples:
    """What onnxruntime.quantization reads samples from."""

    def __init__(self, samples: Iterable[dict[str, np.ndarray]]) -> None:
        self._left = iter(samples)

    def get_next(self) -> dict[str, np.ndarray] | None:
        """Return what the model takes of the next drawing; None at the end."""
        return next(self._left, None)
