"""Every source by its word: openmoji, portraits, twemoji, or else a folder of pictures."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from training.data.sources.candidate import Found
from training.data.sources.folders import Kind, Side, folder_candidates
from training.data.sources.openmoji import openmoji_drawings, openmoji_licence, openmoji_source
from training.data.sources.portraits.drawing import (
    portraits,
    portraits_licence,
    portraits_source,
)
from training.data.sources.twemoji import CREDIT, LICENCE, twemoji_drawings, twemoji_source
from training.errors import DataError
from training.files.printable import printable
from training.terminal.meant import path_meant


@dataclass(frozen=True, kw_only=True)
class SourceOptions:
    """What decides the candidates of the sources."""

    kind: Kind | None = None  # what the folders hold
    line_side: Side | None = None  # half of a side-by-side picture that holds the line art
    portraits: int  # how many are drawn
    validation_share: float  # portraits are cast for their split


def find_candidates(source: str, options: SourceOptions) -> Found:
    """List what one source holds, without opening any picture.

    source: a word of SOURCES, or a folder.
    Raises DataError if the source or its kind cannot be known for certain.
    """
    if source in SOURCES:
        return SOURCES[source](options)
    if not Path(source).is_dir():
        raise DataError(_no_source(Path(source)))
    return folder_candidates(source, kind=options.kind, line_side=options.line_side)


def _no_source(path: Path) -> str:
    """Say why a path is no source, and what was probably meant."""
    words = ", ".join(SOURCES)
    if path.is_file():
        return (
            f"{printable(str(path))} is a file: expected a folder of pictures. Name the folder "
            f"that it stands in, {printable(str(path.parent))}."
        )
    return (
        f"{printable(str(path))}: there is no such folder. Expected a folder of pictures, or one "
        f"of the words {words}.{printable(path_meant(path, *SOURCES, folders=True))}"
    )


def _openmoji(options: SourceOptions) -> Found:
    licence, credit = openmoji_licence()
    return Found(
        name=openmoji_source(),
        kind="openmoji",
        candidates=openmoji_drawings(),
        licence=licence,
        credit=credit,
    )


def _portraits(options: SourceOptions) -> Found:
    licence, credit = portraits_licence()
    return Found(
        name=portraits_source(options.portraits),
        kind="portraits",
        candidates=portraits(options.portraits, validation_share=options.validation_share),
        licence=licence,
        credit=credit,
    )


def _twemoji(options: SourceOptions) -> Found:
    return Found(
        name=twemoji_source(),
        kind="twemoji",
        candidates=twemoji_drawings(),
        licence=LICENCE,
        credit=CREDIT,
    )


SOURCES: dict[str, Callable[[SourceOptions], Found]] = {
    "openmoji": _openmoji,
    "portraits": _portraits,
    "twemoji": _twemoji,
}
