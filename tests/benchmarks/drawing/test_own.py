"""Golden drawings of one's own: read, made clean, and fitted."""

import json
import shutil

import cv2
import numpy as np
import pytest
from PIL import Image

from benchmarks import ios_bundle
from benchmarks.drawing.own import MOST, own_drawings
from training.errors import DataError, PictureError

LEARNED = (1.0, 2.0)


@pytest.fixture
def folder(tmp_path):
    """A box in pencil, and one in white on black, wider than high, of a name in Japanese."""
    tmp_path = tmp_path / "drawings"
    tmp_path.mkdir()
    pencil = np.full((90, 60), 250, np.uint8)
    cv2.rectangle(pencil, (10, 10), (50, 80), 60, 3)
    dark = np.zeros((40, 80, 3), np.uint8)
    cv2.rectangle(dark, (10, 10), (70, 30), (255, 255, 255), 3)
    for name, picture in (("box.png", pencil), ("\u732b.png", dark)):
        (tmp_path / name).write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    return tmp_path


def test_a_drawing_is_clean_and_whole_on_paper_of_the_size_of_the_model(folder, capsys):
    box, cat = own_drawings(folder, size=(32, 48), learned=LEARNED)
    assert (box.name, cat.name) == ("box", "drawing-2")
    assert capsys.readouterr().err == f"{folder / '猫.png'}: drawing-2 in the bundle\n"
    for drawing in (box, cat):
        assert drawing.lineart.shape == (32, 48) and drawing.lineart.dtype == np.uint8
        assert drawing.lineart[0, 0] == 255 and drawing.lineart.min() < 64
    ink = np.argwhere(box.lineart < 128)
    height, width = ink.max(axis=0) - ink.min(axis=0)
    assert height > 1.5 * width  # its shape is kept: 70 by 40


def test_two_files_of_one_name_get_names_of_their_own(folder):
    (folder / "box.jpg").write_bytes((folder / "box.png").read_bytes())
    names = [drawing.name for drawing in own_drawings(folder, size=(32, 32), learned=LEARNED)]
    assert len(set(names)) == 3


def test_a_folder_of_nothing_or_of_too_much_is_refused(folder, tmp_path):
    with pytest.raises(DataError, match="none of that name"):
        own_drawings(tmp_path / "gone", size=(32, 32), learned=LEARNED)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="expected drawings, received a folder without any"):
        own_drawings(tmp_path / "empty", size=(32, 32), learned=LEARNED)
    for number in range(MOST):
        (folder / f"more-{number}.png").write_bytes(b"")
    with pytest.raises(DataError, match=f"received {MOST + 2} files. Put those"):
        own_drawings(folder, size=(32, 32), learned=LEARNED)


def test_more_than_an_app_takes_are_good_to_compare_on(folder):
    for number in range(MOST):
        shutil.copy(folder / "box.png", folder / f"more-{number}.png")
    drawings = own_drawings(folder, size=(32, 32), learned=LEARNED, shipped=False)
    assert len(drawings) == MOST + 2
    assert "\u732b" in {drawing.name for drawing in drawings}


def test_a_file_that_is_no_drawing_is_named_with_what_to_do(folder):
    (folder / "broken.png").write_bytes(b"not a picture")
    with pytest.raises(PictureError, match="broken.png.*Take it out of the folder"):
        own_drawings(folder, size=(32, 32), learned=LEARNED)
    cv2.imwrite(str(folder / "broken.png"), np.full((40, 40), 255, np.uint8))
    with pytest.raises(PictureError, match="broken.png.*blank"):
        own_drawings(folder, size=(32, 32), learned=LEARNED)


def test_a_bundle_takes_them_as_its_golden_drawings(folder, tiny_run, exports, tmp_path):
    output, package = tmp_path / "models", str(exports["coreml", "fp16"])
    given = ["--drawings", str(folder), "-o", str(output)]
    assert ios_bundle.main([str(tiny_run), package, *given]) == 0
    golden = json.loads((output / "index.json").read_text())["golden"]
    assert [drawing["name"] for drawing in golden] == ["box", "drawing-2"]
    pixels = np.asarray(Image.open(output / golden[0]["lineart"]["file"]))
    assert pixels.shape == (32, 32) and pixels.min() < 64
