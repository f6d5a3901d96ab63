"""Compressed constants, decoded: quantized, palettized, sparse, and pairs of these.

MIL: iOS16 constexpr_ops, iOS18 compression. Everything here is constant, and so is the result.
"""

import math
from collections.abc import Sequence

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.axes import axis_from_start
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op
from conversion.mlprogram.type_names import named_type
from conversion.mlprogram.types import require_shape

# Of the places of a palette in a file.
MOST_BITS = 8
# Of one element while it is looked up or scaled: its place as int64, and it as float32 twice.
BYTES_ON_THE_WAY = 16


@op("constexpr_cast", since="CoreML6", exact=True)
def constexpr_cast(graph: Graph, *, source_val: np.ndarray, output_dtype: str) -> Value:
    """source_val as another type."""
    graph.hold(source_val.shape, named_type(output_dtype))
    return graph.constant(source_val.astype(named_type(output_dtype)))


@op("constexpr_affine_dequantize", since="CoreML6", exact=True)
def constexpr_affine_dequantize(
    graph: Graph,
    *,
    quantized_data: np.ndarray,
    zero_point: np.ndarray,
    scale: np.ndarray,
    axis: int,
) -> Value:
    """(quantized_data - zero_point) * scale; both single, or one for each element of `axis`."""
    aligned = [1] * quantized_data.ndim
    aligned[axis_from_start(axis, quantized_data.ndim)] = -1
    shape = tuple(aligned)
    # One number for each of m elements of an axis of 1 would make m of it.
    sides = (quantized_data, scale.reshape(shape), zero_point.reshape(shape))
    _hold_dense(graph, np.broadcast_shapes(*(side.shape for side in sides)))
    offset = zero_point.reshape(shape).astype(np.float32)
    dense = (quantized_data.astype(np.float32) - offset) * scale.reshape(shape).astype(np.float32)
    return graph.constant(dense.astype(scale.dtype))


@op("constexpr_blockwise_shift_scale", since="CoreML8", exact=True)
def constexpr_blockwise_shift_scale(
    graph: Graph, *, data: np.ndarray, scale: np.ndarray, offset: np.ndarray | None = None
) -> Value:
    """(data - offset) * scale; each number of scale and offset serves a block of data."""
    _hold_dense(graph, data.shape)
    return graph.constant(_shifted_and_scaled(data, scale, offset))


@op("constexpr_lut_to_dense", since="CoreML6", exact=True)
def constexpr_lut_to_dense(
    graph: Graph, *, indices: np.ndarray, lut: np.ndarray, shape: np.ndarray
) -> Value:
    """The elements of lut at `indices`, log2(size of lut) bits each, lowest bits first."""
    sizes = _sizes(shape)
    bits = (lut.size - 1).bit_length()
    # A palette of one entry needs no places: nothing would say how many there are.
    if lut.ndim != 1 or lut.size != 2**bits or not 1 <= bits <= MOST_BITS:
        raise InvalidProgram(
            f"lut: expected a vector of 2 to {2**MOST_BITS} entries, a power of two, "
            f"received {lut.shape}"
        )
    _hold_dense(graph, sizes)
    places = _unpacked(indices, bits, math.prod(sizes))
    return graph.constant(lut[places].reshape(sizes))


@op("constexpr_lut_to_dense", since="CoreML8", exact=True)
def constexpr_lut_to_dense_ios18(
    graph: Graph, *, indices: np.ndarray, lut: np.ndarray, vector_axis: int | None = None
) -> Value:
    """The vectors of lut (blocks..., entries, vector size) at `indices`, along vector_axis."""
    _hold_dense(graph, (*indices.shape, lut.shape[-1] if lut.ndim else 1))
    return graph.constant(_looked_up(indices, lut, vector_axis))


@op("constexpr_sparse_to_dense", since="CoreML6", exact=True)
def constexpr_sparse_to_dense(
    graph: Graph, *, nonzero_data: np.ndarray, mask: np.ndarray, shape: np.ndarray
) -> Value:
    """nonzero_data where the bits of mask are set, lowest bits first; 0 elsewhere."""
    sizes = _sizes(shape)
    _hold_dense(graph, sizes)
    bits = _unpacked(mask, 1, math.prod(sizes))
    return graph.constant(_scattered(nonzero_data, bits.reshape(sizes)))


@op("constexpr_sparse_to_dense", since="CoreML8", exact=True)
def constexpr_sparse_to_dense_ios18(
    graph: Graph, *, nonzero_data: np.ndarray, mask: np.ndarray
) -> Value:
    """nonzero_data where mask is 1; 0 elsewhere."""
    _hold_dense(graph, mask.shape)
    return graph.constant(_scattered(nonzero_data, mask))


@op("constexpr_lut_to_sparse", since="CoreML8", exact=True)
def constexpr_lut_to_sparse(
    graph: Graph,
    *,
    indices_mask: Value,
    indices_nonzero_data: np.ndarray,
    lut: np.ndarray,
    vector_axis: int | None = None,
) -> tuple[Value, Value]:
    """The mask and the nonzero data of constexpr_lut_to_dense, for places where the mask is 1."""
    mask = _known(indices_mask)
    _hold_dense(graph, (*mask.shape, lut.shape[-1] if lut.ndim else 1))
    dense = _looked_up(_scattered(indices_nonzero_data, mask), lut, vector_axis)
    if lut.shape[-1] > 1:
        mask = np.repeat(mask, lut.shape[-1], axis=vector_axis)
    return graph.constant(mask), graph.constant(dense[mask != 0])


@op("constexpr_sparse_blockwise_shift_scale", since="CoreML8", exact=True)
def constexpr_sparse_blockwise_shift_scale(
    graph: Graph,
    *,
    data_mask: Value,
    nonzero_data: np.ndarray,
    scale: np.ndarray,
    offset: np.ndarray | None = None,
) -> tuple[Value, Value]:
    """The mask and the nonzero data of constexpr_blockwise_shift_scale."""
    mask = _known(data_mask)
    _hold_dense(graph, mask.shape)
    dense = _shifted_and_scaled(_scattered(nonzero_data, mask), scale, offset)
    return graph.constant(mask), graph.constant(dense[mask != 0])


def _hold_dense(graph: Graph, shape: Sequence[int]) -> None:
    """Count dense weights of this shape, and what they are made of on the way."""
    graph.hold(shape, np.float32)
    graph.budget.require(BYTES_ON_THE_WAY * math.prod(shape), by="a constant that it expands")


def _known(value: Value) -> np.ndarray:
    if value.data is None:
        raise InvalidProgram("expected a constant, received a value computed by the program")
    return value.data


def _sizes(shape: np.ndarray) -> list[int]:
    if shape.ndim != 1 or shape.dtype.kind not in "iu":
        raise InvalidProgram(f"shape: expected a vector of sizes, received {shape}")
    sizes = [int(size) for size in shape]
    require_shape(sizes)
    return sizes


def _unpacked(packed: np.ndarray, bits: int, count: int) -> np.ndarray:
    """Return `count` whole numbers of `bits` bits from bytes, lowest bits first."""
    if packed.ndim != 1 or packed.dtype != np.uint8 or packed.size != -(-bits * count // 8):
        raise InvalidProgram(
            f"expected {-(-bits * count // 8)} bytes for {count} elements of {bits} bits, "
            f"received {packed.dtype.name} of shape {packed.shape}"
        )
    digits = np.unpackbits(packed, bitorder="little")[: bits * count].reshape(count, bits)
    return digits @ (1 << np.arange(bits))


def _shifted_and_scaled(
    data: np.ndarray, scale: np.ndarray, offset: np.ndarray | None
) -> np.ndarray:
    whole = data.astype(np.float32)
    if offset is not None:
        whole = whole - _spread(offset, data.shape).astype(np.float32)
    return (whole * _spread(scale, data.shape).astype(np.float32)).astype(scale.dtype)


def _looked_up(indices: np.ndarray, lut: np.ndarray, vector_axis: int | None) -> np.ndarray:
    width = lut.shape[-1] if lut.ndim == indices.ndim + 2 else 0
    if width < 1 or (width > 1 and vector_axis is None):
        raise InvalidProgram(
            f"lut: expected (blocks..., entries, vector size) for indices {indices.shape} and a "
            f"vector_axis where vectors are longer than 1, received {lut.shape}, {vector_axis}"
        )
    if indices.size and int(indices.max()) >= lut.shape[-2]:
        raise InvalidProgram(f"indices: expected less than the {lut.shape[-2]} entries of lut")
    # Which block of lut serves each index, axis by axis.
    blocks = [
        np.arange(size).reshape([-1 if a == axis else 1 for a in range(indices.ndim)])
        * lut.shape[axis]
        // max(size, 1)
        for axis, size in enumerate(indices.shape)
    ]
    vectors = lut[(*blocks, indices)]  # (*indices.shape, vector size)
    if width == 1:
        return vectors[..., 0]
    axis = axis_from_start(vector_axis or 0, indices.ndim, name="vector_axis")
    shape = list(indices.shape)
    shape[axis] *= width
    return np.moveaxis(vectors, -1, axis + 1).reshape(shape)


def _spread(numbers: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Repeat numbers along every axis until they have `shape`."""
    if numbers.ndim != len(shape) or any(
        not n or size % n for size, n in zip(shape, numbers.shape, strict=True)
    ):
        raise InvalidProgram(f"expected sizes that divide {shape}, received {numbers.shape}")
    for axis, size in enumerate(shape):
        numbers = np.repeat(numbers, size // numbers.shape[axis], axis)
    return numbers


def _scattered(nonzero: np.ndarray, mask: np.ndarray) -> np.ndarray:
    count = int(np.count_nonzero(mask))
    if nonzero.shape != (count,):
        raise InvalidProgram(f"nonzero data: expected {count} elements, received {nonzero.shape}")
    dense = np.zeros(mask.shape, nonzero.dtype)
    dense[mask != 0] = nonzero
    return dense
