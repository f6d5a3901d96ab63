import numpy as np
import pytest
from PIL import Image

from training.colorize import Options, colorize, main
from training.errors import CheckpointError, ConfigError, OutputExists, PictureError


@pytest.fixture
def drawing(tmp_path):
    """A drawing whose sides are no multiple of anything: 45 wide, 37 high."""
    picture = np.full((37, 45), 255, np.uint8)
    picture[5:30, 10] = picture[5:30, 40] = picture[5, 10:40] = picture[29, 10:40] = 0
    Image.fromarray(picture).save(tmp_path / "drawing.png")
    return tmp_path / "drawing.png"


def colored(ckpt, *drawings, **options):
    return list(colorize(Options(ckpt=ckpt, drawings=drawings, **options)))


def test_a_drawing_of_any_size_comes_back_coloured_in_its_size_under_its_own_ink(
    tiny_run, drawing, tmp_path
):
    (output,) = colored(tiny_run, drawing, output=tmp_path / "out.png")
    color = Image.open(output)
    assert (color.mode, color.size) == ("RGB", (45, 37))
    assert np.asarray(color).std() > 0
    assert np.asarray(color)[np.asarray(Image.open(drawing)) == 0].max() == 0


def test_several_drawings_are_coloured_beside_themselves_and_named_on_stdout(
    tiny_run, drawing, tmp_path, capsys
):
    light = tmp_path / "light.png"
    Image.fromarray(255 - np.asarray(Image.open(drawing))).save(light)
    assert main([str(tiny_run), str(drawing), str(light)]) == 0
    outputs = [tmp_path / "drawing-color.png", tmp_path / "light-color.png"]
    said = capsys.readouterr()
    assert said.out == "".join(f"{output}\n" for output in outputs)
    assert said.err == f"{light}: inverted: light lines on dark\n"
    first, second = (np.asarray(Image.open(output)) for output in outputs)
    np.testing.assert_array_equal(first, second)


def test_layers_and_the_smooth_picture_are_written_where_they_are_wished(
    tiny_run, drawing, tmp_path
):
    colored(tiny_run, drawing, layers=tmp_path / "layers", smooth=True)
    names = {path.name for path in (tmp_path / "layers").iterdir()}
    assert names == {"drawing-ink.png", "drawing-smooth.png", "drawing-layers.ora"}


def test_a_net_may_work_at_another_size_that_its_stride_allows(tiny_run, drawing, tmp_path):
    (small,) = colored(tiny_run, drawing)
    (large,) = colored(tiny_run, drawing, size="64", output=tmp_path / "large.png")
    assert not np.array_equal(Image.open(small), Image.open(large))
    with pytest.raises(ConfigError, match="size: expected a multiple of 32 pixels, received 40"):
        colored(tiny_run, drawing, size="40", output=tmp_path / "other.png")


def test_what_can_be_refused_is_refused_before_the_net_is_loaded(
    tiny_run, drawing, tmp_path, monkeypatch
):
    monkeypatch.setattr("training.run.restoring.load_generator", lambda _: pytest.fail("loaded"))
    blank, text = tmp_path / "blank.png", tmp_path / "text.png"
    Image.fromarray(np.full((40, 40), 255, np.uint8)).save(blank)
    text.write_text("not a picture")
    with pytest.raises(
        PictureError, match=r"(?s)blank\.png: blank page: .*\n.*text\.png: expected"
    ):
        colored(tiny_run, drawing, blank, text)
    (tmp_path / "out.png").write_bytes(b"precious")
    with pytest.raises(OutputExists):
        colored(tiny_run, drawing, output=tmp_path / "out.png")
    assert (tmp_path / "out.png").read_bytes() == b"precious"
    with pytest.raises(CheckpointError):
        colored(tmp_path / "no", drawing)
    with pytest.raises(CheckpointError, match="takes no hints"):
        colored(tiny_run, drawing, hints=(drawing,))
    assert not (tmp_path / "drawing-color.png").exists()


def hints_file(path, *, size=(45, 37), mode="RGBA"):
    picture = np.zeros((size[1], size[0], 4), np.uint8)
    picture[8:12, 15:20] = (20, 60, 230, 255)
    Image.fromarray(picture).convert(mode).save(path)
    return path


def test_a_hint_is_the_colour_of_its_region(tiny_trained, drawing, tmp_path):
    hints = hints_file(tmp_path / "hints.png")
    (hinted,) = colored(tiny_trained, drawing, hints=(hints,))
    assert (np.asarray(Image.open(hinted))[7:28, 12:39] == (20, 60, 230)).all()


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
        colored(tiny_trained, drawing, hints=(hints,), output=tmp_path / "out.png")
    assert not (tmp_path / "out.png").exists()
