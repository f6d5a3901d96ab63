"""Bring pictures of other than 8 bits a sample to modes of 8 bits that Pillow can convert further.

Two kinds are decoded here: Pillow decodes one wrong, and the other at 2 microseconds a pixel.
"""

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from training.errors import PictureError
from training.picture.decoding.samples import Samples

if TYPE_CHECKING:
    from PIL import Image

_MOST_KEYED = 60_000_000  # pixels of 8 bytes: what OpenCV decodes is held beside what is kept of it
_ROWS = 256  # that are brought to 8 bits at once


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


def decoded_by_others(
    image: "Image.Image", stream: BinaryIO, file: Path, *, samples: Samples
) -> "Image.Image":
    """Decode what Pillow had better not; another picture is returned as it is, not yet decoded.

    image: what Pillow has opened from the stream. Returns mode L, RGB or RGBA.
    """
    from PIL import Image

    tiles = getattr(image, "tile", None)
    if tiles and tiles[0].codec_name == "ppm":  # PGM and PPM whose values end elsewhere than at 255
        mode, most = tiles[0].args
        pixels = _binary_pnm(stream, image.size, tiles[0].offset, most, in_color=mode == "RGB")
    elif (image.format, image.mode, samples.bits) == ("PNG", "RGB", 16) and (
        "transparency" in image.info
    ):
        pixels = _keyed_deep_colors(image, stream, file)
    else:
        return image
    decoded = Image.fromarray(pixels)
    decoded.info = {name: said for name, said in image.info.items() if name != "transparency"}
    return decoded


def _binary_pnm(
    stream: BinaryIO, size: tuple[int, int], offset: int, most: int, *, in_color: bool
) -> np.ndarray:
    """Return (H, W) or (H, W, 3) uint8; values above what the header calls the largest are it."""
    width, height = size
    kind = np.dtype(np.uint8 if most < 256 else ">u2")
    stream.seek(offset)
    pixels = np.empty((height, width, 3) if in_color else (height, width), np.uint8)
    for top in range(0, height, _ROWS):
        rows = pixels[top : top + _ROWS]
        data = stream.read(rows.size * kind.itemsize)
        if len(data) < rows.size * kind.itemsize:
            raise EOFError("fewer pixels than its header says")
        values = np.minimum(np.frombuffer(data, kind), most).astype(np.uint32)
        rows[:] = ((values * 255 + most // 2) // most).reshape(rows.shape)
    return pixels


def _keyed_deep_colors(image: "Image.Image", stream: BinaryIO, file: Path) -> np.ndarray:
    """Return (H, W, 4) uint8 RGBA of a PNG of 16-bit colours, one of which stands for nothing.

    Pillow compares that colour with what it has already cut to 8 bits; OpenCV compares all 16.
    """
    import cv2

    width, height = image.size
    if width * height > _MOST_KEYED:
        raise PictureError(
            f"{file}: expected at most {_MOST_KEYED:,} pixels in a PNG of 16-bit colours with a "
            f"transparent one, received {width} x {height}. Scale it down first."
        )
    stream.seek(0)
    deep = cv2.imdecode(np.frombuffer(stream.read(), np.uint8), cv2.IMREAD_UNCHANGED)
    if deep is None or deep.shape != (height, width, 4):
        raise EOFError("colours of 16 bits that cannot be decoded")
    pixels = np.empty(deep.shape, np.uint8)
    for top in range(0, height, _ROWS):
        high = (deep[top : top + _ROWS] >> 8).astype(np.uint8)
        pixels[top : top + _ROWS] = cv2.cvtColor(high, cv2.COLOR_BGRA2RGBA)
    return pixels
