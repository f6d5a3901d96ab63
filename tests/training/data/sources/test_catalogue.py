import pytest

from training.data.sources.catalogue import SOURCES, SourceOptions, find_candidates
from training.data.sources.own.collection import CollectionOptions
from training.errors import DataError

OPTIONS = SourceOptions(portraits=30, validation_share=0.1)


@pytest.mark.parametrize("word", SOURCES)
def test_a_source_by_its_word_brings_its_licence_and_whom_to_credit(word):
    found = find_candidates(word, OPTIONS)
    assert found.kind == word
    assert "CC" in found.licence
    assert found.credit
    ids = [candidate.id for candidate in found.candidates]
    assert len(set(ids)) == len(ids) >= 30
    assert {name.split("/")[0] for name in ids} == {word}


def test_the_words_are_those_of_the_manual():
    assert list(SOURCES) == ["openmoji", "portraits", "twemoji"]


@pytest.mark.parametrize(
    ("source", "advice"),
    [
        ("nowhere", "there is no such folder.* openmoji, portraits, twemoji"),
        ("Openmoji", "Did you mean openmoji"),
        ("my-picture", "Did you mean my-pictures"),
        ("my-pictures/cat.png", "is a file.* Name the folder that it stands in, my-pictures"),
    ],
)
def test_what_is_no_source_is_refused_with_what_was_meant(source, advice, tmp_path, monkeypatch):
    (tmp_path / "my-pictures").mkdir()
    (tmp_path / "my-pictures/cat.png").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=f"^{source}.*{advice}"):
        find_candidates(source, OPTIONS)


def test_a_folder_is_read_as_it_is_told(tmp_path):
    with pytest.raises(DataError, match="--kind color"):
        find_candidates(str(tmp_path), OPTIONS)
    told = SourceOptions(own=CollectionOptions(kind="color"), portraits=1, validation_share=0.1)
    assert find_candidates(str(tmp_path), told).candidates == []
