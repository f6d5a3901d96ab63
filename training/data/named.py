"""Whose pictures a data set holds, and how runs and records name it."""

from dataclasses import dataclass
from pathlib import PurePath

NOT_STATED = "not stated"  # of pictures whose licence or whom to name nobody told
JOINED = " + "  # between sources that were mixed


@dataclass(frozen=True, kw_only=True)
class Credit:
    """Whose pictures a network learned from: it travels into every model."""

    source: str
    licence: str
    credit: str

    def __post_init__(self) -> None:
        source, licence, credit = without_folders(self.source, self.licence, self.credit)
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "licence", licence)
        object.__setattr__(self, "credit", credit)


@dataclass(frozen=True, kw_only=True)
class NamedData(Credit):
    """Enough to find a data set again, to know it, and to give credit."""

    path: str
    sha256: str


def folder_name(folder: str) -> str:
    """Return the name of a folder that somebody may have named by its path, or as a point."""
    return PurePath(folder).name or "pictures"


def without_folders(source: str, *texts: str) -> tuple[str, ...]:
    """Return what is said of pictures with the names of folders in place of their paths.

    source: names joined by JOINED; texts may begin with a name and a colon. What ships must not
    tell where somebody keeps their pictures, and what older versions wrote holds it.
    """
    names = source.split(JOINED)
    paths = [name for name in names if "/" in name]
    source = JOINED.join(folder_name(name) if name in paths else name for name in names)
    for path in paths:
        texts = tuple(text.replace(f"{path}: ", f"{folder_name(path)}: ") for text in texts)
    return source, *texts
