"""Bring the colours of a decoded picture from its embedded ICC profile to sRGB.

By LittleCMS, which Pillow carries. Relative colorimetric with black point compensation, as
browsers do: paper stays white and ink black. A profile that is damaged, or belongs to another kind
of picture than holds it, is passed over, as browsers pass it over: the numbers are taken as sRGB.
Other notes on colour (PNG's gAMA and cHRM) are not read.
"""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image, ImageCms

# Colour space of a profile -> modes of Pillow that LittleCMS takes in it.
_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
_ONE_LEVEL = 1  # uint8: nobody sees it, and rounding alone makes it
_PROBES = range(0, 256, 51)  # of each channel


def to_srgb(image: "Image.Image") -> "Image.Image":
    """Return a picture whose numbers are sRGB; the same one where they are already.

    image: any mode. A converted picture is RGB, or RGBA where the given one has transparency.
    Grey of more than 8 bits is returned as it is.
    """
    return srgb_conversion(image)(image)


def srgb_conversion(image: "Image.Image") -> "Callable[[Image.Image], Image.Image]":
    """Return what brings a picture, or any part of it, to sRGB, as `to_srgb` does."""
    from PIL import ImageCms

    embedded = image.info.get("icc_profile")
    if not embedded or image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _as_it_is
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(embedded))
        space = profile.profile.xcolor_space.strip()
        mode = _mode_in(image, space)
        transform = None if mode is None else _transform(profile, mode)
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return _as_it_is  # damaged
    if mode is None or transform is None or (mode != "CMYK" and _keeps_colors(transform, mode)):
        return _as_it_is

    def convert(part: "Image.Image") -> "Image.Image":
        if not is_transparent(part):
            return transform.apply(part.convert(mode))
        # LittleCMS knows no alpha: it is kept aside.
        opaque = part.convert("RGBA")
        converted = transform.apply(opaque.convert("RGB").convert(mode))
        converted.putalpha(opaque.getchannel("A"))
        return converted

    return convert


def is_transparent(image: "Image.Image") -> bool:
    """Tell whether a picture has an alpha channel, or a colour that stands for nothing."""
    return image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info


def _as_it_is(part: "Image.Image") -> "Image.Image":
    return part


def _mode_in(image: "Image.Image", space: str) -> str | None:
    """Return the mode in which a picture has the colours of a profile; None where it has none.

    A grey picture may carry a profile of RGB: grey is a colour. The reverse is a mistake.
    """
    mode = _MODES.get(space)
    if mode == "L":
        return mode if image.mode in ("1", "L", "LA", "La") else None
    if mode == "CMYK" or image.mode == "CMYK":
        return mode if mode == image.mode else None
    return mode if image.mode not in ("LAB", "HSV", "YCbCr") else None


def _transform(profile: "ImageCms.ImageCmsProfile", mode: str) -> "ImageCms.ImageCmsTransform":
    from PIL import ImageCms

    return ImageCms.buildTransform(
        profile,
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _keeps_colors(transform: "ImageCms.ImageCmsTransform", mode: str) -> bool:
    """Tell whether a profile is sRGB by whatever name: its pictures must keep every bit."""
    import numpy as np
    from PIL import Image

    levels = np.array(_PROBES, np.uint8)
    if mode == "L":
        probes = levels[np.newaxis]
        expected = np.repeat(probes[..., np.newaxis], 3, axis=-1)
    else:
        probes = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(1, -1, 3)
        expected = probes
    converted = np.asarray(transform.apply(Image.fromarray(probes)))
    return int(np.abs(converted.astype(np.int16) - expected).max()) <= _ONE_LEVEL
