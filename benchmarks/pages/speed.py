"""The speed and the cost of quality in a report: rows of a table, and two figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.agreement.record import ArtifactParity
from benchmarks.pages.plots import Point, quality_against_bytes, quality_against_milliseconds
from benchmarks.timing.record import LATENCIES, Timing

# Times of one thread are spared what the other processes of a machine do: see decision 10.
FIGURE_THREADS = 1


@dataclass(frozen=True, kw_only=True)
class Note:
    """What is missing from a report, and the command that measures it."""

    sentence: str
    command: str


@dataclass(frozen=True, kw_only=True)
class SpeedRow:
    """One model in one runtime, in words."""

    label: str
    setting: str
    cells: list[tuple[str, str]]  # a number, and what stands in small letters below it


@dataclass(frozen=True, kw_only=True)
class Speed:
    """What benchmarks.latency measured of the models of a report."""

    machine: str
    command: str
    rows: list[SpeedRow]


def speed_of(
    path: Path, sha256: str, artifacts: Mapping[str, ArtifactParity], *, command: str
) -> tuple[Speed | Note, list[Point]]:
    """Return the rows and points of the record at `path`, or why there are none of these models.

    sha256: of what Keras paints with. artifacts: label -> what was measured. A timing belongs to a
    model of the same bytes. command: that writes the record. Raises DataError for a file that is
    none.
    """
    if not path.exists():
        return Note(sentence="Not measured yet. Run:", command=command), []
    latency = LATENCIES.read(path)
    labels = {row.sha256: label for label, row in artifacts.items()}
    labels[sha256] = "Keras fp32"
    timed = [(labels[t.sha256], t) for t in latency.timings if t.sha256 in labels]
    if not timed:
        sentence = "Measured on other models, so not shown. Run:"
        return Note(sentence=sentence, command=f"{command} --overwrite"), []
    rows = [SpeedRow(label=label, setting=t.setting, cells=_cells(t)) for label, t in timed]
    points = [
        _point(t, artifacts[label])
        for label, t in timed
        if t.threads == FIGURE_THREADS and label in artifacts and artifacts[label].summary
    ]
    return Speed(machine=str(latency.machine), command=latency.command, rows=rows), points


def size_points(artifacts: Mapping[str, ArtifactParity], names: Mapping[str, str]) -> list[Point]:
    """Return a point of each artifact that drew: its bytes, its worst drawing.

    names: format -> what it is called.
    """
    return [
        Point(
            series=names[row.format],
            label=_recipe(row),
            x=float(row.bytes),
            psnr_db=row.summary.worst.psnr_db,
            passed=row.passed,
        )
        for row in artifacts.values()
        if row.summary
    ]


def figures(sizes: list[Point], times: list[Point]) -> list[tuple[str, str]]:
    """Return title and <svg> of each figure that has points."""
    drawn = []
    if sizes:
        drawn.append(("Worst drawing against size", quality_against_bytes(sizes)))
    if times:
        drawn.append(
            ("Worst drawing against time, one thread", quality_against_milliseconds(times))
        )
    return drawn


def _point(timing: Timing, row: ArtifactParity) -> Point:
    assert row.summary is not None  # the caller has left the others out
    summary = timing.summary()
    return Point(
        series=timing.setting.partition(",")[0],
        label=_recipe(row),
        x=summary["cpu_p50_ms"],
        psnr_db=row.summary.worst.psnr_db,
        passed=row.passed,
    )


def _recipe(row: ArtifactParity) -> str:
    """Name a recipe; with its target where the file does, since palettes differ by target."""
    named = row.target is not None and Path(row.artifact).stem.endswith(row.target)
    return f"{row.recipe} {row.target}" if named else row.recipe


def _cells(timing: Timing) -> list[tuple[str, str]]:
    summary = timing.summary()
    return [
        (f"{summary['p50_ms']:.1f}", f"{summary['low_ms']:.1f} to {summary['high_ms']:.1f}"),
        (f"{summary['p90_ms']:.1f}", ""),
        (f"{summary['p99_ms']:.1f}", ""),
        (f"{summary['cpu_p50_ms']:.1f}", ""),
        (f"{summary['end_to_end_p50_ms']:.1f}", ""),
        (f"{timing.load_ms:.0f}", ""),
        (f"{timing.first_ms:.1f}", ""),
        (f"{timing.peak_mb:.0f}", ""),
    ]
