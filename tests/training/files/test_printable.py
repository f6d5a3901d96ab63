import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.files.printable import printable, printable_lines


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\x1b[31mred\x1b[0m.png", r"\x1b[31mred\x1b[0m.png"),
        ("a\rb\nc\x9b2J", r"a\rb\nc\x9b2J"),
        ("cod\u202egnp.exe", r"cod\u202egnp.exe"),
        (b"caf\xe9.png".decode(errors="surrogateescape"), r"caf\xe9.png"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out(name, shown):
    assert printable(name) == shown
    printable(name).encode()


@pytest.mark.parametrize("name", ["塗り絵 é.png", "👩‍🚀.png", "a b [x].png", "\\x41"])
def test_all_other_names_stay_as_they_are(name):
    assert printable(name) == name


@given(st.binary(max_size=20))
def test_any_bytes_can_be_shown(name: bytes):
    shown = printable(os.fsdecode(name))
    shown.encode()
    assert printable(shown) == shown


def test_lines_stay_lines():
    assert printable_lines("error:\n  \x07bell\n") == "error:\n  \\x07bell\n"
