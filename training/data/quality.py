"""Say which pairs are not worth training on, and why."""

from dataclasses import replace

import numpy as np

from training.data.sources.candidate import Pair
from training.errors import PictureError
from training.pixels import PAPER
from training.settings.sizes import Size

# A pixel has colour if its channels differ by more; JPEG noise on grey stays below it.
MIN_CHROMA = 16
# Share of the pixels that must have colour: 8 of 64 x 64, the smallest coloured OpenMoji details.
MIN_COLORED_SHARE = 0.002
# Mean darkness of line art. OpenMoji's own lie between 0.03 and 0.6.
MIN_INK_SHARE, MAX_INK_SHARE = 0.005, 0.6
HASH_SIDE = 16  # 256-bit perceptual hashes
# Bits that may differ between near duplicates. Looked at on OpenMoji: up to 8 the drawings of a
# pair differ in a curl of hair or in nothing but colour; unrelated drawings differ in about 128.
MAX_HASH_DISTANCE = 8


def require_large_enough(picture: np.ndarray, size: Size) -> None:
    """Raise PictureError if (H, W, ...) would have to grow to reach one of the sides of `size`."""
    height, width = picture.shape[:2]
    if height < size[0] and width < size[1]:
        sides = f"{size[0]} pixels on the longer side"
        if size[0] != size[1]:
            sides = f"{size[1]} pixels in width or {size[0]} in height"
        raise PictureError(f"too small: expected {sides}, received {width} x {height}")


def keep_usable(pair: Pair) -> Pair:
    """Return the pair without its unusable line drawings.

    Raises PictureError with the reason if the picture has no colour or no usable line art.
    """
    # Whole planes: three times as fast as the maximum along an axis of length 3.
    red, green, blue = np.moveaxis(pair.color, -1, 0)
    lightest = np.maximum(np.maximum(red, green), blue)
    darkest = np.minimum(np.minimum(red, green), blue)
    if np.mean(lightest - darkest > MIN_CHROMA) < MIN_COLORED_SHARE:
        raise PictureError("greyscale: a picture without colour teaches nothing about colour")
    ink = [float(np.mean(PAPER - lineart) / PAPER) for lineart in pair.lineart]
    usable = [i for i, share in enumerate(ink) if MIN_INK_SHARE <= share <= MAX_INK_SHARE]
    # With a layer the first line drawing alone fits the picture: the others cannot stand for it.
    if not usable or (pair.layer is not None and usable[0] != 0):
        which = "almost empty" if ink[0] < MIN_INK_SHARE else "almost black"
        raise PictureError(
            f"line art is {which}: expected {MIN_INK_SHARE:.1%} to {MAX_INK_SHARE:.0%} ink, "
            f"received {ink[0]:.1%}"
        )
    return replace(
        pair,
        lineart=tuple(pair.lineart[i] for i in usable),
        extractors=tuple(pair.extractors[i] for i in usable),
    )


def perceptual_hash(picture: np.ndarray) -> np.ndarray:
    """Return the DCT hash of a picture, (4,) uint64; picture: (H, W) or (H, W, 3) uint8."""
    import imagehash
    from PIL import Image

    bits = imagehash.phash(Image.fromarray(picture), hash_size=HASH_SIDE).hash
    return np.packbits(bits).view(np.uint64)
