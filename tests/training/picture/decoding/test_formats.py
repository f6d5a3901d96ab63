import numpy as np
import pytest
from PIL import Image

from training.errors import PictureError
from training.picture.decoding.formats import FORMATS, MAX_FILE_BYTES, MAX_PIXELS, formats_of
from training.picture.reading import read_picture

SAVED = {"JPEG": "jpg", "PPM": "ppm", "TIFF": "tif"}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_known_by_its_first_bytes_whatever_its_name_says(tmp_path, name):
    path = tmp_path / f"a.{SAVED.get(name, name.lower())}"
    Image.new("RGB", (5, 4), (255, 0, 0)).save(path)
    path = path.rename(tmp_path / "misnamed.jpg")
    with path.open("rb") as stream:
        assert formats_of(stream, path) == (name,)
        assert stream.tell() == 0
    assert read_picture(path).shape == (4, 5, 3)


@pytest.mark.parametrize("start", [b"", b"\xff\xd8\xff\xe0", b"II*\0"])
def test_four_gigabytes_of_nothing_are_refused_at_once(tmp_path, start):
    path = tmp_path / "zeros.jpg"
    with path.open("wb") as stream:
        stream.write(start)
        stream.truncate(4 << 30)  # takes no room on the disk
    expected = f"at most {MAX_FILE_BYTES:,} bytes, received 4,294,967,296" if start else "something"
    with pytest.raises(PictureError, match=rf"zeros\.jpg: .*{expected}"):
        read_picture(path)


@pytest.mark.parametrize("name", ["PNG", "WEBP"])
def test_the_pixels_of_each_format_are_bounded_by_its_header(tmp_path, name):
    most = MAX_PIXELS[name]
    path = tmp_path / "a"
    height = most // 16_000 + 1
    Image.fromarray(np.zeros((height, 16_000), np.uint8)).save(path, name, lossless=True)
    with pytest.raises(PictureError, match=rf"at most {most:,} pixels .* 16000 x {height}"):
        read_picture(path)
