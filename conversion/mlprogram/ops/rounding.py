"""Rounding, signs, and division with a remainder. MIL: iOS15 elementwise_unary and _binary."""

from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("ceil", exact=True)
def ceil(graph: Graph, *, x: Value) -> Value:
    """The smallest whole number that is not below x."""
    return graph.add("Ceil", x) if _is_float(x) else x


@op("floor", exact=True)
def floor(graph: Graph, *, x: Value) -> Value:
    """The largest whole number that is not above x."""
    return graph.add("Floor", x) if _is_float(x) else x


@op("round", exact=True)
def round_(graph: Graph, *, x: Value) -> Value:
    """The nearest whole number; halves go to the even one."""
    return graph.add("Round", x) if _is_float(x) else x


@op("sign", exact=True)
def sign(graph: Graph, *, x: Value) -> Value:
    """-1, 0 or 1."""
    return graph.add("Sign", x)


@op("floor_div")
def floor_div(graph: Graph, *, x: Value, y: Value) -> Value:
    """The largest whole number that is not above x / y."""
    if _is_float(x):
        return graph.add("Floor", graph.add("Div", x, y))
    # ONNX divides whole numbers towards zero; without the remainder there is nothing to truncate.
    return graph.add("Div", graph.add("Sub", x, graph.add("Mod", x, y)), y)


@op("mod")
def mod(graph: Graph, *, x: Value, y: Value) -> Value:
    """x - y * floor(x / y): the remainder with the sign of y."""
    if not _is_float(x):
        return graph.add("Mod", x, y)
    remainder = graph.add("Mod", x, y, fmod=1)  # exact, with the sign of x
    zero = graph.scalar(0)
    other_sign = graph.add("Less", graph.add("Mul", remainder, y), zero)
    return graph.add("Where", other_sign, graph.add("Add", remainder, y), remainder)


def _is_float(x: Value) -> bool:
    return x.declared.dtype.kind == "f"
