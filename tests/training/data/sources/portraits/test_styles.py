import pytest

from training.data.sources.portraits.styles import STYLES, definition


def test_every_style_states_the_licence_of_its_definition():
    # The styles whose licence and pictures were looked at, and no others.
    assert {style.name: style.licence for style in STYLES} == {
        "adventurer": "CC BY 4.0",
        "open-peeps": "CC0 1.0",
        "toon-head": "CC BY 4.0",
        "big-smile": "CC BY 4.0",
        "personas": "CC BY 4.0",
        "big-ears": "CC BY 4.0",
        "critters": "CC0 1.0",
        "clay": "CC0 1.0",
        "sprouts": "CC0 1.0",
    }
    for style in STYLES:
        assert definition(style.name)["meta"]["license"]["name"] == style.licence


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_what_is_said_of_a_style_exists_in_its_definition(style):
    # Another release could rename a part, and nothing would be held out or inked.
    known = definition(style.name)
    assert set(style.held_out) | set(style.features) <= set(known["components"])
    assert len(style.held_out) == 2
    assert set(style.ink_slots) <= set(known["colors"])
    text = str(known).lower()
    assert all(ink in text for ink in style.inks)


def test_the_shares_are_of_twenty():
    assert sum(style.share for style in STYLES) == 20
