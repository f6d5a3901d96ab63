import dataclasses
from pathlib import Path

import pytest

from conversion.errors import ConversionError
from conversion.export.origins.asked import (
    NOTHING,
    Asked,
    remember,
    remembered_path,
    with_remembered,
)

TOLD = Asked(input_range=(-1, 1), output_range=(0, 255), custom_objects="evil", trust=True)


def test_a_range_that_no_net_has_is_refused_with_those_there_are():
    with pytest.raises(
        ConversionError, match=r"--output-range: expected -1 1, 0 1 or 0 255, .*0 2"
    ):
        Asked(output_range=(0, 2))


def test_what_is_remembered_is_told_again_and_what_is_told_wins(tmp_path: Path):
    file = tmp_path / "gen.keras"
    remember(TOLD, (96, 128), file=file)
    asked, size = with_remembered(Asked(output_range=(0, 1)), file=file)
    assert (asked.input_range, asked.output_range) == ((-1, 1), (0, 1))
    assert size == (96, 128)


def test_neither_a_module_to_import_nor_trust_is_remembered(tmp_path: Path):
    file = tmp_path / "gen.keras"
    remember(TOLD, None, file=file)
    asked, _ = with_remembered(NOTHING, file=file)
    assert (asked.custom_objects, asked.trust) == (None, False)
    assert "evil" not in remembered_path(file).read_text()


def test_a_damaged_memory_is_refused_with_the_remedy(tmp_path: Path):
    file = tmp_path / "gen.keras"
    remembered_path(file).write_text("{}")
    with pytest.raises(ConversionError, match=r"gen\.keras\.nurie\.json is not .* delete it"):
        with_remembered(NOTHING, file=file)


def test_a_function_has_no_file_to_remember_beside():
    assert with_remembered(TOLD, file=None) == (TOLD, None)
    with pytest.raises(ConversionError, match="received a Python function"):
        remember(TOLD, None, file=None)


def test_a_checkpoint_of_ours_needs_none_of_it():
    NOTHING.require_nothing(Path("runs/demo"))
    told = dataclasses.replace(NOTHING, trust=True, input_range=(0, 1))
    with pytest.raises(ConversionError, match=r"runs/demo .*no --input-range, --trust"):
        told.require_nothing(Path("runs/demo"))
