"""Fit a drawing of any size to the working picture that a net takes, its lines as wide as learned.

A net knows lines of the widths that it learned. Scaled down as it is, a drawing's lines fade away,
and scaled up they become areas. So lines that would be thinner are drawn along their middle with
the thinnest pen that was learned, and where most are thicker than the thickest, the outline of the
ink is moved inwards. What was learned anyway is averaged, and nothing else.
"""

from dataclasses import dataclass

import numpy as np

from training.picture.distance import depth
from training.picture.strokes import line_width, median_width, middle
from training.picture.working.placement import Placement, place
from training.picture.working.pooling import darkest_of_blocks, hints_of_blocks
from training.pixels import INK_BELOW, PAPER

_FINER = 4  # lines are measured and drawn at this multiple of the working picture: quarter pixels
_MASK_SIZE = 5  # of distances: nearly exact
_TRACE_BELOW = (PAPER + INK_BELOW) // 2  # uint8: a line that covers a quarter of a pixel
_SPECK = 2  # finer pixels: dust, a half of a working pixel; it is averaged, never enlarged
_AREA = 5  # times the thickest pen: ink that wide is no line
_MEASURED = 0.5  # pixels to which the width of lines is known


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
    inside = placement.inside(lineart.shape)
    inner = inside[0].stop - inside[0].start, inside[1].stop - inside[1].start
    drawn = np.full(size, PAPER, np.uint8)
    drawn[inside] = _lines(lineart, inner, learned)
    given = None
    if hints is not None:
        given = np.zeros((*size, 4), np.uint8)
        given[inside] = hints_of_blocks(hints, inner)
    return Fitted(lineart=drawn, hints=given, placement=placement)


def _lines(lineart: np.ndarray, shape: tuple[int, int], learned: tuple[float, float]) -> np.ndarray:
    """Return the drawing as it stands in the working picture, `shape` (h, w) uint8."""
    import cv2

    thinnest, thickest = learned
    if shape == lineart.shape and _is_learned(lineart, learned):
        return lineart
    inner = shape[::-1]
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
