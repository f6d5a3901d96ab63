import pytest

from training.data.sources.emoji import base_code_point, code_points, emoji_group, is_flag


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("1f600", "1F600"),
        ("23-20e3", "0023-20E3"),
        ("2764-fe0f-200d-1f525", "2764-FE0F-200D-1F525"),
        ("a9", "00A9"),
    ],
)
def test_names_are_spelled_as_openmoji_spells_them(stem, name):
    assert code_points(stem) == name
    assert code_points(name) == name


def test_one_code_point_is_one_group_whatever_the_set():
    # The strings that decided the split of OpenMoji before there was another set.
    assert emoji_group("1F600") == "openmoji/1F600"
    assert emoji_group(code_points("23-20e3")) == emoji_group("0023-FE0F-20E3")
    assert emoji_group(code_points("1f469-1f3fd-200d-2695-fe0f")) == "openmoji/1F469-200D-2695"


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("1F600", "1F600"),
        ("1F590-1F3FB", "1F590"),
        ("2764-FE0F", "2764"),
        ("0023-FE0F-20E3", "0023-20E3"),
        ("1F469-1F3FD-200D-2695-FE0F", "1F469-200D-2695"),
        ("1F9D1-1F3FB-200D-1F91D-200D-1F9D1-1F3FF", "1F9D1-200D-1F91D-200D-1F9D1"),
        ("1F3FB", ""),  # the swatch of a skin tone by itself
        ("1F3F4", "1F3F4"),
    ],
)
def test_the_base_is_the_name_without_skin_tone_and_variation(name, base):
    assert base_code_point(name) == base


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("1F1E9-1F1EA", True),  # Germany
        ("1F1E6", True),  # the letter A that flags are spelled with
        ("1F3F3-FE0F-200D-1F308", True),  # rainbow
        ("1F3F4-E0067-E0062-E0077-E006C-E0073-E007F", True),  # Wales
        ("E421", True),
        ("1F3F4", False),  # a black flag on its pole has line art of its own
        ("1F6A9", False),
        ("1F170", False),  # the letter A of blood groups
        ("1F1", False),
        ("E420-200D-2640", False),
        ("E436", False),
    ],
)
def test_flags_are_known_by_name(name, flag):
    assert is_flag(name) is flag
