"""Reductions along axes; all of them where none is named. MIL: iOS15 reduction."""

from collections.abc import Sequence

from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op
from conversion.mlprogram.type_names import named_type


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


@op("reduce_prod")
def reduce_prod(
    graph: Graph, *, x: Value, axes: Sequence[int] | None = None, keep_dims: bool = False
) -> Value:
    """Product."""
    return graph.add("ReduceProd", x, *_axes(graph, axes), keepdims=int(keep_dims))


@op("reduce_l1_norm")
def reduce_l1_norm(
    graph: Graph, *, x: Value, axes: Sequence[int] | None = None, keep_dims: bool = False
) -> Value:
    """Sum of absolute values."""
    return graph.add("ReduceL1", x, *_axes(graph, axes), keepdims=int(keep_dims))


@op("reduce_l2_norm")
def reduce_l2_norm(
    graph: Graph, *, x: Value, axes: Sequence[int] | None = None, keep_dims: bool = False
) -> Value:
    """Square root of the sum of squares."""
    return graph.add("ReduceL2", x, *_axes(graph, axes), keepdims=int(keep_dims))


@op("reduce_sum_square")
def reduce_sum_square(
    graph: Graph, *, x: Value, axes: Sequence[int] | None = None, keep_dims: bool = False
) -> Value:
    """Sum of squares."""
    return graph.add("ReduceSumSquare", x, *_axes(graph, axes), keepdims=int(keep_dims))


@op("reduce_log_sum")
def reduce_log_sum(
    graph: Graph, *, x: Value, axes: Sequence[int] | None = None, keep_dims: bool = False
) -> Value:
    """Logarithm of the sum."""
    return graph.add("ReduceLogSum", x, *_axes(graph, axes), keepdims=int(keep_dims))


@op("reduce_log_sum_exp")
def reduce_log_sum_exp(
    graph: Graph, *, x: Value, axes: Sequence[int] | None = None, keep_dims: bool = False
) -> Value:
    """Logarithm of the sum of e^x, without overflow."""
    return graph.add("ReduceLogSumExp", x, *_axes(graph, axes), keepdims=int(keep_dims))


@op("reduce_argmax", exact=True)
def reduce_argmax(
    graph: Graph, *, x: Value, axis: int = -1, keep_dims: bool = False, output_dtype: str = "int32"
) -> Value:
    """Place of the largest element along one axis, the first of equals."""
    return _place(graph, x, "ArgMax", axis=axis, keep_dims=keep_dims, output_dtype=output_dtype)


@op("reduce_argmin", exact=True)
def reduce_argmin(
    graph: Graph, *, x: Value, axis: int = -1, keep_dims: bool = False, output_dtype: str = "int32"
) -> Value:
    """Place of the smallest element along one axis, the first of equals."""
    return _place(graph, x, "ArgMin", axis=axis, keep_dims=keep_dims, output_dtype=output_dtype)


def _axes(graph: Graph, axes: Sequence[int] | None) -> list[Value]:
    return [graph.ints(axes)] if axes else []


def _place(
    graph: Graph, x: Value, op_type: str, *, axis: int, keep_dims: bool, output_dtype: str
) -> Value:
    place = graph.add(op_type, x, axis=axis, keepdims=int(keep_dims))
    return graph.cast(place, named_type(output_dtype))
