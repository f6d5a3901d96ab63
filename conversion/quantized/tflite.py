"""TFLite models that compute in integers, calibrated on drawings.

w8a8: convolutions in int8, pixels of uint8 in and out. w8a16: all that has a kernel in int16, float
tensors at both ends. What stays in float is counted: see `w8a8`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

# The quantizer by itself, behind tf.lite.experimental.QuantizationDebugger, whose models take and
# return float alone.
from tensorflow.lite.python.convert import mlir_quantize

from conversion.errors import ConversionError
from conversion.export.calibration import TANH_LIMIT
from conversion.quantized.flatbuffer import narrowed, operations, without_round_trips

Sample = dict[str, np.ndarray]  # what a model is given, by the names of its inputs
CONVERSIONS = ("QUANTIZE", "DEQUANTIZE")  # compute nothing
CONVOLUTIONS = ("CONV_2D", "TRANSPOSE_CONV")


def w8a8(converter: Any, samples: Sequence[Sample], *, signature: str) -> bytes:
    """Return a model whose convolutions but the first compute in int8: nearly all multiplications.

    What stands between them stays in float, as in ONNX's w8a8: each operation more in int8 rounds
    once more, and costs more time than it saves. The first convolution holds few multiplications, a
    hundredth in the demo's net, and all else descends from it: docs/decisions/0009.

    converter: a tf.lite.TFLiteConverter of a function from bytes to bytes. samples: what it takes
    of each drawing.
    """
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.uint8
    converter.representative_dataset = lambda: ((signature, sample) for sample in samples)
    converter._experimental_calibrate_only = True
    calibrated = narrowed(converter.convert(), before="TANH", limit=TANH_LIMIT)
    made = operations(calibrated)
    integer = [operation for operation in made if operation.name in CONVOLUTIONS][1:]
    model: bytes = mlir_quantize(
        calibrated,
        # The list of nodes misses a node of several outputs: a split of hints would round colours
        # to 8 bits before the flood carries them on.
        denylisted_ops=sorted({o.name for o in made} - set(CONVOLUTIONS)),
        denylisted_nodes=[o.output.name for o in made if o not in integer],
    )
    return without_round_trips(model)


def w8a16(converter: Any, samples: Sequence[Sample], *, signature: str) -> bytes:
    """Return a model of 8-bit weights and 16-bit activations.

    It sees every drawing at twice its contrast too. One bit of sixteen is well spent on headroom:
    a drawing busier than those it was calibrated on would run out of range in the first layers.

    converter: a tf.lite.TFLiteConverter of a function of floats. samples: what it takes of each
    drawing.
    """
    kernels = tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    # Of what our networks are made of, depth_to_space alone has no 16-bit kernel: it moves floats.
    converter.target_spec.supported_ops = [kernels, tf.lite.OpsSet.TFLITE_BUILTINS]
    converter.representative_dataset = lambda: _at_contrasts(samples, signature, contrasts=(1, 2))
    model: bytes = converter.convert()
    return model


def require_runs(model: bytes, sample: Sample) -> None:
    """Raise ConversionError for a model that LiteRT cannot run: not all kernels take all integers.

    sample: what it takes of a drawing.
    """
    from ai_edge_litert.interpreter import Interpreter

    try:
        Interpreter(model_content=model).get_signature_runner()(**sample)
    except (RuntimeError, ValueError) as error:
        said = str(error).strip().splitlines()[0]
        raise ConversionError(
            f"LiteRT cannot run it: {said} Choose another recipe, such as w8a8."
        ) from error


def details(model: bytes) -> dict[str, str]:
    """Say how much of a quantized model computes in integers."""
    made = [o for o in operations(model) if o.name not in CONVERSIONS]
    kept = [o for o in made if o.output.dtype == "FLOAT32"]
    convolutions = [o for o in made if o.name in CONVOLUTIONS]
    integer = [o for o in convolutions if o not in kept]
    return {
        "convolutions in integers": f"{len(integer)} of {len(convolutions)}",
        "operations kept in float": f"{len(kept)} of {len(made)}",
    }


def _at_contrasts(
    samples: Sequence[Sample], signature: str, *, contrasts: tuple[float, ...]
) -> Iterator[tuple[str, Sample]]:
    """Yield each sample with its picture, not its hints, at several contrasts."""
    for sample in samples:
        picture = next(iter(sample))
        for contrast in contrasts:
            yield signature, sample | {picture: sample[picture] * np.float32(contrast)}
