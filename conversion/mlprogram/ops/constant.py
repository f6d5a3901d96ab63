"""Constants, and passing a value on unchanged. MIL: const, iOS15 identity."""

from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("const", exact=True)
def const(graph: Graph, *, val: Value) -> Value:
    """The value of the attribute `val`; it enters the graph where a node first uses it."""
    return val


@op("identity", exact=True)
def identity(graph: Graph, *, x: Value) -> Value:
    """x itself."""
    return x
