"""Fill what a region does not know of a layer from what it knows, and only from that.

Normalised convolution (Knutsson and Westin 1993): colours times certainty, filtered, divided by
certainty filtered alike. Here over a pyramid, so that it reaches as far as it has to (pull-push:
Gortler et al. 1996): half the size each time, until one cell is left.
"""

import numpy as np

_NOTHING = 1e-6  # certainty that divides nothing by nothing


def filled(layer: np.ndarray, certainty: np.ndarray) -> np.ndarray:
    """Return the layer where it is certain, and what is near where it is not.

    layer: (h, w, 3) float32. certainty: (h, w) float32 in [0, 1], above 0 somewhere. Returns
    (h, w, 3) float32 within the range of what is certain; what has no certainty has no effect.
    """
    import cv2

    height, width = certainty.shape
    weighted = layer * certainty[..., np.newaxis]
    if height == width == 1:
        return weighted / max(float(certainty[0, 0]), _NOTHING)
    even = ((0, height % 2), (0, width % 2))
    halved = ((height + 1) // 2, (width + 1) // 2)

    def pulled(channels: np.ndarray) -> np.ndarray:
        padded = np.pad(channels, [*even, *((0, 0),) * (channels.ndim - 2)])
        return cv2.resize(padded, halved[::-1], interpolation=cv2.INTER_AREA)

    known = pulled(certainty)
    means = pulled(weighted) / np.maximum(known, _NOTHING)[..., np.newaxis]
    coarse = filled(means.reshape(*halved, 3), np.minimum(4 * known, 1).reshape(halved))
    pushed = cv2.resize(coarse, (2 * halved[1], 2 * halved[0]), interpolation=cv2.INTER_LINEAR)
    return weighted + pushed[:height, :width] * (1 - certainty)[..., np.newaxis]
