"""The ways from what a net paints to a picture of the drawing's size, for comparing them."""

from collections.abc import Callable

import numpy as np

from training.picture.finishing.net import Net
from training.picture.finishing.picture import flat_colors, paint
from training.picture.flats.compose import smooth_layer
from training.picture.flats.painted import Painted
from training.pixels import under_ink

Way = Callable[[Painted, np.ndarray, np.ndarray | None], np.ndarray]


def _composed_enlarged(
    painted: Painted, lineart: np.ndarray, hints: np.ndarray | None
) -> np.ndarray:
    small = under_ink(painted.layer, painted.working)
    return painted.placement.enlarged(small, (lineart.shape[0], lineart.shape[1]))


def _smooth(painted: Painted, lineart: np.ndarray, hints: np.ndarray | None) -> np.ndarray:
    return under_ink(smooth_layer(painted, (lineart.shape[0], lineart.shape[1])), lineart)


def _flats(painted: Painted, lineart: np.ndarray, hints: np.ndarray | None) -> np.ndarray:
    return under_ink(flat_colors(painted, lineart, hints), lineart)


COMPOSED, SMOOTH, FLATS = "composed, enlarged", "--smooth: layer under full ink", "flats"
WAYS: dict[str, Way] = {COMPOSED: _composed_enlarged, SMOOTH: _smooth, FLATS: _flats}


def by_every_way(net: Net, lineart: np.ndarray, hints: np.ndarray | None) -> dict[str, np.ndarray]:
    """Colour a drawing once, and finish it in every way: (H, W, 3) uint8 each.

    lineart: (H, W) uint8; hints: (H, W, 4) uint8 RGBA or None.
    """
    painted = paint(net, lineart, hints)
    return {name: way(painted, lineart, hints) for name, way in WAYS.items()}
