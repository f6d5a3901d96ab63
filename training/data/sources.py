"""The candidates of a source: openmoji, or a folder of one of three kinds.

color         pictures in colour; line art is extracted from them
pairs         folders lineart/ and color/, paired by path without suffix
side-by-side  pix2pix pictures: line art and colour are the halves of one picture
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from training.data.candidate import Candidate, DrawOptions, Pair, Rejection
from training.data.lineart import draw_variant
from training.data.openmoji import openmoji_drawings, openmoji_licence, openmoji_source
from training.data.picture import (
    fit_square,
    fit_square_extended,
    read_lineart,
    read_picture,
    to_grey,
)
from training.data.quality import require_large_enough
from training.errors import DataError, PictureError

Kind = Literal["color", "pairs", "side-by-side"]
Side = Literal["left", "right"]
OPENMOJI = "openmoji"
# Line art is extracted at this multiple of the final side, then averaged down to it: strokes of
# the 5 x 5 extractors become one or two pixels wide, and soft as those of a scanned drawing.
EXTRACTION_SCALE = 2


@dataclass(frozen=True, kw_only=True)
class ColorPicture:
    """A candidate: a colour picture whose line art is extracted."""

    path: Path
    id: str
    group: str

    @property
    def file(self) -> str:
        """The name that a rejection is listed under."""
        return str(self.path)

    def draw(self, options: DrawOptions) -> Pair:
        """Read the picture and extract several line drawings, seeded by options.seed and id."""
        picture = read_picture(self.path)
        require_large_enough(picture, options.size)
        side = min(max(picture.shape[:2]), EXTRACTION_SCALE * options.size)
        canvas = fit_square_extended(picture, side)
        beside = fit_square(np.zeros(picture.shape[:2], np.uint8), side)  # paper but on picture
        identity = int.from_bytes(hashlib.sha256(self.id.encode()).digest()[:8], "big")
        lineart, extractors = [], []
        for variant in range(options.variants):
            rng = np.random.default_rng([options.seed, identity, variant])
            drawn, extractor = draw_variant(canvas, rng)
            lineart.append(fit_square(np.maximum(drawn, beside), options.size))
            extractors.append(extractor)
        return Pair(
            color=fit_square(picture, options.size),
            lineart=tuple(lineart),
            extractors=tuple(extractors),
        )


@dataclass(frozen=True, kw_only=True)
class PicturePair:
    """A candidate: a line drawing and its coloured version, in two files."""

    lineart: Path
    color: Path
    id: str
    group: str

    @property
    def file(self) -> str:
        """The name that a rejection is listed under."""
        return str(self.color)

    def draw(self, options: DrawOptions) -> Pair:
        """Read both files; they must show the same frame."""
        lineart, color = read_lineart(self.lineart), read_picture(self.color)
        _require_same_shape(lineart, color)
        require_large_enough(lineart, options.size)
        return _drawn_pair(lineart, color, options)


@dataclass(frozen=True, kw_only=True)
class SideBySide:
    """A candidate: one picture whose halves are line art and colour."""

    path: Path
    line_side: Side
    id: str
    group: str

    @property
    def file(self) -> str:
        """The name that a rejection is listed under."""
        return str(self.path)

    def draw(self, options: DrawOptions) -> Pair:
        """Read the picture and cut it in the middle."""
        both = read_picture(self.path)
        width = both.shape[1]
        if width % 2:
            raise PictureError(f"expected two halves of equal width, received {width} pixels")
        left, right = both[:, : width // 2], both[:, width // 2 :]
        lineart, color = (left, right) if self.line_side == "left" else (right, left)
        require_large_enough(color, options.size)
        return _drawn_pair(to_grey(lineart), color, options)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What one source holds."""

    name: str
    kind: str  # of the source: openmoji, color, pairs or side-by-side
    candidates: Sequence[Candidate]
    rejections: Sequence[Rejection] = ()  # files that cannot even be candidates
    licence: str | None = None  # None: the source does not say
    credit: str | None = None


def find_candidates(
    source: str, *, kind: Kind | None = None, line_side: Side | None = None
) -> Found:
    """List what one source holds, without opening any picture.

    source: the word openmoji, or a folder. kind: what the folder holds; may be None for
    folders lineart/ and color/, whose structure says it.
    Raises DataError if the source or its kind cannot be known for certain.
    """
    if source == OPENMOJI:
        licence, credit = openmoji_licence()
        return Found(
            name=openmoji_source(),
            kind=OPENMOJI,
            candidates=openmoji_drawings(),
            licence=licence,
            credit=credit,
        )
    folder = Path(source)
    if not folder.is_dir():
        raise DataError(f"{source}: expected {OPENMOJI!r} or a folder of pictures.")
    if kind is None:
        kind = _evident_kind(folder)
    if kind == "pairs":
        candidates, rejections = _paired(folder)
        return Found(name=source, kind=kind, candidates=candidates, rejections=rejections)
    if kind == "color":
        return Found(name=source, kind=kind, candidates=_color_pictures(folder))
    if line_side is None:
        raise DataError(
            f"{source}: on which side is the line art? Name it with --line-side left or "
            "--line-side right."
        )
    return Found(name=source, kind=kind, candidates=_side_by_side(folder, line_side))


def _evident_kind(folder: Path) -> Kind:
    if (folder / "lineart").is_dir() and (folder / "color").is_dir():
        return "pairs"
    raise DataError(
        f"{folder}: what does it hold? Expected folders lineart/ and color/, or one of "
        "--kind color (line art is extracted) and --kind side-by-side (pix2pix pictures)."
    )


def _color_pictures(folder: Path) -> list[Candidate]:
    return [
        ColorPicture(path=file, id=_id(folder, file), group=_group(folder, file))
        for file in _picture_files(folder)
    ]


def _side_by_side(folder: Path, line_side: Side) -> list[Candidate]:
    return [
        SideBySide(path=file, line_side=line_side, id=_id(folder, file), group=_group(folder, file))
        for file in _picture_files(folder)
    ]


def _paired(folder: Path) -> tuple[list[Candidate], list[Rejection]]:
    stems: dict[str, dict[str, list[Path]]] = {}
    for role in ("lineart", "color"):
        if not (folder / role).is_dir():
            raise DataError(f"{folder}: expected the folders lineart/ and color/; {role}/ is not.")
        for file in _picture_files(folder / role):
            stem = file.relative_to(folder / role).with_suffix("").as_posix()
            stems.setdefault(stem, {"lineart": [], "color": []})[role].append(file)
    candidates: list[Candidate] = []
    rejections = []
    for stem, files in sorted(stems.items()):
        if len(files["lineart"]) == len(files["color"]) == 1:
            candidates.append(
                PicturePair(
                    lineart=files["lineart"][0],
                    color=files["color"][0],
                    id=f"{folder.resolve().name}/{stem}",
                    group=stem.casefold(),
                )
            )
            continue
        counts = f"{len(files['lineart'])} in lineart/ and {len(files['color'])} in color/"
        for file in files["lineart"] + files["color"]:
            reason = f"expected one file named {stem!r} in each folder, received {counts}"
            rejections.append(Rejection(file=str(file), reason=reason))
    return candidates, rejections


def _picture_files(folder: Path) -> list[Path]:
    """Return all files below a folder but hidden ones; what is no picture is rejected later."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.is_file()
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )


def _id(folder: Path, file: Path) -> str:
    return f"{folder.resolve().name}/{file.relative_to(folder).as_posix()}"


def _group(folder: Path, file: Path) -> str:
    """Path below the source folder without suffix, in lower case: a moved folder splits alike."""
    return file.relative_to(folder).with_suffix("").as_posix().casefold()


def _require_same_shape(lineart: np.ndarray, color: np.ndarray) -> None:
    """Raise PictureError unless one is the other, scaled: sides within a pixel of the ratio."""
    (line_h, line_w), (color_h, color_w) = lineart.shape[:2], color.shape[:2]
    if abs(line_w * color_h - color_w * line_h) > max(line_w, line_h, color_w, color_h):
        raise PictureError(
            "expected line art and colour of the same shape, "
            f"received {line_w} x {line_h} and {color_w} x {color_h}"
        )


def _drawn_pair(lineart: np.ndarray, color: np.ndarray, options: DrawOptions) -> Pair:
    return Pair(
        color=fit_square(color, options.size),
        lineart=(fit_square(lineart, options.size),),
        extractors=("drawn",),
    )
