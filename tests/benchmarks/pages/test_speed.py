import dataclasses
from pathlib import Path

import pytest

from benchmarks.pages.speed import Note, figures, size_points, speed_of
from benchmarks.timing.record import write_latency
from training.run.checkpoint import find_checkpoint


@pytest.fixture
def record(tmp_path: Path, timed) -> Path:
    path = tmp_path / "latency.json"
    write_latency(timed(("ab", 1), ("ab", 2), ("other", 1)), path)
    return path


def test_timings_of_these_models_alone_are_shown(record: Path, tiny_run: Path, compared):
    sha256 = find_checkpoint(tiny_run).sha256
    speed, points = speed_of(record, sha256, {"Core ML palette4": compared}, command="time it")
    assert [(row.label, row.setting) for row in speed.rows] == [
        ("Core ML palette4", "ML Program runtime, 1 threads"),
        ("Core ML palette4", "ML Program runtime, 2 threads"),
    ]
    assert speed.rows[0].cells[0][0] == "4.5"  # the median of 3, 4, 5, 6
    (point,) = points  # of one thread
    assert (point.series, point.label) == ("ML Program runtime", "palette4 iOS18")
    assert (point.x, point.psnr_db) == (2.0, 41.0)


def test_without_a_record_of_these_models_there_is_nothing_to_show(record: Path, tiny_run: Path):
    sha256 = find_checkpoint(tiny_run).sha256
    nothing = speed_of(record.with_name("none.json"), sha256, {}, command="time it")
    assert nothing == (Note(sentence="Not measured yet. Run:", command="time it"), [])
    of_others, points = speed_of(record, sha256, {}, command="time it")
    assert (of_others.command, points) == ("time it --overwrite", [])
    assert "other models" in of_others.sentence


def test_a_model_that_drew_nothing_has_no_point_and_two_figures_need_points(compared):
    drew_nothing = dataclasses.replace(compared, summary=None)
    points = size_points({"a": compared, "b": drew_nothing}, {"coreml": "Core ML"})
    assert [point.x for point in points] == [2_000_000.0]
    assert [title for title, _ in figures(points, [])] == ["Worst drawing against size"]
    assert figures([], []) == []
