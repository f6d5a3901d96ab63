import numpy as np
import pytest

from conversion.compression.palettes import palette


def squared_error(values, lut, indices):
    return float(
        np.sum((values.astype(np.float64).reshape(-1) - lut.astype(np.float64)[indices]) ** 2)
    )


def least_squared_error(values, size):
    """The optimum of one-dimensional k-means, by dynamic programming over the sorted values."""
    x = np.sort(values.astype(np.float64).reshape(-1))
    total, square = np.cumsum([0.0, *x]), np.cumsum([0.0, *(x * x)])
    number = np.arange(len(x) + 1)

    def error(start, end):
        count = np.maximum(end - start, 1)
        return square[end] - square[start] - (total[end] - total[start]) ** 2 / count

    best = error(np.zeros_like(number), number)
    for _ in range(size - 1):
        best = np.array(
            [0.0, *(np.min(best[:end] + error(number[:end], end)) for end in number[1:])]
        )
    return best[-1]


def drawn(shape, seed=0):
    return np.random.default_rng(seed).normal(0, 0.02, shape).astype(np.float16)


@pytest.mark.parametrize("bits", [1, 2, 4, 6])
def test_the_palette_is_nearly_the_best_that_there_is(bits):
    two_heaps = np.concatenate([drawn(300), drawn(300, 1) + np.float16(1)])
    long_tail = np.random.default_rng(2).laplace(0, 0.02, 600).astype(np.float16)
    # Local steps carry no colour across the gap between heaps, should one have too many.
    for values, most in ((drawn(600), 1.1), (two_heaps, 1.2), (long_tail, 1.1)):
        lut, indices = palette(values, bits=bits)
        optimum = least_squared_error(values, 2**bits)
        # Our steps are local ones: on trained weights they end 0 to 6 % above the optimum
        # (docs/decisions/0008-recipes.md), and 600 values are harder than many.
        assert squared_error(values, lut, indices) <= most * optimum + 1e-9


def test_every_value_gets_the_nearest_colour():
    values = drawn((8, 3, 4, 4))
    lut, indices = palette(values, bits=4)
    assert (lut.dtype, lut.shape, indices.dtype) == (np.float16, (16,), np.uint8)
    distance = np.abs(values.reshape(-1, 1).astype(np.float64) - lut.astype(np.float64))
    np.testing.assert_array_equal(distance[np.arange(values.size), indices], distance.min(axis=1))


def test_few_different_values_are_kept_as_they_are():
    values = np.array([[0.5, -1.0, 0.5], [2.0, -1.0, 0.0]], np.float16)
    lut, indices = palette(values, bits=3)
    np.testing.assert_array_equal(lut, [-1, 0, 0.5, 2, 2, 2, 2, 2])
    np.testing.assert_array_equal(indices, [2, 0, 2, 3, 0, 1])


def test_a_case_worked_by_hand():
    lut, indices = palette(np.array([0, 1, 10, 11, 12], np.float16), bits=1)
    np.testing.assert_array_equal(lut, [0.5, 11])
    np.testing.assert_array_equal(indices, [0, 0, 1, 1, 1])


def test_equal_weights_give_equal_palettes_in_any_order():
    values = drawn(5000)
    lut, _ = palette(values, bits=6)
    again, _ = palette(np.random.default_rng(1).permutation(values), bits=6)
    np.testing.assert_array_equal(lut, again)
