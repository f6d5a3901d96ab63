"""Gathering: values of x at given places. Negative places count from the end.

MIL: iOS15, iOS16 and iOS17 scatter_gather. `validate_indices` asks Core ML to check the places
while it runs; here a place outside x is always an error of the run.
"""

from conversion.errors import InvalidProgram
from conversion.mlprogram.axes import as_int64, axis_from_start
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("gather", exact=True)
def gather(
    graph: Graph,
    *,
    x: Value,
    indices: Value,
    axis: int = 0,
    batch_dims: int = 0,
    validate_indices: bool = False,
) -> Value:
    """x at the places `indices` along one axis, whose place the axes of indices take.

    The first batch_dims axes of x and indices run together.
    """
    axis = axis_from_start(axis, x.rank)
    places = as_int64(graph, indices)
    if not batch_dims:
        return graph.add("Gather", x, places, axis=axis)
    if not 0 < batch_dims <= min(axis, indices.rank):
        raise InvalidProgram(
            f"batch_dims: expected from 0 to the smaller of axis {axis} and rank {indices.rank} "
            f"of indices, received {batch_dims}"
        )
    # GatherND picks behind its batch axes: the axis moves there, and what stood between moves back.
    between, after = range(batch_dims, axis), range(axis + 1, x.rank)
    moved = graph.add("Transpose", x, perm=[*range(batch_dims), axis, *between, *after])
    column = graph.add("Unsqueeze", places, graph.ints([-1]))
    picked = graph.add("GatherND", moved, column, batch_dims=batch_dims)
    new = indices.rank - batch_dims
    end = batch_dims + new + len(between)
    perm = [
        *range(batch_dims),
        *range(batch_dims + new, end),
        *range(batch_dims, batch_dims + new),
        *range(end, end + len(after)),
    ]
    return graph.add("Transpose", picked, perm=perm)


@op("gather_along_axis", exact=True)
def gather_along_axis(
    graph: Graph, *, x: Value, indices: Value, axis: int = 0, validate_indices: bool = False
) -> Value:
    """x at the places `indices` along one axis, each for its own line; as numpy.take_along_axis."""
    axis = axis_from_start(axis, x.rank)
    return graph.add("GatherElements", x, as_int64(graph, indices), axis=axis)


@op("gather_nd", exact=True)
def gather_nd(
    graph: Graph,
    *,
    x: Value,
    indices: Value,
    batch_dims: int = 0,
    validate_indices: bool = False,
) -> Value:
    """x at the places that the last axis of indices holds, as tf.gather_nd."""
    return graph.add("GatherND", x, as_int64(graph, indices), batch_dims=batch_dims)
