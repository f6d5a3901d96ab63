import struct
import zlib

import numpy as np
import pytest

from training.errors import PictureError
from training.picture.reading import read_picture


def read(tmp_path, data, name):
    (tmp_path / name).write_bytes(data)
    return read_picture(tmp_path / name)


def keyed_png(colors, key, *, size=None):
    """A PNG of 16-bit colours, one row of (W, 3), of which `key` is transparent."""

    def chunk(kind, data):
        length, end = struct.pack(">I", len(data)), struct.pack(">I", zlib.crc32(kind + data))
        return length + kind + data + end

    header = struct.pack(">IIBBBBB", *(size or (len(colors), 1)), 16, 2, 0, 0, 0)
    row = b"\0" + np.array(colors, ">u2").tobytes()
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"tRNS", struct.pack(">3H", *key))
        + chunk(b"IDAT", zlib.compress(row))
        + chunk(b"IEND", b"")
    )


def test_a_transparent_colour_of_16_bits_is_compared_in_all_of_them(tmp_path):
    data = keyed_png([(1000, 2000, 3000), (1001, 2000, 3000)], (1000, 2000, 3000))
    received = read(tmp_path, data, "a.png")
    np.testing.assert_array_equal(received[0], [(255, 255, 255), (1001 >> 8, 2000 >> 8, 3000 >> 8)])


def test_a_large_picture_of_16_bits_with_a_transparent_colour_is_refused_by_name(tmp_path):
    data = keyed_png([(1, 2, 3)], (1, 2, 3), size=(10_000, 7_000))
    with pytest.raises(PictureError, match="60,000,000 pixels in a PNG of 16-bit .* 10000 x 7000"):
        read(tmp_path, data, "a.png")


@pytest.mark.parametrize("most", [15, 300, 1023, 65535])
@pytest.mark.parametrize("kind", ["P2", "P5"])
def test_pgm_of_more_than_8_bits_is_scaled_by_what_it_says(tmp_path, kind, most):
    levels = np.linspace(0, most, 6).astype(int)
    binary = levels.astype(">u2" if most > 255 else np.uint8).tobytes()
    data = binary if kind == "P5" else " ".join(map(str, levels)).encode()
    received = read(tmp_path, f"{kind}\n6 1\n{most}\n".encode() + data, "a.pgm")
    np.testing.assert_allclose(received[0, :, 0], levels / most * 255, atol=0.51)


@pytest.mark.parametrize("most", [15, 1023])
def test_ppm_is_scaled_in_each_channel_and_not_filled_up_where_it_ends_early(tmp_path, most):
    colors = np.linspace(0, most, 600 * 3).astype(int)  # more rows than are read at once
    data = colors.astype(">u2" if most > 255 else np.uint8).tobytes()
    head = f"P6\n2 300\n{most}\n".encode()
    received = read(tmp_path, head + data, "a.ppm")
    np.testing.assert_allclose(received.ravel(), colors / most * 255, atol=0.51)
    with pytest.raises(PictureError, match="damaged or truncated: fewer pixels than its header"):
        read(tmp_path, head + data[:-1], "a.ppm")


def test_numbers_whose_range_nobody_knows_are_refused_by_name(tmp_path):
    data = b"Pf\n2 1\n-1.0\n" + struct.pack("<2f", 0.0, 1.0)
    with pytest.raises(PictureError, match=r"a\.pfm: .*32-bit values"):
        read(tmp_path, data, "a.pfm")
