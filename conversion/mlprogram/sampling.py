"""Sampling a picture at any coordinates: how pixels are numbered, and what lies outside of them."""

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.axes import sizes_of
from conversion.mlprogram.graph import Graph, Value

MODES = {"bilinear": "linear", "nearest": "nearest"}


def sample(
    graph: Graph,
    x: Value,
    coordinates: Value,
    *,
    mode: str,
    padding_mode: str,
    padding_value: float = 0.0,
) -> Value:
    """Return x (N, C, H, W) at coordinates (N, h, w, 2) as (N, C, h, w).

    coordinates: (x, y), in pixels: (0, 0) is the center of the first. Outside x stand, by
    padding_mode, padding_value ("constant"), the border ("border"), or x mirrored without
    ("reflection") or with ("symmetric") its border.
    """
    if mode not in MODES:
        raise InvalidProgram(f"sampling_mode: expected one of {list(MODES)}, received {mode!r}")
    last = graph.add("Sub", _width_and_height(graph, x), graph.scalar(1))
    if padding_mode == "border":
        coordinates = graph.add("Min", graph.add("Max", coordinates, graph.scalar(0)), last)
    elif padding_mode == "reflection":
        coordinates = _mirrored(graph, coordinates, last, border=0.0)
    elif padding_mode == "symmetric":
        coordinates = _mirrored(graph, coordinates, last, border=0.5)
        coordinates = graph.add("Min", graph.add("Max", coordinates, graph.scalar(0)), last)
    elif padding_mode != "constant":
        raise InvalidProgram(
            f"padding_mode: expected constant, border, reflection or symmetric, "
            f"received {padding_mode!r}"
        )
    # GridSample counts from -1 to 1 between the centers of the corners; one pixel has no between.
    spans = graph.add("Max", last, graph.scalar(1))
    doubled = graph.add("Mul", coordinates, graph.scalar(2))
    grid = graph.add("Sub", graph.add("Div", doubled, spans), graph.scalar(1))
    shift = padding_value if padding_mode == "constant" else 0.0
    picture = graph.add("Sub", x, graph.scalar(shift)) if shift else x
    sampled = graph.add("GridSample", picture, grid, mode=MODES[mode], align_corners=1)
    return graph.add("Add", sampled, graph.scalar(shift)) if shift else sampled


def from_unit_range(graph: Graph, x: Value, unit: Value, *, align_corners: bool) -> Value:
    """Return pixel coordinates of coordinates from 0 to 1, which span x.

    align_corners: 0 and 1 are the centers of the corner pixels; else, their outer edges.
    """
    sizes = _width_and_height(graph, x)
    if align_corners:
        return graph.add("Mul", unit, graph.add("Sub", sizes, graph.scalar(1)))
    return graph.add("Sub", graph.add("Mul", unit, sizes), graph.scalar(0.5))


def _width_and_height(graph: Graph, x: Value) -> Value:
    if x.rank != 4:
        raise InvalidProgram(f"expected x (N, C, H, W), received {x.declared}")
    return graph.cast(sizes_of(graph, x, [3, 2]), np.dtype(np.float32))


def _mirrored(graph: Graph, coordinates: Value, last: Value, *, border: float) -> Value:
    """Fold coordinates back into x at -border and last + border."""
    length = graph.add("Add", last, graph.scalar(2 * border))
    length = graph.add("Max", length, graph.scalar(1e-6))  # of one pixel: everything is its center
    period = graph.add("Mul", length, graph.scalar(2))
    shifted = graph.add("Abs", graph.add("Add", coordinates, graph.scalar(border)))
    within = graph.add("Mod", shifted, period, fmod=1)
    folded = graph.add("Min", within, graph.add("Sub", period, within))
    return graph.add("Sub", folded, graph.scalar(border))
