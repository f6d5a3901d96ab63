import base64
import io
import math

import numpy as np
import pytest
from PIL import Image

from benchmarks.pages.gallery import (
    data_uri,
    decibels,
    gallery_row,
    shown_smaller,
    shrunk,
    shrunk_to_largest,
)
from training.metrics.full_reference import PictureQuality


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3)])
def test_a_data_uri_holds_the_very_pixels(shape: tuple[int, ...]):
    picture = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    head, _, content = data_uri(picture).partition(",")
    assert head == "data:image/png;base64"
    decoded = np.asarray(Image.open(io.BytesIO(base64.b64decode(content))))
    np.testing.assert_array_equal(decoded, picture)


def test_tiles_keep_the_order_of_the_pictures_and_carry_their_notes():
    pictures = {kind: np.zeros((2, 2), np.uint8) for kind in ("line art", "truth", "Keras")}
    row = gallery_row("cat", pictures, notes={"Keras": "20.0 dB"})
    assert [tile.kind for tile in row.tiles] == ["line art", "truth", "Keras"]
    assert [tile.note for tile in row.tiles] == ["", "", "20.0 dB"]


def test_what_fits_a_gallery_is_shown_pixel_by_pixel():
    picture = np.random.default_rng(0).integers(0, 256, (128, 239, 3), np.uint8)
    assert shrunk(picture) is picture
    np.testing.assert_array_equal(shrunk_to_largest(picture), picture)
    assert shown_smaller(128, 239) == ""


def test_a_larger_picture_is_shown_smaller_and_said_to_be():
    picture = np.zeros((256, 320), np.uint8)
    picture[0, 0] = 200
    small = shrunk(picture)
    assert (small.shape, small[0, 0]) == ((128, 160), 50)  # the mean of 2 x 2
    assert "up to 2 times smaller" in shown_smaller(256, 320)
    row = gallery_row("cat", {"Keras": picture}, notes={})
    assert row.tiles[0].image == data_uri(small)


def test_of_a_difference_every_pixel_is_seen():
    picture = np.zeros((257, 320, 3), np.uint8)
    picture[256, 319, 1] = 8
    small = shrunk_to_largest(picture)
    assert small.shape == (129, 160, 3)
    assert small[128, 159].tolist() == [0, 8, 0] and np.count_nonzero(small) == 1


def quality(db: float) -> PictureQuality:
    return PictureQuality(
        psnr_db=db, ssim=1.0, ciede2000_mean=0.0, ciede2000_p99=0.0, max_levels=0.0
    )


@pytest.mark.parametrize(
    ("measured", "expected"),
    [(quality(61.26), "61.3 dB"), (quality(math.inf), "identical"), (None, "")],
)
def test_closeness_is_said_in_a_word(measured: PictureQuality | None, expected: str):
    assert decibels(measured) == expected
