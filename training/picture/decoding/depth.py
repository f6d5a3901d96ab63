"""Bring what Pillow has decoded to modes of 8 bits that it can convert further."""

from typing import TYPE_CHECKING

import numpy as np

from training.picture.decoding.samples import Samples

if TYPE_CHECKING:
    from PIL import Image


def is_deep_grey(image: "Image.Image") -> bool:
    """Tell whether a picture is grey of more than 8 bits. Pillow has PGM in 32, of which 16 are."""
    return image.mode.startswith("I;16") or (image.mode == "I" and image.format in ("PNG", "PPM"))


def to_eight_bits(band: "Image.Image", samples: Samples) -> "Image.Image":
    """Scale grey of more than 8 bits, where Pillow's own conversion would clip it at 255.

    band: a part of a decoded picture. Returns it in mode L, or LA where a grey stands for nothing;
    another picture is returned in its own mode, or in that which Pillow converts to RGBA.
    """
    from PIL import Image

    if band.mode == "La":  # multiplied by its alpha
        return band.convert("LA")
    if not (band.mode == "I" or band.mode.startswith("I;16")):
        return band
    deep = np.asarray(band).astype(np.uint32)
    grey = ((deep * 255 + samples.most // 2) // samples.most).astype(np.uint8)
    if samples.white_is_zero:
        grey = 255 - grey
    eight = Image.fromarray(grey)
    if "transparency" in band.info:
        opaque = np.where(deep == band.info["transparency"], 0, 255).astype(np.uint8)
        eight = Image.merge("LA", (eight, Image.fromarray(opaque)))
    eight.info = {name: said for name, said in band.info.items() if name != "transparency"}
    return eight
