"""Operations that change the axes of a tensor and nothing else.

MIL: iOS15, iOS16 and iOS17 tensor_transformation, iOS15 flatten2d.
"""

import math
from collections.abc import Sequence

from conversion.errors import InvalidProgram
from conversion.mlprogram.axes import as_int64, axes_from_start, joined, shape_of
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("reshape", exact=True)
def reshape(graph: Graph, *, x: Value, shape: Value) -> Value:
    """Reshape; -1 is what remains, 0 the size of x at the same place."""
    if shape.data is None:
        return graph.add("Reshape", x, as_int64(graph, shape))
    sizes = _sizes(shape)
    if 0 in sizes and len(sizes) != x.rank:
        raise InvalidProgram(f"shape: 0 in {sizes} needs {x.rank} sizes before iOS 17")
    own = list(x.declared.shape) if 0 in sizes else [None] * len(sizes)
    return _reshaped(graph, x, sizes, own=own)


@op("reshape", since="CoreML7", exact=True)
def reshape_ios17(graph: Graph, *, x: Value, shape: Value) -> Value:
    """Reshape; 0 is the size of x at the same place counted from the right, 1 beyond it."""
    count = shape.declared.shape[0] if shape.rank == 1 else None
    if count is None:
        raise InvalidProgram(f"shape: expected a vector of known length, got {shape.declared}")
    own: list[int | None] = [*[1] * count, *x.declared.shape]
    own = own[len(own) - count :]
    if shape.data is not None:
        sizes = _sizes(shape)
        if all(own[place] is not None for place, size in enumerate(sizes) if size == 0):
            return _reshaped(graph, x, sizes, own=own)
    wanted = as_int64(graph, shape)
    aligned = joined(graph, [graph.ints([1] * count), shape_of(graph, x)])
    aligned = graph.add("Slice", aligned, graph.ints([x.rank]), graph.ints([x.rank + count]))
    inherits = graph.add("Equal", wanted, graph.ints([0]))
    return graph.add("Reshape", x, graph.add("Where", inherits, aligned, wanted))


@op("reshape_like", since="CoreML6", exact=True)
def reshape_like(
    graph: Graph,
    *,
    x: Value,
    ref_tensors: Sequence[Value],
    begins: Sequence[Value],
    ends: Sequence[Value],
    end_masks: Sequence[Value],
) -> Value:
    """Reshape x to shape[begin:end] of each reference in turn; a masked end is the last axis."""
    parts = []
    for reference, begin, end, masked in zip(ref_tensors, begins, ends, end_masks, strict=True):
        if begin.data is None or end.data is None or masked.data is None:
            raise InvalidProgram("begins, ends, end_masks: expected constants")
        chosen = slice(begin.data.item(), None if masked.data.item() else end.data.item())
        axes = range(reference.rank)[chosen]
        known = [size for size in reference.declared.shape[chosen] if size is not None]
        part = graph.ints(known)
        if len(known) != len(axes):
            part = graph.add("Gather", graph.add("Shape", reference), graph.ints(axes), axis=0)
        parts.append(part)
    return graph.add("Reshape", x, joined(graph, parts))


@op("expand_dims", exact=True)
def expand_dims(graph: Graph, *, x: Value, axes: Sequence[int]) -> Value:
    """Insert axes of size 1, at their places in the result."""
    axes = axes_from_start(axes, x.rank + len(axes), name="axes")
    return graph.add("Unsqueeze", x, graph.ints(axes))


@op("squeeze", exact=True)
def squeeze(graph: Graph, *, x: Value, axes: Sequence[int] | None = None) -> Value:
    """Drop axes of size 1: all, or those named; a named axis of another known size stays."""
    if axes is None:
        dropped = [axis for axis, size in enumerate(x.declared.shape) if size == 1]
    else:
        named = axes_from_start(axes, x.rank, name="axes")
        dropped = [axis for axis in named if x.declared.shape[axis] in (1, None)]
    return graph.add("Squeeze", x, graph.ints(dropped)) if dropped else x


@op("flatten2d", exact=True)
def flatten2d(graph: Graph, *, x: Value, axis: int = 1) -> Value:
    """Make a matrix: the axes before `axis` are its rows, the others its columns."""
    axis = axis if axis >= 0 else axis + x.rank
    if not 0 <= axis <= x.rank:
        raise InvalidProgram(f"axis: expected one of {x.rank}, received {axis}")
    return graph.add("Flatten", x, axis=axis)


def _sizes(shape: Value) -> list[int]:
    assert shape.data is not None
    if shape.rank != 1 or shape.data.dtype.kind not in "iu":
        raise InvalidProgram(f"shape: expected a vector of integers, received {shape.declared}")
    return [int(size) for size in shape.data]


def _reshaped(graph: Graph, x: Value, sizes: Sequence[int], *, own: Sequence[int | None]) -> Value:
    """Reshape to sizes of which 0 is the size in `own`, or stays 0 for None."""
    filled = [size or (o or 0) for size, o in zip(sizes, own, strict=True)]
    if None in x.declared.shape:
        return graph.add("Reshape", x, graph.ints(filled))
    elements = math.prod(x.shape)
    known = math.prod(size for size in filled if size != -1)
    fits = elements % max(known, 1) == 0 if -1 in filled else elements == known
    if not fits or min(sizes, default=1) < -1 or list(sizes).count(-1) > 1:
        raise InvalidProgram(f"shape: expected {elements} elements, received {list(sizes)}")
    return graph.add("Reshape", x, graph.ints(filled), allowzero=int(-1 not in filled))
