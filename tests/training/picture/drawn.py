"""Small drawings for the tests of regions and their colours."""

import cv2
import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from training.picture.flats.painted import Painted
from training.picture.working.placement import Placement

WIDTH = 4.0  # of the lines of `box`
ANY_DRAWING = arrays(
    np.uint8,
    array_shapes(min_dims=2, max_dims=2, max_side=24),
    elements=st.sampled_from([0, 100, 191, 192, 255]),
)


def box(*, gap=0, side=96):
    """Two rooms side by side, from 16 to 80, whose wall at 48 has a gap in its middle."""
    lineart = np.full((side, side), 255, np.uint8)
    cv2.rectangle(lineart, (16, 16), (80, 80), 0, 4)
    cv2.line(lineart, (48, 16), (48, 80), 0, 4)
    if gap:
        lineart[48 - gap // 2 : 48 - gap // 2 + gap, 44:53] = 255
    return lineart


def painted(layer, *, scale=8.0, working=None):
    """A layer for a drawing that fills the whole working picture, which is blank if not given."""
    blank = np.full(layer.shape[:2], 255, np.uint8)
    placement = Placement(scale=(scale, scale), left=0, top=0)
    return Painted(layer=layer, working=blank if working is None else working, placement=placement)


def plain(shape, *color):
    return np.full((*shape, 3), color, np.uint8)
