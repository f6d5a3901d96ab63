import numpy as np
import pytest
from PIL import Image

from training.colorize import SUFFIXES, colorize, main
from training.errors import CheckpointError, ConfigError, NurieError, OutputExists, PictureError


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


@pytest.mark.parametrize("suffix", ["", ".xyz", ".psd", ".gif", ".ico", ".pbm"])
def test_a_format_that_is_unknown_or_changes_the_colours_is_refused_before_any_work(
    tmp_path, suffix
):
    nowhere = tmp_path / "nowhere"
    with pytest.raises(ConfigError, match=rf"out{suffix}: expected .*\.png.* received the suffix"):
        colorize(nowhere, nowhere, output=tmp_path / f"out{suffix}")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_that_is_offered_keeps_24_bit_colour(suffix, tmp_path):
    # Smooth ramps of 128 x 64 colours: more than a palette holds.
    picture = np.zeros((64, 128, 3), np.uint8)
    picture[..., 0], picture[..., 1] = np.arange(128), 2 * np.arange(64)[:, None]
    path = tmp_path / f"a{suffix}"
    Image.fromarray(picture).save(path)
    read = np.asarray(Image.open(path))
    # JPEG and WebP lose a few grey levels of colour at the quality that Pillow chooses.
    LOSS = 16
    np.testing.assert_allclose(read.astype(int), picture, atol=LOSS)
    assert len(np.unique(read.reshape(-1, 3), axis=0)) > 256


def test_a_missing_or_foreign_drawing_is_refused_by_name(tiny_run, tmp_path):
    (tmp_path / "text.png").write_text("not a picture")
    for name in ("missing.png", "text.png"):
        with pytest.raises(NurieError, match=name):
            colorize(tiny_run, tmp_path / name, output=tmp_path / "out.png")
    assert not (tmp_path / "out.png").exists()


def test_a_missing_checkpoint_is_refused(drawing, tmp_path):
    with pytest.raises(CheckpointError):
        colorize(tmp_path / "no", drawing, output=tmp_path / "out.png")


def hints_file(path, *, size=(45, 37), mode="RGBA"):
    picture = np.zeros((size[1], size[0], 4), np.uint8)
    picture[8:12, 15:20] = (20, 60, 230, 255)
    Image.fromarray(picture).convert(mode).save(path)
    return path


def test_hints_change_the_picture(tiny_trained, drawing, tmp_path):
    hints = hints_file(tmp_path / "hints.png")
    without = colorize(tiny_trained, drawing, output=tmp_path / "without.png")
    hinted = colorize(tiny_trained, drawing, hints=hints, output=tmp_path / "hinted.png")
    assert not np.array_equal(Image.open(without), Image.open(hinted))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"size": (37, 45)}, "as large as the drawing, 45 x 37 pixels, received 37 x 45"),
        ({"mode": "RGB"}, "with transparency.*received one without"),
    ],
)
def test_hints_that_cannot_be_meant_are_refused(tiny_trained, drawing, tmp_path, wrong, said):
    hints = hints_file(tmp_path / "hints.png", **wrong)
    with pytest.raises(PictureError, match=said):
        colorize(tiny_trained, drawing, hints=hints, output=tmp_path / "out.png")
    assert not (tmp_path / "out.png").exists()


def test_hints_for_a_net_that_takes_none_are_refused(tiny_run, drawing, tmp_path):
    with pytest.raises(ConfigError, match="takes no hints"):
        colorize(tiny_run, drawing, hints=drawing, output=tmp_path / "out.png")
