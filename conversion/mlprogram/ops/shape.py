"""Operations that move values without changing them.

MIL: iOS15 and iOS16 tensor_transformation, iOS15 tensor_operation.
"""

from collections.abc import Sequence

from conversion.errors import InvalidProgram
from conversion.mlprogram.axes import (
    as_int64,
    axes_from_start,
    axis_from_start,
    joined,
    sizes_of,
)
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("transpose", exact=True)
def transpose(graph: Graph, *, x: Value, perm: Sequence[int]) -> Value:
    """Permute the axes; negative ones count from the end."""
    return graph.add("Transpose", x, perm=axes_from_start(perm, x.rank, name="perm"))


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
    length = x.declared.shape[axis_from_start(axis, x.rank)]
    if split_sizes is None:
        if num_splits is None or num_splits < 1 or (length or 0) % num_splits:
            raise InvalidProgram(
                f"num_splits: expected a divisor of {length}, received {num_splits}"
            )
        return graph.add_many("Split", x, count=num_splits, axis=axis, num_outputs=num_splits)
    if min(split_sizes, default=-1) < 0 or length not in (None, sum(split_sizes)):
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
    first = values[0]
    place = axis_from_start(axis, first.rank)
    if any(value.declared.shape != first.declared.shape for value in values):
        raise InvalidProgram("values: expected equal shapes where interleave is true")
    pairs = graph.add("Concat", *_unsqueezed(graph, values, place + 1), axis=place + 1)
    before = sizes_of(graph, first, range(place))
    after = sizes_of(graph, first, range(place + 1, first.rank))
    shape = joined(graph, [before, graph.ints([-1]), after])
    return graph.add("Reshape", pairs, shape)


@op("stack", exact=True)
def stack(graph: Graph, *, values: Sequence[Value], axis: int) -> Value:
    """Join tensors of one shape along a new axis."""
    return graph.add("Concat", *_unsqueezed(graph, values, axis), axis=axis)


@op("pad", exact=True)
def pad(
    graph: Graph,
    *,
    x: Value,
    pad: Value,
    mode: str = "constant",
    constant_val: float = 0.0,
) -> Value:
    """Pad the last len(pad) / 2 axes: before and after the first of them, then the next."""
    modes = {"constant": "constant", "reflect": "reflect", "replicate": "edge"}
    if mode not in modes:
        raise InvalidProgram(f"mode: expected one of {list(modes)}, received {mode!r}")
    constant = None
    if mode == "constant":
        constant = graph.cast(graph.scalar(constant_val), x.declared.dtype)
    count = pad.declared.shape[0] if pad.rank == 1 else None
    if count is None or count % 2 or count > 2 * x.rank:
        raise InvalidProgram(f"pad: expected a vector of pairs, received {pad.declared}")
    if pad.data is None:  # before, after, before... -> all befores, all afters
        pairs = graph.add("Reshape", as_int64(graph, pad), graph.ints([count // 2, 2]))
        ends = graph.add("Reshape", graph.add("Transpose", pairs, perm=[1, 0]), graph.ints([-1]))
        axes = graph.ints(list(range(x.rank - count // 2, x.rank)))
        return graph.add("Pad", x, ends, constant, axes, mode=modes[mode])
    numbers = [int(number) for number in pad.data]
    if min(numbers, default=0) < 0:
        raise InvalidProgram(f"pad: expected numbers of at least 0, received {numbers}")
    untouched = [0] * (x.rank - count // 2)
    before, after = [*untouched, *numbers[::2]], [*untouched, *numbers[1::2]]
    if mode == "reflect" and any(
        n is not None and max(b, a) >= max(n, 1)
        for b, a, n in zip(before, after, x.declared.shape, strict=True)
    ):
        raise InvalidProgram(f"pad: reflection of {numbers} reaches beyond {x.declared}")
    return graph.add("Pad", x, graph.ints(before + after), constant, mode=modes[mode])


@op("depth_to_space", exact=True)
def depth_to_space(graph: Graph, *, x: Value, block_size: int) -> Value:
    """(N, C, H, W) -> (N, C / b^2, H * b, W * b); the block is the slow part of the channel."""
    return graph.add("DepthToSpace", x, blocksize=_block(block_size), mode="DCR")


@op("space_to_depth", exact=True)
def space_to_depth(graph: Graph, *, x: Value, block_size: int) -> Value:
    """(N, C, H, W) -> (N, C * b^2, H / b, W / b): the inverse of depth_to_space."""
    if any((size or 0) % _block(block_size) for size in x.declared.shape[2:]):
        raise InvalidProgram(f"block_size: {block_size} does not divide {x.declared}")
    return graph.add("SpaceToDepth", x, blocksize=block_size)


@op("pixel_shuffle", exact=True)
def pixel_shuffle(graph: Graph, *, x: Value, upscale_factor: int) -> Value:
    """depth_to_space with the block as the fast part of the channel, as PyTorch orders it."""
    return graph.add("DepthToSpace", x, blocksize=_block(upscale_factor), mode="CRD")


@op("pixel_unshuffle", since="CoreML6", exact=True)
def pixel_unshuffle(graph: Graph, *, x: Value, downscale_factor: int) -> Value:
    """(N, C, H, W) -> (N, C * f^2, H / f, W / f): the inverse of pixel_shuffle."""
    factor = _block(downscale_factor)
    if x.rank != 4:
        raise InvalidProgram(f"expected x (N, C, H, W), received {x.declared}")
    batch, channels = (sizes_of(graph, x, [axis]) for axis in (0, 1))
    sides = [
        part
        for axis in (2, 3)
        for part in (_divided(graph, sizes_of(graph, x, [axis]), factor), graph.ints([factor]))
    ]
    blocks = graph.add("Reshape", x, joined(graph, [batch, channels, *sides]))
    moved = graph.add("Transpose", blocks, perm=[0, 1, 3, 5, 2, 4])
    return graph.add("Reshape", moved, joined(graph, [batch, graph.ints([-1]), sides[0], sides[2]]))


def _divided(graph: Graph, size: Value, factor: int) -> Value:
    if size.data is None:
        return graph.add("Div", size, graph.ints([factor]))
    if size.data[0] % factor:
        raise InvalidProgram(f"downscale_factor: {factor} does not divide {size.data[0]}")
    return graph.ints([int(size.data[0]) // factor])


def _unsqueezed(graph: Graph, values: Sequence[Value], axis: int) -> list[Value]:
    return [graph.add("Unsqueeze", value, graph.ints([axis])) for value in values]


def _block(size: int) -> int:
    if size < 1:
        raise InvalidProgram(f"the block size: expected at least 1, received {size}")
    return size
