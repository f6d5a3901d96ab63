"""Rounding to 8-bit whole numbers and back. MIL: iOS17 quantization_ops."""

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.axes import axis_from_start
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op
from conversion.mlprogram.type_names import named_type


@op("quantize", since="CoreML7", exact=True)
def quantize(
    graph: Graph,
    *,
    input: Value,
    scale: np.ndarray,
    output_dtype: str,
    zero_point: np.ndarray | None = None,
    axis: int | None = None,
) -> Value:
    """round(input / scale) + zero_point, clipped to int8 or uint8; halves go to the even one.

    scale, zero_point: one number, or one for each element of `axis`.
    """
    dtype = named_type(output_dtype)
    if dtype not in (np.int8, np.uint8):
        raise InvalidProgram(f"output_dtype: expected int8 or uint8, received {output_dtype!r}")
    if zero_point is None:
        zero_point = np.zeros(scale.shape, dtype)
    return _linear(graph, "QuantizeLinear", input, scale, zero_point.astype(dtype), axis)


@op("dequantize", since="CoreML7")
def dequantize(
    graph: Graph,
    *,
    input: Value,
    scale: np.ndarray,
    zero_point: np.ndarray | None = None,
    axis: int | None = None,
) -> Value:
    """(input - zero_point) * scale."""
    dtype = input.declared.dtype
    if zero_point is None:
        zero_point = np.zeros(scale.shape, dtype)
    return _linear(graph, "DequantizeLinear", input, scale, zero_point.astype(dtype), axis)


def _linear(
    graph: Graph,
    op_type: str,
    x: Value,
    scale: np.ndarray,
    zero_point: np.ndarray,
    axis: int | None,
) -> Value:
    if scale.ndim > 1 or zero_point.shape != scale.shape or (scale.ndim == 1 and axis is None):
        raise InvalidProgram(
            f"expected a scale and a zero point of one shape, single or along `axis`; "
            f"received {scale.shape}, {zero_point.shape} and axis {axis}"
        )
    place = 0 if axis is None else axis_from_start(axis, x.rank)
    if scale.ndim == 1 and x.declared.shape[place] not in (None, scale.size):
        raise InvalidProgram(f"scale: {scale.size} numbers for axis {place} of {x.declared}")
    parameters = graph.constant(scale.astype(np.float32)), graph.constant(zero_point)
    return graph.add(op_type, x, *parameters, axis=place)
