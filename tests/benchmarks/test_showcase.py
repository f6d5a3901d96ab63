import numpy as np
from PIL import Image

from benchmarks.drawing.samples import sample_drawings
from benchmarks.showcase import main, showcase


def test_rows_are_line_art_keras_and_each_export_columns_are_the_drawings(whole_run):
    picture = showcase(whole_run, recipe="fp32")
    drawings = sample_drawings(32)
    gutter = 2  # a sixteenth of 32 pixels
    assert picture.shape == (5 * (32 + gutter) + gutter, len(drawings) * (32 + gutter) + gutter, 3)
    rows = [picture[gutter + row * 34 :][:32, gutter : gutter + 32] for row in range(5)]
    np.testing.assert_array_equal(rows[0][..., 1], drawings[0].lineart)
    for exported in rows[2:]:  # fp32: the same picture but for a rare half
        assert np.abs(exported.astype(int) - rows[1]).max() <= 1


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
