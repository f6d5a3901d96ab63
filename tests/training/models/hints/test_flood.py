import keras
import numpy as np
import pytest

from tests.training.models.hints.drawn import BLUE, RED, hinted, paper
from training.models.hints.flood import (
    Flood,
    OpenPaper,
    SpreadUnderInk,
    flooded_hints,
)
from training.models.hints.raised import lowered, raised, reached

WHITE = (1.0, 1.0, 1.0)


def flooded(lineart, hints):
    """The flood at full size: (H, W, 5)."""
    as_tensor = keras.ops.convert_to_tensor
    return np.asarray(flooded_hints(as_tensor(lineart), as_tensor(hints), levels=4)[0])[0]


def seeds(hints):
    """What a flood begins from where hints (1, H, W, 4) are."""
    return raised(hints[..., :3], hints[..., 3:])


def shown(held):
    """Colours and what is reached: (H, W, 4)."""
    return np.concatenate([lowered(held), reached(held)], axis=-1)[0]


def under_ink(flood, lines):
    return SpreadUnderInk()([seeds(flood), lines]).numpy()[0]


def everywhere(region, color):
    """Whether a region is all reached, and in this colour."""
    np.testing.assert_allclose(
        region[..., :3], np.broadcast_to(color, (*region.shape[:2], 3)), atol=1e-4
    )
    np.testing.assert_allclose(region[..., 4], 1, atol=1e-4)


def framed(*, gap=0):
    """A drawing with a frame of 2 pixels, open to the right over `gap` rows."""
    lineart = paper(64)
    lineart[0, 16:48, 16:48] = -1
    lineart[0, 18:46, 18:46] = 1
    lineart[0, 32 - gap // 2 : 32 + gap // 2, 46:48] = 1
    return lineart


def test_a_flood_fills_a_closed_figure_and_the_page_what_is_around():
    full = flooded(framed(), hinted((24, 24, RED), side=64))
    everywhere(full[17:47, 17:47], RED)
    assert not full[17:47, 17:47, 3].any()
    everywhere(full[:16], WHITE)
    np.testing.assert_allclose(full[:16, :, 3], 1, atol=1e-4)


def test_an_almost_closed_figure_is_its_hints_and_not_the_pages():
    everywhere(flooded(framed(gap=4), hinted((32, 22, RED), side=64))[18:46, 18:44], RED)


def test_a_figure_that_nobody_hinted_is_not_reached():
    assert not flooded(framed(), hinted(side=64))[20:44, 20:44].any()


def test_a_hint_beside_a_line_stays_on_its_side():
    lineart = paper(64)
    lineart[0, :, 30:32] = -1
    full = flooded(lineart, hinted((32, 16, RED), (32, 33, BLUE), side=64))
    everywhere(full[:, :30], RED)
    everywhere(full[32:33, 33:34], BLUE)
    assert not np.isclose(full[:, 32:, :3], RED).all(axis=-1).any()


def test_a_field_as_narrow_as_a_line_is_reached_at_full_size():
    lineart = paper(64)
    lineart[0, :, 31] = lineart[0, :, 33] = -1
    full = flooded(lineart, hinted((32, 32, RED), side=64))
    everywhere(full[20:44, 32:33], RED)
    everywhere(full[:, 36:], WHITE)


def test_where_two_hints_share_a_field_they_part_it_sharply():
    full = flooded(paper(64), hinted((32, 6, RED), (32, 57, BLUE), side=64))
    everywhere(full[:, :28], RED)
    everywhere(full[:, 36:], BLUE)


def test_floods_meet_where_it_is_narrow():
    lineart = paper(64)
    lineart[0, :, 40:42] = -1
    lineart[0, 30:34, 40:42] = 1
    full = flooded(lineart, hinted((32, 20, RED), (32, 53, BLUE), side=64))
    everywhere(full[:, :39], RED)
    everywhere(full[:, 43:], BLUE)


def test_colour_spreads_under_a_line_from_both_sides_and_not_across():
    flood = np.zeros((1, 8, 8, 4), np.float32)
    flood[0, :, :2], flood[0, :, 6:] = (*RED, 1.0), (*BLUE, 1.0)
    lines = paper(8)
    lines[0, :, 2:6] = 0
    spread = under_ink(flood, lines)[4]
    np.testing.assert_allclose(spread[:4], np.broadcast_to((*RED, 1.0), (4, 4)), atol=1e-5)
    np.testing.assert_allclose(spread[4:], np.broadcast_to((*BLUE, 1.0), (4, 4)), atol=1e-5)
    lines[0, :, 3:] = 1
    np.testing.assert_array_equal(under_ink(flood, lines)[4, 4], 4 * [0.0])


def test_below_ink_a_colour_counts_as_much_as_there_is_of_it_around():
    flood = np.zeros((1, 3, 3, 4), np.float32)
    flood[0, :, 0], flood[0, 0, 2] = (*RED, 1.0), (*BLUE, 1.0)
    lines = paper(3)
    lines[0, 1, 1] = 0
    mixed = under_ink(flood, lines)[1, 1]
    np.testing.assert_allclose(mixed[:3], (3 * np.array(RED) + BLUE) / 4, atol=1e-5)
    assert mixed[3] == pytest.approx(1)


def test_a_hint_on_ink_alone_floods_nothing():
    lineart = paper(64)
    lineart[0, :, 30:34] = -1
    everywhere(flooded(lineart, hinted((32, 31, RED), side=64))[:, :30], WHITE)


@pytest.mark.parametrize("training", [True, False])
def test_one_step_reaches_the_neighbours_and_keeps_what_is_reached(training):
    hints = hinted((4, 4, RED), (4, 5, BLUE))
    flow = Flood(1, settled=True)
    flood = shown(flow([seeds(hints), paper(8)], training=training))
    np.testing.assert_allclose(flood[4, 4:6], [(*RED, 1.0), (*BLUE, 1.0)], atol=1e-5)
    np.testing.assert_allclose(flood[3:6, 3], np.broadcast_to((*RED, 1.0), (3, 4)), atol=1e-5)
    assert flood[..., 3].sum() == pytest.approx(12, abs=1e-4)


def test_a_coarse_flood_leaves_open_where_two_colours_met():
    hints = hinted((4, 2, RED), (4, 5, BLUE))
    flood = shown(Flood(4, settled=False)([seeds(hints), paper(8)]))
    assert not flood[4, 3:5].any()
    np.testing.assert_allclose(flood[4, :2], np.broadcast_to((*RED, 1.0), (2, 4)), atol=1e-5)


def test_pale_lines_stop_a_flood_and_the_grain_of_paper_does_not():
    lightness = np.float32([0, 199, 200, 255]) / 255
    lineart = (2 * lightness - 1).reshape(1, 1, 4, 1)
    np.testing.assert_array_equal(OpenPaper()(lineart)[0, 0, :, 0], [0, 0, 1, 1])


def test_each_level_is_the_mean_of_the_finer_one():
    as_tensor = keras.ops.convert_to_tensor
    floods = flooded_hints(as_tensor(framed()), as_tensor(hinted((24, 24, RED), side=64)), levels=4)
    full, half, *_ = (np.asarray(flood)[0] for flood in floods)
    assert [flood.shape[1] for flood in floods] == [64, 32, 16, 8, 4]
    np.testing.assert_allclose(half, full.reshape(32, 2, 32, 2, 5).mean((1, 3)), atol=1e-6)
