"""Elements of fewer than 8 bits."""

import numpy as np
import pytest

from conversion.errors import InvalidProgram
from conversion.mlprogram.packing import unpack
from conversion.mlprogram.types import TensorType

UINT8, INT8 = np.dtype(np.uint8), np.dtype(np.int8)


@pytest.mark.parametrize(
    ("packed", "bits", "elements"),
    [
        ([0b10110001], 1, [1, 0, 0, 0, 1, 1, 0, 1]),
        ([0b11100100], 2, [0, 1, 2, 3]),
        ([0xA5], 4, [5, 10]),
        # 5 | 2 << 3 | 7 << 6 | 1 << 9: elements cross the end of a byte.
        ([0b11010101, 0b00000011], 3, [5, 2, 7, 1]),
        ([0b01111111, 0b00001000], 6, [63, 33]),
    ],
)
def test_the_first_element_is_in_the_lowest_bits(packed, bits, elements):
    tensor = TensorType(UINT8, (len(elements),), bits)
    np.testing.assert_array_equal(unpack(np.array(packed, np.uint8), tensor), elements)


def test_signed_elements_are_in_twos_complement():
    made = unpack(np.array([0x8F, 0x07], np.uint8), TensorType(INT8, (3,), 4))
    np.testing.assert_array_equal(made, [-1, -8, 7])


@pytest.mark.parametrize("bits", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("count", [1, 7, 8, 129])
def test_every_width_agrees_with_shifts_of_one_long_integer(bits, count):
    values = np.random.default_rng(bits).integers(0, 2**bits, count)
    number = sum(int(value) << (bits * place) for place, value in enumerate(values))
    packed = np.frombuffer(number.to_bytes(-(-bits * count // 8), "little"), np.uint8)
    np.testing.assert_array_equal(unpack(packed, TensorType(UINT8, (count,), bits)), values)


def test_another_number_of_bytes_is_refused():
    with pytest.raises(InvalidProgram, match="expected 2 bytes, received 3"):
        unpack(np.zeros(3, np.uint8), TensorType(UINT8, (5,), 3))
