"""Whether reports may be compared at all: models of one input size, one build of system and app.

A larger picture takes longer, and a system's update moves operations from one engine to another:
who compares across these must say so. What a report does not say, differs from nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Literal

from benchmarks.devices.records import DeviceReport
from training.errors import DataError

Across = Literal["sizes", "builds"]


def require_comparable(
    reports: Mapping[Path, DeviceReport], *, across: Collection[Across] = ()
) -> None:
    """Raise DataError where reports differ in what makes them another measurement.

    across: the differences that are asked for. Builds are held to each other device by device:
    an iPhone never has a Mac's.
    """
    if "sizes" not in across:
        _require_one("input sizes", "sizes", {path: _size(r) for path, r in reports.items()})
    if "builds" in across:
        return
    devices: dict[str, dict[Path, DeviceReport]] = defaultdict(dict)
    for path, report in reports.items():
        devices[report.device.model][path] = report
    for model, own in devices.items():
        systems = {path: report.device.build for path, report in own.items()}
        _require_one(f"builds of the system of {model}", "builds", systems)
        apps = {path: _app(report) for path, report in own.items()}
        _require_one(f"builds of what measured on {model}", "builds", apps)


def _require_one(what: str, option: Across, said: Mapping[Path, str]) -> None:
    known = {path: text for path, text in said.items() if text}
    if len(set(known.values())) > 1:
        listed = "; ".join(f"{path}: {text}" for path, text in known.items())
        raise DataError(
            f"reports of different {what} are not compared, received {listed}. Compare reports of "
            f"one, or say --across {option}."
        )


def _size(report: DeviceReport) -> str:
    model = report.artifact
    return "" if model.width is None else f"{model.width} x {model.height} pixels"


def _app(report: DeviceReport) -> str:
    app = report.app
    if app is None:
        return ""
    return " ".join(filter(None, [app.name, app.version, app.build, report.env.build_config]))
