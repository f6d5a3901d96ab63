"""Slices of a tensor, at constant or computed places, and updates of them.

MIL: iOS15, iOS17 and iOS18 tensor_transformation.
"""

import math
from collections.abc import Sequence

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.axes import as_int64, axis_from_start, numbered, shape_of, sizes_of
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op

# What ONNX's Slice takes for "to the end", in either direction.
LAST, FIRST = np.iinfo(np.int64).max, np.iinfo(np.int64).min


@op("slice_by_index", exact=True)
def slice_by_index(
    graph: Graph,
    *,
    x: Value,
    begin: Value,
    end: Value,
    stride: Sequence[int] | None = None,
    begin_mask: Sequence[bool] | None = None,
    end_mask: Sequence[bool] | None = None,
    squeeze_mask: Sequence[bool] | None = None,
) -> Value:
    """x[begin:end:stride] on every axis, as NumPy slices.

    A masked begin or end is left out; a squeezed axis is indexed at its begin.
    """
    unmasked = [False] * x.rank
    squeezes = squeeze_mask or unmasked
    sliced = _sliced(
        graph,
        x,
        rank=x.rank,
        begin=begin,
        end=end,
        stride=stride or [1] * x.rank,
        begin_mask=begin_mask or unmasked,
        end_mask=end_mask or unmasked,
        squeeze_mask=squeezes,
    )
    dropped = [axis for axis, index in enumerate(squeezes) if index]
    return graph.add("Squeeze", sliced, graph.ints(dropped)) if dropped else sliced


@op("slice_by_size", exact=True)
def slice_by_size(graph: Graph, *, x: Value, begin: Value, size: Value) -> Value:
    """`size` elements from `begin` on every axis; -1 takes all that remain."""
    starts, sizes = as_int64(graph, begin), as_int64(graph, size)
    if starts.data is not None and sizes.data is not None and None not in x.declared.shape:
        first = np.where(starts.data < 0, starts.data + np.array(x.shape), starts.data)
        ends = graph.constant(np.where(sizes.data == -1, LAST, first + sizes.data))
        return graph.add("Slice", x, graph.constant(first), ends)
    from_end = graph.add("Less", starts, graph.ints([0]))
    counted = graph.add("Add", starts, shape_of(graph, x))
    starts = graph.add("Where", from_end, counted, starts)
    all_left = graph.add("Equal", sizes, graph.ints([-1]))
    ends = graph.add("Where", all_left, graph.ints([LAST]), graph.add("Add", starts, sizes))
    return graph.add("Slice", x, starts, ends)


@op("slice_update", since="CoreML8", exact=True)
def slice_update(
    graph: Graph,
    *,
    x: Value,
    update: Value,
    begin: Value,
    end: Value,
    stride: Sequence[int] | None = None,
    begin_mask: Sequence[bool] | None = None,
    end_mask: Sequence[bool] | None = None,
    squeeze_mask: Sequence[bool] | None = None,
) -> Value:
    """x with `update` in the place of what slice_by_index would return."""
    unmasked = [False] * x.rank
    # The same slice of the numbers of all elements says which ones to replace.
    shape = shape_of(graph, x)
    if None in x.declared.shape:
        count = graph.add("ReduceProd", shape, keepdims=1)
    else:
        count = graph.ints([math.prod(x.shape)])
    numbers = graph.add("Reshape", numbered(graph, count), shape)
    places = _sliced(
        graph,
        numbers,
        rank=x.rank,
        begin=begin,
        end=end,
        stride=stride or [1] * x.rank,
        begin_mask=begin_mask or unmasked,
        end_mask=end_mask or unmasked,
        squeeze_mask=squeeze_mask or unmasked,
    )
    line = graph.ints([-1])
    replaced = graph.add(
        "ScatterElements", *(graph.add("Reshape", value, line) for value in (x, places, update))
    )
    return graph.add("Reshape", replaced, shape)


@op("sliding_windows", exact=True)
def sliding_windows(graph: Graph, *, x: Value, axis: int, size: int, stride: int = 1) -> Value:
    """All windows of `size` elements along an axis; the axis becomes (windows, size)."""
    axis = axis_from_start(axis, x.rank)
    length = x.declared.shape[axis]
    if size < 1 or stride < 1 or (length is not None and size > length):
        raise InvalidProgram(
            f"expected a size from 1 to {length} and a stride of at least 1, "
            f"received {size} and {stride}"
        )
    if length is not None:
        first = range(0, length - size + 1, stride)
        graph.hold((len(first), size), np.int64)
        places = np.array(first, np.int64)[:, np.newaxis] + np.arange(size, dtype=np.int64)
        return graph.add("Gather", x, graph.constant(places), axis=axis)
    end = graph.add("Sub", sizes_of(graph, x, [axis]), graph.ints([size - 1]))
    start, step = (graph.constant(np.array(n, np.int64)) for n in (0, stride))
    found = graph.add("Range", start, graph.add("Squeeze", end), step)
    column = graph.add("Unsqueeze", found, graph.ints([1]))
    return graph.add("Gather", x, graph.add("Add", column, graph.counted(size)), axis=axis)


@op("crop", exact=True)
def crop(graph: Graph, *, x: Value, crop_height: Sequence[int], crop_width: Sequence[int]) -> Value:
    """Drop rows (top, bottom) and columns (left, right) of the last two axes."""
    if x.rank < 2 or len(crop_height) != 2 or len(crop_width) != 2:
        raise InvalidProgram("expected x of rank 2 or more and two numbers for each side")
    starts = [crop_height[0], crop_width[0]]
    ends = [-n if n else LAST for n in (crop_height[1], crop_width[1])]
    return graph.add("Slice", x, graph.ints(starts), graph.ints(ends), graph.ints([-2, -1]))


def _sliced(
    graph: Graph,
    x: Value,
    *,
    rank: int,
    begin: Value,
    end: Value,
    stride: Sequence[int],
    begin_mask: Sequence[bool],
    end_mask: Sequence[bool],
    squeeze_mask: Sequence[bool],
) -> Value:
    """Slice x; squeezed axes keep one element."""
    lengths = {len(given) for given in (stride, begin_mask, end_mask, squeeze_mask)}
    if lengths != {rank} or {begin.declared.shape, end.declared.shape} != {(rank,)}:
        raise InvalidProgram(f"expected begin, end, stride and masks of {rank} axes each")
    squeezes = np.array(squeeze_mask)
    steps = np.where(squeezes, 1, np.array(stride, np.int64))
    if 0 in steps:
        raise InvalidProgram("stride: expected no zero")
    first = np.where(steps > 0, 0, LAST)
    last = np.where(steps > 0, LAST, FIRST)
    if begin.data is not None and end.data is not None:
        starts = np.where(begin_mask, first, begin.data.astype(np.int64))
        # One element from -1 ends at the end: -1 + 1 would be the beginning.
        after = np.where(starts == -1, LAST, np.minimum(starts, LAST - 1) + 1)
        ends = np.where(squeezes, after, np.where(end_mask, last, end.data.astype(np.int64)))
        bounds = graph.constant(starts), graph.constant(ends)
    else:
        choose = graph.constant(np.array(begin_mask)), graph.constant(first)
        computed = graph.add("Where", *choose, as_int64(graph, begin))
        is_last = graph.add("Equal", computed, graph.ints([-1]))
        next_one = graph.add("Add", computed, graph.ints([1]))
        one = graph.add("Where", is_last, graph.ints([LAST]), next_one)
        choose = graph.constant(np.array(end_mask)), graph.constant(last)
        several = graph.add("Where", *choose, as_int64(graph, end))
        bounds = computed, graph.add("Where", graph.constant(squeezes), one, several)
    axes = graph.ints(list(range(rank)))
    return graph.add("Slice", x, *bounds, axes, graph.constant(steps))
