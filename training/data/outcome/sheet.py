"""A contact sheet of a data set: what became of the first pictures, to look at before training.

A row a pair: the picture as it is learnt, with the paper that was added to it shaded, then each of
its line drawings. Below them the first files that gave no pair, and why. Names that no font of this
machine can write stand in a text beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from training.data.outcome.lettering import font_for, lacks, shortened, wrapped, written
from training.data.records import PairRecord, decode_color, decode_lineart
from training.data.sources.candidate import Rejection
from training.data.split import Split
from training.files.printable import printable
from training.settings.sizes import Size

if TYPE_CHECKING:
    from PIL import Image

SHEET_FILE, NAMES_FILE = "contact-sheet.png", "contact-sheet.txt"
ROWS = 12
REJECTIONS = 10
COLUMNS = 5  # pictures of a row at most: the colours and four line drawings
_CELL, _GAP, _TEXT, _LINE = 144, 10, 210, 17  # pixels
_FONT_SIZE = 13
_PAGE, _INK, _SHADE = (226, 228, 232), (30, 30, 34), (120, 170, 255)
_SHADED = 0.35  # how much of the shade covers added paper


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """What is shown of a pair."""

    record: PairRecord
    file: str
    split: Split
    shape: tuple[int, int] | None  # of the picture as it was given


def fitted(shape: tuple[int, int], size: Size) -> str:
    """Say what a picture of (height, width) pixels was given to be of the shape of `size`."""
    high, wide = shape[0] * size[1], shape[1] * size[0]
    if high == wide:
        return "without paper"
    return "paper left and right" if high > wide else "paper above and below"


@dataclass(frozen=True, kw_only=True)
class ContactSheet:
    """The picture, RGB, and what it cannot write: lines of NAMES_FILE, if any."""

    image: "Image.Image"
    names: tuple[str, ...]


def contact_sheet(
    rows: Sequence[SheetRow], rejections: Sequence[Rejection], *, pairs: int, rejected: int
) -> ContactSheet:
    """Draw the sheet. pairs, rejected: how many there are of what rows and rejections begin."""
    from PIL import Image, ImageDraw

    columns = min(COLUMNS, 1 + max((len(row.record.lineart) for row in rows), default=0))
    width = _TEXT + columns * (_CELL + _GAP) + _GAP
    names = [_name(row.file) for row in rows]
    names += [f"{_name(each.file)}: {each.reason}" for each in rejections]
    font = font_for(names, _FONT_SIZE)
    unwritten = [lacks(font, name) for name in names]
    # What stands in place of each name, line by line; a rejection's reason is part of its name.
    shown = [
        (f"line {line} of", NAMES_FILE) if unwritten[line - 1] else (name,)
        for line, name in enumerate(names, start=1)
    ]
    words = [_rejections_shown(len(rejections), rejected)]
    for each, name in zip(rejections, shown[len(rows) :], strict=True):
        reason = "" if len(name) == 1 else f": {written(font, each.reason)}"
        words += wrapped(font, " ".join(name) + reason, width=width - 2 * _GAP)
    step = _CELL + _LINE + _GAP
    begin = _GAP + _LINE + _GAP
    page = Image.new("RGB", (width, begin + len(rows) * step + len(words) * _LINE + _GAP), _PAGE)
    pen = ImageDraw.Draw(page)

    def write(place: tuple[int, int], text: str) -> None:
        pen.text(place, text, fill=_INK, font=font)

    write((_GAP, _GAP), pairs_shown(len(rows), pairs))
    for number, row in enumerate(rows):
        top = begin + number * step
        color = decode_color(row.record.color)
        caption = [f"{number + 1}  {shown[number][0]}", *shown[number][1:]]
        for line, said in enumerate([*caption, *_told(row, color.shape[:2])]):
            write((_GAP, top + line * _LINE), shortened(font, said, width=_TEXT - 2 * _GAP))
        cells = [_shaded(color, row.shape)]
        cells += [np.stack([decode_lineart(png)] * 3, axis=-1) for png in row.record.lineart]
        titles = ["picture", *row.record.extractors]
        for column, (cell, title) in enumerate(list(zip(cells, titles, strict=True))[:columns]):
            left = _TEXT + column * (_CELL + _GAP)
            page.paste(_scaled(cell), (left, top))
            write((left, top + _CELL + 1), title)
    for line, said in enumerate(words):
        write((_GAP, begin + len(rows) * step + line * _LINE), said)
    return ContactSheet(image=page, names=tuple(map(printable, names)) if any(unwritten) else ())


def _name(file: str) -> str:
    return printable(file.rpartition("/")[2])


def pairs_shown(shown: int, pairs: int) -> str:
    """Say how many of all pairs a sheet shows."""
    if shown == pairs:
        return f"All {pairs} pairs."
    return f"{shown} of {pairs:,} pairs: the first to train on and the first held out."


def _told(row: SheetRow, size: Size) -> list[str]:
    if row.shape is None:
        return [f"{row.split}"]
    return [f"{row.shape[1]} x {row.shape[0]}", fitted(row.shape, size), f"{row.split}"]


def _rejections_shown(shown: int, rejected: int) -> str:
    if not rejected:
        return "No file was rejected."
    if shown == rejected:
        return f"Rejected, {rejected} in all, with their reasons:"
    return f"Rejected, the first {shown} of {rejected:,}; all are in rejected.csv:"


def _shaded(picture: np.ndarray, shape: tuple[int, int] | None) -> np.ndarray:
    """Tint the paper that was added to a picture of `shape`, where it was given some."""
    if shape is None:
        return picture
    size = picture.shape[:2]
    share = min(size[0] / shape[0], size[1] / shape[1])
    height, width = (max(1, round(share * length)) for length in shape)
    top, left = (size[0] - height) // 2, (size[1] - width) // 2
    given = picture[top : top + height, left : left + width].copy()
    shaded = np.round(picture * (1 - _SHADED) + np.array(_SHADE) * _SHADED).astype(np.uint8)
    shaded[top : top + height, left : left + width] = given
    return shaded


def _scaled(cell: np.ndarray) -> "Image.Image":
    from PIL import Image

    share = _CELL / max(cell.shape[:2])
    height, width = (round(share * side) for side in cell.shape[:2])
    method = Image.Resampling.BOX if share < 1 else Image.Resampling.NEAREST
    return Image.fromarray(cell).resize((width, height), method)
