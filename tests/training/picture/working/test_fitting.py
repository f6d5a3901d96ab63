import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.picture.strokes import line_width
from training.picture.working.fitting import fit

LEARNED = (1.0, 4.0)
# Lines are drawn at four times the working picture, and averaged.
QUARTER_PIXEL = 0.25
HALF_PIXEL = 0.5


def figure(side, pen, shape=(1.0, 1.0)):
    """A circle, a square and a slanting line, drawn at 8 times the size and averaged."""
    finer = 8 if side <= 256 else 1
    height, width = (round(side * share) for share in shape)
    lineart = np.full((height * finer, width * finer), 255, np.uint8)
    unit, pen = side * finer / 64, max(1, round(pen * finer))
    at = lambda *places: tuple(round(place * unit) for place in places)  # noqa: E731
    cv2.circle(lineart, at(20, 22), round(12 * unit), 0, pen)
    cv2.rectangle(lineart, at(38, 10), at(56, 30), 0, pen)
    cv2.line(lineart, at(8, 56), at(56, 44), 0, pen)
    return cv2.resize(lineart, (width, height), interpolation=cv2.INTER_AREA)


def ink_across(lineart, row, columns):
    """Pixels of ink that a row crosses within some columns."""
    return (255 - lineart[row, columns].astype(float)).sum() / 255


def decibels(first, second):
    return 10 * np.log10(255**2 / np.mean((first.astype(float) - second) ** 2))


def test_a_drawing_of_the_very_size_stays_as_it_is():
    lineart = figure(64, 2)
    fitted = fit(lineart, size=(64, 64), learned=LEARNED)
    np.testing.assert_array_equal(fitted.lineart, lineart)
    assert fitted.hints is None
    assert fitted.placement.scale == (1, 1)


@pytest.mark.parametrize("side", [48, 100, 128, 256, 1000])
def test_drawings_of_any_size_give_one_working_picture(side):
    expected = figure(64, 2)
    fitted = fit(figure(side, 2 * side / 64), size=(64, 64), learned=LEARNED)
    # As good as pixels placed by rounding allow; a shift by one pixel gives 12.
    assert decibels(fitted.lineart, expected) > 18


@pytest.mark.parametrize("pen", [0.1, 0.25, 0.5, 1, 2, 4, 6])
def test_lines_are_as_wide_as_the_nearest_that_was_learned(pen):
    lineart = np.full((1024, 1024), 255, np.uint8)
    width = max(1, round(16 * pen))
    lineart[100:900, 500 : 500 + width] = 0
    fitted = fit(lineart, size=(64, 64), learned=LEARNED)
    expected = np.clip(width / 16, *LEARNED)
    assert ink_across(fitted.lineart, 30, slice(0, 64)) == pytest.approx(
        expected, abs=1.5 * QUARTER_PIXEL
    )


def test_a_thin_line_beside_thick_ones_is_widened_and_they_are_not():
    lineart = np.full((640, 640), 255, np.uint8)
    lineart[100:500, 100:130] = 0  # three pixels of a working picture of 64
    lineart[100:500, 300:302] = 0
    fitted = fit(lineart, size=(64, 64), learned=LEARNED).lineart
    assert ink_across(fitted, 30, slice(0, 20)) == pytest.approx(3, abs=0.01)
    assert ink_across(fitted, 30, slice(20, 64)) == pytest.approx(1, abs=1.5 * QUARTER_PIXEL)


def test_when_thick_lines_are_thinned_a_thin_one_remains():
    lineart = np.full((640, 640), 255, np.uint8)
    for column in (60, 200, 340):
        lineart[100:500, column : column + 80] = 0
    lineart[100:500, 560:564] = 0
    fitted = fit(lineart, size=(64, 64), learned=LEARNED).lineart
    assert ink_across(fitted, 30, slice(0, 18)) == pytest.approx(4, abs=2 * QUARTER_PIXEL)
    assert 0.75 <= ink_across(fitted, 30, slice(50, 64)) <= 1.5


def test_lines_that_were_learned_are_averaged_and_nothing_else():
    lineart = figure(256, 8)
    fitted = fit(lineart, size=(64, 64), learned=LEARNED).lineart
    np.testing.assert_array_equal(
        fitted, cv2.resize(lineart, (64, 64), interpolation=cv2.INTER_AREA)
    )


def test_a_hairline_of_a_large_drawing_is_unbroken():
    lineart = np.full((3000, 3000), 255, np.uint8)
    cv2.line(lineart, (200, 300), (2800, 1900), 0, 1)
    fitted = fit(lineart, size=(64, 64), learned=LEARNED).lineart
    darkest = fitted[:, 6:58].min(axis=0)
    assert darkest.max() < 160


def test_dust_is_not_enlarged():
    lineart = figure(1024, 32)
    expected = fit(lineart, size=(64, 64), learned=LEARNED).lineart
    lineart[900:902, 100:102] = 0
    dusty = fit(lineart, size=(64, 64), learned=LEARNED).lineart
    assert np.abs(dusty.astype(int) - expected).max() < 8


def test_the_shape_is_kept_with_paper_around_it():
    lineart = np.zeros((300, 100), np.uint8)
    fitted = fit(lineart, size=(64, 96), learned=LEARNED)
    inside = fitted.placement.inside((300, 100))
    assert inside == (slice(0, 64), slice(37, 58))
    around = np.ones((64, 96), bool)
    around[inside] = False
    assert fitted.lineart[around].min() == 255
    assert fitted.lineart[~around].max() == 0


def test_hints_stand_where_the_drawing_does():
    lineart = figure(640, 20, shape=(1.0, 0.5))
    hints = np.zeros((640, 320, 4), np.uint8)
    hints[100:200, 50:150] = (200, 30, 90, 255)
    hints[600, 300] = (9, 9, 200, 255)
    fitted = fit(lineart, size=(64, 64), learned=LEARNED, hints=hints)
    expected = np.zeros((64, 64, 4), np.uint8)
    expected[10:20, 16 + 5 : 16 + 15] = (200, 30, 90, 255)
    expected[60, 16 + 30] = (9, 9, 200, 255)
    np.testing.assert_array_equal(fitted.hints, expected)


def test_hints_of_the_very_size_stay_as_they_are():
    hints = np.zeros((64, 64, 4), np.uint8)
    hints[3:9, 5:7] = (200, 30, 90, 255)
    fitted = fit(figure(64, 2), size=(64, 64), learned=LEARNED, hints=hints)
    np.testing.assert_array_equal(fitted.hints, hints)


def test_an_empty_drawing_stays_empty():
    fitted = fit(np.full((300, 200), 255, np.uint8), size=(64, 64), learned=LEARNED)
    assert fitted.lineart.min() == 255


@pytest.mark.parametrize("shape", [(1, 200_000), (200_000, 1), (1, 1), (2, 3)])
def test_strips_of_any_length_are_taken(shape):
    lineart = np.zeros(shape, np.uint8)
    fitted = fit(lineart, size=(32, 64), learned=LEARNED, hints=np.full((*shape, 4), 255, np.uint8))
    assert fitted.lineart.shape == (32, 64)
    assert fitted.hints[..., 3].any()
    assert fitted.placement.enlarged(np.zeros((32, 64, 3), np.uint8), shape).shape == (*shape, 3)


@settings(deadline=None, max_examples=40)
@given(
    st.tuples(st.integers(1, 90), st.integers(1, 90)),
    st.tuples(st.integers(1, 5), st.integers(1, 5)),
    st.integers(0, 99),
)
def test_any_drawing_fits_any_working_picture(shape, size, seed):
    lineart = np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)
    before = lineart.copy()
    fitted = fit(lineart, size=(8 * size[0], 8 * size[1]), learned=LEARNED)
    assert fitted.lineart.shape == (8 * size[0], 8 * size[1])
    np.testing.assert_array_equal(lineart, before)


def test_thick_lines_of_the_very_size_are_thinned():
    lineart = figure(64, 7)
    fitted = fit(lineart, size=(64, 64), learned=LEARNED).lineart
    assert line_width(fitted) == pytest.approx(4, abs=HALF_PIXEL)


def test_a_silhouette_is_no_line_and_stays():
    lineart = np.full((640, 640), 255, np.uint8)
    cv2.circle(lineart, (320, 320), 250, 0, -1)
    fitted = fit(lineart, size=(64, 64), learned=LEARNED).lineart
    averaged = cv2.resize(lineart, (64, 64), interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(fitted, averaged)
