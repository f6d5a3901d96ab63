import keras
import numpy as np

from tests.training.models.hints.drawn import BLUE, RED, hinted
from training.models.hints.around import (
    FillFromMean,
    MeanHint,
    PulledHints,
    PushedHints,
    filled_hints,
)


def filled(hints):
    levels = filled_hints(keras.ops.convert_to_tensor(hints), levels=5)
    return [np.asarray(level) for level in levels]


def test_a_single_pixel_keeps_its_colour_when_it_is_pulled():
    pulled = PulledHints()(hinted((2, 5, RED))).numpy()
    np.testing.assert_array_equal(pulled, hinted((1, 2, RED), side=4))


def test_hints_that_fall_together_are_averaged():
    pulled = PulledHints()(hinted((0, 0, RED), (1, 1, BLUE))).numpy()
    np.testing.assert_allclose(pulled[0, 0, 0], (0.25, -0.5, 0.25, 1.0), atol=1e-7)


def test_the_mean_counts_places_with_hints_alone():
    mean = MeanHint()(hinted((0, 0, RED), (0, 1, BLUE), (7, 7, BLUE))).numpy()[0, 0, 0]
    np.testing.assert_allclose(mean, (0.0, -0.5, 0.5, 1.0), atol=1e-6)


def test_without_hints_there_is_no_colour_at_any_level():
    for level in filled(hinted(side=32)):
        assert not level.any()


def test_every_place_takes_the_colour_of_the_nearest_coarse_hint():
    hints = hinted((3, 3, RED), (60, 60, BLUE), side=64)
    finest, *_, coarsest = filled(hints)
    assert [level.shape for level in (finest, coarsest)] == [(1, 32, 32, 4), (1, 2, 2, 4)]
    np.testing.assert_allclose(finest[0, 5, 5, :3], RED, atol=1e-6)
    np.testing.assert_allclose(finest[0, 20, 30, :3], BLUE, atol=1e-6)
    # Where no hint is near, the mean of both.
    np.testing.assert_allclose(finest[0, 5, 30, :3], np.add(RED, BLUE) / 2, atol=1e-6)


def test_the_mask_says_where_hints_are_and_not_where_colour_was_filled_in():
    hints = hinted((3, 3, RED), side=64)
    assert filled(hints)[0][..., 3].sum() == 1


def test_finer_hints_win_over_coarser_ones():
    pulled, coarser = hinted((0, 0, RED), side=4), hinted((0, 0, BLUE), side=2)
    pushed = PushedHints()([pulled, coarser]).numpy()
    np.testing.assert_array_equal(pushed[0, 0, 0], (*RED, 1.0))
    np.testing.assert_array_equal(pushed[0, 1, 1], (*BLUE, 0.0))
    mean = FillFromMean()([pulled, coarser[:, :1, :1]]).numpy()
    np.testing.assert_array_equal(mean[0, 3, 3], (*BLUE, 0.0))
