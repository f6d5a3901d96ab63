import numpy as np
import pytest

from benchmarks.line_widths import Options, main, redrawn_pairs
from training.errors import ConfigError
from training.picture.strokes import line_width
from training.pixels import under_ink


def square():
    """A green square in a line of 4 pixels, over white paper."""
    lineart = np.full((1, 48, 48), 255, np.uint8)
    lineart[0, 10:38, 10:38] = 0
    lineart[0, 14:34, 14:34] = 255
    layer = np.full((1, 48, 48, 3), 255, np.uint8)
    layer[0, 12:36, 12:36] = (40, 160, 60)
    return lineart, under_ink(layer, lineart)


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_lines_get_another_width_and_colours_stay_below_them(factor):
    lineart, color = square()
    lines, colors = redrawn_pairs(lineart, color, factor=factor)
    assert line_width(lines[0]) == pytest.approx(4 * factor, abs=0.5)  # half a pixel
    np.testing.assert_array_equal(colors[0, 24, 24], (40, 160, 60))
    np.testing.assert_array_equal(colors[0, 2, 2], (255, 255, 255))


def test_the_own_width_changes_nothing():
    lineart, color = square()
    lines, colors = redrawn_pairs(lineart, color, factor=1.0)
    np.testing.assert_array_equal(lines, lineart)
    np.testing.assert_array_equal(colors, color)


def test_a_table_has_a_row_a_checkpoint_and_one_of_paper(tiny_trained, capsys):
    assert main([str(tiny_trained)]) == 0
    printed = capsys.readouterr().out
    assert printed.count(" to ") == 2 * 4
    assert "uncoloured paper" in printed


def test_no_checkpoint_is_refused():
    with pytest.raises(ConfigError, match="ckpts: expected at least one"):
        Options(ckpts=())
