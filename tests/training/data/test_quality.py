from dataclasses import replace

import numpy as np
import pytest

from training.data.quality import keep_usable, require_large_enough
from training.data.sources.candidate import Pair
from training.errors import PictureError

PAPER = np.full((64, 64), 255, np.uint8)
BLACK = np.zeros((64, 64), np.uint8)
CROSS = PAPER.copy()
CROSS[30:34] = CROSS[:, 30:34] = 0
YELLOW = np.full((64, 64, 3), (255, 220, 0), np.uint8)


def pair(color=YELLOW, lineart=(CROSS,)):
    return Pair(
        color=color, lineart=lineart, extractors=tuple(f"e{i}" for i in range(len(lineart)))
    )


def test_a_good_pair_stays_as_it_is():
    good = pair()
    kept = keep_usable(good)
    assert kept.lineart[0] is CROSS
    assert kept.extractors == ("e0",)


@pytest.mark.parametrize(("line", "which"), [(PAPER, "almost empty"), (BLACK, "almost black")])
def test_empty_and_black_line_art_is_rejected(line, which):
    with pytest.raises(PictureError, match=which):
        keep_usable(pair(lineart=(line,)))


def test_only_the_unusable_variants_are_dropped():
    kept = keep_usable(pair(lineart=(PAPER, CROSS, BLACK)))
    assert len(kept.lineart) == 1
    assert kept.lineart[0] is CROSS
    assert kept.extractors == ("e1",)


def test_with_a_layer_the_first_line_drawing_must_be_usable():
    # It alone fits the picture: no other may take its place.
    kept = keep_usable(replace(pair(lineart=(CROSS, PAPER)), layer=YELLOW))
    assert (len(kept.lineart), kept.layer is YELLOW) == (1, True)
    with pytest.raises(PictureError, match="almost empty"):
        keep_usable(replace(pair(lineart=(PAPER, CROSS)), layer=YELLOW))


def test_a_grey_picture_is_rejected_even_with_jpeg_noise():
    noise = np.random.default_rng(0).integers(-5, 6, (64, 64, 3))
    with pytest.raises(PictureError, match="greyscale"):
        keep_usable(pair(color=np.uint8(128 + noise)))


def test_a_small_spot_of_colour_is_enough():
    color = np.full((64, 64, 3), 255, np.uint8)
    color[:3, :3] = (255, 0, 0)
    keep_usable(pair(color=color))
    color[1:3, :3] = 255  # three pixels
    with pytest.raises(PictureError, match="greyscale"):
        keep_usable(pair(color=color))


def test_the_longer_side_decides_what_is_too_small():
    require_large_enough(np.zeros((10, 64)), (64, 64))
    with pytest.raises(PictureError, match="expected 64 pixels .* received 63 x 40"):
        require_large_enough(np.zeros((40, 63, 3)), (64, 64))
    require_large_enough(np.zeros((32, 10)), (32, 64))
    with pytest.raises(PictureError, match="expected 64 pixels in width or 32 in height, received"):
        require_large_enough(np.zeros((31, 63)), (32, 64))
