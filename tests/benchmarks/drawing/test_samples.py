import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from benchmarks.drawing.samples import FOLDER, rasterise, sample_drawings
from training.errors import DataError

WIDE = """<svg viewBox="0 0 144 72" xmlns="http://www.w3.org/2000/svg">
  <rect x="0" y="0" width="144" height="72" fill="#000"/>
</svg>"""


def test_there_are_a_dozen_drawings_or_more_in_the_order_of_their_names():
    names = [drawing.name for drawing in sample_drawings(32)]
    assert len(names) >= 12
    assert names == sorted(names)
    assert names == sorted(path.stem for path in FOLDER.glob("*.svg"))


def test_the_index_names_title_origin_and_licence_of_every_drawing():
    listed = json.loads((FOLDER / "index.json").read_text())["drawings"]
    assert [row["name"] for row in listed] == [drawing.name for drawing in sample_drawings(32)]
    for row in listed:
        svg = ElementTree.parse(FOLDER / f"{row['name']}.svg").getroot()
        assert row["title"] == svg.findtext("{http://www.w3.org/2000/svg}title")
        assert row["origin"]
        assert row["licence"] in ("Apache-2.0", "CC BY-SA 4.0")  # ours, or OpenMoji's with credit


def test_every_drawing_is_black_on_paper_with_a_free_border():
    for drawing in sample_drawings(64):
        assert drawing.lineart.shape == (64, 64)
        assert drawing.lineart.dtype == np.uint8
        assert drawing.lineart.min() < 64, drawing.name
        ink = (drawing.lineart < 128).mean()
        assert 0.02 < ink < 0.25, drawing.name
        border = np.concatenate([drawing.lineart[[0, -1]].ravel(), drawing.lineart[:, 0]])
        assert (border == 255).all(), drawing.name


def test_a_wide_drawing_is_fitted_in_the_middle_and_not_squashed(tmp_path: Path):
    path = tmp_path / "wide.svg"
    path.write_text(WIDE)
    lineart = rasterise(path, 32)  # 144 x 72 units become 32 x 16 pixels
    expected = np.full((32, 32), 255, np.uint8)
    expected[8:24] = 0
    np.testing.assert_array_equal(lineart, expected)


def test_at_least_one_drawing_is_not_square():
    heights = {
        drawing.name: np.flatnonzero((drawing.lineart < 255).any(axis=1)).size
        for drawing in sample_drawings(72)
    }
    assert heights["meadow"] <= 36


def test_an_empty_folder_is_refused(tmp_path: Path):
    with pytest.raises(DataError, match="received none"):
        sample_drawings(32, folder=tmp_path)


@pytest.mark.parametrize(
    "text", ["not xml", "<svg xmlns='http://www.w3.org/2000/svg'/>", "<svg viewBox='0 0 a b'/>"]
)
def test_a_file_without_a_view_box_is_refused_by_name(tmp_path: Path, text: str):
    (tmp_path / "broken.svg").write_text(text)
    with pytest.raises(DataError, match=r"broken\.svg"):
        sample_drawings(32, folder=tmp_path)
