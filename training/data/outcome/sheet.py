"""A contact sheet of a data set: what became of the first pictures, to look at before training.

A row a pair: the picture as it is learnt, with the paper that was added to it shaded, then each of
its line drawings. Below them the first files that gave no pair, and why.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from training.data.records import PairRecord, decode_color, decode_lineart
from training.data.sources.candidate import Rejection
from training.data.split import Split
from training.settings.sizes import Size

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

SHEET_FILE = "contact-sheet.png"
ROWS = 12
REJECTIONS = 10
COLUMNS = 5  # pictures of a row at most: the colours and four line drawings
_CELL, _GAP, _TEXT, _LINE = 144, 10, 210, 17  # pixels
# Of Linux, macOS and Windows, those with Japanese first; else Pillow's own, of Latin letters.
_FONTS = (
    *("NotoSansCJK-Regular.ttc", "Hiragino Sans GB.ttc", "YuGothM.ttc", "msgothic.ttc"),
    *("NotoSans-Regular.ttf", "DejaVuSans.ttf", "Arial.ttf"),
)
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


def contact_sheet(rows: Sequence[SheetRow], rejections: Sequence[Rejection]) -> "Image.Image":
    """Draw the sheet, RGB. Characters that its font lacks are dots: the rows stay in order."""
    from PIL import Image, ImageDraw

    columns = min(COLUMNS, 1 + max((len(row.record.lineart) for row in rows), default=0))
    width = _TEXT + columns * (_CELL + _GAP) + _GAP
    font = _font()
    words = _rejection_lines(rejections, characters=width // 7)
    step = _CELL + _LINE + _GAP
    page = Image.new("RGB", (width, _GAP + len(rows) * step + len(words) * _LINE + _GAP), _PAGE)
    pen = ImageDraw.Draw(page)
    for number, row in enumerate(rows):
        top = _GAP + number * step
        color = decode_color(row.record.color)
        for line, said in enumerate(_caption(row, number + 1, color.shape[:2])):
            _write(pen, (_GAP, top + line * _LINE), said, font)
        cells = [_shaded(color, row.shape)]
        cells += [np.stack([decode_lineart(png)] * 3, axis=-1) for png in row.record.lineart]
        names = ["picture", *row.record.extractors]
        for column, (cell, name) in enumerate(list(zip(cells, names, strict=True))[:columns]):
            left = _TEXT + column * (_CELL + _GAP)
            page.paste(_scaled(cell), (left, top))
            _write(pen, (left, top + _CELL + 1), name, font)
    for line, said in enumerate(words):
        _write(pen, (_GAP, _GAP + len(rows) * step + line * _LINE), said, font)
    return page


def _font() -> "ImageFont.FreeTypeFont | ImageFont.ImageFont":
    from PIL import ImageFont

    for name in _FONTS:
        try:
            return ImageFont.truetype(name, _FONT_SIZE)
        except OSError:  # not on this machine
            continue
    return ImageFont.load_default(_FONT_SIZE)


def _caption(row: SheetRow, number: int, size: Size) -> list[str]:
    name = textwrap.shorten(row.file.rpartition("/")[2], 28, placeholder="...") or row.file[-28:]
    said = [f"{number}  {name}", f"{row.split}"]
    if row.shape is not None:
        said[1:1] = [f"{row.shape[1]} x {row.shape[0]}", fitted(row.shape, size)]
    return said


def _rejection_lines(rejections: Sequence[Rejection], *, characters: int) -> list[str]:
    if not rejections:
        return ["No file was rejected."]
    lines = ["The first rejected files; all are in rejected.csv:"]
    for each in rejections[:REJECTIONS]:
        said = f"{each.file.rpartition('/')[2]}: {each.reason}"
        lines += textwrap.wrap(said, characters, subsequent_indent="    ")
    return lines


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


def _write(
    pen: "ImageDraw.ImageDraw",
    place: tuple[int, int],
    said: str,
    font: "ImageFont.FreeTypeFont | ImageFont.ImageFont",
) -> None:
    lacking = bytes(font.getmask("\uffff"))  # what the font draws in place of what it lacks
    shown = "".join("\u00b7" if c > "~" and bytes(font.getmask(c)) == lacking else c for c in said)
    pen.text(place, shown, fill=_INK, font=font)
