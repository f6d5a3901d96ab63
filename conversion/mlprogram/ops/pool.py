"""Average, maximum and L2 pooling over 1 to 3 spatial axes."""

from collections.abc import Sequence

import numpy as np

from conversion.errors import InvalidProgram, UnsupportedOps
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op
from conversion.mlprogram.windows import ceil_mode_extra, steps, window_pads


@op("max_pool", exact=True)
def max_pool(
    graph: Graph,
    *,
    x: Value,
    kernel_sizes: Sequence[int],
    pad_type: str,
    strides: Sequence[int] | None = None,
    pad: Sequence[int] | None = None,
    ceil_mode: bool = False,
) -> Value:
    """Maximum of each window of x (N, C, *D); padding never wins. MIL: iOS15 max_pool."""
    kernel, strides = _kernel_and_strides(x, kernel_sizes, strides)
    before, after, extra = _pads(x, kernel, strides, pad_type=pad_type, pad=pad, ceil=ceil_mode)
    pads = before + [a + e for a, e in zip(after, extra, strict=True)]
    return graph.add("MaxPool", x, kernel_shape=kernel, strides=strides, pads=pads)


@op("avg_pool")
def avg_pool(
    graph: Graph,
    *,
    x: Value,
    kernel_sizes: Sequence[int],
    pad_type: str,
    strides: Sequence[int] | None = None,
    pad: Sequence[int] | None = None,
    exclude_padding_from_average: bool = False,
    ceil_mode: bool = False,
) -> Value:
    """Mean of each window of x (N, C, *D). MIL: iOS15 avg_pool.

    Padding counts as zeros unless excluded; what ceil mode adds beyond it never counts.
    """
    kernel, strides = _kernel_and_strides(x, kernel_sizes, strides)
    before, after, extra = _pads(x, kernel, strides, pad_type=pad_type, pad=pad, ceil=ceil_mode)
    pads = before + [a + e for a, e in zip(after, extra, strict=True)]
    include = not exclude_padding_from_average
    mean = graph.add(
        "AveragePool",
        x,
        kernel_shape=kernel,
        strides=strides,
        pads=pads,
        count_include_pad=int(include),
    )
    if not include or not any(extra):
        return mean
    padded = [b + s + a for b, s, a in zip(before, x.shape[2:], after, strict=True)]
    correction = np.ones(1, np.float32)
    for size, more, k, stride in zip(padded, extra, kernel, strides, strict=True):
        starts = np.arange(0, size + more - k + 1, stride)
        inside = np.minimum(size, starts + k) - starts
        correction = np.multiply.outer(correction, (k / inside).astype(np.float32))
    return graph.add("Mul", mean, graph.constant(correction[np.newaxis]))


@op("l2_pool")
def l2_pool(
    graph: Graph,
    *,
    x: Value,
    kernel_sizes: Sequence[int],
    pad_type: str,
    strides: Sequence[int] | None = None,
    pad: Sequence[int] | None = None,
    ceil_mode: bool = False,
) -> Value:
    """Root of the sum of squares of each window of x (N, C, *D). MIL: iOS15 l2_pool."""
    kernel, strides = _kernel_and_strides(x, kernel_sizes, strides)
    before, after, extra = _pads(x, kernel, strides, pad_type=pad_type, pad=pad, ceil=ceil_mode)
    pads = before + [a + e for a, e in zip(after, extra, strict=True)]
    return graph.add("LpPool", x, kernel_shape=kernel, strides=strides, pads=pads, p=2)


def _kernel_and_strides(
    x: Value, kernel_sizes: Sequence[int], strides: Sequence[int] | None
) -> tuple[list[int], list[int]]:
    if not 3 <= x.rank <= 5:
        raise InvalidProgram(f"expected x of rank 3 to 5, received {x.declared}")
    spatial = x.rank - 2
    return (
        steps(kernel_sizes, spatial, name="kernel_sizes"),
        steps(strides, spatial, name="strides"),
    )


def _pads(
    x: Value,
    kernel: list[int],
    strides: list[int],
    *,
    pad_type: str,
    pad: Sequence[int] | None,
    ceil: bool,
) -> tuple[list[int], list[int], list[int]]:
    sizes = x.shape[2:]
    before, after = window_pads(pad_type, pad, sizes=sizes, extents=kernel, strides=strides)
    extra = [0] * len(sizes)
    if ceil:
        extra = ceil_mode_extra(before, after, sizes=sizes, extents=kernel, strides=strides)
    largest = [max(b, a + e) for b, a, e in zip(before, after, extra, strict=True)]
    if any(p >= k for p, k in zip(largest, kernel, strict=True)):
        # Some window would lie wholly in padding: its mean or maximum is of nothing.
        raise UnsupportedOps(f"padding {largest}: expected less than the kernel sizes {kernel}")
    return before, after, extra
