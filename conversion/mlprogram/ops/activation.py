"""Activations: one tensor in, one of the same shape out. MIL: iOS15 activation."""

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("relu", exact=True)
def relu(graph: Graph, *, x: Value) -> Value:
    """max(x, 0)."""
    return graph.add("Relu", x)


@op("relu6", exact=True)
def relu6(graph: Graph, *, x: Value) -> Value:
    """min(max(x, 0), 6)."""
    return graph.add("Clip", x, graph.scalar(0), graph.scalar(6))


@op("leaky_relu")
def leaky_relu(graph: Graph, *, x: Value, alpha: float) -> Value:
    """x where x >= 0, else alpha * x."""
    return graph.add("LeakyRelu", x, alpha=alpha)


@op("prelu")
def prelu(graph: Graph, *, x: Value, alpha: np.ndarray) -> Value:
    """x where x > 0, else alpha[c] * x; x is (N, C, *D), alpha (C,)."""
    if x.rank < 2 or alpha.shape != (x.shape[1],):
        raise InvalidProgram(f"alpha: expected one number for each channel, got {alpha.shape}")
    slope = alpha.reshape(-1, *[1] * (x.rank - 2))
    return graph.add("PRelu", x, graph.constant(slope))


@op("elu")
def elu(graph: Graph, *, x: Value, alpha: float) -> Value:
    """x where x > 0, else alpha * (e^x - 1)."""
    return graph.add("Elu", x, alpha=alpha)


@op("gelu")
def gelu(graph: Graph, *, x: Value, mode: str = "EXACT") -> Value:
    """x times the normal distribution function of x, or one of two approximations of it."""
    if mode == "EXACT":
        return graph.add("Gelu", x)
    if mode == "TANH_APPROXIMATION":
        return graph.add("Gelu", x, approximate="tanh")
    if mode == "SIGMOID_APPROXIMATION":
        # 1.702: the constant of the MIL definition.
        scaled = graph.add("Mul", x, graph.scalar(1.702))
        return graph.add("Mul", x, graph.add("Sigmoid", scaled))
    raise InvalidProgram(
        f"mode: expected EXACT, TANH_APPROXIMATION or SIGMOID_APPROXIMATION, received {mode!r}"
    )


@op("sigmoid")
def sigmoid(graph: Graph, *, x: Value) -> Value:
    """1 / (1 + e^-x)."""
    return graph.add("Sigmoid", x)


@op("silu")
def silu(graph: Graph, *, x: Value) -> Value:
    """x * sigmoid(x)."""
    return graph.add("Mul", x, graph.add("Sigmoid", x))


@op("softplus")
def softplus(graph: Graph, *, x: Value) -> Value:
    """log(1 + e^x)."""
    return graph.add("Softplus", x)


@op("softmax")
def softmax(graph: Graph, *, x: Value, axis: int = -1) -> Value:
    """e^x / sum(e^x) along one axis."""
    return graph.add("Softmax", x, axis=axis)


@op("tanh")
def tanh(graph: Graph, *, x: Value) -> Value:
    """Hyperbolic tangent."""
    return graph.add("Tanh", x)
