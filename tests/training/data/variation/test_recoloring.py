import colorsys

import numpy as np

from training.data.variation.areas import color_areas
from training.data.variation.recoloring import recolored_alike, recolored_apart
from training.pixels import under_ink


def seeds(count=12):
    return map(np.random.default_rng, range(count))


def test_one_rule_for_all_keeps_white_black_and_grey():
    greys = np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=2)
    for rng in seeds():
        np.testing.assert_array_equal(recolored_alike(greys, rng=rng), greys)


def test_one_rule_for_all_gives_equal_colours_equal_ones():
    color = np.full((4, 4, 3), (200, 90, 20), np.uint8)
    for rng in seeds():
        changed = recolored_alike(color, rng=rng)
        assert (changed == changed[0, 0]).all()
        assert not np.array_equal(changed, color)


def test_one_rule_for_all_keeps_lightness_and_strength():
    """Both rules keep the largest and the smallest channel, which HSV is made of."""
    color = np.full((1, 1, 3), (200, 90, 20), np.uint8)
    for rng in seeds():
        _, strength, value = colorsys.rgb_to_hsv(*(recolored_alike(color, rng=rng)[0, 0] / 255))
        assert abs(value - 200 / 255) < 0.01
        assert abs(strength - 180 / 200) < 0.02


def two_areas():
    layer = np.full((10, 21, 3), (250, 220, 40), np.uint8)
    layer[:, 11:] = (40, 160, 60)
    lineart = np.full((10, 21), 255, np.uint8)
    lineart[:, 10] = 0
    color = under_ink(layer, lineart)
    return color, lineart, color_areas(color, lineart)


def test_only_the_chosen_area_changes_and_its_ink_stays():
    color, lineart, areas = two_areas()
    for rng in seeds():
        changed = recolored_apart(color, lineart, areas, np.array([areas[0, 0]]), rng=rng)
        assert (changed[:, :10] == changed[0, 0]).all()
        assert not np.array_equal(changed[0, 0], color[0, 0])
        np.testing.assert_array_equal(changed[:, 10:], color[:, 10:])


def test_nothing_chosen_changes_nothing():
    color, lineart, areas = two_areas()
    none = np.array([], int)
    changed = recolored_apart(color, lineart, areas, none, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(changed, color)
