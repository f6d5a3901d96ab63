import numpy as np
import pytest

from benchmarks.gap.ways import (
    BOTH,
    DRAWN,
    MIX,
    SIMULATED,
    TRAINED,
    scan,
    simulated_pairs,
    trained_pairs,
)
from training.data.sources.candidate import DrawOptions
from training.data.sources.openmoji import OpenMojiDrawing
from training.picture.cleaning import clean
from training.pixels import under_ink

SNAIL = OpenMojiDrawing(name="1F40C")
OPTIONS = DrawOptions(size=(32, 32), variants=3, seed=0)


@pytest.fixture(scope="module")
def trained():
    return trained_pairs(SNAIL, OPTIONS, np.random.default_rng(0))


def test_every_way_shows_one_picture(trained):
    assert set(trained) == set(TRAINED)
    for pair in trained.values():
        np.testing.assert_array_equal(pair.color, trained[DRAWN].color)


def test_an_extractor_alone_and_the_mix_give_three_drawings_each_and_no_layer(trained):
    for way in ("dilate", "divide", "xdog"):
        assert trained[way].extractors == (way,) * 3
    for way in ("dilate", "divide", "xdog", MIX):
        assert trained[way].layer is None
        assert len({lines.tobytes() for lines in trained[way].lineart}) == 3


def test_both_has_the_drawn_lines_first_then_those_of_the_mix(trained):
    both = trained[BOTH]
    assert both.extractors == (*trained[DRAWN].extractors, *trained[MIX].extractors)
    np.testing.assert_array_equal(both.lineart[0], trained[DRAWN].lineart[0])


def test_simulated_lines_lie_over_the_true_layer():
    pairs = simulated_pairs(SNAIL, OPTIONS, np.random.default_rng(0))
    assert set(pairs) == set(SIMULATED)
    layer = SNAIL.draw(OPTIONS).layer
    for way, pair in pairs.items():
        np.testing.assert_array_equal(pair.color, under_ink(layer, pair.lineart[0]), err_msg=way)
        # About as much ink as the artist's, and not the same.
        ink = 255 - SNAIL.draw(OPTIONS).lineart[0].astype(int)
        assert 0.5 < (255 - pair.lineart[0].astype(int)).sum() / ink.sum() < 1.5, way
        assert (pair.lineart[0] != 255 - ink).any(), way


def test_a_scan_is_grey_and_darker_to_one_side_and_can_be_cleaned():
    page = np.full((120, 160), 255, np.uint8)
    page[58:62, 20:140] = 0
    scanned = scan(page, np.random.default_rng(0))
    assert scanned[:, :20].mean() > scanned[:, -20:].mean() + 5
    assert scanned.mean() < 240
    lines = clean(scanned).lineart
    assert lines[59:61, 40:120].max() < 128
    assert (lines[:40] > 230).mean() > 0.95
