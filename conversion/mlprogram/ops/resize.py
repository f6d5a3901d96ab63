"""Resizing of the last two axes. MIL: iOS15, iOS16 and iOS17 image_resizing."""

import math

import numpy as np

from conversion.errors import InvalidProgram, UnsupportedOps
from conversion.mlprogram.axes import as_int64, shape_of
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op

# What ONNX's Slice takes for "to the end".
LAST = np.iinfo(np.int64).max
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
    height, width = _scaled(x, scale_factor_height, scale_factor_width)
    return _nearest(graph, x, height, width)


@op("resize_nearest_neighbor", exact=True)
def resize_nearest_neighbor(
    graph: Graph, *, x: Value, target_size_height: int, target_size_width: int
) -> Value:
    """Take pixel floor(i * in / out) for pixel i."""
    return _nearest(graph, x, target_size_height, target_size_width)


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
    height, width = _scaled(x, scale_factor_height, scale_factor_width)
    mode = "STRICT_ALIGN_CORNERS" if align_corners else "UNALIGN_CORNERS"
    return _bilinear(graph, x, height, width, mode=mode)


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
    height, width = _scaled(x, scale_factor_height, scale_factor_width)
    unaligned = "UNALIGN_CORNERS" if half_pixel_centers else "DEFAULT"
    mode = "STRICT_ALIGN_CORNERS" if align_corners else unaligned
    return _bilinear(graph, x, height, width, mode=mode)


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
    return _bilinear(graph, x, target_size_height, target_size_width, mode=sampling_mode)


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
    if shape.data is None:
        return _resized_at_run(graph, x, shape, resized_dims, nearest=nearest, mode=sampling_mode)
    wanted = [int(size) for size in shape.data][len(shape.data) - resized_dims :]
    if len(wanted) != resized_dims or resized_dims > x.rank:
        raise InvalidProgram(f"shape: expected {resized_dims} sizes or more, got {shape.declared}")
    kept = x.shape[x.rank - resized_dims :]
    sizes = [*x.shape[: x.rank - resized_dims]]
    sizes += [size or own for size, own in zip(wanted, kept, strict=True)]
    if x.rank < 3 or sizes[:-2] != list(x.shape[:-2]):
        raise UnsupportedOps("resize of more than the last two axes of x")
    if nearest:
        return _nearest(graph, x, *sizes[-2:])
    return _bilinear(graph, x, *sizes[-2:], mode=sampling_mode)


def _resized_at_run(
    graph: Graph, x: Value, shape: Value, resized: int, *, nearest: bool, mode: str
) -> Value:
    if x.rank != 4 or not 0 < resized <= 2 or mode not in COORDINATES:
        raise UnsupportedOps(f"resize to a computed size of {x.declared} by {mode}")
    sizes = as_int64(graph, shape)
    last = graph.add("Slice", sizes, graph.ints([-resized]), graph.ints([LAST]))
    own = shape_of(graph, x)
    kept = graph.add("Slice", own, graph.ints([-resized]), graph.ints([LAST]))
    last = graph.add("Where", graph.add("Equal", last, graph.ints([0])), kept, last)
    first = graph.add("Slice", own, graph.ints([0]), graph.ints([-resized]))
    return graph.add(
        "Resize",
        x,
        None,
        None,
        graph.add("Concat", first, last, axis=0),
        mode="nearest" if nearest else "linear",
        coordinate_transformation_mode=COORDINATES[mode],
        nearest_mode="floor" if nearest else None,
    )


def _scaled(x: Value, factor_height: float, factor_width: float) -> tuple[int, int]:
    height, width = x.shape[-2:]
    return math.floor(height * factor_height), math.floor(width * factor_width)


def _nearest(graph: Graph, x: Value, height: int, width: int) -> Value:
    _require_sizes(x, height, width)
    for axis, size in ((x.rank - 2, height), (x.rank - 1, width)):
        # Whole numbers: floor(i * in / out) in floats may miss by one.
        indices = np.arange(size, dtype=np.int64) * x.shape[axis] // size
        if size != x.shape[axis]:
            picked = graph.add("Gather", x, graph.constant(indices), axis=axis)
            x = Value(picked.name, x.type)  # the other axis still has its size
    return x


def _bilinear(graph: Graph, x: Value, height: int, width: int, *, mode: str) -> Value:
    _require_sizes(x, height, width)
    if mode == "OFFSET_CORNERS" or (mode == "ALIGN_CORNERS" and 1 in (height, width)):
        return _by_matrices(graph, x, height, width, mode=mode)
    if mode not in COORDINATES:
        raise InvalidProgram(
            f"sampling_mode: expected OFFSET_CORNERS or one of {list(COORDINATES)}, "
            f"received {mode!r}"
        )
    planes = math.prod(x.shape[:-2])
    image = x
    if x.rank != 4:  # ONNX Runtime interpolates images only as (N, C, H, W)
        image = graph.add("Reshape", x, graph.ints([1, planes, *x.shape[-2:]]))
    leading = x.shape[:-2] if x.rank == 4 else (1, planes)
    resized = graph.add(
        "Resize",
        image,
        None,
        None,
        graph.ints([*leading, height, width]),
        mode="linear",
        coordinate_transformation_mode=COORDINATES[mode],
    )
    if x.rank == 4:
        return resized
    return graph.add("Reshape", resized, graph.ints([*x.shape[:-2], height, width]))


def _by_matrices(graph: Graph, x: Value, height: int, width: int, *, mode: str) -> Value:
    """Interpolate as rows @ x @ columns, for the grids that ONNX has no name for."""
    rows = _interpolation(x.shape[-2], height, mode=mode)
    columns = _interpolation(x.shape[-1], width, mode=mode)
    stretched = graph.add("MatMul", graph.constant(rows), x)
    return graph.add("MatMul", stretched, graph.constant(np.ascontiguousarray(columns.T)))


def _interpolation(size: int, target: int, *, mode: str) -> np.ndarray:
    """Return the (target, size) float32 matrix of linear interpolation at the grid of `mode`."""
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


def _require_sizes(x: Value, height: int, width: int) -> None:
    # 16384: the largest image side that Core ML's engines take.
    if x.rank < 3 or min(x.shape) < 1 or not all(1 <= n <= 16384 for n in (height, width)):
        raise InvalidProgram(
            f"expected x of rank 3 or more and sizes from 1 to 16384, "
            f"received {x.declared} and {height}x{width}"
        )
