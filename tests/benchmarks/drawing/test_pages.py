import io

import numpy as np
from PIL import Image

from benchmarks.drawing.pages import drawn_pages
from benchmarks.drawing.samples import sample_drawings


def decoded(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))


def test_every_sample_drawing_is_a_page_with_hints_or_without():
    samples = sample_drawings(64)
    bare, hinted = drawn_pages(64, hints=False), drawn_pages(64, hints=True)
    assert len(bare) == len(hinted) == len(samples)
    for (lineart, none), (again, hints), drawing in zip(bare, hinted, samples, strict=True):
        assert none is None and lineart == again
        np.testing.assert_array_equal(decoded(lineart), drawing.lineart)
        assert decoded(hints).shape == (64, 64, 4)
        assert 0 < np.mean(decoded(hints)[..., 3] > 0) < 0.2  # a few dots
