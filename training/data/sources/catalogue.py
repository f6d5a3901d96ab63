"""Every source by its word: openmoji, portraits, twemoji, or else a folder or tar of pictures."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from training.data.sources.candidate import Found
from training.data.sources.openmoji import openmoji_drawings, openmoji_licence, openmoji_source
from training.data.sources.own.collection import CollectionOptions, collection
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

    own: CollectionOptions = CollectionOptions()  # of the folders and tars
    portraits: int  # how many are drawn
    validation_share: float  # portraits are cast for their split


def find_candidates(source: str, options: SourceOptions) -> Found:
    """List what one source holds, without opening any picture.

    source: a word of SOURCES, or a folder, or a tar.
    Raises DataError if the source or its kind cannot be known for certain.
    """
    if source in SOURCES:
        return SOURCES[source](options)
    path = Path(source)
    if not path.is_dir() and not (path.is_file() and path.suffix.lower() == ".tar"):
        raise DataError(_no_source(path))
    return collection(source, options.own)


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
