import numpy as np
import pytest

from training.data.sources.outlined import inked_pair, outlined_pair, parted_pair
from training.data.sources.shapes import ShapeDrawing
from training.pixels import under_ink

# A black square with a red one in front: a line 4 of 100 wide, as much as is left of the black.
INKED = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">
<rect x="20" y="20" width="60" height="60" fill="#000"/>
<rect x="24" y="24" width="52" height="52" fill="#f00"/></svg>"""
# A blue bar, a red one, and again blue: the second blue overlaps the first and the red.
OVERLAPPING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">
<rect x="10" y="10" width="80" height="30" fill="#00f"/>
<rect x="10" y="40" width="80" height="30" fill="#f00"/>
<rect x="30" y="20" width="40" height="40" fill="#00f"/></svg>"""


def inks(pair, row):
    """How many pixels of ink each line drawing has in a row, by its darkness."""
    return [float((1 - lineart[row] / 255).sum()) for lineart in pair.lineart]


def test_ink_multiplies_the_colours_below_it():
    layer = np.full((1, 3, 3), (200, 100, 0), np.uint8)
    lineart = np.array([[255, 128, 0]], np.uint8)
    np.testing.assert_array_equal(
        under_ink(layer, lineart), [[(200, 100, 0), (100, 50, 0), (0, 0, 0)]]
    )


@pytest.mark.parametrize("line", [0.04, 0.02, 0.08])
def test_ink_is_drawn_as_wide_as_it_is_asked_for(line):
    pair = inked_pair(ShapeDrawing(INKED), own=0.04, line=line, size=64)
    # Two lines cross the middle row. Ink is moved by whole pixels of 512: half of one of 64 is 4.
    np.testing.assert_allclose(
        inks(pair, 32), [2 * 64 * line * width for width in (1, 0.5, 1.75)], atol=0.6
    )


def test_colours_reach_below_the_ink_and_no_white_is_left_between():
    pair = inked_pair(ShapeDrawing(INKED), own=0.04, line=0.04, size=100)
    row = pair.layer[50, :50].astype(int)
    is_red, is_white = (row == (255, 0, 0)).all(axis=-1), (row == 255).all(axis=-1)
    # Half of the line each, but for the one pixel where the two meet.
    assert abs(int(np.argmax(is_red)) - 22) <= 1
    assert np.sum(~is_red & ~is_white) <= 1


def test_a_line_too_thin_to_be_thinned_stays():
    hair = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">
    <path d="M10 50h80" stroke="#000" stroke-width=".4" fill="none"/></svg>"""
    pair = inked_pair(ShapeDrawing(hair), own=0.04, line=0.04, size=64)
    np.testing.assert_array_equal(pair.lineart[1], pair.lineart[0])
    assert pair.lineart[0].min() < 255


def test_lines_with_one_colour_on_both_sides_are_left_out_where_asked():
    drawing = ShapeDrawing(OVERLAPPING)
    outlined = outlined_pair(drawing, outline=2, size=100)
    parted = parted_pair(drawing, outline=2, size=100)
    assert outlined.lineart[0][20, 50] < 128, "the upper edge of the blue bar before the blue one"
    for lineart in parted.lineart:
        assert lineart[15:32, 50].min() == 255
    # Where red begins there still is a line.
    assert parted.lineart[0][58:62, 50].min() < 60
    assert parted.lineart[0][50, 28:32].min() < 60
