"""Elements of fewer than 8 bits, which stand one after another across the bytes of a file."""

import math

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.budget import Budget
from conversion.mlprogram.types import TensorType

# Bytes that an element takes while it is unpacked, at most: of 3 and 6 bits, in words of 32.
BYTES_WHILE_UNPACKED = 6


def unpack(packed: np.ndarray, tensor: TensorType, *, budget: Budget | None = None) -> np.ndarray:
    """Return the elements of `tensor`, flat, whose `packed_bits` each stand one after another.

    packed: uint8; the first element is in the lowest bits of the first byte (MILBlob,
    SubByteTypes.hpp). Raises InvalidProgram if it has another number of bytes, OverBudget.
    """
    bits, count = tensor.packed_bits, math.prod(tensor.fixed_shape())
    if packed.size != tensor.stored_bytes():
        raise InvalidProgram(
            f"a constant of type {tensor} in {bits} bits: expected {tensor.stored_bytes()} bytes, "
            f"received {packed.size}"
        )
    by = f"a constant of type {tensor} in {bits} bits"
    budget = budget or Budget()
    budget.require(BYTES_WHILE_UNPACKED * count, by=by)
    budget.hold(count, by=by)
    # Three bytes hold a whole number of elements of 3 or 6 bits; one byte, of 1, 2 or 4.
    group = 1 if 8 % bits == 0 else 3
    bytes_ = np.zeros(-(-packed.size // group) * group, np.uint8)
    bytes_[: packed.size] = packed
    words = np.zeros(bytes_.size // group, np.uint8 if group == 1 else np.uint32)
    for place in range(group):
        words = words | (bytes_[place::group].astype(words.dtype) << words.dtype.type(8 * place))
    shifts = np.arange(0, 8 * group, bits, dtype=words.dtype)
    elements = ((words[:, np.newaxis] >> shifts) & words.dtype.type(2**bits - 1)).astype(np.uint8)
    flat = elements.reshape(-1)[:count]
    if tensor.dtype.kind == "i":  # two's complement of so many bits
        sign = np.uint8(1 << (bits - 1))
        return ((flat ^ sign).astype(np.int8) - np.int8(sign)).astype(tensor.dtype)
    return flat
