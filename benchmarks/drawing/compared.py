"""The drawings on which artifacts are compared with Keras: held-out ones and the samples."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.drawing.hints import made_up_colors
from benchmarks.drawing.samples import sample_drawings
from conversion.export.drawings import HINT_COUNTS, true_hints
from conversion.export.origins.origin import Compared


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a model is given at once."""

    lineart: np.ndarray  # (H, W) uint8, or (H, W, C) where the network takes colour
    hints: np.ndarray | None = None  # (H, W, 4) uint8 RGBA; None: the network takes none
    count: int = 0  # of its hints


def parity_drawings(
    held_out: Compared, *, hints: bool, limit: int | None = None
) -> dict[str, Given]:
    """Return every drawing to compare, by id. Those held out first, then samples.

    Only a network that colours line art, whose colours are known, gets samples. hints: for a
    network that takes hints each drawing comes again with a few and with many, and its id says so.
    limit: take only the first so many drawings.
    """
    if held_out.color is None:
        chosen = list(held_out.lineart)[:limit]
        return {name: Given(lineart=held_out.lineart[name]) for name in chosen}
    lineart, color = dict(held_out.lineart), dict(held_out.color)
    height, width = next(iter(lineart.values())).shape[:2]
    for drawing in sample_drawings((height, width)):
        lineart[f"sample/{drawing.name}"] = drawing.lineart
        color[f"sample/{drawing.name}"] = made_up_colors(drawing.lineart)
    chosen = list(lineart)[:limit]
    if not hints:
        return {name: Given(lineart=lineart[name]) for name in chosen}
    return hinted(
        {name: lineart[name] for name in chosen},
        {name: color[name] for name in chosen},
        naming=with_hints,
    )


def with_hints(name: str, count: int) -> str:
    """Return the id of a drawing that has so many hints on it."""
    return f"{name} with {count} hints" if count else name


def hinted(
    lineart: Mapping[str, np.ndarray],
    color: Mapping[str, np.ndarray],
    *,
    naming: Callable[[str, int], str],
) -> dict[str, Given]:
    """Return drawings without hints, then with each number of them, of their true colours.

    lineart: name -> (H, W), color: name -> (H, W, 3), uint8, all of one size. naming: makes a name
    of that of the drawing and the number of hints on it.
    """
    lines, colors = np.stack(list(lineart.values())), np.stack(list(color.values()))
    given = {}
    for count in HINT_COUNTS:
        if count:
            hints = true_hints(lines, colors, count=count)
        else:
            hints = np.zeros((*lines.shape, 4), np.uint8)
        for n, name in enumerate(lineart):
            given[naming(name, count)] = Given(lineart=lines[n], hints=hints[n], count=count)
    return given
