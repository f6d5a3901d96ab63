"""Axes and sizes of values: negative axes, and sizes that are known only at run time."""

from collections.abc import Sequence

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.graph import Graph, Value


def axes_from_start(axes: Sequence[int], rank: int, *, name: str) -> list[int]:
    """Return axes counted from the start; negative ones count from the end of `rank`.

    Raises InvalidProgram, in the words of the parameter `name`, for an axis beyond them.
    """
    if any(not -rank <= axis < rank for axis in axes):
        raise InvalidProgram(f"{name}: expected axes of {rank}, received {list(axes)}")
    return [axis % rank for axis in axes]


def axis_from_start(axis: int, rank: int, *, name: str = "axis") -> int:
    """Return one axis counted from the start."""
    return axes_from_start([axis], rank, name=name)[0]


def shape_of(graph: Graph, x: Value) -> Value:
    """Return the shape of x as an int64 vector: a constant wherever the program declares it."""
    sizes = x.declared.shape
    known = [size for size in sizes if size is not None]
    return graph.ints(known) if len(known) == len(sizes) else graph.add("Shape", x)


def sizes_of(graph: Graph, x: Value, axes: Sequence[int]) -> Value:
    """Return the sizes of some axes of x, counted from the start, as an int64 vector."""
    known = [size for axis in axes if (size := x.declared.shape[axis]) is not None]
    if len(known) == len(axes):
        return graph.ints(known)
    return graph.add("Gather", graph.add("Shape", x), graph.ints(axes), axis=0)


def numbered(graph: Graph, count: Value) -> Value:
    """Return 0, 1... count - 1 as an int64 vector; count: an int64 vector of one.

    A count that is known stands in the node as it is, so that inference knows the length.
    """
    zero, one = (graph.constant(np.array(n, np.int64)) for n in (0, 1))
    if count.data is None:
        return graph.add("Range", zero, graph.add("Squeeze", count), one)
    return graph.add("Range", zero, graph.constant(count.data.reshape(())), one)


def as_int64(graph: Graph, value: Value) -> Value:
    """Return whole numbers as int64, the type in which ONNX takes indices and sizes."""
    if value.data is not None:
        return graph.constant(value.data.astype(np.int64))
    return graph.add("Cast", value, to=7)  # TensorProto.INT64


def joined(graph: Graph, parts: Sequence[Value]) -> Value:
    """Concatenate int64 vectors; a constant where all of them are."""
    arrays = [part.data for part in parts if part.data is not None]
    if len(arrays) == len(parts):
        return graph.constant(np.concatenate(arrays).astype(np.int64))
    return graph.add("Concat", *parts, axis=0)
