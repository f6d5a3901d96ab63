from collections import Counter

import pytest

from training.data.sources.portraits.casting import cast_portraits, held_out_variants
from training.data.sources.portraits.styles import STYLES, definition
from training.data.split import split_of
from training.errors import DataError


@pytest.fixture(scope="module")
def portraits():
    return cast_portraits(3000, validation_share=0.1)


def split(portrait, share=0.1):
    return split_of(portrait.group, validation_share=share)


def shown(portraits, style, component):
    """split -> the variants of a component that it shows; being without one is no variant."""
    variants = {"train": set(), "validation": set()}
    for portrait in portraits:
        if portrait.style == style:
            variants[split(portrait)].add(dict(portrait.variants)[component])
    return {name: of - {None} for name, of in variants.items()}


def test_no_held_out_component_has_a_variant_in_both_splits(portraits):
    for style in STYLES:
        for component in style.held_out:
            variants = shown(portraits, style.name, component)
            assert variants["train"]
            assert variants["validation"]
            assert not variants["train"] & variants["validation"], (style.name, component)


def test_nearly_every_variant_of_what_is_always_there_is_seen(portraits):
    for style in STYLES:
        for component, details in definition(style.name)["components"].items():
            if component == "animation" or "probability" in details:
                continue
            variants = shown(portraits, style.name, component)
            missing = set(details["variants"]) - variants["train"] - variants["validation"]
            assert len(missing) <= len(details["variants"]) // 10, (style.name, component, missing)


def test_about_an_eighth_of_the_variants_are_held_out_and_at_least_one():
    hair = {style.name: held_out_variants(style, style.held_out[0]) for style in STYLES}
    assert len(hair["adventurer"]) == 7  # of 45
    assert len(hair["toon-head"]) == 1  # of 4
    assert held_out_variants(STYLES[0], "mouth") == ()


def test_the_share_of_validation_is_the_one_asked_for_and_every_style_is_in_it(portraits):
    counts = Counter(portrait.style for portrait in portraits if split(portrait) == "validation")
    assert set(counts) == {style.name for style in STYLES}
    # Binomial, 3,000 of 0.1: five standard deviations.
    assert abs(sum(counts.values()) - 300) < 5 * 16.4


def test_styles_have_their_shares_from_the_beginning(portraits):
    for first in (20, 3000):
        counts = Counter(portrait.style for portrait in portraits[:first])
        assert counts == {style.name: style.share * first // 20 for style in STYLES}


def test_no_two_portraits_of_a_style_are_put_together_alike(portraits):
    assert len({(portrait.style, portrait.variants) for portrait in portraits}) == 3000


def test_more_portraits_leave_the_first_ones_as_they_are(portraits):
    assert cast_portraits(50, validation_share=0.1) == portraits[:50]


def test_a_portrait_never_changes():
    # Written down when the source was made: another result is another data set.
    first = cast_portraits(1, validation_share=0.1)[0]
    assert (first.style, first.group) == ("adventurer", "portraits/adventurer/00000")
    assert dict(first.variants)["hair"] == "short12"


@pytest.mark.parametrize("count", [0, -1, 20_001])
def test_an_impossible_number_is_refused(count):
    with pytest.raises(DataError, match=f"portraits: expected 1 to 20000, received {count}"):
        cast_portraits(count, validation_share=0.1)


def test_where_the_combinations_end_the_refusal_names_how_many_there_are():
    with pytest.raises(DataError, match="at most 2583, .*received 9000. Name --portraits 2583"):
        cast_portraits(9000, validation_share=0.5)
    assert len(cast_portraits(2583, validation_share=0.5)) == 2583
