import numpy as np
import pytest

from training.data.sources.rendering import render_file, render_text
from training.errors import PictureError

SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4">
<rect width="2" height="4" fill="#f00"/></svg>"""


def test_a_drawing_stands_on_white_paper_in_rgb(tmp_path):
    (tmp_path / "a.svg").write_text(SVG)
    for picture in (render_text(SVG, size=8), render_file(tmp_path / "a.svg", size=8)):
        assert picture.shape == (8, 8, 3)
        np.testing.assert_array_equal(picture[3, [3, 4]], [(255, 0, 0), (255, 255, 255)])


def test_a_style_sheet_overrules_the_drawing(tmp_path):
    (tmp_path / "a.svg").write_text(SVG)
    picture = render_file(tmp_path / "a.svg", size=8, style_sheet="rect{fill:#00f !important}")
    np.testing.assert_array_equal(picture[3, 3], (0, 0, 255))


def test_what_is_no_drawing_is_a_picture_error():
    with pytest.raises(PictureError, match="cannot be rendered"):
        render_text("<svg", size=8)
