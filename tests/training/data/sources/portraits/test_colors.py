import numpy as np

from training.data.sources.portraits.colors import HAIR, SKIN, portrait_colors
from training.data.sources.portraits.styles import STYLES, definition

ADVENTURER = STYLES[0]


def rgb(color):
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)])


def is_near(color, palette):
    return min(np.abs(rgb(color) - rgb(one)).max() for one in palette) <= 10


def test_every_slot_but_ink_and_paper_has_a_colour():
    for style in STYLES:
        slots = set(definition(style.name)["colors"]) - {*style.ink_slots, "background"}
        assert set(portrait_colors(style, 3)) == slots


def test_a_number_gives_the_same_colours_everywhere():
    assert portrait_colors(ADVENTURER, 7) == portrait_colors(ADVENTURER, 7)
    assert portrait_colors(ADVENTURER, 7) != portrait_colors(ADVENTURER, 27)


def test_four_of_five_portraits_are_as_people_are_and_the_others_are_not():
    colors = [portrait_colors(ADVENTURER, index) for index in range(400)]
    plausible = [c for c in colors if c["sclera"] == "#ffffff"]
    assert 280 < len(plausible) < 360  # of 400, five standard deviations
    assert all(is_near(c["skin"], SKIN) and is_near(c["hair"], HAIR) for c in plausible)
    free = [c for c in colors if c["sclera"] != "#ffffff"]
    assert sum(is_near(c["skin"], SKIN) for c in free) < len(free) / 10


def test_free_colours_are_of_any_hue_and_lighter_than_ink():
    colors = [portrait_colors(ADVENTURER, index) for index in range(400)]
    free = np.array([rgb(c["skin"]) for c in colors if c["sclera"] != "#ffffff"])
    assert free.max(axis=1).min() >= round(0.35 * 255)
    strongest = np.bincount(free.argmax(axis=1), minlength=3) / len(free)
    assert (strongest > 0.2).all(), "red, green and blue lead alike"
