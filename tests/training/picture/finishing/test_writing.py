import zipfile

import numpy as np
import pytest
from PIL import Image

from training.picture.finishing.jobs import SUFFIXES, Job, plan_jobs
from training.picture.finishing.net import Net
from training.picture.finishing.picture import Finished
from training.picture.finishing.writing import color_drawings, write_finished


def finished(*, flats=True):
    rng = np.random.default_rng(0)
    ink = np.full((20, 30), 255, np.uint8)
    ink[5] = (0, 100, 200) * 10
    colors = [rng.integers(0, 256, (20, 30, 3), np.uint8) for _ in range(2)]
    return Finished(ink=ink, smooth=colors[0], flats=colors[1] if flats else None)


def job(folder):
    return Job(
        drawing=folder / "a.png", hints=None, output=folder / "a-color.png", layers=folder / "l"
    )


def test_layers_have_the_size_of_the_drawing_and_laid_on_one_another_are_the_picture(tmp_path):
    made = finished()
    write_finished(made, job(tmp_path), overwrite=False)
    ink = Image.open(tmp_path / "l" / "a-ink.png")
    flats = Image.open(tmp_path / "l" / "a-flats.png").convert("RGBA")
    shown = np.asarray(Image.alpha_composite(flats, ink).convert("RGB"))
    ONE_LEVEL = 1  # Pillow rounds otherwise
    np.testing.assert_allclose(shown.astype(int), made.picture, atol=ONE_LEVEL)
    smooth = np.asarray(Image.open(tmp_path / "l" / "a-smooth.png"))
    np.testing.assert_array_equal(smooth, made.smooth)
    np.testing.assert_array_equal(Image.open(tmp_path / "a-color.png"), made.picture)
    stack = zipfile.ZipFile(tmp_path / "l" / "a-layers.ora").read("stack.xml").decode()
    assert [stack.index(f'name="{name}"') for name in ("ink", "flats", "smooth")] == sorted(
        stack.index(f'name="{name}"') for name in ("ink", "flats", "smooth")
    )


def test_without_flats_there_is_no_layer_of_them(tmp_path):
    write_finished(finished(flats=False), job(tmp_path), overwrite=False)
    names = sorted(path.name for path in (tmp_path / "l").iterdir())
    assert names == ["a-ink.png", "a-layers.ora", "a-smooth.png"]


def test_when_the_disk_fails_nothing_is_left(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError("no space left on device")

    monkeypatch.setattr("training.picture.finishing.writing.write_openraster", full)
    with pytest.raises(OSError, match="no space"):
        write_finished(finished(), job(tmp_path), overwrite=False)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_that_is_offered_keeps_24_bit_colour(suffix, tmp_path):
    # Smooth ramps of 128 x 64 colours: more than a palette holds.
    picture = np.zeros((64, 128, 3), np.uint8)
    picture[..., 0], picture[..., 1] = np.arange(128), 2 * np.arange(64)[:, None]
    paper = np.full((64, 128), 255, np.uint8)
    made = Finished(ink=paper, smooth=picture, flats=None)
    output = tmp_path / f"a{suffix}"
    write_finished(
        made, Job(drawing=tmp_path / "d", hints=None, output=output, layers=None), overwrite=False
    )
    read = np.asarray(Image.open(output))
    # Formats that lose something lose a few grey levels at the quality that is chosen.
    LOSS = 8
    np.testing.assert_allclose(read.astype(int), picture, atol=LOSS)
    assert len(np.unique(read.reshape(-1, 3), axis=0)) > 256


def test_the_net_is_opened_once_and_each_drawing_is_named_when_it_stands(tmp_path, capsys):
    drawn = np.full((40, 50), 255, np.uint8)
    drawn[10:30, 10] = drawn[10:30, 40] = drawn[10, 10:41] = drawn[29, 10:41] = 0
    for name in ("a.png", "b.png"):
        Image.fromarray(255 - drawn if name == "b.png" else drawn).save(tmp_path / name)
    jobs = plan_jobs([tmp_path / "a.png", tmp_path / "b.png"])
    opened = []

    def open_net():
        opened.append(True)
        return Net(
            paint=lambda lineart, hints: np.full((*lineart.shape, 3), 90, np.uint8),
            size=(32, 32),
            learned=(1.0, 4.0),
            layer=True,
        )

    outputs = color_drawings(jobs, open_net, smooth=False, overwrite=False)
    assert next(outputs) == tmp_path / "a-color.png"
    assert not (tmp_path / "b-color.png").exists()
    assert list(outputs) == [tmp_path / "b-color.png"]
    assert opened == [True]
    assert capsys.readouterr().err == f"{tmp_path / 'b.png'}: inverted: light lines on dark\n"
