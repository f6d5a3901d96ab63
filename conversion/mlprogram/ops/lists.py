"""Lists of tensors of one shape, as one tensor whose first axis counts the elements.

MIL: iOS15 control_flow (make_list and what begins with list_). Elements not yet written are 0.
"""

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op
from conversion.mlprogram.type_names import named_type


@op("make_list", exact=True)
def make_list(
    graph: Graph,
    *,
    init_length: Value | None = None,
    dynamic_length: bool = True,
    elem_shape: tuple[int, ...],
    dtype: str = "fp32",
) -> Value:
    """Return a list of init_length (1 by default) elements; a dynamic one grows when written."""
    if min(elem_shape, default=0) < 0:
        raise InvalidProgram(f"elem_shape: expected sizes of at least 0, received {elem_shape}")
    length = graph.ints([1]) if init_length is None else _index(graph, init_length)
    shape = graph.add("Concat", length, graph.ints(elem_shape), axis=0)
    return graph.cast(graph.add("Expand", graph.scalar(0), shape), named_type(dtype))


@op("list_length", exact=True)
def list_length(graph: Graph, *, ls: Value) -> Value:
    """Return how many elements the list has."""
    length = graph.add("Gather", graph.add("Shape", ls), graph.constant(np.array(0, np.int64)))
    return graph.cast(length, np.dtype(np.int32))


@op("list_write", exact=True)
def list_write(graph: Graph, *, ls: Value, index: Value, value: Value) -> Value:
    """Return the list with `value` at `index`, longer where the index lies beyond its end."""
    index = _index(graph, index)
    return _written(graph, ls, index, graph.add("Unsqueeze", value, graph.ints([0])))


@op("list_read", exact=True)
def list_read(graph: Graph, *, ls: Value, index: Value) -> Value:
    """Return the element at `index`."""
    read = graph.add("Gather", ls, _index(graph, index), axis=0)
    return graph.add("Squeeze", read, graph.ints([0]))


@op("list_gather", exact=True)
def list_gather(graph: Graph, *, ls: Value, indices: Value) -> Value:
    """Return the elements at `indices`, stacked."""
    return graph.add("Gather", ls, graph.cast(indices, np.dtype(np.int64)), axis=0)


@op("list_scatter", exact=True)
def list_scatter(graph: Graph, *, ls: Value, indices: Value, value: Value) -> Value:
    """Return the list with the slices of `value` at `indices`, grown as list_write does."""
    return _written(graph, ls, graph.cast(indices, np.dtype(np.int64)), value)


def _index(graph: Graph, index: Value) -> Value:
    """Return one index as an int64 vector."""
    return graph.add("Reshape", graph.cast(index, np.dtype(np.int64)), graph.ints([1]))


def _written(graph: Graph, ls: Value, indices: Value, slices: Value) -> Value:
    one = graph.ints([1])
    shape = graph.add("Shape", ls)
    length = graph.add("Slice", shape, graph.ints([0]), one)
    needed = graph.add("Add", graph.add("ReduceMax", indices, keepdims=1), one)
    extra = graph.add("Max", graph.add("Sub", needed, length), graph.ints([0]))
    pads = graph.add(
        "Concat",
        graph.ints([0] * ls.rank),
        extra,
        *([graph.ints([0] * (ls.rank - 1))] if ls.rank > 1 else []),
        axis=0,
    )
    zero = graph.cast(graph.scalar(0), ls.declared.dtype)
    grown = graph.add("Pad", ls, pads, zero)
    places = graph.add("Unsqueeze", indices, graph.ints([1]))
    return graph.add("ScatterND", grown, places, slices)
