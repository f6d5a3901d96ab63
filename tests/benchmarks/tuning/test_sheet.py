import numpy as np
from PIL import Image

from benchmarks.tuning.measured import HeldOut
from benchmarks.tuning.sheet import sheet_of, write_sheet

SIDE, GUTTER = 16, 1


def flat(grey: int) -> np.ndarray:
    """Pictures of two drawings, the second a level lighter."""
    pictures = np.full((2, SIDE, SIDE, 3), grey, np.uint8)
    pictures[1] += 1
    return pictures


def held_out() -> HeldOut:
    lineart, dots = np.full((2, SIDE, SIDE), 255, np.uint8), np.zeros((2, SIDE, SIDE, 4), np.uint8)
    lineart[:, 0] = 0
    dots[0, :8] = (10, 20, 30, 255)
    painted = {"old": (flat(40), flat(50)), "new": (flat(60), flat(70))}
    return HeldOut(lineart=lineart, dots=dots, color=flat(80), painted=painted)


def test_a_drawing_stands_before_what_each_net_makes_of_it_without_and_with_dots():
    sheet = sheet_of(held_out())
    assert sheet.shape == (2 * (SIDE + GUTTER) + GUTTER, 7 * (SIDE + GUTTER) + GUTTER, 3)
    middles = range(GUTTER + SIDE // 2, sheet.shape[1], SIDE + GUTTER)
    first, second = (sheet[row, list(middles)] for row in (GUTTER + 4, 2 * GUTTER + SIDE + 4))
    assert first[:, 0].tolist() == [255, 40, 60, 10, 50, 70, 80]
    assert second[:, 0].tolist() == [255, 41, 61, 255, 51, 71, 81]


def test_dots_lie_under_the_ink_and_the_sheet_is_written_anew(tmp_path):
    output = tmp_path / "held-out.png"
    output.write_bytes(b"an earlier one")
    assert write_sheet(held_out(), output) == output
    sheet = np.asarray(Image.open(output).convert("RGB"))
    column = GUTTER + 3 * (SIDE + GUTTER)
    assert sheet[GUTTER, column].tolist() == [0, 0, 0]
    assert sheet[GUTTER + 1, column].tolist() == [10, 20, 30]
