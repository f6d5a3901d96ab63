"""The drawings that artifacts are compared with Keras on: held-out ones and samples, or own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.drawing.hints import made_up_colors
from benchmarks.drawing.own import own_drawings
from benchmarks.drawing.samples import sample_drawings
from conversion.export.drawings import HINT_COUNTS, true_hints
from conversion.export.origins.origin import Compared, Origin
from conversion.export.origins.pictures import named


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a model is given at once."""

    lineart: np.ndarray  # (H, W) uint8, or (H, W, C) where the network takes colour
    hints: np.ndarray | None = None  # (H, W, 4) uint8 RGBA; None: the network takes none
    count: int = 0  # of its hints


def own_compared(folder: Path, origin: Origin) -> Compared:
    """Return the drawings of a folder for a checkpoint of ours, as an app would give them to it.

    They are made clean and fitted to the size of its training; hints are of made-up colours.
    Raises DataError, PictureError.
    """
    from training.picture.finishing.net import lines_learned

    learned = lines_learned(origin.line_width_px, trained_px=origin.trained_px)
    drawings = own_drawings(folder, size=origin.fitting_size(), learned=learned, shipped=False)
    lineart = {drawing.name: drawing.lineart for drawing in drawings}
    color = {name: made_up_colors(drawn) for name, drawn in lineart.items()}
    return Compared(data=named(folder), lineart=lineart, color=color)


def parity_drawings(
    compared: Compared, *, hints: bool, samples: bool = True, limit: int | None = None
) -> dict[str, Given]:
    """Return every drawing to compare, by id. Those of `compared` first, then samples.

    Only a network that colours line art, whose colours are known, gets samples. hints: for a
    network that takes hints each drawing comes again with a few and with many, and its id says so.
    limit: take only the first so many drawings.
    """
    if compared.color is None:
        chosen = list(compared.lineart)[:limit]
        return {name: Given(lineart=compared.lineart[name]) for name in chosen}
    lineart, color = dict(compared.lineart), dict(compared.color)
    height, width = next(iter(lineart.values())).shape[:2]
    for drawing in sample_drawings((height, width)) if samples else ():
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
