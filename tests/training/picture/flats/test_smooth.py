import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.picture.flats.smooth import filled

ROUNDING = 1e-2  # grey levels: float32, several levels of the pyramid


def test_what_is_certain_stays():
    layer = np.random.default_rng(0).uniform(0, 255, (7, 5, 3)).astype(np.float32)
    np.testing.assert_allclose(filled(layer, np.ones((7, 5), np.float32)), layer, atol=ROUNDING)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (16, 3), (33, 20)])
def test_one_certain_cell_fills_the_picture(shape):
    layer, certainty = np.zeros((*shape, 3), np.float32), np.zeros(shape, np.float32)
    layer[0, -1], certainty[0, -1] = (10, 20, 30), 0.01
    expected = np.broadcast_to([10, 20, 30], layer.shape)
    np.testing.assert_allclose(filled(layer, certainty), expected, atol=ROUNDING)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 17), st.integers(1, 17))
def test_nothing_but_what_is_certain_has_an_effect(seed, height, width):
    rng = np.random.default_rng(seed)
    certainty = rng.integers(0, 2, (height, width)).astype(np.float32)
    certainty[0, 0] = 1
    layer = rng.uniform(100, 200, (height, width, 3)).astype(np.float32)
    other = np.where(certainty[..., np.newaxis] > 0, layer, 0).astype(np.float32)
    result = filled(layer, certainty)
    np.testing.assert_array_equal(result, filled(other, certainty))
    assert result.min() >= 100 - ROUNDING
    assert result.max() <= 200 + ROUNDING
