"""Compressed constants that stay compressed in ONNX: DequantizeLinear, and Gather from a palette.

Values of up to 4 bits are stored as INT4 or UINT4, two to a byte. The dense forms stand in
constexpr.py; what ONNX has no smaller way to say (sparse weights, palettes of vectors) is left to
them. Nothing is rounded here: lowering does, as it does everywhere.
"""

import math

import ml_dtypes
import numpy as np

from conversion.mlprogram.axes import axis_from_start
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.ops import constexpr
from conversion.mlprogram.packing import unpack
from conversion.mlprogram.registry import op
from conversion.mlprogram.types import TensorType


@op("constexpr_affine_dequantize", since="CoreML6", compressed=True)
def constexpr_affine_dequantize(
    graph: Graph,
    *,
    quantized_data: np.ndarray,
    zero_point: np.ndarray,
    scale: np.ndarray,
    axis: int,
) -> Value:
    """(quantized_data - zero_point) * scale, along an axis."""
    axis = axis_from_start(axis, quantized_data.ndim)
    aligned = [1] * quantized_data.ndim
    shapes = [
        (*aligned[:axis], numbers.size, *aligned[axis + 1 :]) for numbers in (scale, zero_point)
    ]
    dequantized = _dequantized(
        graph, quantized_data, scale.reshape(shapes[0]), zero_point.reshape(shapes[1])
    )
    if dequantized is not None:
        return dequantized
    return constexpr.constexpr_affine_dequantize(
        graph, quantized_data=quantized_data, zero_point=zero_point, scale=scale, axis=axis
    )


@op("constexpr_blockwise_shift_scale", since="CoreML8", compressed=True)
def constexpr_blockwise_shift_scale(
    graph: Graph, *, data: np.ndarray, scale: np.ndarray, offset: np.ndarray | None = None
) -> Value:
    """(data - offset) * scale; each number of scale and offset serves a block of data."""
    dequantized = _dequantized(graph, data, scale, offset)
    if dequantized is not None:
        return dequantized
    return constexpr.constexpr_blockwise_shift_scale(graph, data=data, scale=scale, offset=offset)


@op("constexpr_lut_to_dense", since="CoreML6", compressed=True)
def constexpr_lut_to_dense(
    graph: Graph, *, indices: np.ndarray, lut: np.ndarray, shape: np.ndarray
) -> Value:
    """The elements of lut at `indices`, log2(size of lut) bits each, lowest bits first."""
    bits = (lut.size - 1).bit_length()
    if bits not in (1, 2, 3, 4, 6, 8) or lut.shape != (2**bits,) or shape.ndim != 1:
        return constexpr.constexpr_lut_to_dense(graph, indices=indices, lut=lut, shape=shape)
    sizes = tuple(int(size) for size in shape)
    places = unpack(indices, TensorType(np.dtype(np.uint8), sizes, bits), budget=graph.budget)
    return graph.add("Gather", graph.constant(lut), _places(graph, places.reshape(sizes)), axis=0)


@op("constexpr_lut_to_dense", since="CoreML8", compressed=True)
def constexpr_lut_to_dense_ios18(
    graph: Graph, *, indices: np.ndarray, lut: np.ndarray, vector_axis: int | None = None
) -> Value:
    """The elements of lut (blocks..., entries, 1) at `indices`: a palette for each block."""
    blocks, entries = lut.shape[:-2], lut.shape[-2] if lut.ndim > 1 else 0
    grouped = [axis for axis, count in enumerate(blocks) if count > 1]
    fits = len(blocks) == indices.ndim and all(
        count and size % count == 0 for size, count in zip(indices.shape, blocks, strict=False)
    )
    if not fits or lut.shape[-1] != 1 or len(grouped) > 1 or indices.max(initial=0) >= entries:
        return constexpr.constexpr_lut_to_dense_ios18(
            graph, indices=indices, lut=lut, vector_axis=vector_axis
        )
    places = _places(graph, indices)
    for axis in grouped:
        size = indices.shape[axis]
        first = np.arange(size, dtype=np.int32) * blocks[axis] // size * entries
        aligned = [1] * indices.ndim
        aligned[axis] = size
        places = graph.add("Add", places, graph.constant(first.reshape(aligned)))
    return graph.add("Gather", graph.constant(lut.reshape(-1)), places, axis=0)


def _places(graph: Graph, indices: np.ndarray) -> Value:
    return graph.cast(graph.constant(_narrow(indices, signed=False)), np.dtype(np.int32))


def _dequantized(
    graph: Graph, data: np.ndarray, scale: np.ndarray, offset: np.ndarray | None
) -> Value | None:
    """Return a DequantizeLinear node, or None where none is smaller than the dense weights."""
    signed = data.dtype == np.int8
    if data.dtype not in (np.int8, np.uint8) or (offset is not None and offset.dtype != data.dtype):
        return None
    if offset is None:
        offset = np.zeros(scale.shape, data.dtype)
    parameters = np.broadcast_shapes(scale.shape, offset.shape)
    if scale.ndim != data.ndim or any(
        not n or size % n for size, n in zip(data.shape, parameters, strict=True)
    ):
        return None  # the dense form says what is wrong
    scale = np.broadcast_to(scale, parameters).astype(np.float32)
    stored, zero = _narrow(data, signed=signed), np.broadcast_to(offset, parameters)
    if stored.dtype.itemsize == 1 and stored.dtype != data.dtype:
        low, high = (-8, 7) if signed else (0, 15)
        if zero.min() < low or zero.max() > high:
            stored = data
    zero = zero.astype(stored.dtype)
    several = [axis for axis, count in enumerate(parameters) if count > 1]
    attributes: dict[str, int] = {}
    if not several:
        scale, zero = scale.reshape(()), zero.reshape(())
    elif len(several) == 1 and parameters[several[0]] == data.shape[several[0]]:
        scale, zero = scale.reshape(-1), zero.reshape(-1)
        attributes["axis"] = several[0]
    else:
        # ONNX has blocks along one axis; along the others, a number serves one element.
        sizes = [size // count for size, count in zip(data.shape, parameters, strict=True)]
        axis = int(np.argmax(sizes))
        spread = math.prod(data.shape) // sizes[axis]
        if 4 * spread > math.prod(data.shape):
            return None
        for other, size in enumerate(sizes):
            if other != axis:
                scale, zero = np.repeat(scale, size, other), np.repeat(zero, size, other)
        attributes = {"axis": axis, "block_size": sizes[axis]}
    constants = (graph.constant(array) for array in (stored, scale, zero))
    return graph.add("DequantizeLinear", *constants, **attributes)


def _narrow(data: np.ndarray, *, signed: bool) -> np.ndarray:
    """Return whole numbers in 4 bits each where all fit."""
    low, high = (-8, 7) if signed else (0, 15)
    if data.min(initial=0) < low or data.max(initial=0) > high:
        return data
    return data.astype(ml_dtypes.int4 if signed else ml_dtypes.uint4)
