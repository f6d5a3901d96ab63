import json
import math
import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.errors import ConfigError
from training.files import json_text
from training.files.json_text import parse_json, read_json

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Expecting value"),
        (b"\xff\xfe", "codec can't decode"),
        (b"\xef\xbb\xbf{}", "BOM"),
        (b"[" * 100_000, "too deep a nesting"),
        (b'{"a":' * 100_000, "too deep a nesting"),
        (b'{"a": 1, "b": 2, "a": 3}', "'a' stands twice"),
        (b"NaN", "no number NaN"),
        (b"[-Infinity]", "no number -Infinity"),
        (b"1" * 5_000, "5000 digits"),
        (rb'["\uD800"]', "surrogates"),
    ],
)
def test_what_is_no_json_is_refused_in_a_sentence(content: bytes, said: str):
    with pytest.raises(ConfigError, match=said):
        parse_json(content)


@given(st.binary(max_size=20) | st.text(alphabet='[]{}":,eE-+.1\\udNaI').map(str.encode))
def test_any_bytes_are_json_or_refused(content: bytes):
    with suppress(ConfigError):
        json.dumps(parse_json(content), ensure_ascii=False).encode()


@given(values)
def test_what_json_writes_is_read(value: object):
    text = json.dumps(value, ensure_ascii=False)
    assert parse_json(text.encode(errors="replace"), nonfinite=True) == json.loads(text)


def test_characters_beyond_16_bits_are_no_halves():
    assert parse_json(rb'"\ud83d\ude00"') == "\N{GRINNING FACE}"


def test_pythons_own_infinity_is_read_where_that_is_asked_for():
    assert parse_json(b"[Infinity]", nonfinite=True) == [math.inf]


def test_a_file_without_end_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(json_text, "MOST_BYTES", 1_000_000)
    (tmp_path / "huge.json").write_bytes(b" " * 1_000_001)
    with pytest.raises(ConfigError, match="at most 1 MB"):
        read_json(tmp_path / "huge.json")


def test_what_is_no_file_is_refused_at_once(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(ConfigError, match="expected a file"):
            read_json(path)
    with pytest.raises(ConfigError, match="No such file"):
        read_json(tmp_path / "absent")
