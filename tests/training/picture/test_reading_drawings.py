import sys

import numpy as np
import pytest
from PIL import Image

from training.errors import PictureError
from training.picture.reading import (
    read_drawing,
    read_hints,
    read_lineart,
    read_picture,
    to_grey,
)

RED, BLUE = (255, 0, 0), (0, 0, 255)


def save(path, image):
    image.save(path)
    return path


def test_line_art_is_read_as_grey_on_paper(tmp_path):
    pixels = np.zeros((1, 2, 4), np.uint8)
    pixels[0, 0, 3] = 255  # black ink on nothing
    read = read_lineart(save(tmp_path / "a.png", Image.fromarray(pixels, "RGBA")))
    np.testing.assert_array_equal(read, [[0, 255]])


def test_grey_follows_bt_601():
    colors = np.array([[RED, (0, 255, 0), BLUE, (255, 255, 255)]], np.uint8)
    # 0.299, 0.587 and 0.114 of 255.
    np.testing.assert_array_equal(to_grey(colors), [[76, 150, 29, 255]])


def test_hints_are_whole_where_they_are_half_opaque_and_nothing_elsewhere(tmp_path):
    picture = np.uint8([[[9, 8, 7, 255], [9, 8, 7, 128], [9, 8, 7, 127], [9, 8, 7, 0]]])
    Image.fromarray(picture).save(tmp_path / "hints.png")
    hints = read_hints(tmp_path / "hints.png", drawing=np.zeros((1, 4), np.uint8))
    given, none = [9, 8, 7, 255], [0, 0, 0, 0]
    np.testing.assert_array_equal(hints, [[given, given, none, none]])


def test_a_palette_with_a_transparent_colour_can_hold_hints(tmp_path):
    picture = Image.new("P", (2, 1), 0)
    picture.putpalette([0, 0, 0, 200, 30, 90])
    picture.putpixel((1, 0), 1)
    picture.save(tmp_path / "hints.png", transparency=0)
    hints = read_hints(tmp_path / "hints.png", drawing=np.zeros((1, 2), np.uint8))
    np.testing.assert_array_equal(hints, [[[0, 0, 0, 0], [200, 30, 90, 255]]])


def test_a_drawing_keeps_its_transparency(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 4), dtype=np.uint8)
    read = read_drawing(save(tmp_path / "a.png", Image.fromarray(pixels)))
    np.testing.assert_array_equal(read, pixels)
    opaque = Image.fromarray(pixels[..., :3])
    np.testing.assert_array_equal(read_drawing(save(tmp_path / "b.png", opaque)), pixels[..., :3])


def test_heic_is_refused_by_name_with_what_to_do_where_its_reader_is_missing(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    (tmp_path / "a.jpg").write_bytes(b"\x00\x00\x00\x1cftypheic\x00\x00\x00\x00mif1heic")
    with pytest.raises(PictureError, match=r"a\.jpg: .*received HEIC, .*\[heic\].*JPEG or PNG"):
        read_picture(tmp_path / "a.jpg")


def test_heic_is_read_where_its_reader_is_installed(tmp_path):
    pytest.importorskip("pillow_heif", reason="needs the extra [heic]").register_heif_opener()
    read = read_picture(save(tmp_path / "a.heic", Image.new("RGB", (64, 48), (200, 30, 90))))
    np.testing.assert_allclose(read[24, 32].astype(int), (200, 30, 90), atol=4)  # HEVC's own loss
    assert read.shape == (48, 64, 3)


def test_a_damaged_heic_is_a_picture_error(tmp_path):
    pytest.importorskip("pillow_heif", reason="needs the extra [heic]").register_heif_opener()
    noise = np.random.default_rng(0).integers(0, 256, (24, 24, 3), dtype=np.uint8)
    whole = save(tmp_path / "a.heic", Image.fromarray(noise)).read_bytes()
    for end in range(16, len(whole) - 1, max(1, len(whole) // 20)):
        (tmp_path / "a.heic").write_bytes(whole[:end])
        with pytest.raises(PictureError, match=r"a\.heic"):
            read_picture(tmp_path / "a.heic")
