from dataclasses import replace

import numpy as np
import pytest

from training.data.quality import (
    NearDuplicates,
    keep_usable,
    perceptual_hash,
    require_large_enough,
)
from training.data.sources.candidate import DrawOptions, Pair
from training.data.sources.openmoji import OpenMojiDrawing, openmoji_drawings
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


def scene(seed, size=64):
    """A picture with structure at every scale, as photographs have."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((size, size, 3))
    for cells in (2, 4, 8, 16, 32):
        block = rng.uniform(0, 1, (cells, cells, 3)) / cells**0.5
        picture += np.kron(block, np.ones((size // cells, size // cells, 1)))
    return np.uint8(255 * picture / picture.max())


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


def test_a_resized_or_recompressed_picture_is_a_near_duplicate():
    import cv2

    picture = scene(0, size=128)
    seen = NearDuplicates()
    seen.add("original", perceptual_hash(picture))
    small = cv2.resize(picture, (64, 64), interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 70])
    brighter = np.uint8(np.clip(picture.astype(float) * 1.05, 0, 255))
    for copy in (small, cv2.imdecode(jpeg, cv2.IMREAD_COLOR), brighter):
        assert seen.find(perceptual_hash(copy)) == "original"


def test_different_pictures_are_not():
    seen = NearDuplicates()
    for seed in range(100):
        looks = perceptual_hash(scene(seed))
        assert seen.find(looks) is None
        seen.add(f"{seed}", looks)
    assert seen.find(perceptual_hash(scene(37))) == "37"


def test_the_nearest_of_many_is_named_beyond_the_first_allocation():
    hashes = np.random.default_rng(0).integers(0, 2**63, (3000, 4), dtype=np.uint64)
    seen = NearDuplicates()
    for number, looks in enumerate(hashes):
        seen.add(f"{number}", looks)
    for number in (0, 1023, 1024, 2999):
        eight_bits_off = hashes[number] ^ np.array([0b1111, 0, 0b1111, 0], np.uint64)
        assert seen.find(eight_bits_off) == f"{number}"
        assert seen.find(eight_bits_off ^ np.uint64(1 << 40)) is None  # 12 bits


def test_openmoji_stays_mostly_distinct():
    options = DrawOptions(size=(64, 64), variants=1, seed=0)
    seen, twins = NearDuplicates(), []
    sample = openmoji_drawings()[::20]
    for drawing in sample:
        looks = perceptual_hash(drawing.draw(options).color)
        if seen.find(looks):
            twins.append(drawing.name)
        seen.add(drawing.name, looks)
    assert len(twins) < 0.05 * len(sample)
    men = (OpenMojiDrawing(name=f"{who}-200D-1F373") for who in ("1F468", "1F9D1"))  # cooks
    first, second = (perceptual_hash(man.draw(options).color) for man in men)
    assert np.bitwise_count(first ^ second).sum() <= 8
