"""Scattering: `data` with updates at given places. Negative places count from the end.

MIL: iOS15 and iOS17 scatter_gather. The same place may come several times except with "update",
where Core ML's order is undefined.
"""

from conversion.errors import InvalidProgram, UnsupportedOps
from conversion.mlprogram.axes import as_int64, axis_from_start
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op

# MIL's modes -> ONNX's reduction, and what is done to the updates first.
MODES = {
    "update": ("none", None),
    "add": ("add", None),
    "sub": ("add", "Neg"),
    "mul": ("mul", None),
    "div": ("mul", "Reciprocal"),
    "max": ("max", None),
    "min": ("min", None),
}


@op("scatter")
def scatter(
    graph: Graph,
    *,
    data: Value,
    indices: Value,
    updates: Value,
    axis: int = 0,
    mode: str = "add",
    validate_indices: bool = False,
) -> Value:
    """Update slices of data at the places `indices`, of any rank, along one axis.

    updates: as data, with the axes of indices in the place of that axis.
    """
    axis = axis_from_start(axis, data.rank)
    reduction, updates = _reduction(graph, updates, mode)
    # ScatterND updates along the first axis: the axis moves there and back.
    first = [axis, *(a for a in range(data.rank) if a != axis)]
    back = [first.index(a) for a in range(data.rank)]
    taken = range(axis, axis + indices.rank)
    rank = data.rank - 1 + indices.rank
    updates_first = [*taken, *(a for a in range(rank) if a not in taken)]
    column = graph.add("Unsqueeze", as_int64(graph, indices), graph.ints([-1]))
    moved = graph.add(
        "ScatterND",
        graph.add("Transpose", data, perm=first),
        column,
        graph.add("Transpose", updates, perm=updates_first),
        reduction=reduction,
    )
    return graph.add("Transpose", moved, perm=back)


@op("scatter_along_axis")
def scatter_along_axis(
    graph: Graph,
    *,
    data: Value,
    indices: Value,
    updates: Value,
    axis: int = 0,
    mode: str = "add",
    validate_indices: bool = False,
) -> Value:
    """Update data at the places `indices` along one axis, each for its own line."""
    axis = axis_from_start(axis, data.rank)
    reduction, updates = _reduction(graph, updates, mode)
    places = as_int64(graph, indices)
    return graph.add("ScatterElements", data, places, updates, axis=axis, reduction=reduction)


@op("scatter_nd")
def scatter_nd(
    graph: Graph,
    *,
    data: Value,
    indices: Value,
    updates: Value,
    mode: str = "add",
    validate_indices: bool = False,
) -> Value:
    """Update data at the places that the last axis of indices holds, as tf.scatter_nd."""
    reduction, updates = _reduction(graph, updates, mode)
    return graph.add("ScatterND", data, as_int64(graph, indices), updates, reduction=reduction)


def _reduction(graph: Graph, updates: Value, mode: str) -> tuple[str, Value]:
    if mode not in MODES:
        raise InvalidProgram(f"mode: expected one of {list(MODES)}, received {mode!r}")
    reduction, first = MODES[mode]
    if mode == "div" and updates.declared.dtype.kind != "f":
        raise UnsupportedOps("mode 'div' of whole numbers: expected floats")
    return reduction, updates if first is None else graph.add(first, updates)
