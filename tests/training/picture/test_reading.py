import errno
import io
import struct
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from training.errors import PictureError
from training.picture.decoding.formats import MAX_PIXELS
from training.picture.reading import read_picture

RED, BLUE = (255, 0, 0), (0, 0, 255)


def save(path, image, **options):
    image.save(path, **options)
    return path


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*, width, height, depth, color_type, rows, extra=b""):
    """A PNG file written by hand: Pillow cannot write 16-bit colour."""
    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + extra
        + png_chunk(b"IDAT", data)
        + png_chunk(b"IEND", b"")
    )


def test_rgb_comes_back_as_it_is(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    read = read_picture(save(tmp_path / "a.png", Image.fromarray(pixels)))
    np.testing.assert_array_equal(read, pixels)
    assert read.dtype == np.uint8
    read[0, 0] = 0  # callers may write into it


def test_transparency_is_laid_on_paper(tmp_path):
    pixels = np.zeros((1, 3, 4), np.uint8)
    pixels[0, :, :3] = RED
    pixels[0, :, 3] = (0, 51, 255)
    read = read_picture(save(tmp_path / "a.png", Image.fromarray(pixels, "RGBA")))
    # 51 / 255 = 0.2: 0.2 * red + 0.8 * white.
    np.testing.assert_array_equal(read[0], [(255, 255, 255), (255, 204, 204), RED])


@given(color=st.integers(0, 255), alpha=st.integers(0, 255))
def test_compositing_is_rounded_exactly(tmp_path_factory, color, alpha):
    path = tmp_path_factory.mktemp("alpha") / "a.png"
    read = read_picture(save(path, Image.new("RGBA", (1, 1), (color, color, color, alpha))))
    exact = (color * alpha + 255 * (255 - alpha)) / 255
    assert abs(int(read[0, 0, 0]) - exact) <= 0.5


@pytest.mark.parametrize("mode", ["LA", "P", "1", "L"])
def test_grey_palette_and_bilevel_pictures_keep_black_and_transparent_apart(tmp_path, mode):
    drawing = Image.new("RGBA", (4, 1), (0, 0, 0, 0))
    drawing.putpixel((0, 0), (0, 0, 0, 255))
    if mode in ("1", "L"):  # no transparency: the paper is painted
        drawing = Image.alpha_composite(Image.new("RGBA", (4, 1), "white"), drawing)
    read = read_picture(save(tmp_path / "a.png", drawing.convert(mode)))
    np.testing.assert_array_equal(read[0, :, 0], [0, 255, 255, 255])
    assert read.shape == (1, 4, 3)


def test_a_transparent_palette_entry_becomes_paper(tmp_path):
    image = Image.new("P", (2, 1))
    image.putpalette([*RED, *BLUE])
    image.putpixel((1, 0), 1)
    read = read_picture(save(tmp_path / "a.gif", image, transparency=0))
    np.testing.assert_array_equal(read[0], [(255, 255, 255), BLUE])


def test_a_transparent_key_colour_becomes_paper(tmp_path):
    image = Image.new("RGB", (2, 1), RED)
    image.putpixel((1, 0), BLUE)
    read = read_picture(save(tmp_path / "a.png", image, transparency=RED))
    np.testing.assert_array_equal(read[0], [(255, 255, 255), BLUE])


@pytest.mark.parametrize(
    ("deep", "shallow"), [(0, 0), (128, 0), (129, 1), (32768, 128), (65535, 255)]
)
def test_16_bit_grey_is_scaled_not_clipped(tmp_path, deep, shallow):
    # 65535 / 255 = 257: 128 / 257 rounds to 0, 129 / 257 to 1.
    image = Image.fromarray(np.full((2, 3), deep, np.uint16))
    for suffix in ("png", "tiff"):
        read = read_picture(save(tmp_path / f"a.{suffix}", image))
        np.testing.assert_array_equal(read, np.full((2, 3, 3), shallow, np.uint8))


def test_16_bit_grey_with_a_transparent_value(tmp_path):
    data = png(
        width=2,
        height=1,
        depth=16,
        color_type=0,
        rows=[struct.pack(">HH", 0, 1000)],
        extra=png_chunk(b"tRNS", struct.pack(">H", 1000)),
    )
    (tmp_path / "a.png").write_bytes(data)
    np.testing.assert_array_equal(read_picture(tmp_path / "a.png")[0, :, 0], [0, 255])


def test_16_bit_colour_is_scaled_not_clipped(tmp_path):
    row = struct.pack(">6H", 65535, 32896, 0, 257, 514, 65278)  # 257 * (255, 128, 0, 1, 2, 254)
    data = png(width=2, height=1, depth=16, color_type=2, rows=[row])
    (tmp_path / "a.png").write_bytes(data)
    np.testing.assert_array_equal(read_picture(tmp_path / "a.png")[0], [(255, 128, 0), (1, 2, 254)])


@given(st.lists(st.integers(0, 65535), min_size=3, max_size=3))
def test_16_bit_colour_is_within_a_grey_level_of_exact(tmp_path_factory, deep):
    path = tmp_path_factory.mktemp("deep") / "a.png"
    path.write_bytes(
        png(width=1, height=1, depth=16, color_type=2, rows=[struct.pack(">3H", *deep)])
    )
    exact = np.array(deep) / 257  # 65535 / 255
    assert np.abs(read_picture(path)[0, 0] - exact).max() < 1


def test_16_bit_colour_with_transparency(tmp_path):
    row = struct.pack(">8H", 65535, 0, 0, 65535, 65535, 0, 0, 0)
    data = png(width=2, height=1, depth=16, color_type=6, rows=[row])
    (tmp_path / "a.png").write_bytes(data)
    np.testing.assert_array_equal(read_picture(tmp_path / "a.png")[0], [RED, (255, 255, 255)])


def test_32_bit_pictures_are_refused_by_name(tmp_path):
    for name, dtype in (("int", np.int32), ("float", np.float32)):
        path = save(tmp_path / f"{name}.tiff", Image.fromarray(np.ones((2, 2), dtype)))
        with pytest.raises(PictureError, match=rf"{name}\.tiff: expected 8 or 16 bits"):
            read_picture(path)


def test_cmyk_prints_the_right_colours(tmp_path):
    # Cyan and magenta inks at full strength: blue. JPEG's own loss is a few grey levels.
    image = Image.new("CMYK", (16, 16), (255, 255, 0, 0))
    for suffix in ("jpg", "tiff"):
        read = read_picture(save(tmp_path / f"a.{suffix}", image))
        np.testing.assert_allclose(read[8, 8].astype(int), BLUE, atol=4)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_is_applied(tmp_path, orientation):
    upright = np.full((16, 32, 3), 255, np.uint8)
    upright[:8, :8] = RED
    # EXIF 2.3, table of Orientation: what has been done to the stored picture.
    stored = {
        1: lambda a: a,
        2: np.fliplr,
        3: lambda a: np.rot90(a, 2),
        4: np.flipud,
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: np.rot90(a.transpose(1, 0, 2), 2),
        8: lambda a: np.rot90(a, -1),
    }[orientation](upright)
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.fromarray(np.ascontiguousarray(stored))
    read = read_picture(save(tmp_path / "a.png", image, exif=exif))
    np.testing.assert_array_equal(read, upright)


@pytest.mark.parametrize("suffix", ["gif", "png", "webp", "tiff"])
def test_animated_files_are_refused_by_name(tmp_path, suffix):
    frames = [Image.new("RGB", (4, 4), color) for color in (RED, BLUE)]
    # A lossy WebP holds a red one level off.
    whole = {"lossless": True} if suffix == "webp" else {}
    both = {"save_all": True, "append_images": frames[1:]}
    path = save(tmp_path / f"two.{suffix}", frames[0], **both, **whole)
    with pytest.raises(PictureError, match=rf"two\.{suffix}: .*one still picture.*2 frames"):
        read_picture(path)
    np.testing.assert_array_equal(read_picture(path, first_of_several=True)[0, 0], RED)


def test_a_decompression_bomb_is_refused_unread(tmp_path):
    side = int(MAX_PIXELS["PNG"] ** 0.5) + 1
    bomb = png(width=side, height=side, depth=8, color_type=2, rows=[b""])
    (tmp_path / "bomb.png").write_bytes(bomb)
    with pytest.raises(PictureError, match=r"bomb\.png: expected at most 100,000,000 pixels"):
        read_picture(tmp_path / "bomb.png")


def test_a_bomb_that_pillow_itself_refuses_is_refused_too(tmp_path):
    (tmp_path / "bomb.png").write_bytes(
        png(width=60_000, height=60_000, depth=8, color_type=2, rows=[b""])
    )
    with pytest.raises(PictureError, match=r"bomb\.png: expected at most 100,000,000 pixels"):
        read_picture(tmp_path / "bomb.png")


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "gif", "bmp", "tiff"])
def test_a_file_cut_anywhere_is_a_picture_error_or_a_picture(tmp_path, suffix):
    noise = np.random.default_rng(0).integers(0, 256, (24, 24, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, {"jpg": "JPEG", "tiff": "TIFF"}.get(suffix, suffix))
    whole = buffer.getvalue()
    path = tmp_path / f"cut.{suffix}"
    refused = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for end in range(0, len(whole), max(1, len(whole) // 60)):
            path.write_bytes(whole[:end])
            try:
                read_picture(path)
            except PictureError as error:
                assert path.name in str(error)
                refused += 1
    assert refused >= 50, "nearly all of the 60 cuts lose pixels"


@pytest.mark.parametrize("content", [b"", b"hello", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"<svg/>"])
def test_what_is_no_picture_is_refused_by_name(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(PictureError, match=r"a\.png: expected a picture \(PNG, JPEG"):
        read_picture(tmp_path / "a.png")


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(PictureError, match=r"none\.png does not exist"):
        read_picture(tmp_path / "none.png")


def test_a_folder_is_not_called_damaged(tmp_path):
    (tmp_path / "a.png").mkdir()
    with pytest.raises(PictureError, match=r"a\.png: cannot be read: Is a directory"):
        read_picture(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (OSError(errno.EIO, "Input/output error"), "cannot be read: Input/output error"),
        (OSError("image file is truncated"), "damaged or truncated: image file is truncated"),
        (MemoryError(), "fits into memory"),
    ],
    ids=["the disk's", "Pillow's", "no memory"],
)
def test_a_failing_disk_is_told_from_a_failing_file(tmp_path, monkeypatch, raised, said):
    path = save(tmp_path / "a.png", Image.new("RGB", (4, 4)))

    def fail(image, *, in_place):
        raise raised

    monkeypatch.setattr("PIL.ImageOps.exif_transpose", fail)
    with pytest.raises(PictureError, match=rf"a\.png: .*{said}"):
        read_picture(path)
