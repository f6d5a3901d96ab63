"""Random numbers: the same sequence in every run for a seed, another one for seed -1.

MIL: iOS15 random. The numbers of a seed are ONNX Runtime's, not those of an Apple device.
"""

import secrets
from typing import Any

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.axes import as_int64, joined, sizes_of
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op


@op("random_uniform")
def random_uniform(
    graph: Graph, *, shape: Value, low: float = 0.0, high: float = 1.0, seed: int = -1
) -> Value:
    """Numbers from low to high, each equally likely."""
    return _moved(graph, _draw(graph, "RandomUniformLike", shape, seed), low, high - low)


@op("random_normal")
def random_normal(
    graph: Graph, *, shape: Value, mean: float = 0.0, stddev: float = 1.0, seed: int = -1
) -> Value:
    """Numbers of the normal distribution."""
    return _moved(graph, _draw(graph, "RandomNormalLike", shape, seed), mean, stddev)


@op("random_bernoulli", exact=True)
def random_bernoulli(graph: Graph, *, shape: Value, prob: float = 0.5, seed: int = -1) -> Value:
    """1 with the probability `prob`, else 0, as floats."""
    drawn = _draw(graph, "RandomUniformLike", shape, seed)
    return graph.cast(graph.add("Less", drawn, graph.scalar(prob)), np.dtype(np.float32))


@op("random_categorical", exact=True)
def random_categorical(
    graph: Graph, *, x: Value, mode: str = "logits", size: int = 1, seed: int = -1
) -> Value:
    """`size` places along the last axis, drawn with replacement, as floats.

    x: log-probabilities ("logits", of any sum) or probabilities ("probs").
    """
    if mode not in ("logits", "probs") or x.rank < 1 or size < 1:
        raise InvalidProgram(f"expected logits or probs, and a size of 1 or more; got {mode!r}")
    rows = graph.add("Flatten", graph.add("Log", x) if mode == "probs" else x, axis=x.rank - 1)
    drawn = graph.add("Multinomial", rows, sample_size=size, **_seed(seed))
    sizes = [sizes_of(graph, x, range(x.rank - 1)), graph.ints([size])]
    places = graph.add("Reshape", drawn, joined(graph, sizes))
    return graph.cast(places, np.dtype(np.float32))


def _draw(graph: Graph, op_type: str, shape: Value, seed: int) -> Value:
    # Always from 0 to 1, or of spread 1: a spread of 0 ends ONNX Runtime 1.32's process.
    like = graph.add("ConstantOfShape", as_int64(graph, shape))
    return graph.add(op_type, like, **_seed(seed))


def _moved(graph: Graph, drawn: Value, start: float, length: float) -> Value:
    scaled = graph.add("Mul", drawn, graph.scalar(length))
    return graph.add("Add", scaled, graph.scalar(start))


def _seed(seed: int) -> dict[str, Any]:
    # Without a seed, every session of a process would draw the same numbers.
    return {"seed": float(secrets.randbelow(2**24) if seed == -1 else seed)}
