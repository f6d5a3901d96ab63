"""Read one picture file as 8-bit sRGB, upright.

A file is read as what it says it is, or refused by that name; what is read, and how large it may
be, is said in training/picture/decoding. Embedded colour profiles are applied. HEIC, the format of
iPhones' photographs, is read where the extra [heic] is installed. A file may also be a part of
another one, such as a member of a tar.
"""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol

import numpy as np

from training.errors import PictureError
from training.picture.decoding.depth import decoded_by_others, is_deep_grey, to_eight_bits
from training.picture.decoding.formats import formats_of, require_small_enough, too_many_pixels
from training.picture.decoding.profiles import is_transparent, srgb_conversion
from training.picture.decoding.samples import (
    Samples,
    key_in_eight_bits,
    read_samples,
)
from training.picture.decoding.vector import SUFFIX, rendered
from training.pixels import PAPER
from training.terminal.meant import path_meant

if TYPE_CHECKING:
    from PIL import Image

HINT_FROM = 128  # alpha, uint8: an antialiased edge of a hint counts as what covers most of it
_BAND = 1 << 20  # pixels that are brought to sRGB at once: what is large stays in one copy


class PictureFile(Protocol):
    """A Path, or what can be opened like one; its str is its name in errors."""

    def open(self, mode: Literal["rb"], /) -> BinaryIO:
        """Return a stream that can seek."""
        ...


def read_picture(file: PictureFile, *, first_of_several: bool = False) -> np.ndarray:
    """Read a still picture: upright, transparency laid on white paper.

    first_of_several: of an animation or of several pages take the first instead of refusing it.
    Returns (H, W, 3) uint8 RGB. 16-bit grey is scaled by 255 / 65535 and rounded; of 16-bit
    colours Pillow keeps the high byte, which differs from that by one grey level at most.
    Raises PictureError naming the file and what is wrong with it.
    """
    return _decoded(file, _on_paper, first_of_several=first_of_several)


def read_hints(file: Path, *, drawing: np.ndarray) -> np.ndarray:
    """Read a hints picture: colour where the user put colour, transparent elsewhere.

    drawing: (H, W), the line drawing that it belongs to. Returns (H, W, 4) uint8 RGBA: alpha 255
    where the file is at least half opaque, else all 0. Raises PictureError as `read_picture` does,
    for a picture without transparency, which would hint everywhere, and for one of another size.
    """
    rgba = _decoded(file, _with_transparency)
    expected, received = (f"{p.shape[1]} x {p.shape[0]}" for p in (drawing, rgba))
    if expected != received:
        raise PictureError(
            f"{file}: expected hints as large as the drawing, {expected} pixels, received "
            f"{received}. Paint them on a layer above the drawing, and export that layer."
        )
    given = rgba[..., 3:] >= HINT_FROM
    return np.where(given, np.dstack([rgba[..., :3], np.full_like(rgba[..., 3], 255)]), 0)


def read_drawing(file: Path) -> np.ndarray:
    """Read a drawing with the transparency that it has: what it lies on is not decided here.

    An SVG is drawn. Returns (H, W, 4) uint8 RGBA where the file has transparency, else (H, W, 3)
    uint8 RGB. Raises PictureError as `read_picture` does.
    """
    vector = file.suffix.lower() == SUFFIX
    return _decoded(file, _as_drawn, open_file=rendered if vector else None)


def read_lineart(file: PictureFile, *, first_of_several: bool = False) -> np.ndarray:
    """Read a line drawing, dark on light or transparent paper.

    Returns (H, W) uint8, paper 255, ink 0. Raises PictureError as `read_picture` does.
    """
    return to_grey(read_picture(file, first_of_several=first_of_several))


def to_grey(picture: np.ndarray) -> np.ndarray:
    """Return the luma of ITU-R BT.601: (H, W, 3) uint8 RGB -> (H, W) uint8."""
    import cv2

    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)


def _decoded(
    source: PictureFile,
    use: Callable[["Image.Image", Path], np.ndarray],
    *,
    open_file: Callable[[Path], BinaryIO] | None = None,
    first_of_several: bool = False,
) -> np.ndarray:
    """Open a still picture, upright, and return what `use` makes of it."""
    file = Path(str(source))  # its name, wherever it stands
    with warnings.catch_warnings():
        # What is too large is refused, and damaged metadata does not spoil a picture.
        warnings.simplefilter("ignore")
        try:
            with open_file(file) if open_file else source.open("rb") as stream:
                formats = formats_of(stream, file)
                samples = read_samples(stream, file, format=formats[0])
                with _opened(stream, file, formats) as image:
                    require_small_enough(image, file)
                    if not first_of_several:
                        _require_still(image, file)
                    return _upright(image, stream, file, samples=samples, use=use)
        except PictureError:
            raise
        except FileNotFoundError as error:
            raise PictureError(
                f"{file} does not exist. Expected a picture file.{path_meant(file)}"
            ) from error
        except MemoryError as error:
            raise PictureError(
                f"{file}: expected a picture that fits into memory. Scale it down first."
            ) from error
        except Exception as error:  # decoders raise anything, struct.error included
            if isinstance(error, OSError) and error.errno is not None:  # the system's, not Pillow's
                raise PictureError(f"{file}: cannot be read: {error.strerror}") from error
            raise PictureError(f"{file}: damaged or truncated: {error}") from error


def _opened(stream: BinaryIO, file: Path, formats: tuple[str, ...]) -> "Image.Image":
    """Open a picture without decoding it; refused with the decoder's own reason."""
    from PIL import Image

    try:
        return Image.open(stream, formats=formats)
    except Image.DecompressionBombError as error:
        raise too_many_pixels(file, formats[0], received="more") from error
    except Image.UnidentifiedImageError as error:
        reason = str(error)
        try:
            stream.seek(0)
            Image.OPEN[formats[0]][0](stream, "")
        except Exception as told:  # what Image.open keeps to itself
            reason = str(told)
        raise PictureError(
            f"{file}: expected a whole {formats[0]}, received a file that begins like one and does "
            f"not go on so ({reason}). Copy it again; where other programs show it, save it as PNG."
        ) from error


def _upright(
    image: "Image.Image",
    stream: BinaryIO,
    file: Path,
    *,
    samples: Samples,
    use: Callable[["Image.Image", Path], np.ndarray],
) -> np.ndarray:
    """Decode a picture, and hand it to `use` turned upright, of 8 bits and sRGB, band by band."""
    from PIL import ImageOps

    image = decoded_by_others(image, stream, file, samples=samples)
    _require_known_range(image, file)
    ImageOps.exif_transpose(image, in_place=True)
    key_in_eight_bits(image, samples)
    width, height = image.size
    rows = max(1, _BAND // width)
    whole = np.empty(0, np.uint8)
    convert = None
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        band = to_eight_bits(image.crop((0, top, width, bottom)), samples)
        convert = convert or srgb_conversion(band)
        used = use(convert(band), file)
        if not top:
            whole = np.empty((height, *used.shape[1:]), np.uint8)
        whole[top:bottom] = used
    image.close()  # at once: what refers to it may live until it is collected
    return whole


def _require_still(image: "Image.Image", file: Path) -> None:
    frames = getattr(image, "n_frames", 1)
    # A phone's MPO photograph carries its preview as a second frame.
    if frames > 1 and image.format != "MPO":
        raise PictureError(
            f"{file}: expected one still picture, received {image.format} with {frames} frames. "
            "Save the frame that you want as PNG. (To train on the first of each: "
            "training.prepare --first-picture.)"
        )


def _require_known_range(image: "Image.Image", file: Path) -> None:
    if image.mode in ("I", "F") and not is_deep_grey(image):
        raise PictureError(
            f"{file}: expected 8 or 16 bits per channel, received 32-bit values, whose range "
            "the file does not state. Save it as 8-bit PNG."
        )


def _on_paper(image: "Image.Image", file: Path) -> np.ndarray:
    if is_transparent(image):
        rgba = np.asarray(image.convert("RGBA"), np.uint16)
        alpha = rgba[..., 3:]
        mixed = rgba[..., :3] * alpha + PAPER * (255 - alpha)  # at most 255 * 255: fits 16 bits
        return ((mixed.astype(np.uint32) + 127) // 255).astype(np.uint8)
    return np.array(image.convert("RGB"))


def _as_drawn(image: "Image.Image", file: Path) -> np.ndarray:
    """Return RGBA of what is transparent, else RGB."""
    return np.array(image.convert("RGBA" if is_transparent(image) else "RGB"))


def _with_transparency(image: "Image.Image", file: Path) -> np.ndarray:
    """Return RGBA."""
    if not is_transparent(image):
        raise PictureError(
            f"{file}: expected a picture with transparency, colour only where a hint is, received "
            f"one without ({image.mode}). Paint the hints on an empty layer, and save that as PNG."
        )
    return np.array(image.convert("RGBA"))
