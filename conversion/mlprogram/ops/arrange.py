"""Repeating, reversing and rearranging along axes; running sums; bands of matrices.

MIL: iOS15 and iOS17 tensor_transformation, iOS15 tensor_operation.
"""

from collections.abc import Sequence

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.axes import (
    as_int64,
    axes_from_start,
    axis_from_start,
    joined,
    numbered,
    sizes_of,
)
from conversion.mlprogram.choice import choose
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("tile", exact=True)
def tile(graph: Graph, *, x: Value, reps: Value) -> Value:
    """Repeat x along every axis, as numpy.tile."""
    return graph.add("Tile", x, as_int64(graph, reps))


@op("reverse", exact=True)
def reverse(graph: Graph, *, x: Value, axes: Sequence[int] | None = None) -> Value:
    """Reverse the order along some axes; along all if none is named."""
    named = range(x.rank) if axes is None else axes_from_start(axes, x.rank, name="axes")
    if not named:
        return x
    count = len(named)
    starts, steps = graph.ints([-1] * count), graph.ints([-1] * count)
    ends = graph.ints([np.iinfo(np.int64).min] * count)
    return graph.add("Slice", x, starts, ends, graph.ints(named), steps)


@op("reverse_sequence", exact=True)
def reverse_sequence(
    graph: Graph, *, x: Value, lengths: Value, seq_axis: int = 0, batch_axis: int = 0
) -> Value:
    """Reverse the first lengths[i] elements along seq_axis for element i of batch_axis."""
    seq, batch = axes_from_start([seq_axis, batch_axis], x.rank, name="seq_axis, batch_axis")
    if seq == batch:
        raise InvalidProgram(f"seq_axis, batch_axis: expected two axes, received {seq} twice")
    # ONNX reverses the first two axes only.
    perm = [seq, batch, *(axis for axis in range(x.rank) if axis not in (seq, batch))]
    moved = graph.add(
        "ReverseSequence",
        graph.add("Transpose", x, perm=perm),
        as_int64(graph, lengths),
        time_axis=0,
        batch_axis=1,
    )
    return graph.add("Transpose", moved, perm=[perm.index(axis) for axis in range(x.rank)])


@op("cumsum")
def cumsum(
    graph: Graph, *, x: Value, axis: int = 0, exclusive: bool = False, reverse: bool = False
) -> Value:
    """Running sum along an axis; exclusive leaves each element out of its own sum."""
    place = graph.constant(np.array(axis_from_start(axis, x.rank), np.int64))
    return graph.add("CumSum", x, place, exclusive=int(exclusive), reverse=int(reverse))


@op("band_part", exact=True)
def band_part(graph: Graph, *, x: Value, lower: int = -1, upper: int = -1) -> Value:
    """Keep a band of the last two axes and put 0 elsewhere.

    lower, upper: diagonals to keep below and above the main one; all for negative numbers.
    """
    if x.rank < 2:
        raise InvalidProgram(f"expected x of rank 2 or more, received {x.declared}")
    # ONNX knows no triangles of booleans: element numbers say where each element stands.
    rows, columns = (
        numbered(graph, sizes_of(graph, x, [axis])) for axis in (x.rank - 2, x.rank - 1)
    )
    offset = graph.add("Sub", columns, graph.add("Unsqueeze", rows, graph.ints([1])))
    band = x
    nothing = graph.cast(graph.scalar(0), x.declared.dtype)
    if lower >= 0:
        inside = graph.add("GreaterOrEqual", offset, graph.ints([-lower]))
        band = choose(graph, inside, band, nothing, dtype=x.declared.dtype)
    if upper >= 0:
        inside = graph.add("LessOrEqual", offset, graph.ints([upper]))
        band = choose(graph, inside, band, nothing, dtype=x.declared.dtype)
    return band


@op("space_to_batch", exact=True)
def space_to_batch(
    graph: Graph, *, x: Value, block_shape: Sequence[int], paddings: np.ndarray
) -> Value:
    """(N, C, H, W), padded with 0 -> (b0 * b1 * N, C, H / b0, W / b1); as TensorFlow orders it."""
    rows, columns = _block(x, block_shape, paddings, name="paddings")
    (top, bottom), (left, right) = paddings.tolist()
    padded = graph.add("Pad", x, graph.ints([0, 0, top, left, 0, 0, bottom, right]))
    batch, channels = (sizes_of(graph, x, [axis]) for axis in (0, 1))
    height = _size(graph, x, 2, more=top + bottom, parts=rows)
    width = _size(graph, x, 3, more=left + right, parts=columns)
    pairs = (height, graph.ints([rows]), width, graph.ints([columns]))
    split = graph.add("Reshape", padded, joined(graph, [batch, channels, *pairs]))
    moved = graph.add("Transpose", split, perm=[3, 5, 0, 1, 2, 4])
    shape = joined(graph, [graph.ints([-1]), channels, height, width])
    return graph.add("Reshape", moved, shape)


@op("batch_to_space", exact=True)
def batch_to_space(
    graph: Graph, *, x: Value, block_shape: Sequence[int], crops: np.ndarray
) -> Value:
    """(b0 * b1 * N, C, H, W) -> (N, C, H * b0, W * b1), then cropped: undoes space_to_batch."""
    rows, columns = _block(x, block_shape, crops, name="crops")
    sizes = [sizes_of(graph, x, [axis]) for axis in (1, 2, 3)]
    split = joined(graph, [graph.ints([rows, columns, -1]), *sizes])
    moved = graph.add("Transpose", graph.add("Reshape", x, split), perm=[2, 3, 4, 0, 5, 1])
    sides = [_size(graph, x, axis, times=block) for axis, block in ((2, rows), (3, columns))]
    whole = graph.add("Reshape", moved, joined(graph, [graph.ints([-1]), sizes[0], *sides]))
    (top, bottom), (left, right) = crops.tolist()
    ends = [
        _size(graph, x, axis, times=block, more=-cropped)
        for axis, block, cropped in ((2, rows, bottom), (3, columns, right))
    ]
    axes = graph.ints([2, 3])
    return graph.add("Slice", whole, graph.ints([top, left]), joined(graph, ends), axes)


def _size(
    graph: Graph, x: Value, axis: int, *, times: int = 1, more: int = 0, parts: int = 1
) -> Value:
    """Return (size * times + more) // parts of one axis, as an int64 vector of one."""
    size = sizes_of(graph, x, [axis])
    if size.data is not None:
        return graph.ints([(int(size.data[0]) * times + more) // parts])
    scaled = graph.add("Mul", size, graph.ints([times]))
    return graph.add("Div", graph.add("Add", scaled, graph.ints([more])), graph.ints([parts]))


def _block(
    x: Value, block_shape: Sequence[int], borders: np.ndarray, *, name: str
) -> tuple[int, int]:
    if x.rank != 4 or len(block_shape) != 2 or min(block_shape) < 1 or borders.shape != (2, 2):
        raise InvalidProgram(
            f"expected x (N, C, H, W), two block sizes and {name} of shape (2, 2); "
            f"received {x.declared}, {list(block_shape)} and {borders.shape}"
        )
    return block_shape[0], block_shape[1]
