"""Element-wise arithmetic, comparison and casts, with NumPy's broadcasting.

MIL: iOS15 elementwise_binary, elementwise_unary and control_flow (select).
"""

from conversion.errors import UnsupportedOps
from conversion.mlprogram.choice import choose
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op
from conversion.mlprogram.type_names import named_type


@op("add")
def add(graph: Graph, *, x: Value, y: Value) -> Value:
    """x + y."""
    return graph.add("Add", x, y)


@op("sub")
def sub(graph: Graph, *, x: Value, y: Value) -> Value:
    """x - y."""
    return graph.add("Sub", x, y)


@op("mul")
def mul(graph: Graph, *, x: Value, y: Value) -> Value:
    """x * y."""
    return graph.add("Mul", x, y)


@op("real_div")
def real_div(graph: Graph, *, x: Value, y: Value) -> Value:
    """x / y, floats only: what MIL means for integers is not documented."""
    if x.declared.dtype.kind != "f":
        raise UnsupportedOps(f"real_div of {x.declared.dtype.name}: expected floats")
    return graph.add("Div", x, y)


@op("pow")
def pow_(graph: Graph, *, x: Value, y: Value) -> Value:
    """x to the power y."""
    return graph.add("Pow", x, y)


@op("maximum", exact=True)
def maximum(graph: Graph, *, x: Value, y: Value) -> Value:
    """The larger of x and y."""
    return graph.add("Max", x, y)


@op("minimum", exact=True)
def minimum(graph: Graph, *, x: Value, y: Value) -> Value:
    """The smaller of x and y."""
    return graph.add("Min", x, y)


@op("equal", exact=True)
def equal(graph: Graph, *, x: Value, y: Value) -> Value:
    """x == y, as booleans."""
    return graph.add("Equal", x, y)


@op("not_equal", exact=True)
def not_equal(graph: Graph, *, x: Value, y: Value) -> Value:
    """x != y, as booleans."""
    return graph.add("Not", graph.add("Equal", x, y))


@op("greater", exact=True)
def greater(graph: Graph, *, x: Value, y: Value) -> Value:
    """x > y, as booleans."""
    return graph.add("Greater", x, y)


@op("greater_equal", exact=True)
def greater_equal(graph: Graph, *, x: Value, y: Value) -> Value:
    """x >= y, as booleans."""
    return graph.add("GreaterOrEqual", x, y)


@op("less", exact=True)
def less(graph: Graph, *, x: Value, y: Value) -> Value:
    """x < y, as booleans."""
    return graph.add("Less", x, y)


@op("less_equal", exact=True)
def less_equal(graph: Graph, *, x: Value, y: Value) -> Value:
    """x <= y, as booleans."""
    return graph.add("LessOrEqual", x, y)


@op("select", exact=True)
def select(graph: Graph, *, cond: Value, a: Value, b: Value) -> Value:
    """a where cond, else b."""
    return choose(graph, cond, a, b, dtype=a.declared.dtype)


@op("abs", exact=True)
def abs_(graph: Graph, *, x: Value) -> Value:
    """|x|."""
    return graph.add("Abs", x)


@op("clip", exact=True)
def clip(graph: Graph, *, x: Value, alpha: float, beta: float) -> Value:
    """x, at least alpha and at most beta."""
    return graph.add("Clip", x, graph.scalar(alpha), graph.scalar(beta))


@op("exp")
def exp(graph: Graph, *, x: Value) -> Value:
    """e^x."""
    return graph.add("Exp", x)


@op("log")
def log(graph: Graph, *, x: Value, epsilon: float = 1e-45) -> Value:
    """log(x + epsilon). The default is the smallest positive float32."""
    return graph.add("Log", _plus_epsilon(graph, x, epsilon))


@op("sqrt")
def sqrt(graph: Graph, *, x: Value) -> Value:
    """Square root."""
    return graph.add("Sqrt", x)


@op("rsqrt")
def rsqrt(graph: Graph, *, x: Value, epsilon: float = 1e-12) -> Value:
    """1 / sqrt(x + epsilon)."""
    root = graph.add("Sqrt", _plus_epsilon(graph, x, epsilon))
    return graph.add("Reciprocal", root)


@op("inverse")
def inverse(graph: Graph, *, x: Value, epsilon: float = 1e-4) -> Value:
    """1 / (x + epsilon)."""
    return graph.add("Reciprocal", _plus_epsilon(graph, x, epsilon))


@op("square")
def square(graph: Graph, *, x: Value) -> Value:
    """x * x."""
    return graph.add("Mul", x, x)


@op("exp2")
def exp2(graph: Graph, *, x: Value) -> Value:
    """2^x."""
    return graph.add("Pow", graph.scalar(2), x)


@op("erf")
def erf(graph: Graph, *, x: Value) -> Value:
    """Error function."""
    return graph.add("Erf", x)


@op("threshold", exact=True)
def threshold(graph: Graph, *, x: Value, alpha: float) -> Value:
    """The larger of x and alpha."""
    return graph.add("Max", x, graph.scalar(alpha))


@op("cast")
def cast(graph: Graph, *, x: Value, dtype: str) -> Value:
    """x as another type; floats are truncated towards zero on their way to integers."""
    return graph.cast(x, named_type(dtype))


def _plus_epsilon(graph: Graph, x: Value, epsilon: float) -> Value:
    return graph.add("Add", x, graph.scalar(epsilon)) if epsilon else x
