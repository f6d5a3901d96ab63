"""The range of every value that an ML Program computes on real drawings.

The program runs here, through conversion/mlprogram; coremltools' own calibration needs Core ML, and
in version 9.0 keeps the range of the last drawing only (docs/decisions/0008-recipes.md).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from conversion.interface import INPUT_NAME
from conversion.mlprogram.lowering import Precision
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
        return Range(min(self.low, other.low), max(self.high, other.high))


def activation_ranges(
    package: Path,
    drawings: np.ndarray,
    *,
    precision: Precision = "float32",
    after_each: Callable[[], None] = lambda: None,
) -> dict[str, Range]:
    """Return the range of each computed value over all drawings, in the order of the program.

    drawings: (N, H, W) uint8, of the size of the program's picture. Values that are computed of
    constants alone are left out. after_each is called after every drawing.
    """
    names = computed_names(package)
    model = load(package, precision, outputs=names)
    ranges: dict[str, Range] = {}
    for drawing in drawings:
        values = model.predict({INPUT_NAME: drawing})
        for name in names:
            found = _range(values[name])
            ranges[name] = found.joined(ranges[name]) if name in ranges else found
        after_each()
    return ranges


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


def share_ranges_of_concat(
    ranges: Mapping[str, Range], concats: list[list[str]]
) -> dict[str, Range]:
    """Return the ranges with one for all inputs and the output of each concat.

    So that 8-bit values can be put side by side without being scaled again, as coremltools does.
    """
    shared = dict(ranges)
    for names in concats:
        known = [name for name in names if name in shared]
        low, high = min(shared[n].low for n in known), max(shared[n].high for n in known)
        shared |= dict.fromkeys(known, Range(low, high))
    return shared


def _range(value: Any) -> Range:
    array = np.asarray(value)
    return Range(float(array.min()), float(array.max()))
