from pathlib import Path

import matplotlib
import pytest
from PIL import ImageFont

from training.data.outcome import lettering
from training.data.outcome.lettering import font_for, lacks, shortened, wrapped, written

GREEK = "\u03b1"
FONT = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"


@pytest.fixture
def own():
    """Pillow's own font, which has Latin letters."""
    return ImageFont.load_default(13)


def test_a_font_lacks_the_letters_of_scripts_that_it_was_not_made_for(own):
    assert lacks(own, f"a{GREEK}")
    assert not lacks(own, "a.png")
    assert written(own, f"a{GREEK}") == "a\u00b7"


def test_accents_that_macos_gives_apart_are_put_together():
    assert written(ImageFont.truetype(FONT, 13), "e\u0301") == "\u00e9"


def test_a_font_is_sought_by_the_letters_that_those_known_by_name_lack(monkeypatch):
    monkeypatch.setattr(lettering, "FONTS", ("of no machine.ttf",))
    asked = []

    def fc_list(command, **_):
        asked.append(command[1])
        return type("Said", (), {"stdout": f"/no/such.ttf: \n{FONT}: \n/of/x11.pcf.gz: \n"})

    monkeypatch.setattr(lettering.subprocess, "run", fc_list)
    assert not lacks(font_for([f"b{GREEK}"], 13), GREEK)
    assert asked == [":charset=62 3b1"]


def test_a_font_whose_own_name_is_not_utf_8_is_passed_over(monkeypatch, tmp_path):
    (tmp_path / "fc-list").write_text(f"#!/bin/sh\nprintf '/f\\351.ttf: \\n{FONT}: \\n'\n")
    (tmp_path / "fc-list").chmod(0o755)
    monkeypatch.setattr(lettering, "FONTS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not lacks(font_for([GREEK], 13), GREEK)


def test_without_fontconfig_a_font_is_there_all_the_same(monkeypatch):
    monkeypatch.setattr(lettering, "FONTS", ())
    monkeypatch.setenv("PATH", "")
    assert font_for([GREEK], 13).getlength("abc") > 10


def test_a_name_that_is_too_long_keeps_its_beginning_and_its_end(own):
    shown = shortened(own, "a drawing of a house beside the sea-0042.png", width=120)
    assert own.getlength(shown) <= 120
    assert shown.startswith("a draw") and shown.endswith("42.png")
    assert shortened(own, "a.png", width=120) == "a.png"


def test_a_text_is_broken_between_its_words_by_how_wide_they_are_drawn(own):
    lines = wrapped(own, "i " * 30 + "WWW " * 10, width=120)
    assert all(60 < own.getlength(line) <= 120 for line in lines[:-1])
    assert " ".join(lines).split() == ["i"] * 30 + ["WWW"] * 10
    assert all(line.startswith("    ") for line in lines[1:])
