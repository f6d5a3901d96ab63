"""Matrix products. MIL: iOS15 linear."""

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
    """Multiply as numpy.matmul does, the last two axes of x or y swapped first on request."""
    return graph.add("MatMul", _swapped(graph, x, transpose_x), _swapped(graph, y, transpose_y))


def _swapped(graph: Graph, value: Value, swap: bool) -> Value:
    if not swap or value.rank < 2:  # MIL: no effect on a vector
        return value
    perm = list(range(value.rank))
    perm[-1], perm[-2] = perm[-2], perm[-1]
    return graph.add("Transpose", value, perm=perm)
