"""Hints as a user might give them, taken from the true colours of a training picture.

Each has the median colour of the area that it lies in, as a user means the area and not the pixel
(PaintsTorch2, Hati et al. 2023), and is a little off in colour and place. No hint leaves its area
but by that. Shares and numbers: training/settings/pictures.py, with their sources.
"""

import numpy as np

from training.data.variation.areas import color_areas
from training.data.variation.recoloring import recolored_alike, recolored_apart
from training.settings.pictures import HintsConfig

_PAPER_WEIGHT = 0.25  # white areas are hinted less often than coloured ones, for their size
_WHITE = 240  # uint8: a median above it in all channels is white


def hinted(
    lineart: np.ndarray, color: np.ndarray, *, rng: np.random.Generator, config: HintsConfig
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the hints of one training picture, which may get other colours where it has any.

    lineart: (H, W) uint8; color: (H, W, 3) uint8.
    Returns hints (H, W, 4) uint8, RGB and a mask of 0 or 255, and the color to be painted.
    """
    none = np.zeros((*lineart.shape, 4), np.uint8)
    if rng.random() < config.none:
        return none, color
    rule = rng.random()
    if rule < config.recolored_alike:
        color = recolored_alike(color, rng=rng)
    areas = color_areas(color, lineart)
    count = int(areas.max())
    if not count:
        return none, color
    if rng.random() < config.everywhere:
        chosen = rng.permutation(np.arange(1, count + 1))
    else:
        number = int(rng.geometric(1.0 / config.mean))
        chosen = rng.choice(count, number, p=_weights(color, areas)) + 1
    if config.recolored_alike <= rule < config.recolored_alike + config.recolored_apart:
        different = np.unique(chosen)
        changed = different[rng.random(len(different)) < 0.5]
        changed = np.setdiff1d(changed, _page(color, areas))
        color = recolored_apart(color, lineart, areas, changed, rng=rng)
    return _drawn(chosen, color, areas, rng=rng, config=config), color


def _page(color: np.ndarray, areas: np.ndarray) -> np.ndarray:
    """Return the numbers of the white areas at the picture's border.

    The page keeps its colour: a net that has seen it in any colour no longer trusts that it is
    white where nobody said so, and lets the hints of the figure run out over it.
    """
    border = np.unique(np.concatenate([areas[0], areas[-1], areas[:, 0], areas[:, -1]]))
    white = [np.median(color[areas == area], axis=0).min() >= _WHITE for area in border]
    return border[white]


def _weights(color: np.ndarray, areas: np.ndarray) -> np.ndarray:
    """How often each area is hinted: by the root of its size, white ones less."""
    flat = areas.ravel()
    sizes = np.bincount(flat)[1:]
    darkest = np.bincount(flat, color.min(axis=2).ravel())[1:] / sizes
    weights = np.sqrt(sizes) * np.where(darkest >= _WHITE, _PAPER_WEIGHT, 1.0)
    return weights / weights.sum()


def _drawn(
    chosen: np.ndarray,
    color: np.ndarray,
    areas: np.ndarray,
    *,
    rng: np.random.Generator,
    config: HintsConfig,
) -> np.ndarray:
    """Draw a dot or a stroke into each of the chosen areas; later ones lie on top."""
    height, width = areas.shape
    side = max(areas.shape)
    most = round(config.shift * side)
    hints = np.zeros((*areas.shape, 4), np.uint8)
    # The pixels of each area, row by row: an area is looked up, not searched for, each time.
    places = np.argsort(areas, axis=None, kind="stable")
    first = np.searchsorted(areas.ravel()[places], np.arange(int(areas.max()) + 2))
    for area in chosen:
        within = places[first[area] : first[area + 1]]
        rows, columns = np.divmod(within, width)
        median = np.median(color[rows, columns], axis=0)
        noisy = median + rng.normal(0.0, config.color_noise, 3)
        thickness = 1 + round(2 * rng.uniform(0.0, config.radius * side))
        ends = rng.integers(len(rows), size=2)
        # A dot ends where it begins.
        last = ends[1] if rng.random() < config.strokes else ends[0]
        mask = _stroke(
            areas.shape,
            (int(columns[ends[0]]), int(rows[ends[0]])),
            (int(columns[last]), int(rows[last])),
            thickness=thickness,
        )
        down, right = rng.integers(-most, most + 1, 2)
        drawn = mask[rows, columns]
        y, x = rows[drawn] + down, columns[drawn] + right
        seen = (y >= 0) & (y < height) & (x >= 0) & (x < width)
        hints[y[seen], x[seen]] = (*np.clip(np.round(noisy), 0, 255), 255)
    return hints


def _stroke(
    shape: tuple[int, ...], start: tuple[int, int], end: tuple[int, int], *, thickness: int
) -> np.ndarray:
    import cv2

    mask = np.zeros(shape, np.uint8)
    cv2.line(mask, start, end, 1, thickness)
    return mask.astype(bool)
