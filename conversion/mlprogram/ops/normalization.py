"""Normalization with given or instance statistics. MIL: iOS15 normalization."""

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("batch_norm")
def batch_norm(
    graph: Graph,
    *,
    x: Value,
    mean: Value,
    variance: Value,
    gamma: Value | None = None,
    beta: Value | None = None,
    epsilon: float = 1e-5,
) -> Value:
    """gamma * (x - mean) / sqrt(variance + epsilon) + beta by channel; x is (N, C, *D)."""
    gamma = gamma or _channel_constant(graph, x, 1)
    beta = beta or _channel_constant(graph, x, 0)
    for parameter in (mean, variance, gamma, beta):
        _require_one_per_channel(x, parameter)
    return graph.add("BatchNormalization", x, gamma, beta, mean, variance, epsilon=epsilon)


@op("instance_norm")
def instance_norm(
    graph: Graph,
    *,
    x: Value,
    gamma: Value | None = None,
    beta: Value | None = None,
    epsilon: float = 1e-5,
) -> Value:
    """batch_norm with the mean and (biased) variance of each image and channel of x (N, C, *D)."""
    gamma = gamma or _channel_constant(graph, x, 1)
    beta = beta or _channel_constant(graph, x, 0)
    for parameter in (gamma, beta):
        _require_one_per_channel(x, parameter)
    return graph.add("InstanceNormalization", x, gamma, beta, epsilon=epsilon)


def _channel_constant(graph: Graph, x: Value, number: float) -> Value:
    if x.rank < 3:
        raise InvalidProgram(f"expected x of rank 3 or more, received {x.declared}")
    return graph.constant(np.full(x.shape[1], number, np.float32))


def _require_one_per_channel(x: Value, parameter: Value) -> None:
    if x.rank < 3 or parameter.shape != (x.shape[1],):
        raise InvalidProgram(
            f"expected x (N, C, *D) and one number for each channel, "
            f"received x {x.declared} and {parameter.declared}"
        )
