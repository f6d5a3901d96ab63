"""Make a folder of pictures that harm whoever reads them, and of good ones that must survive.

Most are good pictures of other scenes, damaged at random; a few are large, and each of the others
is a kind of its own. Everything follows from a seed.
"""

import functools
import io
import os
import struct
import unicodedata
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

GOOD = "good"  # the names of good pictures begin so
FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP", "gif": "GIF", "bmp": "BMP", "tif": "TIFF",
           "ppm": "PPM", "avif": "AVIF"}  # fmt: skip
_SIGNATURES = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"RIFF\xff\xff\xff\x7fWEBPVP8 ", b"GIF89a", b"BM",
    b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"II+\0\x08\0\0\0", b"P5\n", b"P3\n", b"Pf\n",
    b"\0\0\0\x20ftypavif", b"\0\0\0\x18ftypheic",
)  # fmt: skip
_NO_PICTURES = (
    b"", b"\0", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"%PDF-1.7\n", b"<svg xmlns='http://www.w3.org/'/>",
    b"8BPS\0\1", b"PK\3\4", b"\x7fELF", b"#!/bin/sh\nexit 1\n", "見つからない".encode("sjis"),
)  # fmt: skip
_GIB = 1 << 30
_Draws = np.random.Generator


def make_folder(folder: Path, *, hostile: int, good: int, large: bool, seed: int = 0) -> None:
    """Write so many hostile and good pictures into a new folder.

    large: with the hostile ones that take seconds and hundreds of megabytes each. Those of a kind
    of their own come first, so that a few are enough to have each.
    """
    folder.mkdir(parents=True)
    draws = np.random.default_rng(seed)
    for number in range(good):
        _scene(draws).save(folder / f"{GOOD}-{number:03d}.png")
    kinds = [*_special(folder), *(_large(folder) if large else ())]
    for write in kinds[:hostile]:
        write()
    damages = (_cut, _flipped, _overwritten, _claimed, _random_tiff)
    for number in range(hostile - len(kinds)):
        suffix = list(FORMATS)[number % len(FORMATS)]
        data = damages[number // len(FORMATS) % len(damages)](suffix, draws)
        (folder / f"damaged-{number:04d}.{suffix}").write_bytes(data)


def _scene(draws: _Draws) -> Image.Image:
    """Coloured boxes with black outlines, each scene unlike the others."""
    height, width = (int(side) for side in draws.integers(90, 200, 2))
    picture = np.full((height, width, 3), 255, np.uint8)
    for _ in range(8):
        top, left = (int(draws.integers(0, side - 40)) for side in (height, width))
        high, wide = (int(side) for side in draws.integers(20, 60, 2))
        picture[top : top + high, left : left + wide] = 0
        picture[top + 2 : top + high - 2, left + 2 : left + wide - 2] = draws.integers(0, 255, 3)
    return Image.fromarray(picture)


def _encoded(suffix: str, draws: _Draws) -> bytearray:
    stream = io.BytesIO()
    _scene(draws).save(stream, FORMATS[suffix])
    return bytearray(stream.getvalue())


def _cut(suffix: str, draws: _Draws) -> bytes:
    data = _encoded(suffix, draws)
    return bytes(data[: int(draws.integers(1, len(data)))])


def _flipped(suffix: str, draws: _Draws) -> bytes:
    """Damage a few bytes, one of them in what is most likely the header."""
    data = _encoded(suffix, draws)
    places = [int(draws.integers(4, 60)), *draws.integers(4, len(data), int(draws.integers(1, 9)))]
    for place in places:
        data[place] = int(draws.integers(0, 256))
    return bytes(data)


def _overwritten(suffix: str, draws: _Draws) -> bytes:
    """Put a number that is extreme in some width over four bytes of the header."""
    data = _encoded(suffix, draws)
    values = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
    place = int(draws.integers(4, min(120, len(data) - 4)))
    data[place : place + 4] = struct.pack(draws.choice(["<I", ">I"]), int(draws.choice(values)))
    return bytes(data)


def _claimed(suffix: str, draws: _Draws) -> bytes:
    """Begin as a picture does, and go on at random, or as something else altogether."""
    if draws.random() < 0.3:
        return _NO_PICTURES[int(draws.integers(len(_NO_PICTURES)))]
    signature = _SIGNATURES[int(draws.integers(len(_SIGNATURES)))]
    return signature + draws.bytes(int(draws.integers(0, 4000)))


def _random_tiff(suffix: str, draws: _Draws) -> bytes:
    """Write a TIFF of a random kind: most are of none."""
    tags = {
        256: int(draws.choice([1, 64, 70_000])), 257: int(draws.choice([1, 64, 1 << 30])),
        258: int(draws.choice([1, 2, 8, 12, 16, 24, 32, 64])),
        259: int(draws.choice([1, 5, 7, 8, 32773, 34712, 50000])),
        262: int(draws.choice([0, 1, 2, 3, 4, 5, 6, 8, 32803, 34892])),
        273: int(draws.choice([8, 200, 0xFFFFFFF0])), 277: int(draws.choice([1, 2, 3, 4, 60_000])),
        278: int(draws.choice([0, 1, 64, 0xFFFFFFFF])), 279: int(draws.choice([0, 4096, 1 << 31])),
        284: int(draws.choice([1, 2, 3])), 339: int(draws.choice([1, 2, 3, 4, 9])),
    }  # fmt: skip
    counts = [int(draws.choice([1, 1, 1, 1, 1, 2, 0xFFFFFF])) for _ in tags]
    following = int(draws.choice([0, 8]))  # 8: the directory follows itself
    data = b"II*\0" + struct.pack("<IH", 8, len(tags))
    for (tag, value), count in zip(tags.items(), counts, strict=True):
        data += struct.pack("<HHII", tag, 4, count, value)
    return data + struct.pack("<I", following) + draws.bytes(5000)


def _special(folder: Path) -> list[Callable[[], object]]:
    """Return what writes one picture each of kinds that are quickly read or refused."""
    draws = np.random.default_rng(1)
    frames = [_scene(draws).resize((64, 64)) for _ in range(3)]
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "0" * (1 << 26), zip=True)
    accented = unicodedata.normalize("NFC", "pokémon")
    decomposed = unicodedata.normalize("NFD", accented)
    wide = _png(1_000_000, 1, depth=8, color_type=2, row=bytes(3_000_000))
    writers: list[Callable[[], object]] = [
        lambda: os.mkfifo(folder / "pipe.png"),
        lambda: (folder / "loop.png").symlink_to("loop.png"),
        lambda: (folder / "itself").symlink_to("."),
        lambda: (folder / "gone.png").symlink_to("nowhere"),
        lambda: _sparse(folder / "zeros.jpg", b"", 4 * _GIB),
        lambda: _sparse(folder / "zeros-after-jpeg.jpg", b"\xff\xd8\xff\xe0", 4 * _GIB),
        lambda: (folder / "strip-1000000x1.png").write_bytes(wide),
        lambda: _grey(1, 10_000_000).save(folder / "strip-1x10000000.png"),
        lambda: (folder / "bomb.png").write_bytes(_png(60_000, 60_000, depth=8, color_type=2)),
        lambda: (folder / "line.png").write_bytes(_png(1 << 30, 1, depth=1, color_type=0)),
        lambda: _scene(draws).save(folder / "text.png", pnginfo=text),
        lambda: _scene(draws).save(folder / "profile.png", icc_profile=bytes(1 << 22)),
        lambda: _scene(draws).convert("L").save(folder / "grey.png"),
        lambda: Image.new("RGB", (90, 90), "white").save(folder / "blank.png"),
        lambda: Image.new("RGB", (1, 1), "red").save(folder / "one-pixel.png"),
        lambda: Image.new("CMYK", (64, 64)).save(folder / "inks.tif"),
        lambda: Image.fromarray(np.eye(64, dtype=np.float32)).save(folder / "float.tif"),
        lambda: (folder / "maxval.ppm").write_bytes(b"P6\n64 64\n0\n" + bytes(3 * 64 * 64)),
        lambda: (folder / "comment.ppm").write_bytes(b"P3\n#" + b"x" * (1 << 18)),
        lambda: (folder / "=1+1.png").write_bytes(b"no picture"),
        lambda: (folder / "\x1b[31mred.png").write_bytes(b"no picture"),
        lambda: (folder / "two\nlines.png").write_bytes(b"no picture"),
        lambda: _scene(draws).save(folder / f"{accented}.png"),
        lambda: _scene(draws).save(folder / f"{decomposed}.png"),
        lambda: (folder / f"{'長' * 80}.png").write_bytes(b"no picture"),
        lambda: _write_latin(folder),
    ]
    for suffix in ("gif", "png", "webp", "tif"):
        path = folder / f"moving.{suffix}"
        writers.append(
            functools.partial(frames[0].save, path, save_all=True, append_images=frames[1:])
        )
    return writers


def _write_latin(folder: Path) -> None:
    """Write a file whose name is not UTF-8; some file systems take no such name."""
    with suppress(OSError):
        (folder / os.fsdecode(b"latin-\xe9.png")).write_bytes(b"no picture")


def _large(folder: Path) -> list[Callable[[], object]]:
    """Return what writes the pictures that take most memory or time of all that are read."""
    turned = Image.Exif()
    turned[0x0112] = 6  # EXIF 2.3: Orientation
    deep = np.array([[65535, 30000, 9000, 50000]], ">u2").repeat(10_000, axis=0).tobytes()
    return [
        lambda: (folder / "deep-10000.png").write_bytes(
            _png(10_000, 10_000, depth=16, color_type=6, row=deep)
        ),
        lambda: _boxes(30_000, 800).save(folder / "strip-30000x800.png", compress_level=1),
        lambda: _boxes(9_000, 11_000).save(
            folder / "turned.jpg", progressive=True, subsampling=0, exif=turned
        ),
        lambda: _boxes(7_000, 8_000).save(folder / "large.webp", quality=50, method=0),
        # Its reader looks for a marker byte by byte, for longer than a picture may take.
        lambda: _sparse(folder / "slow.jpg", b"\xff\xd8\xff\xe0", 390_000_000),
    ]


def _boxes(height: int, width: int) -> Image.Image:
    """Large boxes of one colour each, outlined."""
    picture = np.full((height, width, 3), 255, np.uint8)
    for number in range(1, 7):
        rows = slice(height * number // 8, height * (number + 1) // 8 - height // 40)
        picture[rows, width // 8 : -width // 8] = 0
        inner = slice(rows.start + height // 90, rows.stop - height // 90)
        picture[inner, width // 7 : -width // 7] = (40 * number, 255 - 35 * number, 90)
    return Image.fromarray(picture)


def _grey(width: int, height: int) -> Image.Image:
    return Image.new("L", (width, height), 128)


def _png(
    width: int, height: int, *, depth: int, color_type: int, row: bytes | None = None
) -> bytes:
    """Write a PNG of one row again and again, or of none."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, 0)
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(b"\0" + row) for _ in range(height)) if row else b""
    data = packed + packer.flush()
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def _sparse(path: Path, start: bytes, size: int) -> None:
    """Write a file that is zeros after its start, and takes no room on most disks."""
    with path.open("wb") as stream:
        stream.write(start)
        stream.truncate(size)
