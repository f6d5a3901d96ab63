"""Normalization with given statistics or with those of x. MIL: iOS15 normalization."""

from collections.abc import Sequence

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.axes import axes_from_start, shape_of
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
    gamma = gamma or _channel_constant(graph, mean.size(0), 1)
    beta = beta or _channel_constant(graph, mean.size(0), 0)
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
    if x.rank < 3:
        raise InvalidProgram(f"expected x of rank 3 or more, received {x.declared}")
    gamma = gamma or _channel_constant(graph, x.size(1), 1)
    beta = beta or _channel_constant(graph, x.size(1), 0)
    for parameter in (gamma, beta):
        _require_one_per_channel(x, parameter)
    return graph.add("InstanceNormalization", x, gamma, beta, epsilon=epsilon)


@op("layer_norm")
def layer_norm(
    graph: Graph,
    *,
    x: Value,
    axes: Sequence[int] | None = None,
    gamma: Value | None = None,
    beta: Value | None = None,
    epsilon: float = 1e-5,
) -> Value:
    """(x - mean) / sqrt(variance + epsilon) * gamma + beta over some axes; all if none is named.

    gamma and beta have the sizes of those axes.
    """
    named = sorted(axes_from_start(range(x.rank) if axes is None else axes, x.rank, name="axes"))
    sizes = [x.declared.shape[axis] for axis in named]
    for parameter in (gamma, beta):
        if parameter is not None and (
            parameter.rank != len(sizes)
            or any(
                None not in (size, own) and size != own
                for size, own in zip(sizes, parameter.declared.shape, strict=True)
            )
        ):
            raise InvalidProgram(
                f"gamma, beta: expected shape {sizes}, received {parameter.declared}"
            )
    if named == list(range(named[0], x.rank)) and None not in sizes:
        whole = [size or 0 for size in sizes]
        if gamma is None:
            graph.hold(whole, np.float32)
            gamma = graph.constant(np.ones(whole, np.float32))
        # A bias that is named "" ends ONNX Runtime 1.32's process.
        bias = () if beta is None else (beta,)
        return graph.add("LayerNormalization", x, gamma, *bias, axis=named[0], epsilon=epsilon)
    over = graph.ints(named)
    centered = graph.add("Sub", x, graph.add("ReduceMean", x, over))
    variance = graph.add("ReduceMean", graph.add("Mul", centered, centered), over)
    spread = graph.add("Sqrt", graph.add("Add", variance, graph.scalar(epsilon)))
    y = graph.add("Div", centered, spread)
    others = graph.ints([axis for axis in range(x.rank) if axis not in named])
    for op_type, parameter in (("Mul", gamma), ("Add", beta)):
        if parameter is not None:
            y = graph.add(op_type, y, graph.add("Unsqueeze", parameter, others))
    return y


@op("l2_norm")
def l2_norm(graph: Graph, *, x: Value, epsilon: float = 1e-6) -> Value:
    """x / sqrt(sum of squares + epsilon), summed over the last three axes of x."""
    if x.rank < 3:
        raise InvalidProgram(f"expected x of rank 3 or more, received {x.declared}")
    squares = graph.add("ReduceSumSquare", x, graph.ints([-3, -2, -1]))
    return graph.add("Div", x, graph.add("Sqrt", graph.add("Add", squares, graph.scalar(epsilon))))


@op("local_response_norm")
def local_response_norm(
    graph: Graph,
    *,
    x: Value,
    size: int,
    alpha: float = 1e-4,
    beta: float = 0.75,
    k: float = 1.0,
) -> Value:
    """x / (k + alpha / size * sum)^beta, x (N, C, *D); sum: of squares in `size` channels.

    Of an even number of neighbours, the odd one comes before.
    """
    if x.rank < 3 or size < 1:
        raise InvalidProgram(
            f"expected x (N, C, *D) and a size of at least 1, received {x.declared}, {size}"
        )
    # A window that covers all channels from everywhere sums no more for being longer.
    channels = x.declared.shape[1]
    window = size if channels is None else min(size, 2 * channels + size % 2)
    # A mean over a window of channels: (N, 1, C, everything else) is a picture of one channel.
    squares = graph.add("Unsqueeze", graph.add("Mul", x, x), graph.ints([1]))
    picture = graph.add("Reshape", squares, graph.ints([0, 0, 0, -1]))
    mean = graph.add(
        "AveragePool",
        picture,
        kernel_shape=[window, 1],
        pads=[window // 2, 0, (window - 1) // 2, 0],
        count_include_pad=1,
    )
    mean = graph.add("Reshape", mean, shape_of(graph, x))
    base = graph.add(
        "Add", graph.add("Mul", mean, graph.scalar(alpha * window / size)), graph.scalar(k)
    )
    return graph.add("Div", x, graph.add("Pow", base, graph.scalar(beta)))


def _channel_constant(graph: Graph, channels: int, number: float) -> Value:
    graph.hold((channels,), np.float32)
    return graph.constant(np.full(channels, number, np.float32))


def _require_one_per_channel(x: Value, parameter: Value) -> None:
    if x.rank < 3 or parameter.rank != 1 or x.declared.shape[1] not in (None, parameter.size(0)):
        raise InvalidProgram(
            f"expected x (N, C, *D) and one number for each channel, "
            f"received x {x.declared} and {parameter.declared}"
        )
