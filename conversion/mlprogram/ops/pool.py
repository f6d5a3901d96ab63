"""Average, maximum and L2 pooling over 1 to 3 spatial axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from conversion.errors import InvalidProgram, UnsupportedOps
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op
from conversion.mlprogram.windows import ANY_SIZE, auto_pad, ceil_mode_extra, steps, window_pads


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
    padding = _padding(x, kernel, strides, pad_type=pad_type, pad=pad, ceil=ceil_mode)
    return graph.add("MaxPool", x, kernel_shape=kernel, strides=strides, **padding.attributes)


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
    padding = _padding(x, kernel, strides, pad_type=pad_type, pad=pad, ceil=ceil_mode)
    include = not exclude_padding_from_average
    mean = graph.add(
        "AveragePool",
        x,
        kernel_shape=kernel,
        strides=strides,
        count_include_pad=int(include),
        **padding.attributes,
    )
    if not include or not any(padding.extra):
        return mean
    padded = [b + s + a for b, s, a in zip(padding.before, x.shape[2:], padding.after, strict=True)]
    correction = np.ones(1, np.float32)
    for size, more, k, stride in zip(padded, padding.extra, kernel, strides, strict=True):
        windows = range(0, size + more - k + 1, stride)
        graph.hold((4, *correction.shape, len(windows)), np.float64)
        starts = np.array(windows)
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
    padding = _padding(x, kernel, strides, pad_type=pad_type, pad=pad, ceil=ceil_mode)
    return graph.add("LpPool", x, kernel_shape=kernel, strides=strides, p=2, **padding.attributes)


@dataclass(frozen=True)
class _Padding:
    """Elements before and after each spatial axis, and what ceil mode adds; or ONNX's name."""

    before: list[int]
    after: list[int]
    extra: list[int]
    auto: str | None

    @property
    def attributes(self) -> dict[str, Any]:
        if self.auto is not None:
            return {"auto_pad": self.auto}
        return {"pads": self.before + [a + e for a, e in zip(self.after, self.extra, strict=True)]}


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


def _padding(
    x: Value,
    kernel: list[int],
    strides: list[int],
    *,
    pad_type: str,
    pad: Sequence[int] | None,
    ceil: bool,
) -> _Padding:
    # Only ceil mode, and what auto_pad says in its place, depend on the sizes.
    sizes = x.shape[2:] if ceil else [size or ANY_SIZE for size in x.declared.shape[2:]]
    before, after = window_pads(pad_type, pad, sizes=sizes, extents=kernel, strides=strides)
    extra = [0] * len(sizes)
    if ceil:
        extra = ceil_mode_extra(before, after, sizes=sizes, extents=kernel, strides=strides)
    largest = [max(b, a + e) for b, a, e in zip(before, after, extra, strict=True)]
    if any(p >= k for p, k in zip(largest, kernel, strict=True)):
        # Some window would lie wholly in padding: its mean or maximum is of nothing.
        raise UnsupportedOps(f"padding {largest}: expected less than the kernel sizes {kernel}")
    auto = auto_pad(pad_type, sizes=x.declared.shape[2:], strides=strides)
    return _Padding(before, after, extra, auto)
