"""The types that values of an ML Program have, and what each is in NumPy."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from conversion.errors import InvalidProgram

# DataType of MIL.proto -> NumPy. What is absent has no NumPy equal and needs unpacking.
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
}

# Core ML's own bound on one axis is 16384 on the Neural Engine; this one only stops a damaged
# shape from asking for more memory than any phone has.
MAX_ELEMENTS = 2**31


@dataclass(frozen=True)
class TensorType:
    """Element type and shape; None stands for a size that is known only when the program runs."""

    dtype: np.dtype[Any]
    shape: tuple[int | None, ...] = ()

    def __str__(self) -> str:
        sizes = ", ".join("?" if size is None else str(size) for size in self.shape)
        return f"{self.dtype.name}[{sizes}]"

    @property
    def rank(self) -> int:
        """Number of axes."""
        return len(self.shape)

    def fixed_shape(self) -> tuple[int, ...]:
        """Return the shape as integers. Raises InvalidProgram where a size is unknown."""
        sizes = tuple(size for size in self.shape if size is not None)
        if len(sizes) != self.rank:
            raise InvalidProgram(
                f"expected a tensor of fixed shape, received {self}. "
                "Export the model with fixed input shapes."
            )
        return sizes
