import numpy as np
import pytest
from PIL import Image

from benchmarks.gallery import Options, gallery, main
from training.data.pipeline import load_split
from training.errors import ConfigError
from training.run.checkpoint import find_checkpoint
from training.run.restoring import load_generator


@pytest.fixture
def pairs(tiny_data):
    return load_split(tiny_data, "validation", limit=3)


def test_a_row_holds_drawings_with_more_and_more_hints_and_ends_in_the_truth(hinted_runs, pairs):
    generator = load_generator(find_checkpoint(hinted_runs["mobile"]))
    picture = gallery(generator, pairs, across=2)
    side, gutter, columns = 32, 2, 7
    step = side + gutter
    rows = -(-len(pairs.ids) // 2)
    assert picture.shape == (rows * step + gutter, 2 * columns * step + gutter, 3)
    for n, (lineart, color) in enumerate(zip(pairs.lineart, pairs.color, strict=True)):
        row, place = divmod(n, 2)
        cells = [
            picture[gutter + row * step :, gutter + (place * columns + column) * step :]
            for column in (0, columns - 1)
        ]
        np.testing.assert_array_equal(cells[0][:side, :side, 0], lineart[..., 0])
        np.testing.assert_array_equal(cells[1][:side, :side], color)


def test_the_command_writes_a_png_once(hinted_runs, tiny_data, tmp_path, capsys):
    output = tmp_path / "unseen.png"
    words = [str(hinted_runs["mobile"]), "-o", str(output), "--data", str(tiny_data)]
    assert main([*words, "--drawings", "1", "--across", "1"]) == 0
    assert Image.open(output).size == (7 * 34 + 2, 36)
    assert main(words) == 2
    assert "already exists" in capsys.readouterr().err


def test_a_net_without_hints_is_refused(tiny_run, tmp_path, capsys):
    assert main([str(tiny_run), "-o", str(tmp_path / "a.png")]) == 2
    assert "takes no hints" in capsys.readouterr().err


def test_nothing_to_draw_is_refused():
    with pytest.raises(ConfigError, match="at least 1"):
        Options(ckpt="run", output="a.png", drawings=0)
