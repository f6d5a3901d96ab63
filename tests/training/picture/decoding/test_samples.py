import struct
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image

from training.errors import PictureError
from training.picture.reading import read_drawing, read_picture

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK, YCBCR, LAB = 0, 1, 2, 3, 5, 6, 8
RAW, DEFLATE = 1, 8
# 16 bits of colour keep their high byte: below one level of 255.
HIGH_BYTE = 1


def packed(rows, bits, order):
    """Samples, (H, n), as a strip of TIFF: each row begins with a byte of its own."""
    if bits >= 8 and bits != 12:
        return rows.astype(f"{order}u{bits // 8}").tobytes()
    rows = ["".join(f"{value:0{bits}b}" for value in row) for row in rows]
    return b"".join(
        int(row.ljust(-(-len(row) // 8) * 8, "0"), 2).to_bytes(-(-len(row) // 8), "big")
        for row in rows
    )


def tiff(
    pixels,
    *,
    bits,
    photometric,
    order="<",
    planes=False,
    extra=(),
    compression=RAW,
    sample_format=1,
    omit=(),
    samples=None,
):
    """A TIFF file written by hand, by TIFF 6.0: no library writes all of these."""
    height, width, channels = pixels.shape
    parts = np.moveaxis(pixels, -1, 0) if planes else [pixels.reshape(height, -1)]
    strips = [packed(part, bits, order) for part in parts]
    strips = [zlib.compress(strip) for strip in strips] if compression == DEFLATE else strips
    tags = {
        256: [width],
        257: [height],
        258: [bits] * channels,
        259: [compression],
        262: [photometric],
        273: [0] * len(strips),
        277: [samples or channels],
        278: [height],
        279: [len(s) for s in strips],
        284: [1 + planes],
        339: [sample_format] * channels,
    }
    if extra:
        tags[338] = list(extra)
    if photometric == PALETTE:
        tags[320] = list(np.linspace(0, 65535, 2**bits).astype(int)) * 3  # a grey ramp
    tags = {tag: values for tag, values in sorted(tags.items()) if tag not in omit}
    at = 8 + 2 + 12 * len(tags) + 4
    where = {}
    for tag, values in tags.items():
        if len(values) > 1:
            where[tag] = at
            at += 4 * len(values)
    tags[273] = [at + sum(len(strip) for strip in strips[:n]) for n in range(len(strips))]
    file = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}IH", 8, len(tags))
    for tag, values in tags.items():  # all of them LONG but the colour map
        kind = 3 if tag == 320 else 4
        file += struct.pack(f"{order}HHII", tag, kind, len(values), where.get(tag, values[0]))
    file += bytes(4)
    for tag in where:
        kind = "H" if tag == 320 else "I"
        file += struct.pack(f"{order}{len(tags[tag])}{kind}", *tags[tag]).ljust(4 * len(tags[tag]))
    return file + b"".join(strips)


def samples_of(bits, samples):
    return np.random.default_rng(bits).integers(0, 2**bits, (3, 5, samples))


def read(tmp_path, data, name="a.tif"):
    (tmp_path / name).write_bytes(data)
    return read_picture(tmp_path / name)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compression", [RAW, DEFLATE])
@pytest.mark.parametrize("bits", [1, 2, 4, 8, 12, 16])
@pytest.mark.parametrize("photometric", [WHITE_IS_ZERO, BLACK_IS_ZERO])
def test_grey_tiff_is_read_as_it_says_or_refused(tmp_path, photometric, bits, compression, order):
    pixels = samples_of(bits, 1)
    data = tiff(pixels, bits=bits, photometric=photometric, order=order, compression=compression)
    expected = np.round(pixels[..., 0] / (2**bits - 1) * 255)
    expected = 255 - expected if photometric == WHITE_IS_ZERO else expected
    try:
        received = read(tmp_path, data)
    except PictureError as error:
        # What Pillow has no mode for.
        assert (bits, order) in ((12, ">"), (16, ">"), (12, "<"))
        assert photometric == WHITE_IS_ZERO or bits == 12
        assert "unknown pixel mode" in str(error)
        return
    np.testing.assert_allclose(received, np.repeat(expected[..., None], 3, -1), atol=1)
    if bits in (8, 16):
        np.testing.assert_array_equal(received[..., 0], expected)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compression", [RAW, DEFLATE])
@pytest.mark.parametrize("planes", [False, True])
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize(
    ("photometric", "extra"),
    [(RGB, ()), (RGB, (0,)), (RGB, (2,)), (CMYK, ()), (BLACK_IS_ZERO, (2,))],
)
def test_colours_are_read_as_they_are_or_refused_by_name(
    tmp_path, photometric, extra, bits, planes, compression, order
):
    own = {RGB: 3, CMYK: 4, BLACK_IS_ZERO: 1}[photometric]
    pixels = samples_of(bits, own + len(extra))
    data = tiff(
        pixels,
        bits=bits,
        photometric=photometric,
        order=order,
        planes=planes,
        extra=extra,
        compression=compression,
    )
    (tmp_path / "a.tif").write_bytes(data)
    try:
        received = read_drawing(tmp_path / "a.tif").astype(int)
    except PictureError as error:
        told = "each in a plane of its own" in str(error) or "unknown pixel mode" in str(error)
        assert told and f"{tmp_path / 'a.tif'}: expected" in str(error)
        # RGB of 8 bits, the most common kind in planes, and all that is not in planes, is read.
        assert planes or (photometric, bits) == (BLACK_IS_ZERO, 16)
        assert (photometric, extra, bits) != (RGB, (), 8)
        return
    exact = pixels / (2**bits - 1) * 255
    if photometric == CMYK:
        exact = (255 - exact[..., :3]) * (255 - exact[..., 3:]) / 255
        np.testing.assert_allclose(received, exact, atol=2 * HIGH_BYTE)
    else:
        if photometric == BLACK_IS_ZERO:
            exact = exact[..., [0, 0, 0, 1]]
        np.testing.assert_allclose(received, exact[..., : received.shape[-1]], atol=HIGH_BYTE)
        assert received.shape[-1] == 3 + (2 in extra)


def test_a_palette_is_read_in_every_depth(tmp_path):
    for bits in (1, 2, 4, 8):
        pixels = samples_of(bits, 1)
        received = read(tmp_path, tiff(pixels, bits=bits, photometric=PALETTE))
        np.testing.assert_allclose(received[..., :1], pixels / (2**bits - 1) * 255, atol=1)


def test_what_tifffile_writes_is_what_is_read(tmp_path):
    deep = np.arange(35, dtype=np.uint16).reshape(5, 7) * 1800
    for photometric, expected in (("minisblack", deep), ("miniswhite", 65535 - deep.astype(int))):
        tifffile.imwrite(tmp_path / "a.tif", deep, photometric=photometric)
        assert np.array_equal(tifffile.imread(tmp_path / "a.tif"), deep)
        received = read_picture(tmp_path / "a.tif")[..., 0]
        np.testing.assert_array_equal(received, (expected.astype(int) * 255 + 32767) // 65535)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"photometric": LAB, "bits": 8}, r"3 samples of 8 bits, unsigned, CIE L\*a\*b\*"),
        ({"photometric": YCBCR, "bits": 8}, "YCbCr, compression 1"),
        ({"photometric": RGB, "bits": 32}, "3 samples of 32 bits"),
        ({"photometric": RGB, "bits": 16, "sample_format": 2}, "16 bits, signed, RGB"),
        ({"photometric": RGB, "bits": 16, "planes": True}, "RGB, each in a plane of its own"),
        ({"photometric": 32803, "bits": 16}, "colour filter array"),
        ({"photometric": RGB, "bits": 8, "samples": 60_000}, "60000 samples of 8 bits"),
        ({"photometric": 77, "bits": 8}, "photometric interpretation 77"),
        ({"photometric": RGB, "bits": 8, "omit": (262,)}, "no photometric interpretation"),
    ],
)
def test_what_is_not_read_right_is_refused_by_its_name(tmp_path, changes, said):
    pixels = samples_of(8, 3)
    with pytest.raises(PictureError, match=rf"expected 8 or 16 bits .* a TIFF of .*{said}.*as PNG"):
        read(tmp_path, tiff(pixels, **changes))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, depth, color_type, row, key):
    header = struct.pack(">IIBBBBB", width, 1, depth, color_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"tRNS", struct.pack(f">{len(key)}H", *key))
        + chunk(b"IDAT", zlib.compress(b"\0" + row))
        + chunk(b"IEND", b"")
    )


# Of 1 bit Pillow tells no more of the key than whether it is 0.
@pytest.mark.parametrize(
    ("depth", "above"), [(1, 0), (2, 0), (4, 0), (8, 0), (2, 1), (4, 1), (8, 1)]
)
def test_the_transparent_grey_of_few_bits_becomes_paper(tmp_path, depth, above):
    levels = np.arange(2**depth)
    row = packed(levels[None], depth, ">")
    for key in {0, 2**depth // 2}:  # bits above those of a sample count nothing
        received = read(
            tmp_path, png(len(levels), depth, 0, row, [key + above * 2**depth]), "a.png"
        )
        expected = levels * 255 // (2**depth - 1)
        np.testing.assert_array_equal(received[0, :, 0], np.where(levels == key, 255, expected))


def test_a_header_that_says_otherwise_is_told_in_the_decoder_s_words(tmp_path):
    Image.new("RGB", (16, 16)).save(tmp_path / "a.jpg")
    data = bytearray((tmp_path / "a.jpg").read_bytes())
    data[data.index(b"\xff\xc0") + 4] = 12
    with pytest.raises(PictureError, match=r"a whole JPEG.*\(cannot handle 12-bit layers\)"):
        read(tmp_path, bytes(data), "a.jpg")
