"""What a colouring must beat: no colour at all, and one colour for everything.

A drawing is divided by its lines: paper that touches the border through paper is outside, other
paper is inside. Ink is what is darker than middle grey.
"""

from collections.abc import Iterable

import numpy as np

from training import pixels
from training.errors import DataError


def uncoloured_paper(lineart: np.ndarray) -> np.ndarray:
    """Return the drawing itself as RGB.

    lineart: (H, W) uint8. Returns (H, W, 3) uint8.
    """
    return np.repeat(lineart[..., np.newaxis], 3, axis=-1)


def mean_color_inside(lineart: np.ndarray, mean_rgb: np.ndarray) -> np.ndarray:
    """Fill the paper that lines enclose with one colour, below the ink.

    lineart: (H, W) uint8. mean_rgb: (3,) in [0, 255]. Returns (H, W, 3) uint8.
    """
    inside = inside_of_lines(lineart)
    # Half-covered pixels darken the colour as they darken the paper.
    fill = lineart[inside][:, np.newaxis] / pixels.PAPER * mean_rgb
    picture = uncoloured_paper(lineart)
    picture[inside] = np.round(fill).astype(np.uint8)
    return picture


def mean_inside_color(pairs: Iterable[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Return the mean colour of all pixels inside the lines of training pictures.

    pairs: lineart (H, W) uint8 and color (H, W, 3) uint8, held one at a time.
    Returns (3,) float64 in [0, 255]. Raises DataError if no line of any drawing encloses anything.
    """
    total, count, drawings = np.zeros(3), 0, 0
    for lineart, color in pairs:
        inside = inside_of_lines(lineart)
        total += color[inside].sum(axis=0, dtype=np.float64)
        count += int(inside.sum())
        drawings += 1
    if count == 0:
        raise DataError(
            f"expected drawings whose lines enclose paper, received {drawings} that enclose "
            "none. The mean colour inside is undefined."
        )
    return total / count


def inside_of_lines(lineart: np.ndarray) -> np.ndarray:
    """Find the paper from which no path of paper leads to the border.

    lineart: (H, W) uint8. Returns (H, W) bool. A path takes no diagonal step, so a line that is
    connected only by its corners still encloses.
    """
    import cv2

    paper = (lineart >= pixels.INK_BELOW).astype(np.uint8)
    # A frame of paper joins everything that touches the border into one region, the outside.
    framed = np.pad(paper, 1, constant_values=1)
    _, regions = cv2.connectedComponents(framed, connectivity=4)
    return (paper == 1) & (regions[1:-1, 1:-1] != regions[0, 0])
