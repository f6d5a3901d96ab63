"""The picture formats that are read: known by their first bytes, with a bound for each.

What a file claims is bounded before anything is decoded. Decoding one picture, and laying it out
as (H, W, 3) uint8 beside it, stays below 1.2 GB: see MAX_PIXELS.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from training.errors import PictureError
from training.terminal.typed import install_command

if TYPE_CHECKING:
    from PIL import Image

HEIF = "HEIF"  # pillow-heif's name for HEIC and its like
# Named, because Pillow also opens formats that start other programs (EPS starts Ghostscript).
# Each with its largest number of pixels. Decoded by Pillow a pixel takes up to 4 bytes, as many
# again while the picture is turned upright or its decoder holds a copy, and 3 as RGB. WebP, AVIF
# and HEIC are decoded whole into several buffers, PPM by way of Python's own integers.
MAX_PIXELS = {
    "PNG": 100_000_000,
    "JPEG": 100_000_000,
    "WEBP": 60_000_000,
    "AVIF": 60_000_000,
    "BMP": 100_000_000,
    "TIFF": 100_000_000,
    "GIF": 100_000_000,
    "PPM": 60_000_000,
    HEIF: 60_000_000,
}
FORMATS = tuple(name for name in MAX_PIXELS if name != HEIF)
MAX_SIDE = 10_000_000  # Pillow keeps 8 bytes for each row, however short
MAX_FILE_BYTES = 400_000_000  # the largest picture, uncompressed with transparency
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",  # BigTIFF
    b"MM\0+": "TIFF",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    **{b"P" + kind: "PPM" for kind in (b"1", b"2", b"3", b"4", b"5", b"6", b"f")},
}
# ISO/IEC 23008-12: the file begins with a box `ftyp`, and these are brands of HEVC in it.
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")


def formats_of(stream: BinaryIO, file: Path) -> tuple[str, ...]:
    """Return the formats that a file may have by its first bytes: nearly always one.

    Raises PictureError for what is none of FORMATS, for HEIC without its reader, which is loaded
    for its files alone, and for too large a file. Leaves the stream at its beginning.
    """
    start = stream.read(12)
    stream.seek(0)
    formats = _signed(start, file)
    if not formats:
        raise PictureError(
            f"{file}: expected a picture ({', '.join(FORMATS)}), received something else."
        )
    size = stream.seek(0, os.SEEK_END)  # a part of another file has no number of its own
    stream.seek(0)
    if size > MAX_FILE_BYTES:
        raise PictureError(
            f"{file}: expected a file of at most {MAX_FILE_BYTES:,} bytes, received {size:,}. "
            "Scale the picture down, or save it as PNG."
        )
    return formats


def require_small_enough(image: "Image.Image", file: Path) -> None:
    """Raise PictureError if a picture, opened and not yet decoded, has too many pixels."""
    width, height = image.size
    name = "JPEG" if image.format == "MPO" else image.format or "PNG"
    if width * height > MAX_PIXELS[name] or max(width, height) > MAX_SIDE:
        raise too_many_pixels(file, name, received=f"{width} x {height}")


def too_many_pixels(file: Path, format: str, *, received: str) -> PictureError:
    """Return the refusal of a picture that is too large."""
    return PictureError(
        f"{file}: expected at most {MAX_PIXELS[format]:,} pixels in a {format}, {MAX_SIDE:,} a "
        f"side, received {received}. Scale it down first."
    )


def _signed(start: bytes, file: Path) -> tuple[str, ...]:
    if start[:4] == b"RIFF" and start[8:] == b"WEBP":
        return ("WEBP",)
    if start[4:8] != b"ftyp":
        return tuple(name for signature, name in _SIGNATURES.items() if start.startswith(signature))
    if start[8:] not in _HEIC_BRANDS:
        return ("AVIF",)
    try:
        import pillow_heif
    except ImportError as error:
        raise PictureError(
            f"{file}: expected a picture ({', '.join(FORMATS)}), received HEIC, which needs one "
            f"package more: {install_command('heic')}. Or save the picture as JPEG or PNG."
        ) from error
    pillow_heif.register_heif_opener()
    return ("AVIF", HEIF)  # two brands are shared
