"""Colours in OKLab, where equal distances look about equally large: Ottosson 2020.

Source: https://bottosson.github.io/posts/oklab/. Here in whole numbers, so that sums of distances
do not depend on their order, and a port decides as this does.
"""

import numpy as np

UNIT = 4096  # of lightness from black to white; 0.02 of it is just noticeable
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def oklab(rgb: np.ndarray) -> np.ndarray:
    """Return lightness, a and b of sRGB colours. rgb: (..., 3) uint8. Returns (..., 3) int32."""
    lms = np.cbrt(_LINEAR[rgb] @ _TO_LMS.T)
    return np.rint(lms @ _TO_LAB.T * UNIT).astype(np.int32)


def distances(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return how far colours of OKLab lie apart, rounded down: (..., 3) int32 -> (...) int64."""
    squared = ((one.astype(np.int64) - other) ** 2).sum(axis=-1)
    return np.sqrt(squared).astype(np.int64)  # exact: the squares are far below 2^53


def _linear() -> np.ndarray:
    value = np.arange(256) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


_LINEAR = _linear()
