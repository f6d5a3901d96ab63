"""Sampling pictures at computed coordinates: resample and affine.

MIL: iOS15, iOS16 and iOS17 image_resizing.
"""

import numpy as np

from conversion.errors import InvalidProgram, UnsupportedOps
from conversion.mlprogram.axes import joined, sizes_of
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op
from conversion.mlprogram.sampling import from_unit_range, sample


@op("resample")
def resample(
    graph: Graph,
    *,
    x: Value,
    coordinates: Value,
    sampling_mode: str,
    padding_mode: str,
    padding_value: float,
    coordinates_mode: str,
    align_corners: bool,
) -> Value:
    """Read x (N, C, H, W) at coordinates (N, h, w, 2), which are (x, y) in one of three units."""
    places = graph.cast(coordinates, np.dtype(np.float32))
    if coordinates_mode == "normalized_minus_one_to_one":
        raised = graph.add("Add", places, graph.scalar(1))
        unit = graph.add("Mul", raised, graph.scalar(0.5))
        places = from_unit_range(graph, x, unit, align_corners=align_corners)
    elif coordinates_mode == "normalized_zero_to_one":
        places = from_unit_range(graph, x, places, align_corners=align_corners)
    elif coordinates_mode != "unnormalized":
        raise InvalidProgram(f"coordinates_mode: received an unknown {coordinates_mode!r}")
    return sample(
        graph,
        x,
        places,
        mode=sampling_mode,
        padding_mode=padding_mode,
        padding_value=padding_value,
    )


@op("affine")
def affine(
    graph: Graph,
    *,
    x: Value,
    transform_matrix: Value,
    output_height: int,
    output_width: int,
    sampling_mode: str,
    padding_mode: str,
    padding_value: float,
    coordinates_mode: str,
    align_corners: bool,
) -> Value:
    """Read x at (a0 x + a1 y + a2, b0 x + b1 y + b2) for each (x, y) from -1 to 1 of the result.

    transform_matrix: (N or 1, 6): a0, a1, a2, b0, b1, b2.
    """
    if coordinates_mode != "normalized_minus_one_to_one" or not align_corners:
        raise UnsupportedOps("expected normalized_minus_one_to_one and align_corners, as MIL does")
    if output_height < 1 or output_width < 1:
        raise InvalidProgram(f"expected a size of 1 or more, got {output_height}x{output_width}")
    # The grid of coordinates, and what it is made of: in double precision, and each side alone.
    graph.hold((4, output_height, output_width, 3), np.float64)
    rows, columns = (np.linspace(-1, 1, size) for size in (output_height, output_width))
    grid = np.stack([*np.meshgrid(columns, rows), np.ones((output_height, output_width))], -1)
    matrix = graph.add("Reshape", transform_matrix, graph.ints([-1, 2, 3]))
    flat = graph.constant(grid.reshape(1, -1, 3).astype(np.float32))
    moved = graph.add("MatMul", flat, graph.add("Transpose", matrix, perm=[0, 2, 1]))
    shape = graph.ints([-1, output_height, output_width, 2])
    unit = graph.add("Mul", graph.add("Add", moved, graph.scalar(1)), graph.scalar(0.5))
    places = from_unit_range(graph, x, graph.add("Reshape", unit, shape), align_corners=True)
    # One matrix may serve all images.
    size = graph.ints([output_height, output_width, 2])
    whole = joined(graph, [sizes_of(graph, x, [0]), size])
    return sample(
        graph,
        x,
        graph.add("Expand", places, whole),
        mode=sampling_mode,
        padding_mode=padding_mode,
        padding_value=padding_value,
    )
