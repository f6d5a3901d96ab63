"""The bytes of TFRecord files and of tf.train.Example, written and read without TensorFlow.

Importing it takes seconds and 600 MB, in each process that prepares. Format: tensorflow,
lib/io/record_writer.h and core/example/example.proto; CRC-32C: RFC 3720, appendix B.4.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import numpy as np

BEFORE_DATA, AFTER_DATA = 12, 4  # bytes around the data of one record
_POLYNOMIAL = 0x82F63B78  # of Castagnoli, reflected
_MASK_DELTA = 0xA282EAD8  # tensorflow, lib/hash/crc32c.h
_BLOCK = 2048  # bytes that are looked up at once, in a table of 2 MB
_BYTES_LIST = b"\x0a"  # the tag of field 1: others are lists of numbers
_LOWEST_4 = 4  # bytes of the checksum: it can be folded into as many bytes of data


def framed(data: bytes) -> bytes:
    """Return one record: length, its checksum, data, their checksum."""
    length = len(data).to_bytes(8, "little")
    return length + _masked(crc32c(length)) + data + _masked(crc32c(data))


def example(features: Mapping[str, Iterable[bytes]]) -> bytes:
    """Return a serialized tf.train.Example of lists of bytes, its features sorted by name."""
    entries = (
        _field(1, name.encode()) + _field(2, _field(1, b"".join(_field(1, v) for v in values)))
        for name, values in sorted(features.items())
    )
    return _field(1, b"".join(_field(1, entry) for entry in entries))


def features(serialized: bytes) -> dict[str, tuple[bytes, ...]]:
    """Return the lists of bytes of a serialized tf.train.Example, by name.

    Raises ValueError or IndexError where it is none, or holds other numbers than bytes.
    """
    read = {}
    for entry in _contents(serialized, 1, 1):
        (name,), (feature,) = _contents(entry, 1), _contents(entry, 2)
        if feature[:1] != _BYTES_LIST:
            raise ValueError(f"{name!r}: expected a list of bytes")
        read[name.decode()] = tuple(_contents(feature, 1, 1))
    return read


def crc32c(data: bytes) -> int:
    """Return the CRC-32C of some bytes."""
    table, offsets = _tables()
    # A checksum is linear: what each byte adds, by its distance from the end, is looked up.
    state = 0xFFFFFFFF
    for begin in range(0, len(data), _BLOCK):
        block = np.frombuffer(data[begin : begin + _BLOCK], np.uint8)
        if len(block) < _LOWEST_4:
            for byte in block:
                state = state >> 8 ^ int(table[(state ^ int(byte)) & 0xFF])
            continue
        added = offsets[-len(block) :] + block
        added[:_LOWEST_4] ^= np.frombuffer(state.to_bytes(_LOWEST_4, "little"), np.uint8)
        state = int(np.bitwise_xor.reduce(table[added]))
    return state ^ 0xFFFFFFFF


@cache
def _tables() -> tuple[np.ndarray, np.ndarray]:
    """Return what a byte adds to a checksum, 256 for each distance; and where those begin."""
    last = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        last = np.where(last & 1, last >> 1 ^ np.uint32(_POLYNOMIAL), last >> 1)
    rows = [last]
    for _ in range(_BLOCK - 1):
        rows.append(rows[-1] >> 8 ^ last[rows[-1] & 0xFF])
    return np.concatenate(rows), np.arange(_BLOCK - 1, -1, -1) * 256


def _masked(checksum: int) -> bytes:
    turned = checksum >> 15 | checksum << 17 & 0xFFFFFFFF
    return (turned + _MASK_DELTA & 0xFFFFFFFF).to_bytes(4, "little")


def _field(number: int, content: bytes) -> bytes:
    """Return a field of protobuf that has a length."""
    length, size = bytearray(), len(content)
    while size > 0x7F:
        length.append(size & 0x7F | 0x80)
        size >>= 7
    length.append(size)
    return bytes([number << 3 | 2]) + bytes(length) + content


def _contents(message: bytes, number: int, *inner: int) -> Iterator[bytes]:
    """Yield what stands in the fields of a number; with further numbers, in the fields of these."""
    at = 0
    while at < len(message):
        tag, length, shift = message[at], 0, 0
        if tag & 7 != 2:
            raise ValueError(f"field {tag}: expected one that has a length")
        while True:
            at += 1
            length |= (message[at] & 0x7F) << shift
            shift += 7
            if not message[at] & 0x80:
                break
        at += 1
        content = message[at : at + length]
        if len(content) < length:
            raise ValueError(f"expected {length} bytes, received {len(content)}")
        at += length
        if tag >> 3 == number:
            yield from _contents(content, *inner) if inner else (content,)
