"""TFLite models that compute in integers: calibrated on drawings, channels brought into one range.

w8a8: every convolution, sum and activation in int8, pixels of uint8 in and out. w8a16: activations
in int16, float tensors at both ends. What stays in float is counted: see `w8a8`.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf

# The quantizer by itself, behind tf.lite.experimental.QuantizationDebugger, whose models take and
# return float alone.
from tensorflow.lite.python.convert import mlir_quantize
from tensorflow.lite.python.util import modify_model_io_type

from conversion.calibration import TANH_LIMIT
from conversion.flatbuffer import Operation, narrowed, operations
from conversion.interface import INPUT_NAME, OUTPUT_NAME
from training import pixels

CONVERSIONS = ("QUANTIZE", "DEQUANTIZE")  # compute nothing

Prepare = Callable[[Any], None]  # sets up a tf.lite.TFLiteConverter


def w8a8(
    drawings: np.ndarray,
    *,
    normalizations: list[str],
    signature: str,
    convert: Callable[[Prepare], bytes],
) -> bytes:
    """Return an integer model with uint8 ends; the statistics of normalizations stay in float.

    drawings: (N, H, W) uint8. normalizations: names of their layers.
    convert: makes a model with a converter that it lets `prepare` set up.
    """

    def prepare(converter: Any) -> None:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.representative_dataset = lambda: _samples(drawings, signature)
        converter._experimental_calibrate_only = True

    calibrated = narrowed(convert(prepare), before="TANH", limit=TANH_LIMIT)
    quantized = mlir_quantize(
        calibrated,
        denylisted_nodes=[
            operation.output.name
            for operation in operations(calibrated)
            if _is_statistic(operation, normalizations)
        ],
    )
    model: bytes = modify_model_io_type(quantized, tf.uint8, tf.uint8)
    return model


def prepare_w8a16(drawings: np.ndarray, *, signature: str) -> Prepare:
    """Return what sets a converter up for 8-bit weights and 16-bit activations.

    It sees every drawing at twice its contrast too. One bit of sixteen is well spent on headroom:
    a drawing busier than those it was calibrated on would run out of range in the first layers.
    """

    def prepare(converter: Any) -> None:
        kernels = tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_ops = [kernels]  # and no other: what has none is an error
        converter.representative_dataset = lambda: _samples(drawings, signature, contrasts=(1, 2))

    return prepare


def details(model: bytes, *, drawings: int) -> dict[str, str]:
    """Say what a quantized model was calibrated on and what of it computes in float."""
    made = [o for o in operations(model) if o.name not in CONVERSIONS]
    kept = Counter(o.name for o in made if o.output.dtype == "FLOAT32")
    listed = ", ".join(f"{count} {name}" for name, count in sorted(kept.items())) or "none"
    return {
        "calibrated on": f"{drawings} training drawings",
        "operations kept in float": f"{listed} of {len(made)} operations",
    }


def ends(model: bytes) -> tuple[tuple[float, int], tuple[float, int]]:
    """Return (scale, zero point) of the input and of the output of a model."""
    from ai_edge_litert.interpreter import Interpreter

    runner = Interpreter(model_content=model).get_signature_runner()
    found = (
        runner.get_input_details()[INPUT_NAME]["quantization"],
        runner.get_output_details()[OUTPUT_NAME]["quantization"],
    )
    (first_scale, first_zero), (last_scale, last_zero) = found
    return (float(first_scale), int(first_zero)), (float(last_scale), int(last_zero))


def _samples(
    drawings: np.ndarray, signature: str, *, contrasts: tuple[float, ...] = (1,)
) -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    for drawing in drawings:
        unit = pixels.to_unit_range(drawing[None, ..., None])
        for contrast in contrasts:
            yield signature, {INPUT_NAME: unit * np.float32(contrast)}


def _is_statistic(operation: Operation, normalizations: list[str]) -> bool:
    """Say whether an operation makes one number a channel of a variance.

    One scale for all channels of a variance loses the small ones, whose root the picture is then
    divided by. They are few numbers: C of a layer, against H * W * C that stay in integers. A mean
    is subtracted only: it stays an integer.
    """
    if operation.output.name.endswith("/Mean"):
        return False
    inside = any(f"/{name}" in operation.output.name for name in normalizations)
    return inside and operation.output.shape[1:3] == (1, 1)
