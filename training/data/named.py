"""A data set as runs and records name it: where it stood, its hash, and whose pictures it holds."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class NamedData:
    """Enough to find a data set again, to know it, and to give credit."""

    path: str
    sha256: str
    source: str
    licence: str
    credit: str
