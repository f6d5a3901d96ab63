"""Sums of products by an equation. MIL: iOS15 linear (einsum)."""

from collections.abc import Sequence

from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("einsum")
def einsum(graph: Graph, *, values: Sequence[Value], equation: str) -> Value:
    """Multiply and sum as numpy.einsum does; sizes of 1 are repeated."""
    return graph.add("Einsum", *values, equation=equation.replace(" ", ""))
