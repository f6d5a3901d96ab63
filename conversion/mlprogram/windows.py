"""Sliding windows: the padding that convolutions and pools mean, as explicit numbers.

Formulas: coremltools, the documentation of the MIL operations conv, conv_transpose and avg_pool.
"""

import math
from collections.abc import Sequence

from conversion.errors import InvalidProgram

# Stands for a flexible size where the result does not depend on it.
ANY_SIZE = 2**14
# MIL's padding by the size of the input -> ONNX's, which finds it while running.
_AUTO_PADS = {"same": "SAME_UPPER", "same_lower": "SAME_LOWER"}


def steps(numbers: Sequence[int] | None, count: int, *, name: str) -> list[int]:
    """Return `count` strides, dilations or sizes of at least 1; all 1 for None."""
    if numbers is None:
        return [1] * count
    if len(numbers) != count or min(numbers) < 1:
        raise InvalidProgram(
            f"{name}: expected {count} numbers of at least 1, received {list(numbers)}"
        )
    return list(numbers)


def custom_pads(pad: Sequence[int] | None, count: int) -> tuple[list[int], list[int]]:
    """Split MIL's (before, after, before, after...) into all befores and all afters."""
    pad = [0] * (2 * count) if pad is None else list(pad)
    if len(pad) != 2 * count or min(pad, default=0) < 0:
        raise InvalidProgram(
            f"pad: expected {2 * count} numbers of at least 0, received {list(pad)}"
        )
    return pad[::2], pad[1::2]


def window_pads(
    pad_type: str,
    pad: Sequence[int] | None,
    *,
    sizes: Sequence[int],
    extents: Sequence[int],
    strides: Sequence[int],
) -> tuple[list[int], list[int]]:
    """Return the padding before and after each spatial axis.

    sizes: of the input; extents: of the window, dilation included, (K - 1) * dilation + 1.
    "same" makes ceil(size / stride) windows and puts an odd element after; "same_lower", before.
    """
    count = len(sizes)
    if pad_type == "valid":
        return [0] * count, [0] * count
    if pad_type == "custom":
        return custom_pads(pad, count)
    if pad_type not in ("same", "same_lower"):
        raise InvalidProgram(
            f"pad_type: expected valid, custom, same or same_lower, received {pad_type!r}"
        )
    totals = [
        max(0, (math.ceil(size / stride) - 1) * stride + extent - size)
        for size, extent, stride in zip(sizes, extents, strides, strict=True)
    ]
    smaller, larger = [t // 2 for t in totals], [t - t // 2 for t in totals]
    return (smaller, larger) if pad_type == "same" else (larger, smaller)


def auto_pad(pad_type: str, *, sizes: Sequence[int | None], strides: Sequence[int]) -> str | None:
    """Return ONNX's name of a padding that depends on sizes which only running tells, or None."""
    depends = None in sizes and max(strides) > 1
    return _AUTO_PADS.get(pad_type) if depends else None


def ceil_mode_extra(
    before: Sequence[int],
    after: Sequence[int],
    *,
    sizes: Sequence[int],
    extents: Sequence[int],
    strides: Sequence[int],
) -> list[int]:
    """Return what has to be added after each axis so that ceil mode's last window fits.

    A last window that would begin in the padding after the input is dropped (MIL: only where
    there is padding at all).
    """
    extra = []
    for begin, end, size, extent, stride in zip(
        before, after, sizes, extents, strides, strict=True
    ):
        windows = math.ceil((size + begin + end - extent) / stride) + 1
        if (windows - 1) * stride >= size + begin and begin + end > 0:
            windows -= 1
        extra.append(max(0, (windows - 1) * stride + extent - (size + begin + end)))
    return extra
