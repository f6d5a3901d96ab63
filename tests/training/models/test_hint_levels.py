import keras
import numpy as np

from training.models.hint_levels import (
    DepthToSpace,
    FillFromMean,
    MeanHint,
    PulledHints,
    PushedHints,
    filled_hints,
)

RED, BLUE = (1.0, -0.5, -0.5), (-0.5, -0.5, 1.0)


def hinted(*places, side=8):
    """Hints (1, side, side, 4) with a colour at each of (row, column, RGB)."""
    hints = np.zeros((1, side, side, 4), np.float32)
    for row, column, color in places:
        hints[0, row, column] = (*color, 1.0)
    return hints


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
    for level in filled_hints(keras.ops.convert_to_tensor(hinted(side=32)), levels=5):
        assert not np.asarray(level).any()


def test_every_place_takes_the_colour_of_the_nearest_coarse_hint():
    hints = hinted((3, 3, RED), (60, 60, BLUE), side=64)
    finest, *_, coarsest = filled_hints(keras.ops.convert_to_tensor(hints), levels=5)
    assert [level.shape for level in (finest, coarsest)] == [(1, 32, 32, 4), (1, 2, 2, 4)]
    np.testing.assert_allclose(finest[0, 5, 5, :3], RED, atol=1e-6)
    np.testing.assert_allclose(finest[0, 20, 30, :3], BLUE, atol=1e-6)
    # Where no hint is near, the mean of both.
    np.testing.assert_allclose(finest[0, 5, 30, :3], np.add(RED, BLUE) / 2, atol=1e-6)


def test_the_mask_says_where_hints_are_and_not_where_colour_was_filled_in():
    hints = hinted((3, 3, RED), side=64)
    finest, *_ = filled_hints(keras.ops.convert_to_tensor(hints), levels=5)
    assert np.asarray(finest)[..., 3].sum() == 1


def test_finer_hints_win_over_coarser_ones():
    pulled, coarser = hinted((0, 0, RED), side=4), hinted((0, 0, BLUE), side=2)
    filled = PushedHints()([pulled, coarser]).numpy()
    np.testing.assert_array_equal(filled[0, 0, 0], (*RED, 1.0))
    np.testing.assert_array_equal(filled[0, 1, 1], (*BLUE, 0.0))
    mean = FillFromMean()([pulled, coarser[:, :1, :1]]).numpy()
    np.testing.assert_array_equal(mean[0, 3, 3], (*BLUE, 0.0))


def test_depth_to_space_lays_four_channels_out_row_by_row():
    x = np.arange(1, 5, dtype=np.float32).reshape(1, 1, 1, 4)
    np.testing.assert_array_equal(DepthToSpace()(x)[0, ..., 0], [[1, 2], [3, 4]])
