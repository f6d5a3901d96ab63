"""Drawings with hints on them or not, and the hints that exported models are judged by."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

# Hints a drawing has: none, a few, many.
HINT_COUNTS = (0, 4, 16)


@dataclass(frozen=True, kw_only=True)
class Drawings:
    """Drawings of one size, as a network takes them."""

    lineart: "np.ndarray"  # (N, H, W) uint8
    hints: "np.ndarray | None" = None  # (N, H, W, 4) uint8 RGBA; None: the network takes none

    def __len__(self) -> int:
        return len(self.lineart)

    def __iter__(self) -> "Iterator[tuple[np.ndarray, np.ndarray | None]]":
        """Yield each drawing and its hints."""
        for n, lineart in enumerate(self.lineart):
            yield lineart, None if self.hints is None else self.hints[n]

    def chosen(self, order: "np.ndarray") -> "Drawings":
        """Return those of some indices, in their order."""
        hints = None if self.hints is None else self.hints[order]
        return Drawings(lineart=self.lineart[order], hints=hints)


def true_hints(lineart: "np.ndarray", color: "np.ndarray", *, count: int) -> "np.ndarray":
    """Return `count` hints of the true colours on each drawing, the same ones every time.

    lineart: (N, H, W), color: (N, H, W, 3), uint8. Returns (N, H, W, 4) uint8 RGBA.
    """
    from training.metrics.hints.judging import dot_pictures

    ids = [str(n) for n in range(len(lineart))]
    return dot_pictures(lineart, color, count=count, ids=ids)


def mixed_hints(lineart: "np.ndarray", color: "np.ndarray") -> "np.ndarray":
    """Return hints as above, each of HINT_COUNTS on every third drawing."""
    import numpy as np

    hints = np.zeros((*lineart.shape, 4), np.uint8)
    for first, count in enumerate(HINT_COUNTS):
        turn = slice(first, None, len(HINT_COUNTS))
        if count and len(lineart[turn]):
            hints[turn] = true_hints(lineart[turn], color[turn], count=count)
    return hints
