import base64
import io
import math

import numpy as np
import pytest
from PIL import Image

from benchmarks.pages.gallery import data_uri, decibels, gallery_row
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
