"""Compressed constants, by hand and against coremltools' own decoders."""

import numpy as np
import pytest

from conversion.errors import InvalidProgram


def bits(numbers, count):
    """Pack whole numbers of `count` bits, lowest bits first."""
    digits = [(number >> place) & 1 for number in numbers for place in range(count)]
    return np.packbits(digits, bitorder="little")


@pytest.fixture
def decode(run_op):
    """decode(name, ...): the constants that an operation makes."""

    def run(name, **inputs):
        opset = inputs.pop("opset", "CoreML8")
        return run_op(name, opset=opset, **inputs)

    return run


def test_cast_widens(decode):
    y = decode("constexpr_cast", source_val=np.array([1.5], np.float16), output_dtype="fp32")
    assert (y.dtype, y.tolist()) == (np.float32, [1.5])


@pytest.mark.parametrize("axis", [0, -1])
def test_affine_dequantization_along_an_axis(decode, axis):
    data = np.array([[3, 250], [7, 9]], np.uint8)
    scale, zero = np.array([0.5, 2], np.float32), np.array([1, 5], np.uint8)
    y = decode(
        "constexpr_affine_dequantize", quantized_data=data, scale=scale, zero_point=zero, axis=axis
    )
    expected = {0: [[1, 124.5], [4, 8]], -1: [[1, 490], [3, 8]]}[axis]
    np.testing.assert_array_equal(y, np.array(expected, np.float32))


def test_a_single_scale_serves_all(decode):
    y = decode(
        "constexpr_affine_dequantize", quantized_data=np.array([[-3, 4]], np.int8),
        scale=np.float32(2), zero_point=np.int8(1), axis=0,
    )  # fmt: skip
    np.testing.assert_array_equal(y, np.array([[-8, 6]], np.float32))


@pytest.mark.parametrize("count", [1, 2, 4, 6, 8])
def test_indices_of_every_width_are_looked_up(decode, count):
    rng = np.random.default_rng(count)
    lut = rng.normal(size=2**count).astype(np.float16)
    indices = rng.integers(0, 2**count, 15)
    y = decode(
        "constexpr_lut_to_dense", indices=bits(indices, count), lut=lut,
        shape=np.array([3, 5], np.uint32), opset="CoreML6",
    )  # fmt: skip
    np.testing.assert_array_equal(y, lut[indices].reshape(3, 5))


def test_the_example_of_two_bit_indices(decode):
    # i0..i4 = 0, 3, 2, 1, 3: 01 10 11 00 | 11
    y = decode(
        "constexpr_lut_to_dense", indices=np.array([0b01101100, 0b11], np.uint8),
        lut=np.array([10, 11, 12, 13], np.float32), shape=np.array([5], np.uint32),
        opset="CoreML6",
    )  # fmt: skip
    np.testing.assert_array_equal(y, np.array([10, 13, 12, 11, 13], np.float32))


def test_sparse_data_fills_the_set_bits(decode):
    y = decode(
        "constexpr_sparse_to_dense", nonzero_data=np.array([5, 6], np.float32),
        mask=np.array([0b01100], np.uint8), shape=np.array([5], np.uint32), opset="CoreML6",
    )  # fmt: skip
    np.testing.assert_array_equal(y, np.array([0, 0, 5, 6, 0], np.float32))


def test_groups_of_a_palette(decode):
    indices = np.array([2, 3, 3, 0, 1, 0, 3, 0, 2, 1, 0, 3], np.uint8).reshape(6, 2)
    lut = np.array([1, 5, 9, 13, 2, 10, 18, 26], np.float16).reshape(2, 1, 4, 1)
    y = decode("constexpr_lut_to_dense", indices=indices, lut=lut)
    expected = [[9, 13], [13, 1], [5, 1], [26, 2], [18, 10], [2, 26]]
    np.testing.assert_array_equal(y, np.array(expected, np.float16))


@pytest.mark.parametrize(
    ("vector_axis", "blocks", "width"),
    [(0, (1, 2), 3), (1, (2, 1), 2), (-1, (1, 1), 4), (None, (2, 4), 1)],
)
def test_vectors_of_a_palette_agree_with_coremltools(decode, vector_axis, blocks, width):
    from coremltools.optimize._utils import lut_to_dense

    rng = np.random.default_rng(4)
    indices = rng.integers(0, 8, (4, 8)).astype(np.uint8)
    lut = rng.normal(size=(*blocks, 8, width)).astype(np.float32)
    inputs = {} if vector_axis is None else {"vector_axis": vector_axis}
    y = decode("constexpr_lut_to_dense", indices=indices, lut=lut, **inputs)
    axis = None if vector_axis is None else np.int32(vector_axis)
    np.testing.assert_array_equal(y, lut_to_dense(indices, lut, axis))


@pytest.mark.parametrize("blocks", [(1, 1), (4, 1), (2, 4), (4, 8)])
@pytest.mark.parametrize("offset", [False, True])
def test_each_block_has_its_scale(decode, blocks, offset):
    rng = np.random.default_rng(5)
    data = rng.integers(-8, 8, (4, 8)).astype(np.int8)
    scale = rng.uniform(0.1, 1, blocks).astype(np.float32)
    shift = rng.integers(-8, 8, blocks).astype(np.int8)
    y = decode(
        "constexpr_blockwise_shift_scale", data=data, scale=scale,
        **({"offset": shift} if offset else {}),
    )  # fmt: skip
    for row in range(4):
        for column in range(8):
            block = row * blocks[0] // 4, column * blocks[1] // 8
            moved = int(data[row, column]) - (int(shift[block]) if offset else 0)
            np.testing.assert_allclose(y[row, column], moved * scale[block], rtol=1e-6)


MASK = np.array([[1, 1, 0, 0], [1, 1, 1, 0], [0, 0, 1, 1], [1, 1, 0, 0]], np.uint8)


def test_sparse_shift_and_scale_by_columns(decode):
    mask, data = decode(
        "constexpr_sparse_blockwise_shift_scale", data_mask=MASK,
        nonzero_data=np.array([10, 11, 3, 4, 5, 6, 7, 8, 9], np.int8),
        scale=np.array([[0.1, 0.2, 0.3, 0.4]], np.float32),
        offset=np.array([[1, 2, 3, 4]], np.int8),
    )  # fmt: skip
    np.testing.assert_array_equal(mask, MASK)
    expected = [0.9, 1.8, 0.2, 0.4, 0.6, 0.9, 1.2, 0.7, 1.4]
    np.testing.assert_allclose(data, expected, rtol=1e-6)
    y = decode("constexpr_sparse_to_dense", nonzero_data=data, mask=mask)
    np.testing.assert_array_equal(y[MASK != 0], data)
    assert not y[MASK == 0].any()


@pytest.mark.parametrize("width", [1, 2])
def test_sparse_palettes(decode, width):
    indices = np.array([0, 1, 1, 0, 1, 1, 0, 0, 1], np.uint8)
    lut = np.array([[2, 20], [3, 30]], np.float32)[:, :width].reshape(1, 1, 2, width)
    inputs = {} if width == 1 else {"vector_axis": 0}
    mask, data = decode(
        "constexpr_lut_to_sparse", indices_mask=MASK, indices_nonzero_data=indices, lut=lut,
        **inputs,
    )  # fmt: skip
    np.testing.assert_array_equal(mask, np.repeat(MASK, width, axis=0))
    rows = [MASK[row].nonzero()[0].size for row in range(4)]
    expected = [
        lut[0, 0, index, part]
        for row in np.split(indices, np.cumsum(rows)[:-1])
        for part in range(width)
        for index in row
    ]
    np.testing.assert_array_equal(data, np.array(expected, np.float32))


@pytest.mark.parametrize(
    ("name", "inputs"),
    [
        (
            "constexpr_lut_to_dense",
            {"indices": np.array([4], np.uint8), "lut": np.zeros((1, 4, 1))},
        ),
        (
            "constexpr_lut_to_dense",
            {"indices": np.array([0], np.uint8), "lut": np.zeros((1, 4, 2))},
        ),
        ("constexpr_sparse_to_dense", {"nonzero_data": np.zeros(2), "mask": np.ones(3, np.uint8)}),
        ("constexpr_blockwise_shift_scale", {"data": np.zeros(4), "scale": np.ones(3)}),
    ],
)
def test_contradictions_are_refused(decode, name, inputs):
    with pytest.raises(InvalidProgram, match="expected"):
        decode(name, **inputs)


def test_too_few_bytes_are_refused(decode):
    with pytest.raises(InvalidProgram, match="2 bytes for 8 elements of 2 bits"):
        decode(
            "constexpr_lut_to_dense", indices=np.zeros(1, np.uint8), lut=np.zeros(4),
            shape=np.array([8], np.uint32), opset="CoreML6",
        )  # fmt: skip
