import sys
from types import ModuleType

import pytest

from conversion.coreai import api
from conversion.errors import ConversionError
from training.terminal.typed import install_command


def test_without_the_packages_a_sentence_names_the_extra(monkeypatch):
    for package in ("coreai", "coreai_onnx"):
        monkeypatch.setitem(sys.modules, package, None)  # what blocks an import
    assert not api.installed()
    with pytest.raises(
        ConversionError,
        match=r"not installed here: .*pip install .*'\.\[coreai\]'",
    ):
        api.require_installed()
    with pytest.raises(ConversionError, match=r"\[coreai\]"):
        api.new_converter()


def test_a_name_that_an_upgrade_moved_is_said_with_the_versions(monkeypatch):
    monkeypatch.setitem(sys.modules, "coreai_onnx", ModuleType("coreai_onnx"))
    monkeypatch.setattr(api, "installed", lambda: True)
    monkeypatch.setattr(api, "version", lambda package: "9.9")
    with pytest.raises(ConversionError) as caught:
        api.new_converter()
    again = install_command("coreai", "--force-reinstall")
    assert str(caught.value) == (
        "coreai_onnx.OnnxConverter is not where it was in coreai-core 1.0.0b3 and coreai-onnx "
        "1.2.1: received coreai-core 9.9 and coreai-onnx 9.9 (module 'coreai_onnx' has no "
        "attribute 'OnnxConverter'). Install the versions that are pinned, "
        f"{again}, or mend conversion/coreai/api.py."
    )


def test_the_versions_seen_are_those_that_are_pinned():
    import tomllib
    from pathlib import Path

    root = Path(__file__).parents[3]
    pinned = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    expected = [f"{package}=={seen}" for package, seen in api.SEEN.items()]
    assert pinned["optional-dependencies"]["coreai"] == expected
    lines = (root / "constraints.txt").read_text().splitlines()
    assert set(expected) <= {line.partition(" ;")[0] for line in lines}


@pytest.mark.parametrize(("element", "bits"), [("f32", 32), ("ui6", 6), ("si8", 8), ("i1", 1)])
def test_the_bits_of_an_element_are_in_its_spelling(element, bits):
    assert api.bits_of(element) == bits
