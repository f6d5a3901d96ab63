"""Read one picture file as 8-bit sRGB, upright, and fit pictures into squares.

Embedded colour profiles are applied (training/picture/profiles.py). HEIC, the format of iPhones'
photographs, is read where the extra [heic] is installed.
"""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from training.errors import PictureError
from training.picture.profiles import is_transparent, to_srgb
from training.pixels import PAPER

if TYPE_CHECKING:
    from PIL import Image

# Named, because Pillow also opens formats that start other programs (EPS starts Ghostscript).
FORMATS = ("PNG", "JPEG", "WEBP", "AVIF", "BMP", "TIFF", "GIF", "PPM")
HEIF = "HEIF"  # pillow-heif's name for HEIC and its like
# ISO/IEC 23008-12: the file begins with a box `ftyp`, and these are brands of HEVC in it.
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
HINT_FROM = 128  # alpha, uint8: an antialiased edge of a hint counts as what covers most of it
MAX_PIXELS = 100_000_000  # 300 MB as RGB; a small file may claim more than any machine holds


def read_picture(file: Path) -> np.ndarray:
    """Read a still picture: upright, transparency laid on white paper.

    Returns (H, W, 3) uint8 RGB. 16-bit grey is scaled by 255 / 65535 and rounded; of 16-bit
    colours Pillow keeps the high byte, which differs from that by one grey level at most.
    Raises PictureError naming the file and what is wrong with it.
    """
    return _decoded(file, _on_paper)


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

    Returns (H, W, 4) uint8 RGBA where the file has transparency, else (H, W, 3) uint8 RGB. Raises
    PictureError as `read_picture` does.
    """
    return _decoded(file, _as_drawn)


def _decoded(file: Path, use: Callable[["Image.Image", Path], np.ndarray]) -> np.ndarray:
    """Open a still picture, upright, and return what `use` makes of it."""
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        # MAX_PIXELS refuses what Pillow warns of, and damaged metadata does not spoil a picture.
        warnings.simplefilter("ignore")
        try:
            with (
                file.open("rb") as stream,
                Image.open(stream, formats=_formats(stream, file)) as opened,
            ):
                _require_still(opened, file)
                return use(to_srgb(ImageOps.exif_transpose(opened)), file)
        except PictureError:
            raise
        except FileNotFoundError as error:
            raise PictureError(f"{file} does not exist. Expected a picture file.") from error
        except Image.UnidentifiedImageError as error:
            raise PictureError(
                f"{file}: expected a picture ({', '.join(FORMATS)}), received something else."
            ) from error
        except Image.DecompressionBombError as error:
            raise PictureError(f"{file}: {_too_large('more')}") from error
        except MemoryError as error:
            raise PictureError(
                f"{file}: expected a picture that fits into memory. Scale it down first."
            ) from error
        except Exception as error:  # decoders raise anything, struct.error included
            if isinstance(error, OSError) and error.errno is not None:  # the system's, not Pillow's
                raise PictureError(f"{file}: cannot be read: {error.strerror}") from error
            raise PictureError(f"{file}: damaged or truncated: {error}") from error


def _formats(stream: BinaryIO, file: Path) -> tuple[str, ...]:
    """Return the formats that a file may have: HEIC's reader is loaded for its files alone."""
    start = stream.read(12)
    stream.seek(0)
    if start[4:8] != b"ftyp" or start[8:] not in _HEIC_BRANDS:
        return FORMATS
    try:
        import pillow_heif
    except ImportError as error:
        raise PictureError(
            f"{file}: expected a picture ({', '.join(FORMATS)}), received HEIC, which needs one "
            "package more: pip install '.[heic]'. Or save the picture as JPEG or PNG."
        ) from error
    pillow_heif.register_heif_opener()
    return (*FORMATS, HEIF)


def read_lineart(file: Path) -> np.ndarray:
    """Read a line drawing, dark on light or transparent paper.

    Returns (H, W) uint8, paper 255, ink 0. Raises PictureError as `read_picture` does.
    """
    return to_grey(read_picture(file))


def to_grey(picture: np.ndarray) -> np.ndarray:
    """Return the luma of ITU-R BT.601: (H, W, 3) uint8 RGB -> (H, W) uint8."""
    import cv2

    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)


def fit_square(picture: np.ndarray, size: int) -> np.ndarray:
    """Centre a picture on a square of paper and scale that to `size`: never squashed, never cut.

    picture: (H, W) or (H, W, 3) uint8. Returns (size, size) or (size, size, 3) uint8.
    """
    import cv2

    white = (PAPER,) * 4
    square = cv2.copyMakeBorder(picture, *_margins(picture), cv2.BORDER_CONSTANT, value=white)
    return _scale(square, size)


def fit_square_extended(picture: np.ndarray, size: int) -> np.ndarray:
    """Do as `fit_square`, but repeat the picture's edge in place of paper.

    For line extraction, which would take the border between picture and paper for a line.
    """
    import cv2

    return _scale(cv2.copyMakeBorder(picture, *_margins(picture), cv2.BORDER_REPLICATE), size)


def _margins(picture: np.ndarray) -> tuple[int, int, int, int]:
    """Return top, bottom, left, right: what a picture lacks to be square."""
    height, width = picture.shape[:2]
    down, right = max(width - height, 0), max(height - width, 0)
    return down // 2, down - down // 2, right // 2, right - right // 2


def _scale(square: np.ndarray, size: int) -> np.ndarray:
    import cv2

    if len(square) == size:
        return square
    # Averaging over areas keeps thin lines; where a picture grows there is nothing to average.
    method = cv2.INTER_AREA if len(square) > size else cv2.INTER_LINEAR
    return cv2.resize(square, (size, size), interpolation=method)


def _require_still(image: "Image.Image", file: Path) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise PictureError(f"{file}: {_too_large(f'{width} x {height}')}")
    frames = getattr(image, "n_frames", 1)
    # A phone's MPO photograph carries its preview as a second frame.
    if frames > 1 and image.format != "MPO":
        raise PictureError(
            f"{file}: expected one still picture, received {image.format} with {frames} frames. "
            "Save the frame that you want as PNG."
        )


def _too_large(received: str) -> str:
    return f"expected at most {MAX_PIXELS:,} pixels, received {received}. Scale it down first."


def _on_paper(image: "Image.Image", file: Path) -> np.ndarray:
    if _is_deep_grey(image):
        return _deep_grey_on_paper(image)
    if image.mode in ("I", "F"):
        raise PictureError(
            f"{file}: expected 8 or 16 bits per channel, received 32-bit values, whose range "
            "the file does not state. Save it as 8-bit PNG."
        )
    if is_transparent(image):
        rgba = np.asarray(image.convert("RGBA"), np.uint16)
        alpha = rgba[..., 3:]
        mixed = rgba[..., :3] * alpha + PAPER * (255 - alpha)  # at most 255 * 255: fits 16 bits
        return ((mixed.astype(np.uint32) + 127) // 255).astype(np.uint8)
    return np.array(image.convert("RGB"))


def _as_drawn(image: "Image.Image", file: Path) -> np.ndarray:
    """Return RGBA of what is transparent, else RGB."""
    if is_transparent(image) and not _is_deep_grey(image):
        return np.array(image.convert("RGBA"))
    return _on_paper(image, file)


def _with_transparency(image: "Image.Image", file: Path) -> np.ndarray:
    """Return RGBA."""
    if not is_transparent(image):
        raise PictureError(
            f"{file}: expected a picture with transparency, colour only where a hint is, received "
            f"one without ({image.mode}). Paint the hints on an empty layer, and save that as PNG."
        )
    return np.array(image.convert("RGBA"))


def _is_deep_grey(image: "Image.Image") -> bool:
    return image.mode.startswith("I;16") or (image.mode == "I" and image.format in ("PNG", "PPM"))


def _deep_grey_on_paper(image: "Image.Image") -> np.ndarray:
    """Scale 16-bit grey; Pillow's own conversion would clip every value at 255."""
    deep = np.asarray(image).astype(np.uint32)
    grey = ((deep * 255 + 32767) // 65535).astype(np.uint8)
    if "transparency" in image.info:
        grey[deep == image.info["transparency"]] = PAPER
    return np.repeat(grey[..., np.newaxis], 3, axis=-1)
