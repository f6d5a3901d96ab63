"""Logic of booleans, with NumPy's broadcasting. MIL: iOS15 elementwise_binary and _unary."""

import numpy as np

from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("logical_and", exact=True)
def logical_and(graph: Graph, *, x: Value, y: Value) -> Value:
    """x and y."""
    return graph.add("And", _truth(graph, x), _truth(graph, y))


@op("logical_or", exact=True)
def logical_or(graph: Graph, *, x: Value, y: Value) -> Value:
    """x or y."""
    return graph.add("Or", _truth(graph, x), _truth(graph, y))


@op("logical_xor", exact=True)
def logical_xor(graph: Graph, *, x: Value, y: Value) -> Value:
    """Either x or y, not both."""
    return graph.add("Xor", _truth(graph, x), _truth(graph, y))


@op("logical_not", exact=True)
def logical_not(graph: Graph, *, x: Value) -> Value:
    """Not x."""
    return graph.add("Not", _truth(graph, x))


def _truth(graph: Graph, x: Value) -> Value:
    return x if x.declared.dtype.kind == "b" else graph.cast(x, np.dtype(np.bool_))
