"""What the header of a PNG or TIFF says of its samples, where decoding alone would mistake them.

Pillow leaves some of it unsaid or gets it wrong: how many of 16 bits a sample uses, whether 0 is
white, the transparent grey of a few bits, planes one after the other. What it gets wrong is
refused, by its name.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from training.errors import PictureError

if TYPE_CHECKING:
    from PIL import Image

# TIFF 6.0, section 8 and the sections that it names.
_PHOTOMETRIC = {
    -1: "no photometric interpretation",
    0: "WhiteIsZero",
    1: "BlackIsZero",
    2: "RGB",
    3: "palette",
    4: "transparency mask",
    5: "CMYK",
    6: "YCbCr",
    8: "CIE L*a*b*",
    9: "ICC L*a*b*",
    32803: "colour filter array",
    34892: "linear raw",
}
_OWN_SAMPLES = {0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3}  # of a pixel, without its extra samples
_MOST_SAMPLES = 6  # that Pillow takes
_BITS = {0: (1, 2, 4, 8, 12, 16), 1: (1, 2, 4, 8, 12, 16), 3: (1, 2, 4, 8), 6: (8,)}
_BITS_OF_COLORS = (8, 16)
_SAMPLE_FORMAT = {1: "unsigned", 2: "signed", 3: "floating-point"}
_UNSAID = -1
_UNCOMPRESSED, _JPEG = 1, (6, 7)
_UNSPECIFIED, _PREMULTIPLIED, _ALPHA = 0, 1, 2  # kinds of extra samples


@dataclass(frozen=True, kw_only=True)
class Samples:
    """How the samples of a picture are to be read."""

    most: int = 65535  # value of full light in grey of more than 8 bits
    white_is_zero: bool = False  # in grey of more than 8 bits: Pillow inverts the others itself
    bits: int = 8


def read_samples(stream: BinaryIO, file: Path, *, format: str) -> Samples:
    """Read what the header says. Leaves the stream at its beginning.

    Raises PictureError for a TIFF of a kind that is not read right, and names that kind.
    """
    try:
        if format == "TIFF":
            return _of_tiff(_tiff_tags(stream), file)
        if format == "PNG":
            # PNG, 11.2.1: the signature, a length, IHDR, width, height, bit depth.
            return Samples(bits=(stream.read(25) or b"\0")[-1])
        return Samples()
    finally:
        stream.seek(0)


def key_in_eight_bits(image: "Image.Image", samples: Samples) -> None:
    """Bring the transparent grey of a PNG to the scale that Pillow has brought its pixels to.

    PNG, 11.3.1.1: the value stands in as many bits as a sample, and the bits above count nothing.
    """
    key = image.info.get("transparency")
    if image.format != "PNG" or image.mode not in ("L", "RGB") or isinstance(key, bytes):
        return
    if isinstance(key, int):
        most = 2 ** min(samples.bits, 8) - 1
        image.info["transparency"] = (key & most) * 255 // most
    elif key is not None and samples.bits == 8:
        image.info["transparency"] = tuple(value & 255 for value in key)


def _tiff_tags(stream: BinaryIO) -> dict[int, Any]:
    """Return the tags of the first directory."""
    from PIL import TiffImagePlugin

    header = stream.read(8)
    if 43 in header[2:4]:  # BigTIFF
        header += stream.read(8)
    directory = TiffImagePlugin.ImageFileDirectory_v2(header)
    stream.seek(directory.next)
    directory.load(stream)
    return dict(directory)


def _of_tiff(tags: dict[int, Any], file: Path) -> Samples:
    from PIL.TiffImagePlugin import (
        BITSPERSAMPLE,
        COMPRESSION,
        EXTRASAMPLES,
        PHOTOMETRIC_INTERPRETATION,
        PLANAR_CONFIGURATION,
        SAMPLEFORMAT,
        SAMPLESPERPIXEL,
    )

    compression = tags.get(COMPRESSION, _UNCOMPRESSED)
    photometric = int(tags.get(PHOTOMETRIC_INTERPRETATION, _UNSAID))
    samples = tags.get(SAMPLESPERPIXEL, 1)
    all_bits, formats = set(tags.get(BITSPERSAMPLE, (1,))), set(tags.get(SAMPLEFORMAT, (1,)))
    extra = tuple(tags.get(EXTRASAMPLES, ()))
    planes = tags.get(PLANAR_CONFIGURATION, 1) == 2 and samples > 1
    bits = max(all_bits)
    readable = (
        len(all_bits) == 1
        and formats == {1}
        and bits in _BITS.get(photometric, _BITS_OF_COLORS)
        and _OWN_SAMPLES.get(photometric, samples + 1) <= samples <= _MOST_SAMPLES
        and (photometric != 6 or compression in _JPEG)
        and (not planes or _planes_are_read(photometric, samples, bits, extra, compression))
    )
    if not readable:
        kind = ", ".join(
            (
                f"{samples} sample{'s' * (samples > 1)} of "
                f"{' and '.join(str(bits) for bits in sorted(all_bits))} bits",
                " and ".join(_SAMPLE_FORMAT.get(f, f"sample format {f}") for f in sorted(formats)),
                _PHOTOMETRIC.get(photometric, f"photometric interpretation {photometric}"),
                *(("each in a plane of its own",) if planes else ()),
                *((f"extra samples {extra}",) if extra else ()),
                f"compression {compression}",
            )
        )
        raise PictureError(
            f"{file}: expected 8 or 16 bits per channel, unsigned, in grey, RGB, CMYK or a "
            f"palette, received a TIFF of {kind}. Save it as PNG."
        )
    return Samples(most=2**bits - 1, white_is_zero=photometric == 0, bits=bits)


def _planes_are_read(
    photometric: int, samples: int, bits: int, extra: tuple[int, ...], compression: int
) -> bool:
    """Tell whether Pillow 13 reads planes right, as comparing each combination has shown."""
    if len(extra) != samples - _OWN_SAMPLES[photometric] or _PREMULTIPLIED in extra:
        return False
    if photometric in (0, 1) and _ALPHA in extra:
        return False
    return compression != _UNCOMPRESSED or (bits == 8 and _UNSPECIFIED not in extra)
