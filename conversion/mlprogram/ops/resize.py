"""Resizing of the last two axes. MIL: iOS15, iOS16 and iOS17 image_resizing."""

import math
from collections.abc import Sequence

import numpy as np
import onnx

from conversion.errors import InvalidProgram, UnsupportedOps
from conversion.mlprogram.axes import as_int64, joined, numbered, sizes_of
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op

# What ONNX's Slice takes for "to the end".
LAST = np.iinfo(np.int64).max
# The largest image side that Core ML's engines take.
LARGEST = 16384
DOUBLE = int(onnx.TensorProto.DOUBLE)
# Sampling modes of resize_bilinear that ONNX's Resize has too, by the grids of the MIL
# definition: DEFAULT i * in / out; UNALIGN_CORNERS (i + 0.5) * in / out - 0.5;
# STRICT_ALIGN_CORNERS i * (in - 1) / (out - 1).
COORDINATES = {
    "DEFAULT": "asymmetric",
    "UNALIGN_CORNERS": "half_pixel",
    "STRICT_ALIGN_CORNERS": "align_corners",
    "ALIGN_CORNERS": "align_corners",
}


@op("upsample_nearest_neighbor", exact=True)
def upsample_nearest_neighbor(
    graph: Graph, *, x: Value, scale_factor_height: float = 1, scale_factor_width: float = 1
) -> Value:
    """Repeat pixels; the new size is floor(size * factor)."""
    target = _scaled(graph, x, (scale_factor_height, scale_factor_width))
    return _nearest(graph, x, target)


@op("resize_nearest_neighbor", exact=True)
def resize_nearest_neighbor(
    graph: Graph, *, x: Value, target_size_height: int, target_size_width: int
) -> Value:
    """Take pixel floor(i * in / out) for pixel i."""
    return _nearest(graph, x, graph.ints([target_size_height, target_size_width]))


@op("upsample_bilinear")
def upsample_bilinear(
    graph: Graph,
    *,
    x: Value,
    scale_factor_height: float = 1,
    scale_factor_width: float = 1,
    align_corners: bool = True,
) -> Value:
    """Interpolate; the factors are taken again from the new size, floor(size * factor)."""
    target = _scaled(graph, x, (scale_factor_height, scale_factor_width))
    mode = "STRICT_ALIGN_CORNERS" if align_corners else "UNALIGN_CORNERS"
    return _bilinear(graph, x, target, mode=mode)


@op("upsample_bilinear", since="CoreML6")
def upsample_bilinear_ios16(
    graph: Graph,
    *,
    x: Value,
    scale_factor_height: float = 1,
    scale_factor_width: float = 1,
    align_corners: bool = True,
    half_pixel_centers: bool | None = None,
) -> Value:
    """Do the same with a choice of centers: pixels' or corners; half by default if unaligned."""
    if half_pixel_centers is None:
        half_pixel_centers = not align_corners
    if align_corners and half_pixel_centers:
        raise InvalidProgram("half_pixel_centers: expected false where align_corners is true")
    target = _scaled(graph, x, (scale_factor_height, scale_factor_width))
    unaligned = "UNALIGN_CORNERS" if half_pixel_centers else "DEFAULT"
    mode = "STRICT_ALIGN_CORNERS" if align_corners else unaligned
    return _bilinear(graph, x, target, mode=mode)


@op("resize_bilinear")
def resize_bilinear(
    graph: Graph,
    *,
    x: Value,
    target_size_height: int = 1,
    target_size_width: int = 1,
    sampling_mode: str = "DEFAULT",
) -> Value:
    """Interpolate at a grid that the sampling mode lays over the input."""
    target = graph.ints([target_size_height, target_size_width])
    return _bilinear(graph, x, target, mode=sampling_mode)


@op("resize", since="CoreML7")
def resize(
    graph: Graph,
    *,
    x: Value,
    shape: Value,
    resized_dims: int,
    interpolation_mode: str = "LINEAR",
    sampling_mode: str = "DEFAULT",
) -> Value:
    """Resize the last resized_dims axes to the last numbers of shape; 0 keeps a size.

    NEAREST_NEIGHBOR takes pixel floor(i * in / out), which is what MIL says of DEFAULT.
    """
    if interpolation_mode not in ("LINEAR", "NEAREST_NEIGHBOR"):
        raise InvalidProgram(f"interpolation_mode: received an unknown {interpolation_mode!r}")
    nearest = interpolation_mode == "NEAREST_NEIGHBOR"
    if nearest and sampling_mode != "DEFAULT":
        raise UnsupportedOps(f"nearest neighbours of {sampling_mode}: MIL defines DEFAULT alone")
    target = _target(graph, x, shape, resized_dims)
    if nearest:
        return _nearest(graph, x, target)
    return _bilinear(graph, x, target, mode=sampling_mode)


def _target(graph: Graph, x: Value, shape: Value, resized: int) -> Value:
    """Return the new sizes of the last two axes that the last `resized` numbers of shape mean."""
    count, last = shape.size(0) if shape.rank == 1 else 0, min(resized, 2)
    if not 0 < resized <= min(count, x.rank):
        raise InvalidProgram(f"shape: expected {resized} sizes or more, got {shape.declared}")
    others = [0] * (resized - last)
    if shape.data is not None:
        others = shape.data[count - resized : count - last].tolist()
    own_others = x.declared.shape[x.rank - resized : x.rank - last]
    if x.rank < 3 or any(n not in (0, own) for n, own in zip(others, own_others, strict=True)):
        raise UnsupportedOps("resize of more than the last two axes of x")
    if shape.data is not None:
        wanted = graph.constant(shape.data[count - last :].astype(np.int64))
    else:
        wanted = graph.add("Slice", as_int64(graph, shape), graph.ints([-last]), graph.ints([LAST]))
    own = sizes_of(graph, x, range(x.rank - last, x.rank))
    if wanted.data is None or (own.data is None and 0 in wanted.data):
        wanted = graph.add("Where", graph.add("Equal", wanted, graph.ints([0])), own, wanted)
    elif own.data is not None:
        wanted = graph.constant(np.where(wanted.data == 0, own.data, wanted.data))
    return joined(graph, [sizes_of(graph, x, range(x.rank - 2, x.rank - last)), wanted])


def _scaled(graph: Graph, x: Value, factors: tuple[float, float]) -> Value:
    """Return floor(size * factor) for the last two axes."""
    sizes = x.declared.shape[-2:]
    known = [size for size in sizes if size is not None]
    if len(known) == 2:
        return graph.ints([math.floor(s * f) for s, f in zip(known, factors, strict=True)])
    if x.rank < 3 or not all(0 < factor <= LARGEST for factor in factors):
        raise InvalidProgram(
            f"expected x of rank 3 or more and positive factors, received {x.declared}, {factors}"
        )
    own = graph.add("Cast", sizes_of(graph, x, [x.rank - 2, x.rank - 1]), to=DOUBLE)
    exact = graph.add("Mul", own, graph.constant(np.array(factors, np.float64)))
    return as_int64(graph, graph.add("Floor", exact))


def _nearest(graph: Graph, x: Value, target: Value) -> Value:
    """Take pixel floor(i * in / out): in whole numbers, since floats may miss by one."""
    if target.data is not None:
        _require_sizes(x, target.data)
    for place, axis in enumerate((x.rank - 2, x.rank - 1)):
        size = x.declared.shape[axis]
        if target.data is not None and size is not None:
            wanted = int(target.data[place])
            if wanted == size:
                continue
            indices = graph.constant(np.arange(wanted, dtype=np.int64) * size // wanted)
        else:
            own = sizes_of(graph, x, [axis])
            goal = graph.add("Slice", target, graph.ints([place]), graph.ints([place + 1]))
            indices = graph.add("Div", graph.add("Mul", numbered(graph, goal), own), goal)
        picked = graph.add("Gather", x, indices, axis=axis)
        x = Value(picked.name, x.type)  # the other axis still has its size
    return x


def _bilinear(graph: Graph, x: Value, target: Value, *, mode: str) -> Value:
    if target.data is not None:
        _require_sizes(x, target.data)
        if mode == "OFFSET_CORNERS" or (mode == "ALIGN_CORNERS" and 1 in target.data):
            return _by_matrices(graph, x, target.data.tolist(), mode=mode)
    if mode not in COORDINATES:
        raise InvalidProgram(
            f"sampling_mode: expected OFFSET_CORNERS (of a known size) or one of "
            f"{list(COORDINATES)}, received {mode!r}"
        )
    sizes = joined(graph, [*(sizes_of(graph, x, [axis]) for axis in range(x.rank - 2)), target])
    image, image_sizes = x, sizes
    if x.rank != 4:  # ONNX Runtime interpolates images only as (N, C, H, W)
        planes = graph.ints([1, math.prod(x.size(a) for a in range(x.rank - 2))])
        own = sizes_of(graph, x, [x.rank - 2, x.rank - 1])
        image = graph.add("Reshape", x, joined(graph, [planes, own]))
        image_sizes = joined(graph, [planes, target])
    resized = graph.add(
        "Resize",
        image,
        None,
        None,
        image_sizes,
        mode="linear",
        coordinate_transformation_mode=COORDINATES[mode],
    )
    return resized if x.rank == 4 else graph.add("Reshape", resized, sizes)


def _by_matrices(graph: Graph, x: Value, target: Sequence[int], *, mode: str) -> Value:
    """Interpolate as rows @ x @ columns, for the grids that ONNX has no name for."""
    height, width = target
    rows, columns = (
        _interpolation(graph, x.size(axis), target, mode=mode)
        for axis, target in ((-2, height), (-1, width))
    )
    stretched = graph.add("MatMul", graph.constant(rows), x)
    return graph.add("MatMul", stretched, graph.constant(np.ascontiguousarray(columns.T)))


def _interpolation(graph: Graph, size: int, target: int, *, mode: str) -> np.ndarray:
    """Return the (target, size) float32 matrix of linear interpolation at the grid of `mode`."""
    graph.hold((2, target, size), np.float64)  # it is computed in double precision
    places = np.arange(target, dtype=np.float64)
    if mode == "OFFSET_CORNERS":
        grid = (places + 0.5) * max(1, size - 1) / target
    elif target == 1:  # ALIGN_CORNERS
        grid = np.array([(size - 1) / 2])
    else:
        grid = places * (size - 1) / (target - 1)
    grid = np.clip(grid, 0, size - 1)
    lower = np.minimum(np.floor(grid).astype(np.int64), size - 1)
    upper = np.minimum(lower + 1, size - 1)
    share = grid - lower
    matrix = np.zeros((target, size))
    np.add.at(matrix, (np.arange(target), lower), 1 - share)
    np.add.at(matrix, (np.arange(target), upper), share)
    return matrix.astype(np.float32)


def _require_sizes(x: Value, target: np.ndarray) -> None:
    known = [size for size in x.declared.shape if size is not None]
    if x.rank < 3 or min(known, default=1) < 1 or not all(1 <= n <= LARGEST for n in target):
        raise InvalidProgram(
            f"expected x of rank 3 or more and sizes from 1 to {LARGEST}, "
            f"received {x.declared} and {'x'.join(map(str, target))}"
        )
