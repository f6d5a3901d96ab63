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
    return graph.add("PRelu", x, _by_channel(graph, x, alpha))


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


@op("clamped_relu")
def clamped_relu(graph: Graph, *, x: Value, alpha: float, beta: float) -> Value:
    """leaky_relu, at most beta."""
    leaky = graph.add("LeakyRelu", x, alpha=alpha)
    return graph.add("Min", leaky, graph.scalar(beta))


@op("linear_activation")
def linear_activation(graph: Graph, *, x: Value, alpha: float, beta: float = 0.0) -> Value:
    """alpha * x + beta."""
    return graph.add("Add", _scaled(graph, x, alpha), graph.scalar(beta))


@op("scaled_tanh")
def scaled_tanh(graph: Graph, *, x: Value, alpha: float = 1.0, beta: float = 1.0) -> Value:
    """alpha * tanh(beta * x)."""
    return _scaled(graph, graph.add("Tanh", _scaled(graph, x, beta)), alpha)


@op("sigmoid_hard")
def sigmoid_hard(graph: Graph, *, x: Value, alpha: float = 0.2, beta: float = 0.5) -> Value:
    """alpha * x + beta, at least 0 and at most 1."""
    return graph.add("HardSigmoid", x, alpha=alpha, beta=beta)


@op("softplus_parametric")
def softplus_parametric(graph: Graph, *, x: Value, alpha: np.ndarray, beta: np.ndarray) -> Value:
    """alpha[c] * log(1 + e^(beta[c] * x)); x is (N, C, *D), alpha and beta (C,)."""
    factors = [_by_channel(graph, x, numbers) for numbers in (alpha, beta)]
    return graph.add("Mul", factors[0], graph.add("Softplus", graph.add("Mul", factors[1], x)))


@op("softsign")
def softsign(graph: Graph, *, x: Value) -> Value:
    """x / (1 + |x|)."""
    return graph.add("Softsign", x)


@op("thresholded_relu", exact=True)
def thresholded_relu(graph: Graph, *, x: Value, alpha: float = 1.0) -> Value:
    """x where x >= alpha, else 0."""
    above = graph.add("GreaterOrEqual", x, graph.scalar(alpha))
    return graph.add("Where", above, x, graph.scalar(0))


def _scaled(graph: Graph, x: Value, factor: float) -> Value:
    return graph.add("Mul", x, graph.scalar(factor))


def _by_channel(graph: Graph, x: Value, numbers: np.ndarray) -> Value:
    one_each = x.rank > 1 and x.declared.shape[1] in (None, numbers.size)
    if numbers.ndim != 1 or not one_each:
        raise InvalidProgram(
            f"expected x (N, C, *D) and one number for each channel, "
            f"received x {x.declared} and {numbers.shape}"
        )
    return graph.constant(numbers.reshape(-1, *[1] * (x.rank - 2)))
