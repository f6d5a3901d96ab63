"""Operations that move values without changing them.

MIL: iOS15 tensor_transformation and tensor_operation; iOS17 reshape.
"""

import math
from collections.abc import Sequence

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op

# What ONNX's Slice takes for "to the end", in either direction.
LAST, FIRST = np.iinfo(np.int64).max, np.iinfo(np.int64).min


@op("reshape", exact=True)
def reshape(graph: Graph, *, x: Value, shape: Sequence[int]) -> Value:
    """Reshape; -1 is what remains, 0 the size of x at the same place."""
    if 0 in shape and len(shape) != x.rank:
        raise InvalidProgram(f"shape: 0 in {list(shape)} needs {x.rank} sizes before iOS 17")
    sizes = [size or own for size, own in zip(shape, x.shape, strict=True)] if 0 in shape else shape
    return _reshaped(graph, x, sizes)


@op("reshape", since="CoreML7", exact=True)
def reshape_ios17(graph: Graph, *, x: Value, shape: Sequence[int]) -> Value:
    """Reshape; 0 is the size of x at the same place counted from the right, 1 beyond it."""
    padded = [1] * len(shape) + list(x.shape)
    aligned = padded[len(padded) - len(shape) :]
    return _reshaped(graph, x, [size or own for size, own in zip(shape, aligned, strict=True)])


@op("transpose", exact=True)
def transpose(graph: Graph, *, x: Value, perm: Sequence[int]) -> Value:
    """Permute the axes; negative ones count from the end."""
    return graph.add("Transpose", x, perm=_from_start(perm, x.rank, name="perm"))


@op("expand_dims", exact=True)
def expand_dims(graph: Graph, *, x: Value, axes: Sequence[int]) -> Value:
    """Insert axes of size 1, at their places in the result."""
    axes = _from_start(axes, x.rank + len(axes), name="axes")
    return graph.add("Unsqueeze", x, graph.ints(axes))


@op("squeeze", exact=True)
def squeeze(graph: Graph, *, x: Value, axes: Sequence[int] | None = None) -> Value:
    """Drop axes of size 1: all, or those named; a named axis of another size stays."""
    named = range(x.rank) if axes is None else _from_start(axes, x.rank, name="axes")
    dropped = [axis for axis in named if x.shape[axis] == 1]
    return graph.add("Squeeze", x, graph.ints(dropped)) if dropped else x


@op("slice_by_index", exact=True)
def slice_by_index(
    graph: Graph,
    *,
    x: Value,
    begin: Sequence[int],
    end: Sequence[int],
    stride: Sequence[int] | None = None,
    begin_mask: Sequence[bool] | None = None,
    end_mask: Sequence[bool] | None = None,
    squeeze_mask: Sequence[bool] | None = None,
) -> Value:
    """x[begin:end:stride] on every axis, as NumPy slices.

    A masked begin or end is left out; a squeezed axis is indexed at its begin.
    """
    rank = x.rank
    unmasked = [False] * rank
    starts, ends, steps = [], [], []
    for b, e, step, no_begin, no_end, index in zip(
        begin,
        end,
        stride or [1] * rank,
        begin_mask or unmasked,
        end_mask or unmasked,
        squeeze_mask or unmasked,
        strict=True,
    ):
        if index:
            b = 0 if no_begin else b
            e, step, no_begin, no_end = b + 1, 1, False, b == -1
        elif step == 0:
            raise InvalidProgram("stride: expected no zero")
        starts.append((0 if step > 0 else LAST) if no_begin else b)
        ends.append((LAST if step > 0 else FIRST) if no_end else e)
        steps.append(step)
    axes = list(range(len(starts)))
    sliced = graph.add("Slice", x, *(graph.ints(n) for n in (starts, ends, axes, steps)))
    squeezed = [axis for axis, index in enumerate(squeeze_mask or []) if index]
    return graph.add("Squeeze", sliced, graph.ints(squeezed)) if squeezed else sliced


@op("slice_by_size", exact=True)
def slice_by_size(graph: Graph, *, x: Value, begin: Sequence[int], size: Sequence[int]) -> Value:
    """`size` elements from `begin` on every axis; -1 takes all that remain."""
    starts = [b + n if b < 0 else b for b, n in zip(begin, x.shape, strict=True)]
    ends = [LAST if n == -1 else b + n for b, n in zip(starts, size, strict=True)]
    axes = list(range(x.rank))
    return graph.add("Slice", x, graph.ints(starts), graph.ints(ends), graph.ints(axes))


@op("split", exact=True)
def split(
    graph: Graph,
    *,
    x: Value,
    axis: int,
    num_splits: int | None = None,
    split_sizes: Sequence[int] | None = None,
) -> tuple[Value, ...]:
    """Cut x along an axis into pieces of given sizes, or into equal ones."""
    length = x.shape[_from_start([axis], x.rank, name="axis")[0]]
    if split_sizes is None:
        if num_splits is None or num_splits < 1 or length % num_splits:
            raise InvalidProgram(
                f"num_splits: expected a divisor of {length}, received {num_splits}"
            )
        split_sizes = [length // num_splits] * num_splits
    if min(split_sizes, default=-1) < 0 or sum(split_sizes) != length:
        raise InvalidProgram(f"split_sizes: expected a sum of {length}, received {split_sizes}")
    sizes = graph.ints(split_sizes)
    return graph.add_many("Split", x, sizes, count=len(split_sizes), axis=axis)


@op("concat", exact=True)
def concat(graph: Graph, *, values: Sequence[Value], axis: int, interleave: bool = False) -> Value:
    """Join tensors along an axis; interleaved, their slices take turns. Scalars make a vector."""
    if values[0].rank == 0:
        return graph.add("Concat", *_unsqueezed(graph, values, 0), axis=0)
    if not interleave:
        return graph.add("Concat", *values, axis=axis)
    first = values[0].shape
    place = _from_start([axis], len(first), name="axis")[0]
    if any(value.shape != first for value in values):
        raise InvalidProgram("values: expected equal shapes where interleave is true")
    shape = [*first[:place], first[place] * len(values), *first[place + 1 :]]
    pairs = graph.add("Concat", *_unsqueezed(graph, values, place + 1), axis=place + 1)
    return graph.add("Reshape", pairs, graph.ints(shape), allowzero=1)


@op("stack", exact=True)
def stack(graph: Graph, *, values: Sequence[Value], axis: int) -> Value:
    """Join tensors of one shape along a new axis."""
    return graph.add("Concat", *_unsqueezed(graph, values, axis), axis=axis)


@op("pad", exact=True)
def pad(
    graph: Graph,
    *,
    x: Value,
    pad: Sequence[int],
    mode: str = "constant",
    constant_val: float = 0.0,
) -> Value:
    """Pad the last len(pad) / 2 axes: before and after the first of them, then the next."""
    modes = {"constant": "constant", "reflect": "reflect", "replicate": "edge"}
    if mode not in modes:
        raise InvalidProgram(f"mode: expected one of {list(modes)}, received {mode!r}")
    if len(pad) % 2 or len(pad) > 2 * x.rank or min(pad, default=0) < 0:
        raise InvalidProgram(f"pad: expected pairs of numbers of at least 0, received {list(pad)}")
    untouched = [0] * (x.rank - len(pad) // 2)
    before, after = [*untouched, *pad[::2]], [*untouched, *pad[1::2]]
    if mode == "reflect" and any(
        max(b, a) >= max(n, 1) for b, a, n in zip(before, after, x.shape, strict=True)
    ):
        raise InvalidProgram(f"pad: reflection of {list(pad)} reaches beyond {x.declared}")
    constant = None
    if mode == "constant":
        constant = graph.cast(graph.scalar(constant_val), x.declared.dtype)
    return graph.add("Pad", x, graph.ints(before + after), constant, mode=modes[mode])


@op("depth_to_space", exact=True)
def depth_to_space(graph: Graph, *, x: Value, block_size: int) -> Value:
    """(N, C, H, W) -> (N, C / b^2, H * b, W * b); the block is the slow part of the channel."""
    return graph.add("DepthToSpace", x, blocksize=_block(block_size), mode="DCR")


@op("space_to_depth", exact=True)
def space_to_depth(graph: Graph, *, x: Value, block_size: int) -> Value:
    """(N, C, H, W) -> (N, C * b^2, H / b, W / b): the inverse of depth_to_space."""
    if any(size % _block(block_size) for size in x.shape[2:]):
        raise InvalidProgram(f"block_size: {block_size} does not divide {x.declared}")
    return graph.add("SpaceToDepth", x, blocksize=block_size)


@op("pixel_shuffle", exact=True)
def pixel_shuffle(graph: Graph, *, x: Value, upscale_factor: int) -> Value:
    """depth_to_space with the block as the fast part of the channel, as PyTorch orders it."""
    return graph.add("DepthToSpace", x, blocksize=_block(upscale_factor), mode="CRD")


def _reshaped(graph: Graph, x: Value, sizes: Sequence[int]) -> Value:
    known = math.prod(size for size in sizes if size != -1)
    elements = math.prod(x.shape)
    fits = elements % max(known, 1) == 0 if -1 in sizes else elements == known
    if not fits or min(sizes, default=1) < -1 or list(sizes).count(-1) > 1:
        raise InvalidProgram(f"shape: expected {elements} elements, received {list(sizes)}")
    return graph.add("Reshape", x, graph.ints(sizes), allowzero=int(-1 not in sizes))


def _from_start(axes: Sequence[int], rank: int, *, name: str) -> list[int]:
    if any(not -rank <= axis < rank for axis in axes):
        raise InvalidProgram(f"{name}: expected axes of {rank}, received {list(axes)}")
    return [axis % rank for axis in axes]


def _unsqueezed(graph: Graph, values: Sequence[Value], axis: int) -> list[Value]:
    return [graph.add("Unsqueeze", value, graph.ints([axis])) for value in values]


def _block(size: int) -> int:
    if size < 1:
        raise InvalidProgram(f"the block size: expected at least 1, received {size}")
    return size
