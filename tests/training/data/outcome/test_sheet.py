import numpy as np
import pytest

from training.data.outcome.sheet import SheetRow, contact_sheet, fitted, pairs_shown
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


def drawn(rows, rejections=()):
    return contact_sheet(rows, rejections, pairs=len(rows), rejected=len(rejections))


def cells(sheet):
    """The middles and the edges of the first row's pictures."""
    pixels = np.asarray(sheet.image)
    left, top = 210 + np.arange(3) * 154, 37
    return [tuple(pixels[top + 72, x + 72]) for x in left], tuple(pixels[top + 2, left[0] + 72])


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
    middles, above = cells(drawn([row((50, 50))]))
    assert middles == [RED, (0, 0, 0), (10, 10, 10)]
    assert above == RED, "nothing was added"


def test_added_paper_is_shaded_and_the_picture_is_not():
    middles, above = cells(drawn([row((25, 50))]))
    assert middles[0] == RED
    assert above != RED


def test_rejections_take_lines_below():
    plain = drawn([row(None)]).image
    rejections = [Rejection(file=f"{n}.png", reason="broken " * 60) for n in range(30)]
    more = drawn([row(None)], rejections).image
    assert more.width == plain.width
    assert more.height > plain.height + 10 * 17


def test_names_that_the_machine_has_no_letters_for_stand_in_a_text_by_their_lines():
    unassigned = "x/\u0378.png"  # no script has this letter
    rejections = [Rejection(file="a.png", reason="near \u0378.png")]
    sheet = drawn([row(None), row(None, file=unassigned)], rejections)
    assert sheet.names == ("a.png", "\u0378.png", "a.png: near \u0378.png")
    assert drawn([row(None)]).names == ()


@pytest.mark.parametrize(
    ("shown", "pairs", "said"),
    [(12, 60, "12 of 60 pairs"), (12, 1200, "12 of 1,200"), (7, 7, "All 7")],
)
def test_the_sheet_says_how_many_of_how_many_it_shows(shown, pairs, said):
    assert pairs_shown(shown, pairs).startswith(said)


def test_a_set_of_rejections_alone_is_a_sheet_too():
    assert drawn([], [Rejection(file="a", reason="b")]).image.height > 40
