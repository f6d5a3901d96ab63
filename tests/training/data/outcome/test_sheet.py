import numpy as np
import pytest
from PIL import Image

from training.data.outcome.sheet import SheetRow, contact_sheet, fitted
from training.data.records import PairRecord, encode_png
from training.data.sources.candidate import Rejection

RED = (200, 0, 0)
PAPER = (255, 255, 255)


def row(shape, *, lines=2, file="drawings/a.png"):
    record = PairRecord(
        id="a",
        color=encode_png(np.full((16, 16, 3), RED, np.uint8)),
        lineart=tuple(encode_png(np.full((16, 16), 10 * n, np.uint8)) for n in range(lines)),
        extractors=("drawn",) * lines,
    )
    return SheetRow(record=record, file=file, split="train", shape=shape)


def cells(sheet):
    """The middles and the edges of the first row's pictures."""
    pixels = np.asarray(sheet)
    left = 210 + np.arange(3) * 154
    return [tuple(pixels[10 + 72, x + 72]) for x in left], tuple(pixels[10 + 2, left[0] + 72])


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ((20, 30), "without paper"),
        ((30, 30), "paper left and right"),
        ((20, 40), "paper above and below"),
    ],
)
def test_how_a_picture_was_fitted_is_said(shape, said):
    assert fitted(shape, (64, 96)) == said


def test_a_row_is_the_picture_and_its_line_drawings():
    middles, above = cells(contact_sheet([row((50, 50))], []))
    assert middles == [RED, (0, 0, 0), (10, 10, 10)]
    assert above == RED, "nothing was added"


def test_added_paper_is_shaded_and_the_picture_is_not():
    middles, above = cells(contact_sheet([row((25, 50))], []))
    assert middles[0] == RED
    assert above != RED


def test_rejections_take_lines_below_and_names_of_any_script_are_drawn():
    plain = contact_sheet([row(None)], [])
    rejections = [Rejection(file=f"\u685c {n}.png", reason="broken " * 60) for n in range(30)]
    more = contact_sheet([row(None, file="x/\u685c\u306e\u7d75.png")], rejections)
    assert more.width == plain.width
    assert more.height > plain.height + 10 * 17
    assert isinstance(more, Image.Image)


def test_a_set_of_rejections_alone_is_a_sheet_too():
    assert contact_sheet([], [Rejection(file="a", reason="b")]).height > 40
