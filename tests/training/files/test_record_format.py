import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from training.errors import CheckpointError, ConfigError, OutputExists
from training.files.record_format import RecordFormat


@dataclass(frozen=True, kw_only=True)
class Catch:
    UNREAD: ClassVar = ("mean",)

    boat: str
    kg: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.kg:
            raise ConfigError(f"kg: expected a fish or more, received {self.kg}.")


CATCHES = RecordFormat(
    kind=Catch,
    name="catch/2",
    what="a catch",
    expected="a file of the harbour",
    remedy="weigh again",
    error=CheckpointError,
)
CATCH = Catch(boat="漁船", kg=(1.5, math.inf))


def test_a_record_survives_its_file_infinity_included(tmp_path: Path):
    CATCHES.write(CATCH, tmp_path / "catch.json")
    assert CATCHES.read(tmp_path / "catch.json") == CATCH
    text = (tmp_path / "catch.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"format": "catch/2", "boat": "漁船", "kg": [1.5, "inf"]}
    assert "漁船" in text


def test_a_name_that_is_not_utf_8_is_written_out(tmp_path: Path):
    of_shift_jis = b"\x8b".decode("utf-8", "surrogateescape")  # as Python reads a file name
    CATCHES.write(Catch(boat=of_shift_jis, kg=(1.0,)), tmp_path / "catch.json")
    assert CATCHES.read(tmp_path / "catch.json").boat == r"\udc8b"


def test_what_is_written_for_other_readers_is_not_read(tmp_path: Path):
    (tmp_path / "catch.json").write_text(CATCHES.text({"boat": "a", "kg": [1], "mean": 1}))
    assert CATCHES.read(tmp_path / "catch.json") == Catch(boat="a", kg=(1.0,))


def test_a_record_is_not_replaced_unasked(tmp_path: Path):
    CATCHES.write(CATCH, tmp_path / "catch.json")
    with pytest.raises(OutputExists):
        CATCHES.write(CATCH, tmp_path / "catch.json")
    CATCHES.write(CATCH, tmp_path / "catch.json", overwrite=True)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "expected JSON, received something else .*"),
        ("[" * 100_000, "expected JSON of a few levels, .*"),
        ("[]", r"expected format 'catch/2', received \[\]"),
        ('{"format": "catch/1"}', "expected format 'catch/2', received 'catch/1'"),
        ('{"format": "catch/2", "boat": "a"}', r".*missing fields \['kg'\]"),
        ('{"format": "catch/2", "boat": "a", "kg": ["b"]}', r"\$\.kg\[0\]: expected float, .*'b'"),
        ('{"format": "catch/2", "boat": "a", "kg": []}', r"kg: expected a fish or more, .*"),
    ],
)
def test_another_file_is_refused_with_its_name_its_fault_and_the_remedy(
    tmp_path: Path, content: str, fault: str
):
    (tmp_path / "catch.json").write_text(content)
    said = rf"/catch\.json is not a catch: {fault}\. Expected a file of the harbour; weigh again\.$"
    with pytest.raises(CheckpointError, match=said):
        CATCHES.read(tmp_path / "catch.json")


def test_what_is_not_there_is_not_to_be_replaced(tmp_path: Path):
    with pytest.raises(CheckpointError) as refusal:
        CATCHES.read(tmp_path / "catch.json")
    assert str(refusal.value) == (
        f"{tmp_path / 'catch.json'} does not exist. Expected a file of the harbour."
    )
