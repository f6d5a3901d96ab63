"""The types that values of an ML Program have, and what each is in NumPy."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from conversion.errors import InvalidProgram, UnknownShape

# DataType of MIL.proto -> NumPy. Absent: bfloat16 and float8, which coremltools does not write.
DTYPES: dict[str, np.dtype[Any]] = {
    "BOOL": np.dtype(np.bool_),
    "STRING": np.dtype(np.str_),
    "FLOAT16": np.dtype(np.float16),
    "FLOAT32": np.dtype(np.float32),
    "FLOAT64": np.dtype(np.float64),
    "INT8": np.dtype(np.int8),
    "INT16": np.dtype(np.int16),
    "INT32": np.dtype(np.int32),
    "INT64": np.dtype(np.int64),
    "UINT8": np.dtype(np.uint8),
    "UINT16": np.dtype(np.uint16),
    "UINT32": np.dtype(np.uint32),
    "UINT64": np.dtype(np.uint64),
    # Packed in files, one element a byte in memory.
    "INT4": np.dtype(np.int8),
    "UINT1": np.dtype(np.uint8),
    "UINT2": np.dtype(np.uint8),
    "UINT3": np.dtype(np.uint8),
    "UINT4": np.dtype(np.uint8),
    "UINT6": np.dtype(np.uint8),
}
PACKED_BITS = {"INT4": 4, "UINT1": 1, "UINT2": 2, "UINT3": 3, "UINT4": 4, "UINT6": 6}

# Core ML's own bound on one axis is 16384 on the Neural Engine; this one only stops a damaged
# shape from asking for more memory than any phone has.
MAX_ELEMENTS = 2**29
# Core ML has at most 5 axes, compressed weights 3 more; NumPy has 64, ONNX Runtime's kernels fewer.
MAX_RANK = 16


def require_shape(shape: Sequence[int | None]) -> None:
    """Raise InvalidProgram for sizes that no tensor has; None stands for one that is not known.

    Each size is held to the bound by itself too: beside a 0, any number of elements is none.
    """
    known = [size for size in shape if size is not None]
    largest = max([math.prod(known), *known])
    if len(shape) > MAX_RANK or min(known, default=0) < 0 or largest > MAX_ELEMENTS:
        said = tuple(shape) if len(shape) <= MAX_RANK else f"{len(shape)} axes"
        raise InvalidProgram(
            f"a tensor of shape {said}: expected at most {MAX_RANK} axes, and at most "
            f"{MAX_ELEMENTS} elements. The program is damaged: export the model again."
        )


@dataclass(frozen=True)
class TensorType:
    """Element type and shape; None stands for a size that is known only when the program runs.

    A list is a tensor whose first axis counts its elements; a dictionary, the vector of its values.
    """

    dtype: np.dtype[Any]
    shape: tuple[int | None, ...] = ()
    # How many bits an element takes in a file, where fewer than a byte; 0 for all other types.
    packed_bits: int = field(default=0, compare=False)

    def __str__(self) -> str:
        sizes = ", ".join("?" if size is None else str(size) for size in self.shape)
        return f"{self.dtype.name}[{sizes}]"

    @property
    def rank(self) -> int:
        """Number of axes."""
        return len(self.shape)

    def fixed_shape(self) -> tuple[int, ...]:
        """Return the shape as integers. Raises UnknownShape where a size is unknown."""
        sizes = tuple(size for size in self.shape if size is not None)
        if len(sizes) != self.rank:
            raise UnknownShape(
                f"expected a tensor of fixed shape, received {self}. "
                "Export the model with inputs of fixed shape, or give them one."
            )
        return sizes

    def stored_bytes(self) -> int:
        """Return how many bytes a tensor of this type takes in a file."""
        elements = math.prod(self.fixed_shape())
        return (
            -(-elements * self.packed_bits // 8)
            if self.packed_bits
            else (elements * self.dtype.itemsize)
        )
