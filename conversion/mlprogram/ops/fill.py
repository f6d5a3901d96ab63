"""Tensors made of sizes and single values. MIL: iOS15 and iOS16 tensor_operation."""

import math

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.axes import as_int64, shape_of
from conversion.mlprogram.choice import choose
from conversion.mlprogram.estimate import BYTES_PER_NUMBER, NUMBERS_PER_SECOND
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.known import fold
from conversion.mlprogram.registry import op


@op("shape", exact=True)
def shape(graph: Graph, *, x: Value) -> Value:
    """The sizes of x as an int32 vector."""
    sizes = shape_of(graph, x)
    if sizes.data is not None:
        return graph.constant(sizes.data.astype(np.int32))
    return graph.cast(sizes, np.dtype(np.int32))


@op("fill", exact=True)
def fill(graph: Graph, *, shape: Value, value: Value | None = None) -> Value:
    """A tensor of one value: 0.0 by default."""
    return graph.add("Expand", value or graph.scalar(0), as_int64(graph, shape))


@op("fill_like", since="CoreML6", exact=True)
def fill_like(graph: Graph, *, ref_tensor: Value, value: Value | None = None) -> Value:
    """A tensor of one value with the shape of another tensor."""
    return graph.add("Expand", value or graph.scalar(0), shape_of(graph, ref_tensor))


@op("range_1d")
def range_1d(graph: Graph, *, start: Value, end: Value, step: Value) -> Value:
    """start, start + step... up to `end`, which is not reached; as numpy.arange."""
    known = [fold(graph, value) for value in (start, end, step)]
    numbers = [value.data.item() for value in known if value.data is not None]
    if len(numbers) == len(known):
        _require_length(graph, *numbers)
    # What is known stands in the node as it is, so that inference knows the length.
    bounds = (
        graph.add("Reshape", value, graph.ints([]))
        if value.data is None
        else graph.constant(value.data.reshape(()))
        for value in known
    )
    return graph.add("Range", *bounds)


def _require_length(graph: Graph, start: float, end: float, step: float) -> None:
    """Refuse a range of too many numbers: ONNX counts those of int32 in int32, and so too few."""
    if not step or not all(map(math.isfinite, (start, end, step))):
        raise InvalidProgram(f"expected numbers and a step, received {start}, {end} and {step}")
    count = max(0, math.ceil((end - start) / step))
    by = f"a range of {count} numbers"
    graph.budget.require(BYTES_PER_NUMBER * count, by=by)
    graph.budget.require_seconds(count / NUMBERS_PER_SECOND, by=by)


@op("one_hot", exact=True)
def one_hot(
    graph: Graph,
    *,
    indices: Value,
    one_hot_vector_size: Value,
    axis: int = -1,
    on_value: Value | None = None,
    off_value: Value | None = None,
) -> Value:
    """on_value (1) at the place of each index along a new axis, off_value (0) elsewhere.

    An index outside the new axis leaves off_value everywhere.
    """
    rank = indices.rank + 1
    if not -rank <= axis < rank:
        raise InvalidProgram(f"axis: expected one of {rank}, received {axis}")
    axis %= rank
    if one_hot_vector_size.data is not None:
        size = int(one_hot_vector_size.data.reshape(()))
        if size < 0:
            raise InvalidProgram(f"one_hot_vector_size: expected 0 or more, received {size}")
        numbers = graph.counted(size)
    else:
        zero, one = (graph.constant(np.array(n, np.int64)) for n in (0, 1))
        size_value = graph.add("Reshape", as_int64(graph, one_hot_vector_size), graph.ints([]))
        numbers = graph.add("Range", zero, size_value, one)
    if axis + 1 < rank:
        numbers = graph.add("Unsqueeze", numbers, graph.ints(range(1, rank - axis)))
    places = graph.add("Unsqueeze", as_int64(graph, indices), graph.ints([axis]))
    on = on_value or graph.constant(np.array(1, np.int32))
    off = off_value or graph.constant(np.array(0, np.int32))
    found = graph.add("Equal", places, numbers)
    return choose(graph, found, on, off, dtype=on.declared.dtype)


@op("non_zero", exact=True)
def non_zero(graph: Graph, *, x: Value) -> Value:
    """Places of the elements other than 0, (N, rank of x) int32, in the order of memory."""
    places = graph.add("Transpose", graph.add("NonZero", x), perm=[1, 0])
    return graph.cast(places, np.dtype(np.int32))
