"""Reductions along axes; all of them where none is named. MIL: iOS15 reduction."""

from collections.abc import Sequence

from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("reduce_mean")
def reduce_mean(
    graph: Graph, *, x: Value, axes: Sequence[int] | None = None, keep_dims: bool = False
) -> Value:
    """Mean."""
    return graph.add("ReduceMean", x, *_axes(graph, axes), keepdims=int(keep_dims))


@op("reduce_sum")
def reduce_sum(
    graph: Graph, *, x: Value, axes: Sequence[int] | None = None, keep_dims: bool = False
) -> Value:
    """Sum."""
    return graph.add("ReduceSum", x, *_axes(graph, axes), keepdims=int(keep_dims))


@op("reduce_max", exact=True)
def reduce_max(
    graph: Graph, *, x: Value, axes: Sequence[int] | None = None, keep_dims: bool = False
) -> Value:
    """Maximum."""
    return graph.add("ReduceMax", x, *_axes(graph, axes), keepdims=int(keep_dims))


@op("reduce_min", exact=True)
def reduce_min(
    graph: Graph, *, x: Value, axes: Sequence[int] | None = None, keep_dims: bool = False
) -> Value:
    """Minimum."""
    return graph.add("ReduceMin", x, *_axes(graph, axes), keepdims=int(keep_dims))


def _axes(graph: Graph, axes: Sequence[int] | None) -> list[Value]:
    return [graph.ints(axes)] if axes else []
