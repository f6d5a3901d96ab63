import pytest

from training.errors import PictureError
from training.picture.decoding.vector import LONGER_SIDE
from training.picture.reading import read_drawing, read_picture

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30">'
    '<rect x="10" y="10" width="20" height="10" fill="{fill}"/>{more}</svg>'
)


def drawn(tmp_path, fill="black", more=""):
    file = tmp_path / "drawing.svg"
    file.write_text(SVG.format(fill=fill, more=more))
    return read_drawing(file)


def test_an_svg_is_drawn_in_its_shape_on_nothing(tmp_path):
    rgba = drawn(tmp_path)
    assert rgba.shape == (LONGER_SIDE * 3 // 4, LONGER_SIDE, 4)
    height, width = rgba.shape[:2]
    assert tuple(rgba[height // 2, width // 2]) == (0, 0, 0, 255)
    assert rgba[height // 6, width // 8, 3] == 0


@pytest.mark.parametrize("name", ["secret.png", "/etc/passwd", "file:///etc/passwd"])
def test_an_svg_that_shows_another_file_is_refused(name, tmp_path):
    with pytest.raises(PictureError, match="shows another file"):
        drawn(tmp_path, more=f'<image xlink:href = "{name}" width="40" height="30"/>')


def test_what_an_svg_refers_to_within_itself_is_drawn(tmp_path):
    more = '<rect id="a" width="10" height="10"/><use href="#a" x="30"/>'
    assert drawn(tmp_path, more=more)[5, -5, 3] == 255


def test_a_torn_svg_is_refused_with_what_helps(tmp_path):
    (tmp_path / "torn.svg").write_text("<svg")
    with pytest.raises(PictureError, match=r"torn.svg: cannot be drawn.* Save it as PNG"):
        read_drawing(tmp_path / "torn.svg")


def test_an_svg_is_a_drawing_to_colour_and_no_picture_to_learn_from(tmp_path):
    drawn(tmp_path)
    with pytest.raises(PictureError, match="expected a picture"):
        read_picture(tmp_path / "drawing.svg")
