"""Trigonometric and hyperbolic functions and their inverses. MIL: iOS15 elementwise_unary."""

from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("sin")
def sin(graph: Graph, *, x: Value) -> Value:
    """Sine of x in radians."""
    return graph.add("Sin", x)


@op("cos")
def cos(graph: Graph, *, x: Value) -> Value:
    """Cosine of x in radians."""
    return graph.add("Cos", x)


@op("tan")
def tan(graph: Graph, *, x: Value) -> Value:
    """Tangent of x in radians."""
    return graph.add("Tan", x)


@op("asin")
def asin(graph: Graph, *, x: Value) -> Value:
    """Angle from -pi/2 to pi/2 with sine x."""
    return graph.add("Asin", x)


@op("acos")
def acos(graph: Graph, *, x: Value) -> Value:
    """Angle from 0 to pi with cosine x."""
    return graph.add("Acos", x)


@op("atan")
def atan(graph: Graph, *, x: Value) -> Value:
    """Angle from -pi/2 to pi/2 with tangent x."""
    return graph.add("Atan", x)


@op("sinh")
def sinh(graph: Graph, *, x: Value) -> Value:
    """Hyperbolic sine."""
    return graph.add("Sinh", x)


@op("cosh")
def cosh(graph: Graph, *, x: Value) -> Value:
    """Hyperbolic cosine."""
    return graph.add("Cosh", x)


@op("atanh")
def atanh(graph: Graph, *, x: Value) -> Value:
    """Number whose hyperbolic tangent is x."""
    return graph.add("Atanh", x)
