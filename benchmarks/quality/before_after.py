"""Four drawings before and after: a castle, a face, an open figure, a pencil drawing on paper."""

from collections.abc import Mapping

import numpy as np

from benchmarks.drawing.samples import FOLDER, rasterise
from benchmarks.drawing.wishes import WISHES, Dot, wished
from benchmarks.quality.truth import Truth
from benchmarks.quality.versions import pencil, shadowed
from training.data.sources.candidate import DrawOptions
from training.data.sources.openmoji import OpenMojiDrawing
from training.metrics.hints.judging import dot_pictures
from training.picture.cleaning import clean
from training.picture.finishing.net import Net
from training.picture.finishing.picture import finish
from training.picture.grid import picture_grid
from training.pixels import on_paper, under_ink

OPEN_FIGURE = "1F40C"  # OpenMoji's snail, whose body is open towards its foot
_PENCILED = "house"
_CASTLE: tuple[Dot, ...] = (
    (0.30, 0.10, "#d62839"),
    (0.75, 0.10, "#d62839"),
    (0.27, 0.33, "#5b6ee1"),
    (0.72, 0.33, "#5b6ee1"),
    (0.30, 0.62, "#d9c9a3"),
    (0.47, 0.75, "#7b4f2c"),
    (0.53, 0.75, "#7b4f2c"),
)
_DOTS = 6  # of the true colours, on the face and the figure


def before_and_after(net: Net, face: Truth, *, size: int) -> np.ndarray:
    """Return a sheet (H, W, 3) uint8: a row a drawing; given, coloured, given dots, coloured.

    face: a portrait at `size` pixels, of which the hints have the true colours.
    """
    figure = OpenMojiDrawing(name=OPEN_FIGURE).draw(
        DrawOptions(size=(size, size), variants=1, seed=0)
    )
    snail = Truth(name=OPEN_FIGURE, lineart=figure.lineart[0], color=figure.color)
    castle = _grey(rasterise(FOLDER / "castle.svg", size))
    drawings: list[tuple[np.ndarray, np.ndarray]] = [
        (castle, wished(_CASTLE, size=size)),
        (_grey(face.lineart), _true_dots(face)),
        (_grey(snail.lineart), _true_dots(snail)),
        (_photographed(size), wished(WISHES[_PENCILED][0], size=size)),
    ]
    columns: dict[str, list[np.ndarray]] = {}
    for given, dots in drawings:
        for name, picture in _shown(net, given, dots).items():
            columns.setdefault(name, []).append(picture)
    return picture_grid({name: np.stack(each) for name, each in columns.items()})


def _shown(net: Net, given: np.ndarray, dots: np.ndarray) -> Mapping[str, np.ndarray]:
    lineart = clean(given).lineart
    return {
        "given": given,
        "coloured": finish(net, lineart).picture,
        "given with dots": under_ink(on_paper(dots), lineart),
        "coloured with dots": finish(net, lineart, dots).picture,
    }


def _photographed(size: int) -> np.ndarray:
    """Return a house in pencil, (size, size, 3) uint8, on shaded paper that is not quite flat."""
    import cv2

    rng = np.random.default_rng(0)
    grey = np.asarray(pencil(rasterise(FOLDER / f"{_PENCILED}.svg", size), rng))
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * size
    bent = corners + np.array([[3, 2], [-2, 4], [-4, -3], [2, -2]], np.float32) * size / 200
    matrix = cv2.getPerspectiveTransform(corners, bent)
    seen = cv2.warpPerspective(grey, matrix, (size, size), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(shadowed(seen, rng))


def _true_dots(truth: Truth) -> np.ndarray:
    (hints,) = dot_pictures(
        truth.lineart[np.newaxis], truth.color[np.newaxis], count=_DOTS, ids=[truth.name]
    )
    return hints


def _grey(lineart: np.ndarray) -> np.ndarray:
    return np.repeat(lineart[..., np.newaxis], 3, axis=-1)
