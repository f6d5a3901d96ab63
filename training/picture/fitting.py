"""Fit a drawing of any size to the working picture that a net takes, and bring back what it paints.

A net knows lines of the widths that it learned. Scaled down as it is, a drawing's lines fade away,
and scaled up they become areas. So lines that would be thinner are drawn along their middle with
the thinnest pen that was learned, and where most are thicker than the thickest, the outline of the
ink is moved inwards. What was learned anyway is averaged, and nothing else.
"""

from dataclasses import dataclass

import numpy as np

from training.picture.distance import depth
from training.picture.pooling import darkest_of_blocks, hints_of_blocks
from training.picture.strokes import line_width, median_width, middle
from training.pixels import INK_BELOW, PAPER

_FINER = 4  # lines are measured and drawn at this multiple of the working picture: quarter pixels
_MASK_SIZE = 5  # of distances: nearly exact
_TRACE_BELOW = (PAPER + INK_BELOW) // 2  # uint8: a line that covers a quarter of a pixel
_SPECK = 2  # finer pixels: dust, a half of a working pixel; it is averaged, never enlarged
_AREA = 3  # times the thickest pen: ink that wide is no line
_MEASURED = 0.5  # pixels to which the width of lines is known


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where a drawing stands in its working picture: in the middle, its shape kept."""

    drawing: tuple[int, int]  # height and width in pixels
    working: tuple[int, int]  # the same of the working picture
    inner: tuple[int, int]  # the same of the drawing in it
    top: int  # first row of the drawing in the working picture
    left: int  # first column

    @property
    def scale(self) -> float:
        """Pixels of the working picture to a pixel of the drawing, along its longer side."""
        return max(self.inner) / max(self.drawing)

    @property
    def inside(self) -> tuple[slice, slice]:
        """Rows and columns of the working picture that the drawing takes."""
        height, width = self.inner
        return slice(self.top, self.top + height), slice(self.left, self.left + width)

    def to_drawing(self, painted: np.ndarray) -> np.ndarray:
        """Bring what a net painted to the size of the drawing, without the paper around it.

        painted: (h, w, ...) uint8 of the working size. Returns (H, W, ...) uint8.
        """
        import cv2

        within = np.ascontiguousarray(painted[self.inside])
        if self.inner == self.drawing:
            return within
        method = cv2.INTER_LINEAR if self.scale < 1 else cv2.INTER_AREA
        return cv2.resize(within, self.drawing[::-1], interpolation=method)


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """What a net is given for a drawing."""

    lineart: np.ndarray  # (h, w) uint8, paper 255
    hints: np.ndarray | None  # (h, w, 4) uint8 RGBA, alpha 255 where a hint is, else all 0
    placement: Placement


def fit(
    lineart: np.ndarray,
    *,
    size: tuple[int, int],
    learned: tuple[float, float],
    hints: np.ndarray | None = None,
) -> Fitted:
    """Fit a drawing to a working picture of `size`, with lines as wide as a net learned.

    lineart: (H, W) uint8, clean: paper 255; of any size. size: height and width of the working
    picture. learned: the thinnest and the thickest pen of the training, in its pixels. hints:
    (H, W, 4) uint8 RGBA. A drawing of the very size, with lines as learned, stays as it is.
    """
    placement = place(lineart.shape, size)
    drawn = np.full(size, PAPER, np.uint8)
    drawn[placement.inside] = _lines(lineart, placement, learned)
    given = None
    if hints is not None:
        given = np.zeros((*size, 4), np.uint8)
        given[placement.inside] = hints_of_blocks(hints, placement.inner)
    return Fitted(lineart=drawn, hints=given, placement=placement)


def place(drawing: tuple[int, ...], size: tuple[int, int]) -> Placement:
    """Place a drawing, (H, W), in the middle of a working picture of `size`, as large as fits."""
    scale = min(whole / side for whole, side in zip(size, drawing, strict=True))
    height, width = (max(1, round(side * scale)) for side in drawing)
    return Placement(
        drawing=(drawing[0], drawing[1]),
        working=size,
        inner=(height, width),
        top=(size[0] - height) // 2,
        left=(size[1] - width) // 2,
    )


def _lines(lineart: np.ndarray, placement: Placement, learned: tuple[float, float]) -> np.ndarray:
    """Return the drawing in the size that it has in the working picture, (h, w) uint8."""
    import cv2

    thinnest, thickest = learned
    if placement.inner == placement.drawing and _is_learned(lineart, learned):
        return lineart
    inner = placement.inner[::-1]
    finer = (_FINER * inner[0], _FINER * inner[1])
    inside = _depth(_resized(lineart, finer) < INK_BELOW)
    measured = median_width(inside) or 0.0
    surplus = max(0.0, (measured - _FINER * thickest) / 2)  # on each side of the lines
    if measured > _AREA * _FINER * thickest:
        surplus = 0.0  # a silhouette
    if surplus == 0:
        ink = PAPER - _resized(lineart, inner)
    else:
        ink = _shrunk(np.clip(inside - np.float32(surplus), 0, 1), inner)
    thin = _middle_of_thin(lineart, finer[::-1], thinnest / 2 * _FINER + surplus)
    if thin.any():
        aside = cv2.distanceTransform((~thin).astype(np.uint8), cv2.DIST_L2, _MASK_SIZE)
        strokes = np.clip(np.float32(thinnest / 2 * _FINER + 0.5) - aside, 0, 1)
        ink = np.maximum(ink, _shrunk(strokes, inner))
    return PAPER - ink


def _is_learned(lineart: np.ndarray, learned: tuple[float, float]) -> bool:
    width = line_width(lineart)
    return width is None or learned[0] - _MEASURED <= width <= learned[1] + _MEASURED


def _middle_of_thin(lineart: np.ndarray, shape: tuple[int, int], radius: float) -> np.ndarray:
    """Find the middle of the lines that are nowhere nearby deeper than `radius`.

    Returns `shape` bool. No line is lost on the way to it, however thin.
    """
    import cv2

    smaller = darkest_of_blocks(lineart, shape)
    ink = (_resized(smaller, shape[::-1]) < _TRACE_BELOW).astype(np.uint8)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(ink)
    dust = boxes[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) <= _SPECK
    inside = _depth((ink > 0) & ~dust[labels])
    across = 2 * round(radius) + 1
    nearby = cv2.dilate(inside, np.ones((across, across), np.uint8))
    return middle(inside) & (nearby <= radius + 0.5)


def _depth(ink: np.ndarray) -> np.ndarray:
    return depth(ink, mask_size=_MASK_SIZE)


def _resized(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Average where a picture shrinks. size: width and height."""
    import cv2

    shrinks = max(size) < max(picture.shape)
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(picture, size, interpolation=method)


def _shrunk(coverage: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Average a share of ink, float32 in [0, 1], to uint8. size: width and height."""
    import cv2

    averaged = cv2.resize(coverage, size, interpolation=cv2.INTER_AREA)
    return np.round(averaged * PAPER).astype(np.uint8)
