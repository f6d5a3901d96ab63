"""The range of every value that an ML Program computes on real drawings.

The program runs here, through conversion/mlprogram; coremltools' own calibration needs Core ML, and
in version 9.0 keeps the range of the last drawing only (docs/decisions/0008-recipes.md).
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from conversion.export.feeds import feeds
from conversion.interface import Interface
from conversion.mlprogram.model import load
from conversion.mlprogram.package import read_package


@dataclass(frozen=True)
class Range:
    """The smallest and the largest value that was seen."""

    low: float
    high: float

    @property
    def largest(self) -> float:
        """The largest magnitude."""
        return max(abs(self.low), abs(self.high))

    def joined(self, other: "Range") -> "Range":
        """Return the range of both."""
        # NumPy's minimum keeps a NaN, which min() may lose.
        low, high = np.minimum(self.low, other.low), np.maximum(self.high, other.high)
        return Range(float(low), float(high))


def activation_ranges(
    package: Path,
    drawings: Iterable[tuple[np.ndarray, np.ndarray | None]],
    *,
    interface: Interface,
    after_each: Callable[[], None] = lambda: None,
) -> dict[str, Range]:
    """Return the range of each value over all drawings, in the order of the program.

    drawings: of sizes that the program takes, at one of which `interface` describes its pictures.
    after_each is called after every drawing.
    """
    names = computed_names(package)
    ranges: dict[str, Range] = {}
    for values in computed_values(package, drawings, names, interface=interface):
        widen(ranges, values)
        after_each()
    return ranges


def widen(ranges: dict[str, Range], values: Mapping[str, np.ndarray]) -> None:
    """Widen each value's range, in place, by what one more drawing has."""
    for name, value in values.items():
        found = Range(float(value.min()), float(value.max()))
        ranges[name] = found.joined(ranges[name]) if name in ranges else found


def computed_values(
    package: Path,
    drawings: Iterable[tuple[np.ndarray, np.ndarray | None]],
    names: Sequence[str],
    *,
    interface: Interface,
) -> Iterator[dict[str, np.ndarray]]:
    """Yield the named values for each drawing, computed in float32."""
    model = load(package, "float32", outputs=names)
    for lineart, hints in drawings:
        height, width = lineart.shape[:2]
        values = model.predict(feeds(interface.at((height, width)), lineart, hints))
        yield {name: np.asarray(values[name]) for name in names}


def computed_names(package: Path) -> list[str]:
    """Return the names of the floating-point values that a program computes of its input."""
    program = read_package(package).program
    return [
        output.name
        for operation in program.operations
        if operation.type != "const" and not operation.type.startswith("constexpr_")
        for output in operation.outputs
        if output.type is not None
        and output.type.dtype.kind == "f"
        and output.name not in program.outputs  # a picture, when it is returned
    ]


def with_shared_ranges(
    ranges: Mapping[str, Range], groups: Sequence[Sequence[str]]
) -> dict[str, Range]:
    """Return the ranges, one for all names of a group; groups that share a name are joined.

    For what a concat puts side by side: 8-bit values need not be scaled again, as in coremltools.
    """
    shared = dict(ranges)
    known = [[name for name in names if name in shared] for names in groups]
    while True:
        before = dict(shared)
        for names in known:
            joined = functools.reduce(Range.joined, [shared[name] for name in names])
            shared |= dict.fromkeys(names, joined)
        if shared == before:
            return shared
