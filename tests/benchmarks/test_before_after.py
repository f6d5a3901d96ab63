import pytest
from PIL import Image

from benchmarks.before_after import Options, main
from training.errors import ConfigError


def test_four_drawings_are_drawn_before_and_after(hinted_runs, tmp_path):
    output = tmp_path / "sheet.png"
    assert main([str(hinted_runs["mobile"]), "-o", str(output), "--pixels", "64"]) == 0
    assert Image.open(output).size == (4 * 68 + 4, 4 * 68 + 4)


def test_drawings_of_no_size_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="pixels: expected at least 64, received 8"):
        Options(ckpt=tmp_path, output=tmp_path, pixels=8)
