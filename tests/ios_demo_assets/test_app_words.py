"""What the demo app says: each word stands in the string catalog, in English and Japanese."""

import json
import re
from pathlib import Path

import pytest

LANGUAGES = ("en", "ja")
# SwiftUI looks up a literal where a view takes a title; what is not to be looked up is `verbatim:`.
TITLED = re.compile(
    r"(?:\b(?:Text|Button|Label|Toggle|Picker|Section|ColorPicker|ProgressView|PhotosPicker"
    r"|ShareLink|startButton|ToolbarItem|LabeledContent|Menu|Link)"
    r"|\.(?:navigationTitle|alert|confirmationDialog|accessibilityLabel|accessibilityHint"
    r"|accessibilityValue|help))\(\s*\"((?:[^\"\\]|\\.)*)\""
)
LOOKED_UP = re.compile(r'String\(localized: "((?:[^"\\]|\\.)*)"')
# Tables of names: a case of a switch, or an entry of the palette.
NAMED = re.compile(r'case \.\w+: "([A-Z][^"]*)"|Paint\(\d+, \d+, \d+, "([^"]+)"')


@pytest.fixture(scope="module")
def catalog(package: Path) -> dict:
    file = package / "NurieDemo.swiftpm" / "Sources" / "Resources" / "Localizable.xcstrings"
    return json.loads(file.read_text(encoding="utf-8"))


def said(package: Path) -> set[str]:
    words = set()
    for path in sorted((package / "NurieDemo.swiftpm" / "Sources").rglob("*.swift")):
        text = path.read_text(encoding="utf-8")
        words |= set(TITLED.findall(text)) | set(LOOKED_UP.findall(text))
        words |= {one or other for one, other in NAMED.findall(text)}
    # What is filled in is an object to the catalog.
    return {re.sub(r"\\\((?:[^()]|\([^()]*\))*\)", "%@", word) for word in words}


def test_the_words_of_the_app_are_found(package: Path):
    assert {"Undo", "Sky blue", "The lines alone, PNG", "Drawing"} <= said(package)
    assert "The colours are those of before. %@" in said(package)
    assert len(said(package)) > 50


def test_every_word_of_the_app_stands_in_the_catalog_and_no_other(package: Path, catalog: dict):
    assert said(package) == set(catalog["strings"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_translated(catalog: dict, language: str):
    for word, entry in catalog["strings"].items():
        unit = entry["localizations"][language]["stringUnit"]
        assert unit["state"] == "translated" and unit["value"].strip(), word
        # What is filled in is filled in in each language.
        assert unit["value"].count("%@") == word.count("%@"), word


def test_japanese_is_japanese(catalog: dict):
    for word, entry in catalog["strings"].items():
        value = entry["localizations"]["ja"]["stringUnit"]["value"]
        assert word == "OK" or re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", value), word


def test_people_who_draw_are_shown_no_command(package: Path):
    for word in said(package):
        assert "python" not in word and "--" not in word, word
