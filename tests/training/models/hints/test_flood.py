import keras
import numpy as np
import pytest

from tests.training.models.hints.drawn import BLUE, RED, hinted, paper
from training.models.hints.flood import Flood, OpenPaper, SpreadUnderInk, flooded_hints


def flooded(lineart, hints):
    """The flood at full size, and at the finest level: (H, W, 4)."""
    full, finest, _ = flooded_with_page(lineart, hints)
    return full, finest


def flooded_with_page(lineart, hints):
    """As `flooded`, and what of the finest level is the page's and anybody's: (H, W, 2)."""
    as_tensor = keras.ops.convert_to_tensor
    full, finest, *_ = flooded_hints(as_tensor(lineart), as_tensor(hints), levels=5)
    full, finest = np.asarray(full)[0], np.asarray(finest)[0]
    return full, finest[..., :4], finest[..., 4:]


def test_a_flood_fills_a_closed_figure_and_does_not_cross_its_line():
    lineart = paper(64)
    lineart[0, 8:40, 8:40] = -1  # a frame of 2 pixels
    lineart[0, 10:38, 10:38] = 1
    full, _ = flooded(lineart, hinted((24, 24, RED), side=64))
    inside, outside = full[8:40, 8:40], full[42:]
    np.testing.assert_allclose(
        inside[..., :3], np.broadcast_to(RED, inside[..., :3].shape), atol=1e-5
    )
    assert inside[..., 3].min() == 1
    assert not outside.any()
    assert not full[:6].any()


def test_a_hint_beside_a_line_stays_on_its_side():
    lineart = paper(64)
    lineart[0, :, 30:32] = -1
    full, finest = flooded(lineart, hinted((32, 29, RED), side=64))
    np.testing.assert_allclose(finest[16, 5, :3], RED, atol=1e-5)
    assert not finest[:, 16:].any()
    np.testing.assert_allclose(full[32, :30, :3], np.broadcast_to(RED, (30, 3)), atol=1e-5)
    assert not full[:, 33:].any()


def test_a_field_as_narrow_as_a_line_is_reached_at_full_size():
    lineart = paper(64)
    lineart[0, :, 31] = lineart[0, :, 33] = -1
    full, _ = flooded(lineart, hinted((32, 32, RED), side=64))
    np.testing.assert_allclose(full[29:36, 32, :3], np.broadcast_to(RED, (7, 3)), atol=1e-5)
    assert not full[:, 35:].any()


def test_colour_spreads_under_a_line_from_both_sides_and_not_across():
    flood = np.zeros((1, 8, 8, 4), np.float32)
    flood[0, :, :2], flood[0, :, 6:] = (*RED, 1.0), (*BLUE, 1.0)
    lines = paper(8)
    lines[0, :, 2:6] = 0
    spread = SpreadUnderInk()([flood, lines]).numpy()[0, 4]
    np.testing.assert_allclose(spread[:4], np.broadcast_to((*RED, 1.0), (4, 4)), atol=1e-5)
    np.testing.assert_allclose(spread[4:], np.broadcast_to((*BLUE, 1.0), (4, 4)), atol=1e-5)
    lines[0, :, 3:] = 1
    np.testing.assert_array_equal(SpreadUnderInk()([flood, lines]).numpy()[0, 4, 4], 4 * [0.0])


def test_a_hint_on_ink_alone_floods_nothing():
    lineart = paper(64)
    lineart[0, :, 30:34] = -1
    full, finest = flooded(lineart, hinted((32, 31, RED), side=64))
    assert not full.any()
    assert not finest.any()


@pytest.mark.parametrize("training", [True, False])
def test_one_step_reaches_the_neighbours(training):
    hints = hinted((4, 4, RED))
    flood = Flood(1)([hints, paper(8)], training=training).numpy()[0]
    np.testing.assert_allclose(flood[3:6, 3:6], np.broadcast_to((*RED, 1.0), (3, 3, 4)), atol=1e-5)
    assert flood[..., 3].sum() == pytest.approx(9)


def test_a_flood_passes_through_a_gap():
    lineart = paper(64)
    lineart[0, :, 30:32] = -1
    lineart[0, 24:40, 30:32] = 1
    _, finest = flooded(lineart, hinted((32, 10, RED), side=64))
    np.testing.assert_allclose(finest[16, 20, :3], RED, atol=1e-5)


def test_two_hints_share_a_field_each_keeping_its_own_place():
    _, finest = flooded(paper(64), hinted((32, 6, RED), (32, 58, BLUE), side=64))
    np.testing.assert_allclose(finest[16, 3], (*RED, 1.0), atol=1e-5)
    np.testing.assert_allclose(finest[16, 29], (*BLUE, 1.0), atol=1e-5)
    assert finest[16, 6, 0] > finest[16, 26, 0], "redder near the red hint"


def test_pale_lines_stop_a_flood_and_the_grain_of_paper_does_not():
    lightness = np.float32([0.0, 0.7, 0.98, 1.0])
    lineart = (2 * lightness - 1).reshape(1, 1, 4, 1)
    np.testing.assert_array_equal(OpenPaper()(lineart)[0, 0, :, 0], [0, 0, 1, 1])


def test_without_hints_nothing_is_flooded():
    full, finest, page = flooded_with_page(paper(32), hinted(side=32))
    assert not full.any()
    assert not finest.any()
    np.testing.assert_allclose(page, 1, atol=1e-6)


def test_the_page_shares_an_almost_closed_figure_with_its_hint_and_has_all_around_it():
    lineart = paper(64)
    lineart[0, 16:48, 16:48] = -1
    lineart[0, 18:46, 18:46] = 1
    lineart[0, 30:34, 46:48] = 1  # a gap
    hints = hinted((32, 24, RED), side=64)
    page, any_flood = np.moveaxis(flooded_with_page(lineart, hints)[2], -1, 0)
    assert page[2, 2] > 0.99
    assert page[16, 26] > page[16, 16], "more of it near the gap"
    assert page[16, 12] < 0.1
    assert any_flood[16, 12] == 1


def test_a_closed_figure_has_nothing_of_the_page():
    lineart = paper(64)
    lineart[0, 16:48, 16:48] = -1
    lineart[0, 18:46, 18:46] = 1
    _, _, page = flooded_with_page(lineart, hinted(side=64))
    assert not page[10:22, 10:22].any()
    _, _, page = flooded_with_page(lineart, hinted((32, 32, RED), side=64))
    assert not page[10:22, 10:22, 0].any()
    np.testing.assert_allclose(page[10:22, 10:22, 1], 1, atol=1e-6)
