"""Which reports may be compared: one size, one build of system and app for each device."""

import json
from pathlib import Path

import pytest

from benchmarks.devices.comparable import require_comparable
from benchmarks.devices.records import read_device_report
from training.errors import DataError


@pytest.fixture
def compared(synthetic_report, version_1, tmp_path: Path):
    """Hold a report that `change` changed to one that is as it was; older: it is of version 1."""

    def compare(change=lambda report: None, *, across=(), older: bool = False) -> None:
        other = synthetic_report()
        change(other)
        raw = {"as-it-was": synthetic_report(), "changed": version_1(other) if older else other}
        reports = {}
        for name, report in raw.items():
            path = tmp_path / f"{name}.json"
            path.write_text(json.dumps(report))
            reports[path] = read_device_report(path)
        require_comparable(reports, across=across)

    return compare


CHANGES = {
    "input sizes": ("sizes", lambda report: report["artifact"].update(width=128)),
    "builds of the system of Synthetic1,1": (
        "builds",
        lambda report: report["device"].update(build="22F76"),
    ),
    "builds of what measured on Synthetic1,1": (
        "builds",
        lambda report: report["app"].update(version="1.1"),
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_makes_another_measurement_is_refused_unless_told(compared, what):
    option, change = CHANGES[what]
    with pytest.raises(DataError) as caught:
        compared(change)
    said = str(caught.value)
    assert f"reports of different {what} are not compared" in said
    assert "as-it-was.json: " in said and "changed.json: " in said
    assert f"or say --across {option}." in said
    compared(change, across=(option,))
    with pytest.raises(DataError):
        compared(change, across=({"sizes": "builds", "builds": "sizes"}[option],))


def test_a_debug_build_is_another_build(compared):
    with pytest.raises(DataError, match="synthetic 1.0 7 Debug"):
        compared(lambda report: report["env"].update(build_config="Debug"))


def test_equal_reports_are_compared(compared):
    compared()


def test_builds_of_other_devices_differ_as_they_must(compared):
    def change(report):
        report["device"] |= {"model": "Synthetic2,1", "build": "22F76"}
        report["app"]["version"] = "1.1"

    compared(change)


def test_what_a_report_does_not_say_differs_from_nothing(compared):
    compared(lambda report: report["device"].update(build=""))
    compared(lambda report: report["artifact"].update(width=128), older=True)
