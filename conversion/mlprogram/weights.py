"""Read the weight file of an .mlpackage.

Knows the byte layout and nothing about operations or programs.
Layout: coremltools, mlmodel/src/MILBlob/Blob/StorageFormat.hpp. A header of 64 bytes
(count u32, version u32, reserved), then for each blob 64 bytes of metadata
(sentinel u32, type u32, size u64, offset of the data u64, reserved) and its data, all
little-endian and aligned to 64 bytes.
"""

import struct
from pathlib import Path

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.budget import Budget
from conversion.mlprogram.files import read_whole
from conversion.mlprogram.packing import unpack
from conversion.mlprogram.types import TensorType

ALIGNMENT = 64
VERSION = 2
SENTINEL = 0xDEADBEEF
# BlobDataType.hpp: type -> element, and bits of an element where they are packed.
BLOB_TYPES = {
    1: (np.dtype("<f2"), 0),
    2: (np.dtype("<f4"), 0),
    3: (np.dtype("u1"), 0),
    4: (np.dtype("i1"), 0),
    6: (np.dtype("<i2"), 0),
    7: (np.dtype("<u2"), 0),
    8: (np.dtype("i1"), 4),
    9: (np.dtype("u1"), 1),
    10: (np.dtype("u1"), 2),
    11: (np.dtype("u1"), 4),
    12: (np.dtype("u1"), 3),
    13: (np.dtype("u1"), 6),
    14: (np.dtype("<i4"), 0),
    15: (np.dtype("<u4"), 0),
}

_HEADER = struct.Struct("<II")
_METADATA = struct.Struct("<IIQQ")


class WeightFile:
    """A weight file in memory; arrays are read-only views of it, or unpacked copies.

    It is read whole, not mapped: a mapped file that somebody exports over would end the process.
    """

    def __init__(self, path: Path, *, budget: Budget | None = None) -> None:
        """Read `path`, and count what it and its unpacked elements take from `budget`.

        Raises InvalidProgram if it is missing or no weight file, OverBudget.
        """
        self.path = path
        self._budget = budget or Budget()
        try:
            self._bytes = read_whole(path, budget=self._budget)
        except OSError as error:
            raise InvalidProgram(
                f"{path}: the weight file cannot be read ({error.strerror}). Expected the file "
                "that the program names; copy the whole .mlpackage again."
            ) from error
        if self._bytes.size < ALIGNMENT:
            raise self._damaged(f"a header of {ALIGNMENT} bytes", f"{self._bytes.size} bytes")
        _, version = _HEADER.unpack_from(self._bytes.data)
        if version != VERSION:
            raise self._damaged(f"storage version {VERSION}", f"version {version}")

    def read(self, offset: int, *, tensor: TensorType) -> np.ndarray:
        """Return the blob whose metadata starts at byte `offset`, as an array of type `tensor`.

        Raises InvalidProgram if no such blob lies wholly inside the file.
        """
        where, size = f"blob at byte {offset}", self._bytes.size
        if offset % ALIGNMENT or not ALIGNMENT <= offset <= size - ALIGNMENT:
            raise self._damaged(
                f"{where}: an offset inside the file, aligned to {ALIGNMENT}", f"file of {size}"
            )
        sentinel, blob_type, length, start = _METADATA.unpack_from(self._bytes.data, offset)
        if sentinel != SENTINEL:
            raise self._damaged(f"{where}: sentinel {SENTINEL:#x}", f"{sentinel:#x}")
        if BLOB_TYPES.get(blob_type) != (tensor.dtype, tensor.packed_bits):
            raise self._damaged(f"{where}: {tensor.dtype.name} data", f"blob type {blob_type}")
        shape, expected = tensor.fixed_shape(), tensor.stored_bytes()
        if length != expected:
            raise self._damaged(f"{where}: {expected} bytes for {tensor}", f"{length} bytes")
        if start % ALIGNMENT or start + length > size:
            raise self._damaged(
                f"{where}: data inside the file, aligned to {ALIGNMENT}",
                f"bytes {start} to {start + length} of {size}",
            )
        data = self._bytes[start : start + length]
        if tensor.packed_bits:
            return unpack(data, tensor, budget=self._budget).reshape(shape)
        return data.view(tensor.dtype).reshape(shape)

    def _damaged(self, expected: str, received: str) -> InvalidProgram:
        return InvalidProgram(
            f"{self.path} is damaged: expected {expected}; received {received}. "
            "Copy or export the .mlpackage again."
        )
