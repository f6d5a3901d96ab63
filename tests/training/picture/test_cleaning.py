import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from training.errors import PictureError
from training.picture.cleaning import clean

# What a picture loses by 8 bits, twice: white and black points are whole numbers.
TWO_LEVELS = 2


def drawing(height=160, width=224):
    """Antialiased black lines on white paper, closed and open, and a small black area."""
    lineart = np.full((height, width), 255, np.uint8)
    cv2.circle(lineart, (70, 80), 50, 0, 3, cv2.LINE_AA)
    cv2.rectangle(lineart, (140, 40), (200, 120), 0, 3, cv2.LINE_AA)
    cv2.line(lineart, (20, 145), (210, 138), 0, 2, cv2.LINE_AA)
    cv2.circle(lineart, (55, 70), 5, 0, -1, cv2.LINE_AA)
    return lineart


def in_colors(lineart, paper, ink):
    """The drawing with ink of one colour on paper of another."""
    covered = 1 - lineart[..., np.newaxis] / 255
    return np.uint8(np.round((1 - covered) * paper + covered * ink))


def noisy(picture, deviation=2.0, seed=0):
    noise = np.random.default_rng(seed).normal(0, deviation, picture.shape)
    return np.uint8(np.clip(np.round(picture + noise), 0, 255))


def penumbra(shape, darkest):
    """Light that falls off to the right, and the soft shadow of somebody's head."""
    rows, columns = np.indices(shape) / max(shape)
    shadow = 1 / (1 + np.exp(-(columns + 0.4 * rows - 0.8) / 0.04))
    return (1 - 0.2 * columns) * (1 - (1 - darkest) * shadow)


def decibels(cleaned, expected):
    error = np.mean((cleaned.astype(float) - expected) ** 2)
    return np.inf if error == 0 else 10 * np.log10(255**2 / error)


@pytest.mark.parametrize("channels", [None, 3, 4])
def test_a_clean_drawing_comes_out_bit_by_bit_and_nothing_is_said(channels):
    lineart = drawing()
    given = lineart if channels is None else np.repeat(lineart[..., np.newaxis], channels, -1)
    if channels == 4:
        given[..., 3] = 255
    cleaned = clean(given)
    np.testing.assert_array_equal(cleaned.lineart, lineart)
    assert cleaned.notes == ()


def test_large_black_areas_and_areas_of_grey_are_no_shadows():
    lineart = drawing()
    lineart[30:150, 10:110] = 0
    lineart[50:110, 150:190] = 128
    cleaned = clean(lineart)
    np.testing.assert_array_equal(cleaned.lineart, lineart)
    assert cleaned.notes == ()


def test_light_lines_on_dark_are_inverted():
    cleaned = clean(255 - drawing())
    np.testing.assert_array_equal(cleaned.lineart, drawing())
    assert cleaned.notes == ("inverted: light lines on dark",)


@pytest.mark.parametrize(
    ("ink", "note"),
    [(0, "transparent: laid on white paper"), (255, "inverted: light ink on nothing")],
)
def test_ink_on_nothing_is_black_on_white_whether_it_is_black_or_white(ink, note):
    lineart = drawing()
    picture = np.dstack([np.full((*lineart.shape, 3), ink, np.uint8), 255 - lineart])
    cleaned = clean(picture)
    np.testing.assert_array_equal(cleaned.lineart, lineart)
    assert cleaned.notes == (note,)


def test_a_white_figure_with_black_lines_on_nothing_keeps_its_lines():
    lineart = drawing()
    outside = np.zeros_like(lineart)
    cv2.circle(outside, (70, 80), 51, 255, -1)
    picture = np.dstack([lineart, lineart, lineart, outside])
    expected = np.where(outside > 0, lineart, 255)
    np.testing.assert_array_equal(clean(picture).lineart, expected)


def test_a_shadow_is_divided_out():
    lineart = drawing()
    light = penumbra(lineart.shape, darkest=0.4)[..., np.newaxis]
    cleaned = clean(noisy(lineart[..., np.newaxis] * light * (0.98, 0.95, 0.85)))
    assert cleaned.notes == ("light: uneven, divided out",)
    assert decibels(cleaned.lineart, lineart) > 28
    paper = cleaned.lineart[lineart == 255]
    assert np.mean(paper == 255) > 0.98


def test_light_lines_on_an_unevenly_lit_board_are_found():
    lineart = drawing()
    lit = penumbra(lineart.shape, darkest=0.5)[..., np.newaxis]
    board = noisy(in_colors(lineart, (40, 70, 60), (240, 240, 230)) * lit)
    cleaned = clean(board)
    assert cleaned.notes[0] == "inverted: light lines on dark"
    # In the shadow chalk is hardly lighter than the lit board: paler, but lines.
    assert np.mean((cleaned.lineart < 200) == (lineart < 128)) > 0.98


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ((30, 60, 190), (250, 246, 235)),
        ((250, 220, 60), (255, 255, 255)),
        ((220, 40, 40), (240,) * 3),
    ],
    ids=["a blue ballpoint on cream", "yellow on white", "red on grey"],
)
def test_ink_of_any_colour_becomes_black(ink, paper):
    cleaned = clean(in_colors(drawing(), paper, ink))
    assert any("coloured" in note for note in cleaned.notes)
    assert decibels(cleaned.lineart, drawing()) > 30
    assert cleaned.lineart[0, 0] == 255


def test_lines_of_several_colours_are_all_found():
    lineart = drawing()
    colors = np.full((*lineart.shape, 3), 255, np.uint8)
    for column, ink in ((0, (250, 220, 60)), (112, (60, 160, 250))):
        half = slice(column, column + 112)
        colors[:, half] = in_colors(lineart[:, half], (255, 255, 255), ink)
    assert np.mean((clean(colors).lineart < 128) == (lineart < 128)) > 0.99


def test_areas_of_colour_stay_as_light_as_they_are():
    lineart = drawing()
    colors = np.repeat(lineart[..., np.newaxis], 3, -1)
    colors[45:116, 145:196] = (255, 230, 40)
    cleaned = clean(colors)
    # The luma of BT.601: 0.299, 0.587, 0.114.
    assert cleaned.lineart[80, 170] == pytest.approx(0.299 * 255 + 0.587 * 230 + 0.114 * 40, abs=1)


def test_a_pale_pencil_is_darkened():
    lineart = drawing()
    pale = noisy(246 - (255 - lineart.astype(float)) * 0.35)
    cleaned = clean(pale)
    assert [note.split(":")[0] for note in cleaned.notes] == ["paper", "ink"]
    assert decibels(cleaned.lineart, lineart) > 25
    assert np.mean(cleaned.lineart[lineart == 255] == 255) > 0.98


def test_the_loss_of_jpeg_beside_lines_is_no_ink():
    _, file = cv2.imencode(".jpg", drawing(), [cv2.IMWRITE_JPEG_QUALITY, 60])
    cleaned = clean(cv2.imdecode(file, cv2.IMREAD_GRAYSCALE))
    assert decibels(cleaned.lineart, drawing()) > 30


@pytest.mark.parametrize(
    "page",
    [
        np.full((40, 60), 255, np.uint8),
        np.full((40, 60, 3), 90, np.uint8),
        noisy(np.full((40, 60, 3), 200)),
        np.zeros((40, 60, 4), np.uint8),
    ],
    ids=["white", "grey", "a photograph of nothing", "transparent"],
)
def test_a_blank_page_is_refused(page):
    with pytest.raises(PictureError, match="blank page: expected lines"):
        clean(page)


def test_an_almost_black_page_is_refused():
    page = np.zeros((40, 60), np.uint8)
    with pytest.raises(PictureError, match="almost black: .* 0 of 255"):
        clean(page)
    page[:, :14] = 255
    with pytest.raises(PictureError, match="almost black: .* 77% ink"):
        clean(page)


PICTURES = st.one_of(
    arrays(np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24))),
    arrays(np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24), st.sampled_from([3, 4]))),
)


@settings(deadline=None)
@given(PICTURES)
def test_any_picture_is_cleaned_or_refused_and_never_changed(picture):
    before = picture.copy()
    try:
        cleaned = clean(picture)
    except PictureError:
        pass
    else:
        assert cleaned.lineart.shape == picture.shape[:2]
        assert cleaned.lineart.dtype == np.uint8
    np.testing.assert_array_equal(picture, before)


@pytest.mark.parametrize("shape", [(1, 5000), (5000, 1), (1, 1), (3, 2000)])
def test_strips_of_any_length_are_taken(shape):
    lineart = np.full(shape, 255, np.uint8)
    lineart[:, :: max(2, shape[1] // 7)] = 0
    if lineart.min() == lineart.max() or lineart.size == 1:
        with pytest.raises(PictureError):
            clean(lineart)
    else:
        assert clean(lineart).lineart.shape == shape


def test_what_was_cleaned_is_clean():
    lineart = drawing()
    light = penumbra(lineart.shape, darkest=0.5)
    once = clean(noisy(lineart * light)).lineart
    again = clean(once)
    assert np.abs(again.lineart.astype(int) - once).max() <= TWO_LEVELS
