import dataclasses

import numpy as np

from training.data.variation.areas import color_areas
from training.data.variation.hints import hinted
from training.settings.pictures import HintsConfig

EXACT = HintsConfig(
    none=0.0, everywhere=0.0, shift=0.0, color_noise=0.0, recolored_alike=0.0, recolored_apart=0.0
)
QUARTERS = ((230, 60, 50), (250, 220, 40), (40, 160, 60), (60, 90, 220))


def quarters(side=33):
    """Four colours, parted by a cross of ink."""
    middle = side // 2
    color = np.zeros((side, side, 3), np.uint8)
    for i, rgb in enumerate(QUARTERS):
        rows = slice(0, middle) if i < 2 else slice(middle, side)
        columns = slice(0, middle) if i % 2 == 0 else slice(middle, side)
        color[rows, columns] = rgb
    lineart = np.full((side, side), 255, np.uint8)
    lineart[middle] = lineart[:, middle] = 0
    color[lineart == 0] = 0
    return lineart, color


def drawn(config, count=60):
    return [
        hinted(*quarters(), rng=np.random.default_rng(seed), config=config) for seed in range(count)
    ]


def test_without_noise_a_hint_has_the_colour_that_it_lies_on():
    for hints, color in drawn(EXACT):
        mask = hints[..., 3] > 0
        assert mask.any()
        np.testing.assert_array_equal(hints[mask][:, :3], color[mask])


def test_strokes_stay_in_one_area_and_off_the_ink():
    lineart, color = quarters()
    areas = color_areas(color, lineart)
    strokes = dataclasses.replace(EXACT, strokes=1.0, mean=1.0, radius=0.25)
    for hints, _ in drawn(strokes):
        assert len(np.unique(areas[hints[..., 3] > 0])) == 1
        assert (lineart[hints[..., 3] > 0] == 255).all()


def test_where_nothing_is_hinted_colours_are_0_and_elsewhere_the_mask_is_whole():
    for hints, _ in drawn(HintsConfig()):
        assert set(np.unique(hints[..., 3])) <= {0, 255}
        assert not hints[hints[..., 3] == 0].any()


def test_the_share_without_hints_is_kept():
    empty = [not hints.any() for hints, _ in drawn(dataclasses.replace(EXACT, none=0.4), 400)]
    # Binomial, n = 400, p = 0.4: four standard deviations are 0.1.
    assert abs(np.mean(empty) - 0.4) < 0.1


def test_the_mean_number_of_hints_is_kept():
    dots = dataclasses.replace(EXACT, strokes=0.0, radius=0.0, mean=3.0)
    # Single pixels: fewer than drawn where two fall on one of 1,024 places.
    counts = [int((hints[..., 3] > 0).sum()) for hints, _ in drawn(dots, 400)]
    # Geometric, mean 3, deviation 2.4: four standard errors are 0.5.
    assert abs(np.mean(counts) - 3.0) < 0.5


def test_everywhere_means_every_area():
    lineart, color = quarters()
    areas = color_areas(color, lineart)
    for hints, _ in drawn(dataclasses.replace(EXACT, everywhere=1.0), 10):
        assert set(areas[hints[..., 3] > 0]) == {1, 2, 3, 4}


def test_only_hinted_areas_get_colours_of_their_own():
    lineart, color = quarters()
    areas = color_areas(color, lineart)
    apart = dataclasses.replace(EXACT, recolored_apart=1.0, mean=1.0)
    changes = 0
    for hints, changed in drawn(apart):
        differing = set(areas[(changed != color).any(axis=-1)]) - {0}
        assert differing <= set(areas[hints[..., 3] > 0])
        changes += bool(differing)
    assert 15 < changes < 45  # half of 60: four standard deviations are 15


def test_the_page_stays_white_though_it_is_hinted():
    color = np.full((48, 48, 3), 255, np.uint8)
    color[12:36, 12:36] = QUARTERS[0]
    lineart = np.full((48, 48), 255, np.uint8)
    apart = dataclasses.replace(EXACT, recolored_apart=1.0, everywhere=1.0)
    recolored = 0
    for seed in range(20):
        hints, changed = hinted(lineart, color, rng=np.random.default_rng(seed), config=apart)
        assert (hints[..., 3] > 0)[(color == 255).all(axis=-1)].any(), "the page is hinted"
        assert (changed[:12] == 255).all()
        recolored += (changed[24, 24] != color[24, 24]).any()
    assert recolored


def test_a_picture_without_hints_keeps_its_colours():
    config = dataclasses.replace(EXACT, none=1.0, recolored_alike=1.0)
    for _, color in drawn(config, 10):
        np.testing.assert_array_equal(color, quarters()[1])


def test_a_sheet_of_ink_gets_no_hint():
    black = np.zeros((8, 8), np.uint8)
    color = np.zeros((8, 8, 3), np.uint8)
    hints, _ = hinted(black, color, rng=np.random.default_rng(0), config=EXACT)
    assert not hints.any()
