"""The interface of a source of pictures: candidates, each of which becomes pairs or is rejected."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One picture in colour and one or more line drawings of it.

    color: (size, size, 3) uint8 RGB. lineart: each (size, size) uint8, paper 255, ink 0.
    extractors: how each line drawing came about; "drawn" where a person drew it.
    """

    color: np.ndarray
    lineart: tuple[np.ndarray, ...]
    extractors: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """A file that gives no pair, and why: one row of rejected.csv."""

    file: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DrawOptions:
    """What all candidates of one data set are drawn with."""

    size: int  # pixels, square
    variants: int  # line drawings extracted from one colour picture
    seed: int


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
    def file(self) -> str:
        """The name that a rejection is listed under."""
        ...

    def draw(self, options: DrawOptions) -> Pair:
        """Read or render the pair. Raises PictureError with the reason if it cannot be used."""
        ...
