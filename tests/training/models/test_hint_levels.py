import keras
import numpy as np

from training.models.hint_levels import (
    DepthToSpace,
    FillFromMean,
    MeanHint,
    OpenPaper,
    PulledHints,
    PushedHints,
    filled_hints,
    flooded_hints,
    pulled_hints,
)

RED, BLUE = (1.0, -0.5, -0.5), (-0.5, -0.5, 1.0)


def hinted(*places, side=8):
    """Hints (1, side, side, 4) with a colour at each of (row, column, RGB)."""
    hints = np.zeros((1, side, side, 4), np.float32)
    for row, column, color in places:
        hints[0, row, column] = (*color, 1.0)
    return hints


def paper(side):
    return np.ones((1, side, side, 1), np.float32)


def filled(hints):
    pulled = pulled_hints(keras.ops.convert_to_tensor(hints), levels=5)
    return [np.asarray(level) for level in filled_hints(pulled)]


def flooded(lineart, hints):
    pulled = pulled_hints(keras.ops.convert_to_tensor(hints), levels=5)
    levels = flooded_hints(keras.ops.convert_to_tensor(lineart), pulled)
    return [np.asarray(level) for level in levels]


def test_a_flood_fills_a_closed_figure_and_does_not_cross_its_line():
    lineart = paper(64)
    lineart[0, 8:40, 8:40] = -1  # a frame of 2 pixels
    lineart[0, 10:38, 10:38] = 1
    finest = flooded(lineart, hinted((24, 24, RED), side=64))[0][0]
    inside, outside = finest[6:18, 6:18], finest[21:]
    np.testing.assert_allclose(
        inside[..., :3], np.broadcast_to(RED, inside[..., :3].shape), atol=1e-5
    )
    assert inside[..., 3].min() == 1
    assert not outside.any()
    assert not finest[:3].any()


def test_a_hint_beside_a_line_stays_on_its_side():
    lineart = paper(64)
    lineart[0, :, 30:32] = -1
    finest = flooded(lineart, hinted((32, 27, RED), side=64))[0][0]
    np.testing.assert_allclose(finest[16, 5, :3], RED, atol=1e-5)
    assert not finest[:, 16:].any()


def test_a_flood_passes_through_a_gap():
    lineart = paper(64)
    lineart[0, :, 30:32] = -1
    lineart[0, 24:40, 30:32] = 1
    finest = flooded(lineart, hinted((32, 10, RED), side=64))[0][0]
    np.testing.assert_allclose(finest[16, 20, :3], RED, atol=1e-5)


def test_two_hints_share_a_field_each_keeping_its_own_place():
    finest = flooded(paper(64), hinted((32, 6, RED), (32, 58, BLUE), side=64))[0][0]
    np.testing.assert_allclose(finest[16, 3], (*RED, 1.0), atol=1e-5)
    np.testing.assert_allclose(finest[16, 29], (*BLUE, 1.0), atol=1e-5)
    assert finest[16, 6, 0] > finest[16, 26, 0], "redder near the red hint"


def test_pale_lines_stop_a_flood_and_the_grain_of_paper_does_not():
    lightness = np.float32([0.0, 0.7, 0.98, 1.0])
    lineart = (2 * lightness - 1).reshape(1, 1, 4, 1)
    np.testing.assert_array_equal(OpenPaper()(lineart)[0, 0, :, 0], [0, 0, 1, 1])


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
    for level in (*filled(hinted(side=32)), *flooded(paper(32), hinted(side=32))):
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


def test_depth_to_space_lays_four_channels_out_row_by_row():
    x = np.arange(1, 5, dtype=np.float32).reshape(1, 1, 1, 4)
    np.testing.assert_array_equal(DepthToSpace()(x)[0, ..., 0], [[1, 2], [3, 4]])
