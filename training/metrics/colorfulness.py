"""How colourful a picture is to people, after Hasler and Suesstrunk 2003."""

import numpy as np

from training.errors import PictureError

MEAN_WEIGHT = 0.3  # fitted to what people answered (section 7 of the paper)


def colorfulness(picture: np.ndarray) -> float:
    """Return M^(3): 0 for grey; the paper calls 15 slightly, 45 averagely, 82 highly colourful.

    Spread and distance from grey of R - G and (R + G) / 2 - B over all pixels, paper included.
    picture: (H, W, 3) uint8 sRGB. Raises PictureError.
    """
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[-1] != 3:
        raise PictureError(
            "colourfulness: expected an RGB picture as uint8 (H, W, 3), received "
            f"{picture.dtype} {picture.shape}."
        )
    red, green, blue = np.moveaxis(picture.astype(np.float64), -1, 0)
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    spread = np.hypot(red_green.std(), yellow_blue.std())
    distance = np.hypot(red_green.mean(), yellow_blue.mean())
    return float(spread + MEAN_WEIGHT * distance)
