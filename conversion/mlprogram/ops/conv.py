"""Convolution and transposed convolution over 1 to 3 spatial axes."""

from collections.abc import Sequence
from typing import Any

from conversion.errors import InvalidProgram
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import op
from conversion.mlprogram.windows import ANY_SIZE, auto_pad, custom_pads, steps, window_pads


@op("conv")
def conv(
    graph: Graph,
    *,
    x: Value,
    weight: Value,
    bias: Value | None = None,
    strides: Sequence[int] | None = None,
    pad_type: str = "valid",
    pad: Sequence[int] | None = None,
    dilations: Sequence[int] | None = None,
    groups: int = 1,
) -> Value:
    """Cross-correlate x (N, C_in, *D) with weight (C_out, C_in / groups, *K). MIL: iOS15 conv."""
    spatial = _spatial_axes(x, weight)
    strides = steps(strides, spatial, name="strides")
    dilations = steps(dilations, spatial, name="dilations")
    kernel = weight.shape[2:]
    # Where only running tells the channels of x, ONNX Runtime compares them.
    inputs = weight.shape[1] * groups if x.declared.shape[1] is None else x.size(1)
    _require_groups(groups, inputs, group_channels=weight.shape[1])
    if weight.shape[0] % groups:
        raise InvalidProgram(f"groups: {groups} does not divide {weight.shape[0]} outputs")
    sizes = x.declared.shape[2:]
    padding: dict[str, Any] = {"auto_pad": auto_pad(pad_type, sizes=sizes, strides=strides)}
    if padding["auto_pad"] is None:
        before, after = window_pads(
            pad_type,
            pad,
            sizes=[size or ANY_SIZE for size in sizes],
            extents=_extents(kernel, dilations),
            strides=strides,
        )
        padding["pads"] = before + after
    return graph.add(
        "Conv",
        x,
        weight,
        *_bias(bias, weight.shape[0]),
        kernel_shape=kernel,
        strides=strides,
        dilations=dilations,
        group=groups,
        **padding,
    )


@op("conv_transpose")
def conv_transpose(
    graph: Graph,
    *,
    x: Value,
    weight: Value,
    bias: Value | None = None,
    pad: Sequence[int] | None = None,
    output_shape: Sequence[int] | None = None,
    pad_type: str = "valid",
    strides: Sequence[int] | None = None,
    dilations: Sequence[int] | None = None,
    groups: int = 1,
) -> Value:
    """Apply the gradient of conv to x (N, C_in, *D), weight (C_in, C_out / groups, *K).

    Without `output_shape`, "same" makes D * stride. With it, the padding is what conv would
    need to map that shape to D; what cannot be cropped is appended. MIL: iOS15 conv_transpose.
    """
    spatial = _spatial_axes(x, weight)
    strides = steps(strides, spatial, name="strides")
    dilations = steps(dilations, spatial, name="dilations")
    kernel = weight.shape[2:]
    channels = weight.shape[1] * max(groups, 0)
    inputs = weight.shape[0] if x.declared.shape[1] is None else x.size(1)
    _require_groups(groups, inputs, group_channels=inputs // max(groups, 1))
    if weight.shape[0] != inputs:
        raise InvalidProgram(f"weight: expected {inputs} inputs, received {weight.shape[0]}")
    # Without output_shape, neither padding nor what is appended depends on the size.
    own = [size or ANY_SIZE for size in x.declared.shape[2:]]
    # The size before anything is cropped.
    full = [
        (size - 1) * stride + extent
        for size, stride, extent in zip(own, strides, _extents(kernel, dilations), strict=True)
    ]
    sizes = _output_sizes(output_shape, x, channels=channels)
    if pad_type == "same":
        sizes = sizes or [s * t for s, t in zip(own, strides, strict=True)]
        totals = [max(0, f - size) for f, size in zip(full, sizes, strict=True)]
        before, after = [t // 2 for t in totals], [t - t // 2 for t in totals]
    elif pad_type in ("custom", "valid"):
        before, after = custom_pads(pad if pad_type == "custom" else None, spatial)
    else:
        raise InvalidProgram(f"pad_type: expected same, valid or custom, received {pad_type!r}")
    cropped = [f - b - a for f, b, a in zip(full, before, after, strict=True)]
    sizes = sizes or cropped
    appended = [size - c for size, c in zip(sizes, cropped, strict=True)]
    limits = [max(stride, dilation) for stride, dilation in zip(strides, dilations, strict=True)]
    if min(sizes) < 1 or not all(0 <= a < n for a, n in zip(appended, limits, strict=True)):
        raise InvalidProgram(
            f"output sizes {sizes}: expected at least {cropped}, and less than the strides more"
        )
    return graph.add(
        "ConvTranspose",
        x,
        weight,
        *_bias(bias, channels),
        kernel_shape=kernel,
        strides=strides,
        dilations=dilations,
        pads=before + after,
        output_padding=appended,
        group=groups,
    )


def _spatial_axes(x: Value, weight: Value) -> int:
    if not 3 <= x.rank <= 5 or weight.rank != x.rank or min(weight.shape) < 1:
        raise InvalidProgram(
            f"expected x of rank 3 to 5 and a weight of the same rank, "
            f"received x {x.declared} and weight {weight.declared}"
        )
    return x.rank - 2


def _extents(kernel: Sequence[int], dilations: Sequence[int]) -> list[int]:
    return [(k - 1) * dilation + 1 for k, dilation in zip(kernel, dilations, strict=True)]


def _require_groups(groups: int, channels: int, *, group_channels: int) -> None:
    if groups < 1 or group_channels * groups != channels:
        raise InvalidProgram(
            f"groups: expected {channels} input channels = groups x channels of a filter, "
            f"received {groups} x {group_channels}"
        )


def _bias(bias: Value | None, channels: int) -> list[Value]:
    if bias is None:
        return []
    if bias.shape != (channels,):
        raise InvalidProgram(f"bias: expected shape ({channels},), received {bias.shape}")
    return [bias]


def _output_sizes(output_shape: Sequence[int] | None, x: Value, *, channels: int) -> list[int]:
    if output_shape is None:
        return []
    expected = [x.declared.shape[0] or output_shape[0], channels]
    if len(output_shape) != x.rank or list(output_shape[:2]) != expected:
        raise InvalidProgram(
            f"output_shape: expected {expected} and {x.rank - 2} sizes, "
            f"received {list(output_shape)}"
        )
    return list(output_shape[2:])
