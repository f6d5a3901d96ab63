import numpy as np
import pytest

from training.data.sources.candidate import DrawOptions
from training.data.sources.portraits.colors import portrait_colors
from training.data.sources.portraits.drawing import (
    portraits,
    portraits_licence,
    portraits_source,
)
from training.data.sources.portraits.styles import STYLES

AT_64 = DrawOptions(size=(64, 64), variants=1, seed=0)


# dicebear-core takes more than a second to check each of the others: the slow test has them.
QUICK = ("open-peeps", "toon-head", "personas")  # with ink, outlined, outlined with masks


def drawn(styles):
    """style -> its first portrait and that one's pair."""
    first = {}
    for portrait in portraits(20, validation_share=0.1):
        first.setdefault(portrait.cast.style, portrait)
    return {style: (first[style], first[style].draw(AT_64)) for style in styles}


@pytest.fixture(scope="module")
def pairs():
    return drawn(QUICK)


def assert_sound(pairs):
    for style, (_, pair) in pairs.items():
        own, thin, wide = (255 - lineart.astype(float).mean() for lineart in pair.lineart)
        assert 0.02 * 255 < thin < own < wide < 0.6 * 255, style
        assert pair.color.shape == pair.layer.shape == (64, 64, 3)
        assert pair.unique
        # Black is ink wherever it stands, and ink leaves the layer.
        assert (pair.layer.max(axis=-1) < 20).mean() < 0.001, style
        product = pair.layer.astype(float) * pair.lineart[0][..., np.newaxis] / 255
        np.testing.assert_allclose(pair.color, product, atol=0.5, err_msg=style)


def test_the_picture_is_a_layer_without_lines_under_line_art_of_three_widths(pairs):
    assert_sound(pairs)


@pytest.mark.slow
def test_every_style_gives_sound_pairs():
    assert_sound(drawn([style.name for style in STYLES]))


def test_the_colours_are_those_that_were_chosen(pairs):
    for name, slot in (("open-peeps", "skin"), ("toon-head", "clothes"), ("personas", "skin")):
        portrait, pair = pairs[name]
        (style,) = [style for style in STYLES if style.name == name]
        color = portrait_colors(style, portrait.cast.index)[slot]
        wanted = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
        assert (pair.layer == wanted).all(axis=-1).mean() > 0.03, name


def test_a_portrait_is_the_same_whenever_it_is_drawn(pairs):
    portrait, pair = pairs["toon-head"]
    np.testing.assert_array_equal(portrait.draw(AT_64).color, pair.color)


def test_licences_name_the_styles_and_the_credit_their_artists():
    licence, credit = portraits_licence()
    assert licence == (
        "CC BY 4.0 (adventurer, toon-head, big-smile, personas, big-ears), "
        "CC0 1.0 (open-peeps, critters, clay, sprouts)"
    )
    for artist in ("Lisa Wischofsky", "Johan Melin", "Ashley Seo", "Draftbit", "The Visual Team"):
        assert artist in credit
    assert portraits_source(7).startswith("7 portraits by dicebear-core ")
