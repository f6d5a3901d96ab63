import dataclasses
from pathlib import Path

import pytest

from benchmarks.agreement import ArtifactParity
from benchmarks.latency_record import Latency, Machine, Timing, write_latency
from benchmarks.report_speed import figures, size_points, speed_of
from training.checkpoint import find_checkpoint
from training.metrics import PictureQuality, summarise

QUALITY = PictureQuality(
    psnr_db=41.0, ssim=1.0, ciede2000_mean=0.0, ciede2000_p99=0.0, max_levels=1.0
)
ARTIFACT = ArtifactParity(
    artifact="runs/x/exports/x-palette4-iOS18.mlpackage",
    format="coreml",
    recipe="palette4",
    target="iOS18",
    bytes=2_000_000,
    sha256="ab",
    gate_db=30.0,
    passed=True,
    verdict="pass",
    summary=summarise({"sample/cat": QUALITY}),
    pictures={"sample/cat": QUALITY},
    layers=[],
)


def timing(sha256: str, *, threads: int) -> Timing:
    """Two rounds: 3, 5 and 4, 6 ms by the clock, 2 ms each by the processor."""
    return Timing(
        artifact="x",
        setting=f"ML Program runtime, {threads} threads",
        format="coreml",
        recipe="palette4",
        target="iOS18",
        bytes=2_000_000,
        sha256=sha256,
        size=32,
        threads=threads,
        compute_units=None,
        import_ms=1.0,
        load_ms=10.0,
        first_ms=7.0,
        bare_mb=20.0,
        peak_mb=90.0,
        rounds_ms=((3.0, 5.0), (4.0, 6.0)),
        cpu_ms=((2.0, 2.0), (2.0, 2.0)),
        waited_ms=(0.0, 0.0),
        end_to_end_ms=((8.0,), (8.0,)),
    )


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "latency.json"
    latency = Latency(
        command="python -m benchmarks.latency runs/x",
        machine=Machine(cpu="a processor", cores=2, system="Linux"),
        tools={},
        load_average=(0.0, 0.0),
        thermal=(),
        warm_up=1,
        seed=0,
        timings=(timing("ab", threads=1), timing("ab", threads=2), timing("other", threads=1)),
    )
    write_latency(latency, path)
    return path


def test_timings_of_these_models_alone_are_shown(record: Path, tiny_run: Path):
    speed, points = speed_of(record, find_checkpoint(tiny_run), {"Core ML palette4": ARTIFACT})
    assert [(row.label, row.setting) for row in speed.rows] == [
        ("Core ML palette4", "ML Program runtime, 1 threads"),
        ("Core ML palette4", "ML Program runtime, 2 threads"),
    ]
    assert speed.rows[0].cells[0][0] == "4.5"  # the median of 3, 4, 5, 6
    (point,) = points  # of one thread
    assert (point.series, point.label) == ("ML Program runtime", "palette4 iOS18")
    assert (point.x, point.psnr_db) == (2.0, 41.0)


def test_without_a_record_of_these_models_there_is_nothing_to_show(record: Path, tiny_run: Path):
    checkpoint = find_checkpoint(tiny_run)
    assert speed_of(record.with_name("none.json"), checkpoint, {}) == (None, [])
    assert speed_of(record, checkpoint, {}) == (None, [])


def test_a_model_that_drew_nothing_has_no_point_and_two_figures_need_points():
    drew_nothing = dataclasses.replace(ARTIFACT, summary=None)
    points = size_points({"a": ARTIFACT, "b": drew_nothing}, {"coreml": "Core ML"})
    assert [point.x for point in points] == [2_000_000.0]
    assert [title for title, _ in figures(points, [])] == ["Worst drawing against size"]
    assert figures([], []) == []
