"""Boxes cut out of pictures and resized. MIL: iOS15, iOS16 and iOS17 image_resizing."""

from collections.abc import Sequence

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.axes import as_int64, sizes_of
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op
from conversion.mlprogram.sampling import sample
from conversion.mlprogram.types import TensorType

# Where each mode lists row, column, row, column; whether as center and size, not as two corners.
BOX_MODES = {
    "CORNERS_HEIGHT_FIRST": ((0, 1, 2, 3), False),
    "CORNERS_WIDTH_FIRST": ((1, 0, 3, 2), False),
    "CENTER_SIZE_HEIGHT_FIRST": ((0, 1, 2, 3), True),
    "CENTER_SIZE_WIDTH_FIRST": ((1, 0, 3, 2), True),
}

# The largest image side that Core ML's engines take.
LARGEST = 16384


@op("crop_resize")
def crop_resize(
    graph: Graph,
    *,
    x: Value,
    roi: Value,
    target_height: int = 1,
    target_width: int = 1,
    normalized_coordinates: bool = False,
    spatial_scale: float = 1.0,
    box_coordinate_mode: str = "CORNERS_HEIGHT_FIRST",
    sampling_mode: str = "DEFAULT",
    pad_value: float = 0.0,
) -> Value:
    """Cut boxes out of x (B, C, H, W) and resize them, as (N, B or 1, C, h, w).

    roi: (N, 1, 4, 1, 1), boxes in every image, or (N, 1, 5, 1, 1), led by an image's number.
    """
    boxes, width = roi.shape[0], roi.shape[2] if roi.rank == 5 else 0
    if width not in (4, 5):
        raise InvalidProgram(f"roi: expected (N, 1, 4 or 5, 1, 1), received {roi.declared}")
    table = graph.add("Reshape", roi, graph.ints([boxes, width]))
    images = x.shape[0]
    if width == 5:
        first, table = graph.add_many("Split", table, graph.ints([1, 4]), count=2, axis=1)
        numbers = as_int64(graph, graph.add("Reshape", first, graph.ints([-1])))
    else:  # every box in every image
        graph.hold((2, boxes, images), np.int64)
        pairs = np.indices((boxes, images)).reshape(2, -1)
        numbers = graph.constant(pairs[1])
        table = graph.add("Gather", table, graph.constant(pairs[0]), axis=0)
    crops = _cropped(
        graph,
        _pictures(graph, x, numbers),
        table,
        (target_height, target_width),
        normalized=normalized_coordinates,
        scale=spatial_scale,
        box_mode=box_coordinate_mode,
        sampling_mode=sampling_mode,
        pad_value=pad_value,
    )
    shape = [boxes, images if width == 4 else 1, x.shape[1], target_height, target_width]
    return graph.add("Reshape", crops, graph.ints(shape))


@op("crop_resize", since="CoreML7")
def crop_resize_ios17(
    graph: Graph,
    *,
    x: Value,
    boxes: Value,
    box_indices: Value | None = None,
    target_height: int = 1,
    target_width: int = 1,
    normalized_coordinates: bool = False,
    spatial_scale: float = 1.0,
    box_coordinate_mode: str = "CORNERS_HEIGHT_FIRST",
    sampling_mode: str = "DEFAULT",
    pad_value: float = 0.0,
) -> Value:
    """Cut boxes (N, 4) out of the images box_indices (N,) of x and resize them: (N, C, h, w)."""
    numbers = graph.counted(boxes.shape[0])
    if box_indices is not None:
        numbers = as_int64(graph, box_indices)
    return _cropped(
        graph,
        _pictures(graph, x, numbers),
        graph.cast(boxes, np.dtype(np.float32)),
        (target_height, target_width),
        normalized=normalized_coordinates,
        scale=spatial_scale,
        box_mode=box_coordinate_mode,
        sampling_mode=sampling_mode,
        pad_value=pad_value,
    )


def _pictures(graph: Graph, x: Value, numbers: Value) -> Value:
    """Return the pictures of x with these numbers, one for each box."""
    picked = graph.add("Gather", x, numbers, axis=0)
    return Value(picked.name, TensorType(x.declared.dtype, (None, *x.declared.shape[1:])))


def _cropped(
    graph: Graph,
    pictures: Value,
    boxes: Value,
    target: tuple[int, int],
    *,
    normalized: bool,
    scale: float,
    box_mode: str,
    sampling_mode: str,
    pad_value: float,
) -> Value:
    """Return picture i (C, H, W) resampled at box i (4,), for all i.

    What lies outside a picture is pad_value, unmixed: as tf.image.crop_and_resize does it.
    """
    if not all(1 <= size <= LARGEST for size in target):
        raise InvalidProgram(f"expected target sizes from 1 to {LARGEST}, received {target}")
    if box_mode not in BOX_MODES:
        raise InvalidProgram(
            f"box_coordinate_mode: expected one of {list(BOX_MODES)}, received {box_mode!r}"
        )
    order, centered = BOX_MODES[box_mode]
    columns = [graph.add("Gather", boxes, graph.ints([n]), axis=1) for n in order]
    places, insides = [], []
    for side, size in enumerate(target):
        first, second = columns[side], columns[side + 2]  # (N, 1)
        pixels = graph.cast(sizes_of(graph, pictures, [side + 2]), np.dtype(np.float32))
        last = graph.add("Sub", pixels, graph.scalar(1))
        if centered:
            half = graph.add("Mul", second, graph.scalar(0.5))
            first, second = graph.add("Sub", first, half), graph.add("Add", first, half)
        factor = graph.add("Mul", last, graph.scalar(scale)) if normalized else graph.scalar(scale)
        start, end = (graph.add("Mul", corner, factor) for corner in (first, second))
        extent = graph.add("Sub", end, start)
        place = graph.add("Add", start, _offsets(graph, extent, size, mode=sampling_mode))
        above = graph.add("GreaterOrEqual", place, graph.scalar(0))
        insides.append(graph.add("And", above, graph.add("LessOrEqual", place, last)))
        places.append(place)
    inside = graph.add("And", *_as_grid(graph, insides))  # (N, h, w)
    shape = graph.add("Shape", inside)
    rows, across = (graph.add("Expand", side, shape) for side in _as_grid(graph, places))
    pair = [graph.add("Unsqueeze", side, graph.ints([3])) for side in (across, rows)]
    grid = graph.add("Concat", *pair, axis=3)
    sampled = sample(graph, pictures, grid, mode="bilinear", padding_mode="border")
    mask = graph.add("Unsqueeze", inside, graph.ints([1]))
    return graph.add("Where", mask, sampled, graph.scalar(pad_value))


def _offsets(graph: Graph, extent: Value, size: int, *, mode: str) -> Value:
    """Return where `size` samples of a box lie behind its start: resize_bilinear's grid, (N, size).

    extent: (N, 1), the distance from the first to the last pixel of the box.
    """
    numbers = np.arange(size)
    if mode in ("STRICT_ALIGN_CORNERS", "ALIGN_CORNERS"):
        only = 0.5 if mode == "ALIGN_CORNERS" else 0.0
        return graph.add("Mul", extent, _row(graph, numbers / (size - 1) if size > 1 else [only]))
    if mode == "OFFSET_CORNERS":
        length = graph.add("Max", extent, graph.scalar(1))
        offsets = graph.add("Mul", length, _row(graph, (numbers + 0.5) / size))
    elif mode == "DEFAULT":
        length = graph.add("Add", extent, graph.scalar(1))
        offsets = graph.add("Mul", length, _row(graph, numbers / size))
    elif mode == "UNALIGN_CORNERS":
        length = graph.add("Add", extent, graph.scalar(1))
        centers = graph.add("Mul", length, _row(graph, (numbers + 0.5) / size))
        offsets = graph.add("Sub", centers, graph.scalar(0.5))
    else:
        raise InvalidProgram(f"sampling_mode: received an unknown {mode!r}")
    return graph.add("Min", graph.add("Max", offsets, graph.scalar(0)), extent)


def _row(graph: Graph, numbers: Sequence[float] | np.ndarray) -> Value:
    return graph.constant(np.array(numbers, np.float32)[np.newaxis])


def _as_grid(graph: Graph, sides: Sequence[Value]) -> list[Value]:
    """Return (N, h) and (N, w) as (N, h, 1) and (N, 1, w)."""
    return [
        graph.add("Unsqueeze", side, graph.ints([axis]))
        for side, axis in zip(sides, (2, 1), strict=True)
    ]
