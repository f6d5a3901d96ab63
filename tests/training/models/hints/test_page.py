import numpy as np
import pytest

from tests.training.models.hints.drawn import BLUE, RED, hinted, paper
from training.models.hints.page import HintedPage
from training.models.hints.raised import lowered, reached

PAGE = (1.0, 1.0, 1.0, 1.0, 1.0)  # white, the page's, reached


def with_page(hints, open_paper, **kwargs):
    """Colours, the page's share and what is hinted: (H, W, 5)."""
    held = HintedPage()([hints, open_paper], **kwargs)
    return np.concatenate([lowered(held), reached(held)], axis=-1)[0]


def framed(*, gap=0):
    """Paper with a frame of 2 pixels, open to the right over `gap` rows."""
    open_paper = paper(96)
    open_paper[0, 24:72, 24:72] = 0
    open_paper[0, 26:70, 26:70] = 1
    open_paper[0, 48 - gap // 2 : 48 + gap // 2, 70:72] = 1
    return open_paper


@pytest.mark.parametrize("training", [True, False])
def test_the_paper_around_a_figure_is_hinted_white_and_a_figure_that_is_shut_is_not(training):
    page = with_page(hinted(side=96), framed(), training=training)
    np.testing.assert_allclose(page[:12], np.broadcast_to(PAGE, (12, 96, 5)), atol=1e-6)
    np.testing.assert_array_equal(page[24:72, 24:72], np.zeros((48, 48, 5)))


def test_the_page_does_not_begin_in_a_figure_with_a_narrow_opening():
    page = with_page(hinted(side=96), framed(gap=12))
    np.testing.assert_array_equal(page[26:70, 26:70], np.zeros((44, 44, 5)))
    assert with_page(hinted(side=96), framed(gap=32))[48, 60, 4] == pytest.approx(1)


def test_a_hint_on_the_page_is_a_wish_for_its_colour():
    page = with_page(hinted((4, 90, RED), side=96), framed())
    np.testing.assert_array_equal(page[4, 90], (*RED, 0.0, 1.0))
    assert page[..., 3].sum() == 0


def test_a_hint_in_a_figure_leaves_the_page_white():
    page = with_page(hinted((48, 48, BLUE), side=96), framed())
    np.testing.assert_array_equal(page[48, 48], (*BLUE, 0.0, 1.0))
    np.testing.assert_allclose(page[4, 90], PAGE, atol=1e-6)


def test_a_hint_on_ink_is_none():
    assert not with_page(hinted((25, 25, RED), side=96), framed())[25, 25].any()
