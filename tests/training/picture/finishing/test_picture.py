import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.ndimage import label

from tests.training.picture.drawn import ANY_DRAWING, box
from training.errors import PictureError
from training.picture.cleaning import clean
from training.picture.finishing.net import Net
from training.picture.finishing.picture import finish
from training.picture.regions.labels import find_paper, label_regions
from training.pixels import under_ink

RED, GREY = (230, 20, 30), (90, 90, 90)


def net(paint, *, size=(32, 32), layer=True):
    return Net(paint=paint, size=size, learned=(1.0, 4.0), layer=layer)


def plain_layer(lineart, hints):
    return np.full((*lineart.shape, 3), RED, np.uint8)


def noise(seed):
    """A net that paints anything, as any net may."""
    rng = np.random.default_rng(seed)
    return lambda lineart, hints: rng.integers(0, 256, (*lineart.shape, 3), np.uint8)


def test_a_net_is_given_lines_and_hints_of_its_own_size_and_returns_the_drawings():
    seen = []

    def paint(lineart, hints):
        seen.append((lineart.shape, hints.shape))
        return plain_layer(lineart, hints)

    lineart = np.full((300, 200), 255, np.uint8)
    cv2.rectangle(lineart, (20, 20), (180, 280), 0, 8)
    made = finish(net(paint, size=(32, 64)), lineart, np.zeros((300, 200, 4), np.uint8))
    assert seen == [((32, 64), (32, 64, 4))]
    assert made.picture.shape == made.smooth.shape == made.flats.shape == (300, 200, 3)
    assert (made.picture[100, 100] == RED).all()


def test_the_smooth_picture_has_no_flats():
    made = finish(net(plain_layer), box(), smooth=True)
    assert made.flats is None
    np.testing.assert_array_equal(made.picture, under_ink(made.smooth, box()))


def test_a_net_that_paints_finished_pictures_lends_its_colours_without_its_lines():
    def picture(lineart, hints):
        return under_ink(plain_layer(lineart, hints), lineart)

    made = finish(net(picture, layer=False), box())
    ONE_LEVEL = 20  # ink of a tenth is no line: its shade is left, a tenth of the colour
    assert np.abs(made.smooth.astype(int) - RED).max() <= ONE_LEVEL
    assert (made.flats[20:76, 20:46] == made.flats[30, 30]).all()


def test_hints_of_the_drawings_size_win_in_their_regions():
    hints = np.zeros((96, 96, 4), np.uint8)
    hints[30:34, 30:34] = (*GREY, 255)
    flats = finish(net(plain_layer), box(), hints).flats
    assert (flats[20:76, 20:46] == GREY).all()
    assert (flats[20:76, 51:76] == RED).all()


@pytest.mark.parametrize("side", [64, 96, 257, 800])
def test_a_drawing_has_the_same_colours_at_any_size(side):
    def by_room(lineart, hints):
        """Red left of the middle, grey right of it."""
        layer = plain_layer(lineart, hints)
        layer[:, lineart.shape[1] // 2 :] = GREY
        return layer

    lineart = cv2.resize(box(), (side, side), interpolation=cv2.INTER_AREA)
    flats = finish(net(by_room), lineart).flats
    at = lambda x, y: tuple(flats[int(y * side / 96), int(x * side / 96)])  # noqa: E731
    assert (at(30, 30), at(66, 30)) == (RED, GREY)


@settings(deadline=None, max_examples=60)
@given(ANY_DRAWING, st.integers(0, 2**32 - 1), st.booleans())
def test_any_picture_is_coloured_and_its_ink_is_never_changed(lineart, seed, layer):
    before = lineart.copy()
    made = finish(net(noise(seed), layer=layer), lineart)
    np.testing.assert_array_equal(lineart, before)
    assert made.ink is lineart
    np.testing.assert_array_equal(made.picture, under_ink(made.flats, before))


@settings(deadline=None, max_examples=60)
@given(
    arrays(np.uint8, array_shapes(min_dims=3, max_dims=3, max_side=24).map(lambda s: (*s[:2], 4))),
    st.integers(0, 2**32 - 1),
)
def test_any_picture_is_coloured_or_refused_with_a_reason(picture, seed):
    try:
        lineart = clean(picture).lineart
    except PictureError as error:
        assert str(error).startswith(("blank page: ", "almost black: "))
        return
    assert finish(net(noise(seed)), lineart).picture.shape == (*picture.shape[:2], 3)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(40, 200), st.integers(40, 200))
def test_whatever_a_net_paints_no_colour_crosses_a_closed_line(seed, height, width):
    """Between two areas of paper that lines close, colours change only under the ink."""
    rng = np.random.default_rng(seed)
    lineart = np.full((height, width), 255, np.uint8)
    for _ in range(3):
        x, y = int(rng.integers(8, width - 8)), int(rng.integers(8, height - 8))
        cv2.circle(lineart, (x, y), int(rng.integers(6, 20)), 0, 3)
    labels = label_regions(lineart, line_width=3.0)
    areas, count = label(find_paper(lineart))
    for region in range(labels.max() + 1):
        shown = [n for n in range(1, count + 1) if (labels[areas == n] == region).any()]
        large = [n for n in shown if np.count_nonzero(areas == n) > 9]
        assert len(large) <= 1  # every pixel has one region, and no region two closed areas
    assert finish(net(noise(seed)), lineart).flats.shape == (height, width, 3)
