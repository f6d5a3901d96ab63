import numpy as np
import pytest
from PIL import Image

from training.colorize import colorize, main
from training.errors import CheckpointError, ConfigError, NurieError, OutputExists


@pytest.fixture
def drawing(tmp_path):
    """A drawing whose sides are no multiple of anything: 45 wide, 37 high."""
    picture = np.full((37, 45), 255, np.uint8)
    picture[5:30, 10] = picture[5:30, 40] = picture[5, 10:40] = picture[29, 10:40] = 0
    Image.fromarray(picture).save(tmp_path / "drawing.png")
    return tmp_path / "drawing.png"


def test_a_drawing_of_any_size_comes_back_coloured_in_its_size(tiny_run, drawing, tmp_path):
    output = colorize(tiny_run, drawing, output=tmp_path / "out.png")
    color = Image.open(output)
    assert (color.mode, color.size) == ("RGB", (45, 37))
    assert np.asarray(color).std() > 0


def test_the_default_output_stands_beside_the_drawing(tiny_run, drawing, capsys):
    assert main([str(tiny_run), str(drawing)]) == 0
    output = drawing.with_name("drawing-color.png")
    assert output.exists()
    assert capsys.readouterr().out == f"{output}\n"


def test_an_existing_output_is_refused(tiny_run, drawing, tmp_path):
    (tmp_path / "out.png").write_bytes(b"precious")
    with pytest.raises(OutputExists):
        colorize(tiny_run, drawing, output=tmp_path / "out.png")
    assert (tmp_path / "out.png").read_bytes() == b"precious"


def test_an_unknown_suffix_is_refused_before_any_work(tiny_run, drawing, tmp_path):
    with pytest.raises(ConfigError, match="out.xyz"):
        colorize(tiny_run, drawing, output=tmp_path / "out.xyz")


def test_a_missing_or_foreign_drawing_is_refused_by_name(tiny_run, tmp_path):
    (tmp_path / "text.png").write_text("not a picture")
    for name in ("missing.png", "text.png"):
        with pytest.raises(NurieError, match=name):
            colorize(tiny_run, tmp_path / name, output=tmp_path / "out.png")
    assert not (tmp_path / "out.png").exists()


def test_a_missing_checkpoint_is_refused(drawing, tmp_path):
    with pytest.raises(CheckpointError):
        colorize(tmp_path / "no", drawing, output=tmp_path / "out.png")
