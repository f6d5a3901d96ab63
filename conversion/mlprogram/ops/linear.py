"""Matrix products. MIL: iOS15 linear."""

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("linear")
def linear(graph: Graph, *, x: Value, weight: Value, bias: Value | None = None) -> Value:
    """x (*D, D_in) times the transpose of weight (D_out, D_in), plus bias (D_out,)."""
    if weight.rank != 2:
        raise InvalidProgram(f"weight: expected rank 2, received {weight.declared}")
    product = graph.add("MatMul", x, graph.add("Transpose", weight, perm=[1, 0]))
    return product if bias is None else graph.add("Add", product, bias)


@op("matmul")
def matmul(
    graph: Graph, *, x: Value, y: Value, transpose_x: bool = False, transpose_y: bool = False
) -> Value:
    """Multiply as numpy.matmul does, the last two axes of x or y swapped first on request.

    From iOS 17 on, whole numbers may be multiplied by floats.
    """
    if x.declared.dtype.kind != y.declared.dtype.kind:
        x, y = _as_floats(graph, x), _as_floats(graph, y)
    # A vector becomes a matrix here, not in ONNX Runtime: its fusion of Transpose and MatMul
    # gives wrong numbers for a vector (seen in 1.32).
    left, right = _as_matrix(graph, x, axis=0), _as_matrix(graph, y, axis=1)
    product = graph.add(
        "MatMul", _swapped(graph, left, x, transpose_x), _swapped(graph, right, y, transpose_y)
    )
    dropped = [axis for axis, value in ((-2, x), (-1, y)) if value.rank == 1]
    return graph.add("Squeeze", product, graph.ints(dropped)) if dropped else product


def _as_floats(graph: Graph, value: Value) -> Value:
    return Value(graph.cast(value, np.dtype(np.float32)).name, value.type)


def _as_matrix(graph: Graph, value: Value, *, axis: int) -> Value:
    return graph.add("Unsqueeze", value, graph.ints([axis])) if value.rank == 1 else value


def _swapped(graph: Graph, matrix: Value, given: Value, swap: bool) -> Value:
    if not swap or given.rank < 2:  # MIL: no effect on a vector
        return matrix
    perm = list(range(given.rank))
    perm[-1], perm[-2] = perm[-2], perm[-1]
    return graph.add("Transpose", matrix, perm=perm)
