import json

import pytest

from training.data.sources.own.tags import (
    UNKNOWN,
    Exclusion,
    excluded_by_metadata,
    read_exclusion,
    tags_of_record,
    tags_of_text,
)
from training.errors import DataError


def test_words_are_read_one_a_line_and_compared_without_case(tmp_path):
    (tmp_path / "words").write_text("# not these\nComic\nlong hair\n\nrating:explicit\n")
    assert read_exclusion(tmp_path / "words").words == {"comic", "long_hair", "rating:e"}


@pytest.mark.parametrize("text", [b"", b"# nothing\n", b"\xff\xfe\x00"])
def test_no_words_are_refused(tmp_path, text):
    (tmp_path / "words").write_bytes(text)
    with pytest.raises(DataError, match="exclude: expected"):
        read_exclusion(tmp_path / "words")


@pytest.mark.parametrize(
    "record",
    [
        {"tags": [{"id": 1, "name": "Sky"}, {"name": "long_hair"}], "rating": "e"},
        {"tags": ["sky", "long hair"], "rating": "explicit"},
        {"tag_string": "sky long_hair", "tag_string_artist": "somebody", "rating": "E"},
    ],
)
def test_tags_stand_in_any_of_the_ways_that_collections_have_them(record):
    tags = tags_of_record(record)
    assert {"sky", "long_hair", "rating:e"} <= tags


def test_a_caption_says_its_pieces_and_its_words():
    assert {"a_comic_page", "comic", "sky"} <= tags_of_text("A comic page, sky")


def test_the_tags_of_a_picture_decide_and_a_picture_without_is_left_out(tmp_path):
    lines = [{"id": 1, "tags": ["sky"]}, {"id": "2", "tags": ["comic"]}, {"id": 9, "tags": []}]
    (tmp_path / "m").mkdir()
    for number, line in enumerate(lines):
        (tmp_path / "m" / f"{number}.json").write_text(json.dumps(line) + "\n\n")
    reasons = excluded_by_metadata(
        tmp_path / "m", ["1", "2", "3"], Exclusion(words=frozenset({"comic"}))
    )
    assert reasons == {"2": "excluded by its tags: comic", "3": UNKNOWN}


@pytest.mark.parametrize("line", ["[1]", '{"tags": []}', "{", "[" * 100_000, "x" * (2 << 20)])
def test_a_line_that_is_no_picture_is_refused_by_its_number(tmp_path, line):
    (tmp_path / "m.json").write_text('{"id": 1}\n' + line)
    with pytest.raises(DataError, match=r"m.json, line 2: expected a JSON object"):
        excluded_by_metadata(tmp_path / "m.json", ["1"], Exclusion(words=frozenset({"x"})))
