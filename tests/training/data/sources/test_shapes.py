import numpy as np
import pytest

from training.data.sources.rendering import render_text
from training.data.sources.shapes import ShapeDrawing
from training.errors import PictureError

RED, BLUE, WHITE, BLACK = (255, 0, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)


def drawing(inside, **options):
    """A drawing 40 units wide."""
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
    return ShapeDrawing(f"{head}{inside}</svg>", **options)


def line_art(inside, outline=2.0, **options):
    return render_text(drawing(inside, **options).line_art(outline), size=40)[..., 0]


def colors(inside, outline=2.0, **options):
    return render_text(drawing(inside, **options).colors(outline), size=40)


def box(x, y, side, fill="#f00", more=""):
    return f'<rect x="{x}" y="{y}" width="{side}" height="{side}" fill="{fill}" {more}/>'


def test_a_shape_is_white_within_a_black_outline_and_coloured_without_one():
    lines = line_art(box(10, 10, 20))
    # The outline of 2 stands upon the edge: a unit outside, a unit inside.
    np.testing.assert_array_equal(lines[20, 7:14], [255, 255, 0, 0, 255, 255, 255])
    layer = colors(box(10, 10, 20))
    np.testing.assert_array_equal(layer[20, 8:12], [WHITE, WHITE, RED, RED])


def test_a_shape_hides_what_lies_behind_it():
    lines = line_art(box(10, 10, 20) + box(20, 5, 15, "#00f"))
    assert lines[20, 25] == 0, "the lower edge of the box in front"
    assert lines[15, 29] == 255, "the side of the box behind, within the one in front"


def test_neighbours_of_one_colour_share_an_outline():
    lines = line_art(box(10, 10, 12) + box(18, 10, 12))
    assert lines[16, 10:30].min() == 255, "no line where they overlap"
    assert lines[16, 8] == 0
    assert lines[16, 31] == 0


def test_black_is_ink_and_no_colour():
    inside = box(5, 5, 30) + box(15, 15, 10, "black")
    assert line_art(inside)[20, 20] == 0
    np.testing.assert_array_equal(colors(inside)[20, 20], RED)


def test_other_colours_can_be_ink():
    inside = box(5, 5, 30) + box(15, 15, 10, "#1B0640")
    assert line_art(inside)[20, 20] == 255
    assert line_art(inside, inks=("#1b0640",))[20, 20] == 0
    np.testing.assert_array_equal(colors(inside, inks=("#1b0640",))[20, 20], RED)


@pytest.mark.parametrize(
    "shade", ['opacity=".2"', 'fill-opacity=".2"', 'style="mix-blend-mode:multiply"']
)
def test_shade_is_in_neither_unless_a_face_is_known_by_it(shade):
    inside = box(5, 5, 30) + f'<g id="nose-one-1a">{box(15, 15, 10, "black", shade)}</g>'
    assert line_art(inside)[10:30, 10:30].min() == 255
    np.testing.assert_array_equal(colors(inside)[20, 20], RED)
    assert line_art(inside, features=("nose",))[20, 20] == 0
    np.testing.assert_array_equal(colors(inside, features=("nose",))[20, 20], RED)


def stroke(width, color="#00f", more=""):
    return f'<path d="M5 20h30" fill="none" stroke="{color}" stroke-width="{width}" {more}/>'


def test_a_wide_stroke_is_a_shape_with_two_edges():
    lines = line_art(stroke(8))
    np.testing.assert_array_equal(
        lines[12:28, 20], [255] * 2 + [0] * 2 + [255] * 8 + [0] * 2 + [255] * 2
    )
    np.testing.assert_array_equal(colors(stroke(8))[20, 20], BLUE)


def test_a_thin_or_black_stroke_is_a_line_and_encloses_nothing():
    bend = '<path d="M5 35V5H35" fill="none" stroke="{}" stroke-width="{}"/>'
    for color, width, ink in (("#00f", 1, 2), ("#000", 4, 4)):
        lines = line_art(box(2, 2, 36) + bend.format(color, width))
        assert np.sum(lines[20, 3:20] == 0) == ink, "as wide as an outline at least"
        assert lines[20, 20] == 255
        np.testing.assert_array_equal(colors(box(2, 2, 36) + bend.format(color, width))[20, 5], RED)


def test_an_outline_is_as_wide_in_a_scaled_group():
    inside = f'<g transform="translate(10 10) scale(.5)">{box(0, 0, 40)}</g>'
    np.testing.assert_array_equal(line_art(inside)[20, 7:14], [255, 255, 0, 0, 255, 255, 255])
    flipped = f'<g transform="matrix(-.5 0 0 .5 30 10)">{box(0, 0, 40)}</g>'
    np.testing.assert_array_equal(line_art(flipped), line_art(inside))


def test_what_a_use_shows_inherits_from_its_place():
    inside = (
        '<defs><g id="a"><rect width="20" height="20"/></g></defs>'
        '<use href="#a" fill="#00f" transform="translate(10 10)"/>'
    )
    np.testing.assert_array_equal(colors(inside)[20, 20], BLUE)
    np.testing.assert_array_equal(colors(inside)[5, 5], WHITE)


def test_a_clip_path_and_a_mask_are_no_shapes_and_cut():
    for name, kind in (("clip-path", "clipPath"), ("mask", "mask")):
        inside = (
            f'<{kind} id="c"><rect width="20" height="40" fill="#fff"/></{kind}>'
            f'<g {name}="url(#c)">{box(10, 10, 20)}</g>'
        )
        np.testing.assert_array_equal(colors(inside)[20, 15], RED)
        np.testing.assert_array_equal(colors(inside)[20, 25], WHITE)
        assert line_art(inside)[:, 21:].min() == 255


def test_a_margin_shows_an_outline_at_the_edge_whole():
    assert line_art(box(0, 0, 40), outline=4)[20, 2:4].max() == 255
    with_margin = line_art(box(0, 0, 40), outline=4, margin=2)
    assert with_margin[20, 1] == 0
    assert drawing("", margin=2).width == 44


def test_without_an_outline_ink_alone_is_left_and_white_shapes_hide_it():
    lines = line_art(box(5, 5, 20, "black") + box(15, 5, 20) + stroke(2), outline=0)
    assert lines[10, 10] == 0
    assert lines[10, 20:].min() == 255


@pytest.mark.parametrize(
    ("inside", "reason"),
    [('<rect fill="url(#gradient)"/>', "received a gradient"), ("<rect", "not an SVG document")],
)
def test_what_cannot_be_taken_apart_is_refused(inside, reason):
    with pytest.raises(PictureError, match=reason):
        drawing(inside)
