"""Extract line art from colour pictures.

Each extractor takes (H, W, 3) uint8 RGB and returns (H, W) uint8, paper 255, ink 0.
No extractor looks like a person's lines; a network that saw only one of them learns its
fingerprint and fails on real drawings. `draw_variant` therefore mixes them.
"""

from collections.abc import Callable, Sequence

import numpy as np

from training.picture.reading import to_grey
from training.pixels import INK_BELOW, PAPER


def dilate(color: np.ndarray, *, kernel: int = 5) -> np.ndarray:
    """Ink where the grey picture is darker than the lightest pixel nearby (the 2017 method).

    Grey, dilation with a kernel x kernel square, absolute difference, inverted.
    """
    import cv2

    grey = to_grey(color)
    return PAPER - cv2.absdiff(grey, _lightest_nearby(grey, kernel))


def divide(color: np.ndarray, *, kernel: int = 5) -> np.ndarray:
    """Ink where the blurred grey picture is darker, in proportion, than what lies nearby.

    Blur, grey / dilated grey: the shading of painted art cancels out, lines in shadow stay.
    """
    import cv2

    grey = cv2.GaussianBlur(to_grey(color), (3, 3), 0)
    # cv2.divide gives 0 for 0 / 0, which would be ink: where all nearby is black there is no line.
    lightest = np.maximum(_lightest_nearby(grey, kernel), 1)
    return np.where(lightest == 1, PAPER, cv2.divide(grey, lightest, scale=PAPER)).astype(np.uint8)


def xdog(
    color: np.ndarray,
    *,
    sigma: float = 0.8,
    sharpness: float = 20.0,
    threshold: float = 0.3,
    steepness: float = 10.0,
) -> np.ndarray:
    """Extended difference of Gaussians, without flow (Winnemoeller, Kyprianidis, Olsen 2012).

    S = (1 + p) G_sigma - p G_(k sigma), the reparametrised operator, p = `sharpness`, k = 1.6;
    T(S) = 1 if S >= epsilon, else 1 + tanh(phi (S - epsilon)), epsilon = `threshold`, phi =
    `steepness`; grey in [0, 1]. Flat regions darker than the threshold become ink too.
    """
    import cv2

    grey = to_grey(color).astype(np.float32) / np.float32(255)
    narrow = cv2.GaussianBlur(grey, (0, 0), sigma)
    wide = cv2.GaussianBlur(grey, (0, 0), 1.6 * sigma)
    sharpened = (1 + sharpness) * narrow - sharpness * wide
    soft = 1 + np.tanh(steepness * np.minimum(sharpened - threshold, 0))
    return np.round(soft * PAPER).astype(np.uint8)


def draw_variant(
    color: np.ndarray, rng: np.random.Generator, *, extractors: Sequence[str] | None = None
) -> tuple[np.ndarray, str]:
    """Extract line art by a random extractor with random thickness, contrast and slight gaps.

    color: (H, W, 3) uint8, best at twice the side at which the line art is used.
    extractors: names of EXTRACTORS to draw from; default: all.
    Returns line art (H, W) uint8 and the name of the extractor.
    """
    name = str(rng.choice(sorted(EXTRACTORS if extractors is None else extractors)))
    lineart = EXTRACTORS[name](color, rng)
    lineart = _change_contrast(lineart, float(rng.uniform(1.0, 2.5)))
    return _break_lines(lineart, rng), name


def _random_dilate(color: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return dilate(color, kernel=int(rng.choice([3, 5, 7])))


def _random_divide(color: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return divide(color, kernel=int(rng.choice([3, 5, 7])))


def _random_xdog(color: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return xdog(
        color,
        sigma=float(rng.uniform(0.6, 1.4)),
        sharpness=float(rng.uniform(12, 30)),
        threshold=float(rng.uniform(0.02, 0.3)),
        steepness=float(rng.uniform(5, 20)),
    )


EXTRACTORS: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "dilate": _random_dilate,
    "divide": _random_divide,
    "xdog": _random_xdog,
}


def _lightest_nearby(grey: np.ndarray, kernel: int) -> np.ndarray:
    import cv2

    return cv2.dilate(grey, np.ones((kernel, kernel), np.uint8))


def _change_contrast(lineart: np.ndarray, gain: float) -> np.ndarray:
    """Multiply the darkness of the ink by `gain`, black at most."""
    ink = (PAPER - lineart).astype(np.float32) * np.float32(gain)
    return PAPER - np.minimum(np.round(ink), PAPER).astype(np.uint8)


def _break_lines(lineart: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Lay up to eight small dots of paper on the ink, as a pen that skips."""
    import cv2

    inked = np.flatnonzero(lineart < INK_BELOW)
    count = int(rng.integers(0, 9))
    if not inked.size or not count:
        return lineart
    broken = lineart.copy()
    radius = max(1, min(lineart.shape) // 100)
    for place in rng.choice(inked, count):
        row, column = divmod(int(place), lineart.shape[1])
        cv2.circle(broken, (column, row), radius, PAPER, thickness=-1)
    return broken
