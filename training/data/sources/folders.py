"""The candidates of a folder of one of three kinds.

color         pictures in colour; line art is extracted from them
pairs         folders lineart/ and color/, or A/ and B/, paired by path without suffix
side-by-side  pix2pix pictures: line art and colour are the halves of one picture
"""

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

import numpy as np

from training.data.lineart import draw_variant
from training.data.quality import require_large_enough
from training.data.sources.candidate import DrawOptions, Found, Pair, Rejection
from training.data.sources.files import fault_of_name, list_files, one_spelling
from training.data.split import Split
from training.errors import DataError, PictureError
from training.files.printable import printable
from training.picture.reading import PictureFile, read_lineart, read_picture, to_grey
from training.picture.squares import fit, fit_extended

Kind = Literal["color", "pairs", "side-by-side"]
Side = Literal["left", "right"]
LineFolder = Literal["A", "B"]
# Line art is extracted at this multiple of the final side, then averaged down to it: strokes of
# the 5 x 5 extractors become one or two pixels wide, and soft as those of a scanned drawing.
EXTRACTION_SCALE = 2


@dataclass(frozen=True, kw_only=True)
class _OneFile:
    """What candidates of one file have in common."""

    path: PictureFile
    id: str
    group: str
    split: Split | None = None

    @property
    def file(self) -> str:
        """The name that a rejection is listed under."""
        return str(self.path)


@dataclass(frozen=True, kw_only=True)
class ColorPicture(_OneFile):
    """A candidate: a colour picture whose line art is extracted."""

    def draw(self, options: DrawOptions) -> Pair:
        """Read the picture and extract several line drawings, seeded by options.seed and id."""
        picture = read_picture(self.path, first_of_several=options.first_picture)
        require_large_enough(picture, options.size)
        given = zip(picture.shape[:2], options.size, strict=True)
        scale = min(EXTRACTION_SCALE, max(have / wanted for have, wanted in given))
        height, width = (round(scale * side) for side in options.size)
        canvas = fit_extended(picture, (height, width))
        beside = fit(np.zeros(picture.shape[:2], np.uint8), (height, width))  # paper but on picture
        identity = int.from_bytes(hashlib.sha256(self.id.encode()).digest()[:8], "big")
        lineart, extractors = [], []
        for variant in range(options.variants):
            rng = np.random.default_rng([options.seed, identity, variant])
            drawn, extractor = draw_variant(canvas, rng)
            lineart.append(fit(np.maximum(drawn, beside), options.size))
            extractors.append(extractor)
        return Pair(
            color=fit(picture, options.size),
            lineart=tuple(lineart),
            extractors=tuple(extractors),
            shape=picture.shape[:2],
        )


@dataclass(frozen=True, kw_only=True)
class PicturePair:
    """A candidate: a line drawing and its coloured version, in two files."""

    lineart: PictureFile
    color: PictureFile
    id: str
    group: str
    split: Split | None = None

    @property
    def file(self) -> str:
        """The name that a rejection is listed under."""
        return str(self.color)

    def draw(self, options: DrawOptions) -> Pair:
        """Read both files; they must show the same frame."""
        lineart = read_lineart(self.lineart, first_of_several=options.first_picture)
        color = read_picture(self.color, first_of_several=options.first_picture)
        _require_same_shape(lineart, color)
        require_large_enough(lineart, options.size)
        return _drawn_pair(lineart, color, options)


@dataclass(frozen=True, kw_only=True)
class SideBySide(_OneFile):
    """A candidate: one picture whose halves are line art and colour."""

    line_side: Side

    def draw(self, options: DrawOptions) -> Pair:
        """Read the picture and cut it in the middle."""
        both = read_picture(self.path, first_of_several=options.first_picture)
        width = both.shape[1]
        if width % 2:
            raise PictureError(f"expected two halves of equal width, received {width} pixels")
        left, right = both[:, : width // 2], both[:, width // 2 :]
        lineart, color = (left, right) if self.line_side == "left" else (right, left)
        require_large_enough(color, options.size)
        return _drawn_pair(to_grey(lineart), color, options)


OwnCandidate = ColorPicture | PicturePair | SideBySide


def folder_candidates(
    source: str,
    *,
    kind: Kind | None = None,
    line_side: Side | None = None,
    line_folder: LineFolder | None = None,
) -> Found:
    """List what a folder holds, without opening any picture.

    kind: what the folder holds; may be None for folders lineart/ and color/, or A/ and B/, whose
    structure says it. line_folder: which of A/ and B/ holds the line art. The candidates are
    OwnCandidate. Raises DataError if the kind cannot be known for certain.
    """
    folder = Path(source)
    if fault := fault_of_name(source) or fault_of_name(folder.resolve().name):
        raise DataError(f"{printable(source)}: {fault}.")
    if kind is None:
        kind = _evident_kind(folder)
    if kind == "pairs":
        candidates, rejections = _paired(folder, _roles(folder, line_folder))
    else:
        one_file = candidate_of_one_file(source, kind=kind, line_side=line_side)
        candidates, rejections = _each_file(folder, one_file)
    return Found(name=_folder_name(folder), kind=kind, candidates=candidates, rejections=rejections)


def candidate_of_one_file(
    source: str, *, kind: Literal["color", "side-by-side"], line_side: Side | None
) -> "Callable[..., ColorPicture | SideBySide]":
    """Return what makes a candidate of a file: candidate(path=, id=, group=). Raises DataError."""
    if kind == "color":
        return ColorPicture
    if line_side is None:
        raise DataError(
            f"{source}: on which side is the line art? Name it with --line-side left or "
            "--line-side right."
        )
    return functools.partial(SideBySide, line_side=line_side)


def _evident_kind(folder: Path) -> Kind:
    if _has_folders(folder, "lineart", "color") or _has_folders(folder, "A", "B"):
        return "pairs"
    raise DataError(
        f"{folder}: what does it hold? Expected folders lineart/ and color/, or A/ and B/, or one "
        "of --kind color (line art is extracted) and --kind side-by-side (pix2pix pictures)."
    )


def _roles(folder: Path, line_folder: LineFolder | None) -> dict[str, str]:
    """Return the names of the folders that hold the line art and the colours, in this order."""
    if _has_folders(folder, "lineart", "color"):
        return {"lineart": "lineart", "color": "color"}
    if _has_folders(folder, "A", "B"):
        if line_folder is None:
            raise DataError(
                f"{folder}: which of A/ and B/ holds the line art? Name it with --line-folder A "
                "or --line-folder B."
            )
        return {"lineart": line_folder, "color": "B" if line_folder == "A" else "A"}
    missing = next(role for role in ("lineart", "color") if not (folder / role).is_dir())
    raise DataError(
        f"{folder}: expected the folders lineart/ and color/, or A/ and B/; {missing}/ is not."
    )


def _has_folders(folder: Path, one: str, other: str) -> bool:
    return (folder / one).is_dir() and (folder / other).is_dir()


def _each_file(
    folder: Path, candidate: Callable[..., OwnCandidate]
) -> tuple[list[OwnCandidate], list[Rejection]]:
    """Make a candidate of every file: candidate(path=, id=, group=)."""
    listing = list_files(folder)
    files: dict[str, list[Path]] = {}
    for file in listing.files:
        files.setdefault(one_spelling(file.relative_to(folder).as_posix()), []).append(file)
    candidates: list[OwnCandidate] = []
    rejections = list(listing.rejections)
    for below, spelled in files.items():
        if len(spelled) > 1:
            reason = (
                f"expected each name once, received {below!r} in {len(spelled)} Unicode spellings "
                "that look alike. Rename all but one"
            )
            rejections += [Rejection(file=str(file), reason=reason) for file in spelled]
            continue
        candidates.append(
            candidate(
                path=spelled[0],
                id=f"{_folder_name(folder)}/{below}",
                # The suffix and the source folder left out: a moved folder splits alike.
                group=PurePosixPath(below).with_suffix("").as_posix().casefold(),
            )
        )
    return candidates, rejections


def _paired(folder: Path, roles: dict[str, str]) -> tuple[list[OwnCandidate], list[Rejection]]:
    stems: dict[str, dict[str, list[Path]]] = {}
    rejections: list[Rejection] = []
    for role, name in roles.items():
        listing = list_files(folder / name)
        rejections += listing.rejections
        for file in listing.files:
            stem = one_spelling(file.relative_to(folder / name).with_suffix("").as_posix())
            stems.setdefault(stem, {"lineart": [], "color": []})[role].append(file)
    candidates: list[OwnCandidate] = []
    for stem, files in sorted(stems.items()):
        if len(files["lineart"]) == len(files["color"]) == 1:
            candidates.append(
                PicturePair(
                    lineart=files["lineart"][0],
                    color=files["color"][0],
                    id=f"{_folder_name(folder)}/{stem}",
                    group=stem.casefold(),
                )
            )
            continue
        counts = " and ".join(f"{len(files[role])} in {name}/" for role, name in roles.items())
        for file in files["lineart"] + files["color"]:
            reason = f"expected one file named {stem!r} in each folder, received {counts}"
            rejections.append(Rejection(file=str(file), reason=reason))
    return candidates, rejections


def _folder_name(folder: Path) -> str:
    return one_spelling(folder.resolve().name)


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
        color=fit(color, options.size),
        lineart=(fit(lineart, options.size),),
        extractors=("drawn",),
        shape=color.shape[:2],
    )
