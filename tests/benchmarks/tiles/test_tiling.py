import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.tiles.tiling import Axis, blend_tiles, cut_tiles, even_length, plan_tiles
from training.errors import ConfigError, PictureError


@st.composite
def axes(draw: st.DrawFn) -> Axis:
    tile = draw(st.integers(1, 80))
    return Axis(draw(st.integers(1, 600)), tile, draw(st.integers(0, tile // 2)))


def stand_in(tiles: np.ndarray) -> np.ndarray:
    """Paint each pixel by its own grey alone: where a tile begins changes nothing."""
    return np.stack([tiles, 255 - tiles, tiles // 3], axis=-1)


# --- worked by hand


def test_starts_are_spread_evenly_from_the_first_pixel_to_the_last():
    # (10 - 1) / (4 - 1) = 3 tiles over 6 pixels of freedom.
    assert Axis(10, 4, 1).starts == (0, 3, 6)
    # (11 - 1) / (4 - 1) = 3.33, so 4 tiles; 7 / 3 steps round down.
    assert Axis(11, 4, 1).starts == (0, 2, 4, 7)


def test_a_side_no_longer_than_a_tile_takes_one_tile():
    assert Axis(4, 4, 1).starts == Axis(1, 4, 1).starts == (0,)


def test_weights_rise_to_the_overlap_and_fall_again():
    assert Axis(9, 6, 2).weights.tolist() == [1, 2, 2, 2, 2, 1]
    assert Axis(9, 5, 2).weights.tolist() == [1, 2, 2, 2, 1]
    assert Axis(9, 6, 3).weights.tolist() == [1, 2, 3, 3, 2, 1]


def test_without_overlap_all_pixels_weigh_the_same():
    assert Axis(9, 3, 0).weights.tolist() == [1, 1, 1]


def test_the_default_overlap_is_a_quarter_of_a_tile():
    assert plan_tiles(100, 100, tile=64) == plan_tiles(100, 100, tile=64, overlap=16)


def test_tiles_go_row_by_row():
    assert plan_tiles(3, 5, tile=3, overlap=1).corners == [(0, 0), (0, 2)]
    assert plan_tiles(5, 5, tile=3, overlap=1).corners == [(0, 0), (0, 2), (2, 0), (2, 2)]


def test_a_canvas_of_1000_x_700_takes_21_x_15_tiles_of_64():
    plan = plan_tiles(700, 1000, tile=64)
    assert (len(plan.rows.starts), len(plan.columns.starts)) == (15, 21)


def test_an_even_length_is_a_tile_and_whole_steps():
    # 700 pixels take tiles of 256 that share 128: 256 + 4 x 128 = 768.
    assert even_length(700, tile=256, overlap=128) == 768
    assert Axis(768, 256, 128).starts == (0, 128, 256, 384, 512)
    assert even_length(100, tile=256, overlap=128) == 256


def test_a_drawing_smaller_than_a_tile_stands_at_the_top_left_on_paper():
    lineart = np.array([[1, 2, 3]], np.uint8)
    (tile,) = cut_tiles(lineart, plan_tiles(1, 3, tile=4))
    assert tile.tolist() == [[1, 2, 3, 255], *[[255] * 4] * 3]


def test_two_flat_tiles_fade_by_weight_and_halves_round_to_even():
    plan = plan_tiles(1, 6, tile=4, overlap=2)  # starts 0 and 2, weights 1 2 2 1
    painted = np.zeros((2, 4, 4, 3), np.uint8)
    painted[0, ..., 0], painted[1, ..., 0] = 0, 9
    painted[0, ..., 1], painted[1, ..., 1] = 1, 1
    blended = blend_tiles(painted, plan)
    # Pixel 2: (2 x 0 + 1 x 9) / 3 = 3; pixel 3: (1 x 0 + 2 x 9) / 3 = 6.
    assert blended[0, :, 0].tolist() == [0, 0, 3, 6, 9, 9]
    assert blended[0, :, 1].tolist() == [1] * 6

    plan = plan_tiles(1, 3, tile=2, overlap=1)  # starts 0 and 1, weights 1 1
    painted = np.zeros((2, 2, 2, 3), np.uint8)
    painted[1] = [1, 3, 5]
    assert blend_tiles(painted, plan)[0].tolist() == [[0, 0, 0], [0, 2, 2], [1, 3, 5]]


# --- what holds for every plan


@given(axes())
def test_tiles_cover_every_pixel_and_none_begins_or_ends_outside(axis: Axis):
    covered = np.zeros(axis.covered, int)
    for start in axis.starts:
        covered[start : start + axis.tile] += 1
    assert axis.starts[0] == 0
    assert axis.starts[-1] + axis.tile == axis.covered
    assert (covered > 0).all()


@given(axes())
def test_neighbours_share_the_overlap_or_more_and_no_tile_is_repeated(axis: Axis):
    steps = np.diff(axis.starts)
    assert (steps >= 1).all()
    assert (axis.tile - steps >= axis.overlap).all()


@given(axes())
def test_one_tile_fewer_would_share_less_than_the_overlap(axis: Axis):
    if len(axis.starts) > 1:
        tiles = len(axis.starts) - 1
        assert tiles * axis.tile - (tiles - 1) * axis.overlap < axis.length


@given(axes())
def test_weights_are_positive_and_the_same_from_both_ends(axis: Axis):
    weights = axis.weights
    assert weights.shape == (axis.tile,)
    assert (weights >= 1).all()
    assert weights.max() <= max(axis.overlap, 1)
    np.testing.assert_array_equal(weights, weights[::-1])


@given(axes())
def test_over_an_even_length_tiles_step_by_what_they_do_not_share(axis: Axis):
    length = even_length(axis.length, tile=axis.tile, overlap=axis.overlap)
    even = Axis(length, axis.tile, axis.overlap)
    assert length >= axis.length
    assert len(even.starts) == len(axis.starts)  # it costs no tile
    assert set(np.diff(even.starts)) <= {axis.tile - axis.overlap}
    assert even_length(length, tile=axis.tile, overlap=axis.overlap) == length


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 70), st.integers(1, 90), st.integers(1, 40), st.data(), st.integers(0, 99))
def test_what_paints_each_pixel_by_itself_is_tiled_without_a_trace(
    height: int, width: int, tile: int, data: st.DataObject, seed: int
):
    lineart = np.random.default_rng(seed).integers(0, 256, (height, width)).astype(np.uint8)
    plan = plan_tiles(height, width, tile=tile, overlap=data.draw(st.integers(0, tile // 2)))
    tiled = blend_tiles(stand_in(cut_tiles(lineart, plan)), plan)
    np.testing.assert_array_equal(tiled, stand_in(lineart))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(1, 50), st.integers(2, 20), st.integers(0, 99))
def test_a_blended_pixel_lies_between_the_tiles_that_it_is_blended_from(
    height: int, width: int, tile: int, seed: int
):
    plan = plan_tiles(height, width, tile=tile)
    shape = (len(plan.corners), tile, tile, 3)
    painted = np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)
    low = np.full((plan.rows.covered, plan.columns.covered, 3), 255, np.uint8)
    high = np.zeros_like(low)
    for (top, left), picture in zip(plan.corners, painted, strict=True):
        here = np.s_[top : top + tile, left : left + tile]
        low[here], high[here] = np.minimum(low[here], picture), np.maximum(high[here], picture)
    blended = blend_tiles(painted, plan)
    assert (low[:height, :width] <= blended).all()
    assert (blended <= high[:height, :width]).all()


# --- what is refused


@pytest.mark.parametrize("overlap", [-1, 33])
def test_an_overlap_beyond_half_a_tile_is_refused_with_the_limit(overlap: int):
    with pytest.raises(ConfigError, match=f"expected 0 to 32.*received {overlap}"):
        plan_tiles(100, 100, tile=64, overlap=overlap)


@pytest.mark.parametrize("tile", [0, -4])
def test_a_tile_of_no_pixels_is_refused(tile: int):
    with pytest.raises(ConfigError, match="tile: expected 1 pixel or more"):
        plan_tiles(100, 100, tile=tile, overlap=0)


def test_an_empty_drawing_is_refused():
    with pytest.raises(PictureError, match="1 pixel or more, received 0"):
        plan_tiles(0, 100, tile=64)


def test_a_drawing_of_another_size_or_type_than_the_plan_is_refused():
    plan = plan_tiles(10, 12, tile=8)
    for lineart in (np.zeros((12, 10), np.uint8), np.zeros((10, 12), np.float32)):
        with pytest.raises(PictureError, match=r"expected a drawing of \(10, 12\)"):
            cut_tiles(lineart, plan)


def test_tiles_that_are_not_the_plans_are_refused():
    plan = plan_tiles(10, 12, tile=8)
    good = np.zeros((len(plan.corners), 8, 8, 3), np.uint8)
    for painted in (good[1:], good[..., 0], good.astype(np.float32)):
        with pytest.raises(PictureError, match="expected painted tiles of"):
            blend_tiles(painted, plan)
