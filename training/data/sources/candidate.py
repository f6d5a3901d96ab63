"""The interface of a source of pictures: candidates, each of which becomes pairs or is rejected."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from training.data.split import Split
from training.files.printable import printable
from training.pixels import PAPER
from training.settings.sizes import Size

# Lines that a source can draw in several widths, as multiples of their own. The first is their
# own, and fits the picture in colour.
LINE_WIDTHS = (1.0, 0.5, 1.75)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One picture in colour and one or more line drawings of it.

    color: (H, W, 3) uint8 RGB. lineart: each (H, W) uint8, paper 255, ink 0.
    extractors: how each line drawing came about; "drawn" where a person drew it.
    layer: (H, W, 3) uint8 RGB, the colours below the ink without a line, or None where a
    source cannot say. With a layer, color is layer x lineart[0] / 255; the other line drawings
    then stand above the layer alone.
    shape: height and width of the picture as it was given; None where it was drawn at any size.
    unique: the source itself makes no drawing twice: near duplicates need not be looked for.
    """

    color: np.ndarray
    lineart: tuple[np.ndarray, ...]
    extractors: tuple[str, ...]
    layer: np.ndarray | None = None
    shape: tuple[int, int] | None = None
    unique: bool = False


def on_paper(pair: Pair, size: Size) -> Pair:
    """Return the pair in the middle of paper of a size that is no smaller."""

    def laid(picture: np.ndarray) -> np.ndarray:
        height, width = picture.shape[:2]
        top, left = (size[0] - height) // 2, (size[1] - width) // 2
        paper = np.full((*size, *picture.shape[2:]), PAPER, np.uint8)
        paper[top : top + height, left : left + width] = picture
        return paper

    if pair.color.shape[:2] == size:
        return pair
    return replace(
        pair,
        color=laid(pair.color),
        lineart=tuple(map(laid, pair.lineart)),
        layer=None if pair.layer is None else laid(pair.layer),
    )


def width_names(name: str) -> tuple[str, ...]:
    """Return how the line drawing of each of LINE_WIDTHS came about: name, name x0.5, ..."""
    return tuple(name if width == 1 else f"{name} x{width:g}" for width in LINE_WIDTHS)


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """A file that gives no pair, and why: one row of rejected.csv, as people can be shown it."""

    file: str
    reason: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "file", printable(self.file))
        object.__setattr__(self, "reason", printable(self.reason))


@dataclass(frozen=True, kw_only=True)
class DrawOptions:
    """What all candidates of one data set are drawn with."""

    size: Size  # of the pictures
    variants: int  # line drawings extracted from one colour picture
    seed: int
    first_picture: bool = False  # of animations and of several pages take the first

    @property
    def side(self) -> int:
        """Pixels of the largest square in such a picture: what is square is drawn so large."""
        return min(self.size)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What one source holds."""

    name: str
    kind: str  # of the source: a word of training.data.sources.catalogue, or a kind of folder
    candidates: Iterable["Candidate"]  # gone through once
    rejections: Sequence[Rejection] = ()  # files that cannot even be candidates
    licence: str | None = None  # None: the source does not say
    credit: str | None = None
    remarks: Sequence[str] = ()  # sentences that whoever prepares it should read


class Candidate(Protocol):
    """A picture that may become a pair. It holds names alone, and so travels to any process."""

    @property
    def id(self) -> str:
        """The name of the pair, unique in its data set."""
        ...

    @property
    def group(self) -> str:
        """What decides between train and validation: candidates of one group stay together."""
        ...

    @property
    def split(self) -> Split | None:
        """Where its source wants it; None: its group decides."""
        ...

    @property
    def file(self) -> str:
        """The name that a rejection is listed under."""
        ...

    def draw(self, options: DrawOptions) -> Pair:
        """Read or render the pair. Raises PictureError with the reason if it cannot be used."""
        ...
