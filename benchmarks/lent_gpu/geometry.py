"""Mirror, enlarge, shrink and warp one picture in NumPy, for where TensorFlow is missing.

The twin of training/data/variation/geometry.py: the same distributions and the same sampling, from
other random numbers; grey levels in [0, 255] in place of [-1, 1].
"""

import numpy as np

from training.pixels import PAPER
from training.settings.pictures import AugmentConfig


def augmented(
    picture: np.ndarray, *, rng: np.random.Generator, augment: AugmentConfig
) -> np.ndarray:
    """Mirror, enlarge and warp line art and colours alike. (H, W, 4) float32; returns the same."""
    if augment.flip or augment.jitter or augment.shrink:
        extent = 1.0 / (1.0 - augment.shrink + (augment.jitter + augment.shrink) * rng.random())
        top, left = rng.random(2) * (1.0 - extent)
        box = np.array([top, left, top + extent, left + extent])  # y1, x1, y2, x2
        # A box whose right side comes first is sampled mirrored.
        mirrored = augment.flip and rng.random() < 0.5
        picture = cropped(picture, box[[0, 3, 2, 1]] if mirrored else box)
    if augment.warp:
        centre = (picture.shape[0] - 1) / 2
        matrix = np.eye(2) + augment.warp * rng.uniform(-1, 1, (2, 2))  # in x, y order
        shift = augment.warp * centre * rng.uniform(-1, 1, 2)
        # Where output pixel p reads the input: matrix (p - centre) + centre + shift.
        offset = centre - matrix.sum(axis=1) * centre + shift
        picture = transformed(picture, np.column_stack([matrix, offset]))
    return picture


def cropped(picture: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Sample a box of a picture as tf.image.crop_and_resize does, to the picture's own size.

    picture: (S, S, C) float32; box: y1, x1, y2, x2 in shares of the picture.
    """
    size = picture.shape[0]
    above, below, down, seen_down = _neighbours(box[0], box[2], size)
    left, right, across, seen_across = _neighbours(box[1], box[3], size)
    down, across = down[:, np.newaxis, np.newaxis], across[:, np.newaxis]
    rows = picture[above]
    rows += down * (picture[below] - rows)
    columns = rows[:, left]
    columns += across * (rows[:, right] - columns)
    columns[~seen_down] = PAPER
    columns[:, ~seen_across] = PAPER
    return columns


def transformed(picture: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Sample a picture through an affine map as TensorFlow's ImageProjectiveTransformV3 does.

    picture: (S, S, 4) float32. rows: (2, 3): where output pixel (x, y, 1) reads x and y.
    """
    import cv2

    # OpenCV 5 interpolates in float32; before, it did so with 5 bits of fraction.
    return cv2.warpAffine(
        picture,
        rows,
        picture.shape[:2],
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(PAPER,) * 4,
    )


def _neighbours(
    start: float, end: float, size: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return of each sample the pixel before, the pixel after, the share between, and if inside."""
    place = (start * (size - 1) + np.arange(size) * (end - start)).astype(np.float32)
    before = np.floor(place)
    inside = (place >= 0) & (place <= size - 1)
    first, second = (
        np.clip(pixel, 0, size - 1).astype(np.int64) for pixel in (before, np.ceil(place))
    )
    return first, second, place - before, inside
