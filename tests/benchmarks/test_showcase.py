import numpy as np
from PIL import Image

from benchmarks.drawing.samples import sample_drawings
from benchmarks.drawing.wishes import WISHES
from benchmarks.showcase import main, showcase


def test_a_row_is_a_drawing_then_keras_then_each_export(whole_run):
    picture = showcase(whole_run, recipe="fp32")
    drawings = [drawing for drawing in sample_drawings(32) if drawing.name in WISHES]
    gutter = 2  # a sixteenth of 32 pixels
    assert picture.shape == (len(drawings) * (32 + gutter) + gutter, 5 * (32 + gutter) + gutter, 3)
    cells = [picture[gutter : gutter + 32, gutter + column * 34 :][:, :32] for column in range(5)]
    np.testing.assert_array_equal(cells[0][..., 1], drawings[0].lineart)
    for exported in cells[2:]:  # fp32: the same picture but for a rare half
        assert np.abs(exported.astype(int) - cells[1]).max() <= 1


def test_the_command_writes_a_png_once(whole_run, tmp_path, capsys):
    output = tmp_path / "demo.png"
    assert main([str(whole_run), "-o", str(output), "--zoom", "1"]) == 0
    assert Image.open(output).mode == "RGB"
    assert main([str(whole_run), "-o", str(output)]) == 2
    assert "already exists" in capsys.readouterr().err


def test_missing_exports_are_refused_by_name(tiny_run, tmp_path, capsys):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "checkpoints").symlink_to(tiny_run / "checkpoints")
    assert main([str(tmp_path / "run"), "-o", str(tmp_path / "a.png")]) == 2
    assert "run-fp16.mlpackage does not exist" in capsys.readouterr().err
