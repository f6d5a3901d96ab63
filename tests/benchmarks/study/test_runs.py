import json
import os
import shutil
import signal
import stat
import threading
import time
from pathlib import Path

import pytest

from benchmarks.study import runs
from benchmarks.study.plan import Budget, Cell, preset_rows
from benchmarks.study.runs import (
    LOG_FILE,
    RUN,
    STATUS_FILE,
    metrics_of,
    read_status,
    require_own,
    run_cells,
)
from tests.benchmarks.study.folder import write_run_config
from training.errors import ConfigError
from training.files.lock import held_alone
from training.run.run_metrics import ALWAYS

# Plays `python -m training.train ...`: every call is noted, an epoch a line, then the given end.
TRAINER = """#!/bin/sh
while [ $# -gt 0 ]; do
  [ "$1" = --out ] && run=$2
  [ "$1" = --resume ] && resumed=--resume
  shift
done
mkdir -p "$run"
name=$(basename "$(dirname "$run")")
echo "begin $name $resumed" >> "$CALLS"
echo "$LINE" >> "$run/metrics.jsonl"
case $name in
  l1.*) sleep 0.2;;
  selu.*) exec sleep ${SLEEP:-0};;
  wgan-gp.*) echo "error: the loss 'penalty' is nan in step 3" >&2; exit 3;;
  *) echo "error: no room" >&2; exit 1;;
esac
echo "end $name" >> "$CALLS"
"""


LINE = json.dumps(dict.fromkeys(ALWAYS, 0.1) | {"epoch": 1, "step": 10})


@pytest.fixture
def calls(tmp_path: Path, monkeypatch) -> Path:
    """Let a shell script train; returns the file in which it notes its calls."""
    script = tmp_path / "python"
    script.write_text(TRAINER)
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(runs.sys, "executable", str(script))
    monkeypatch.setattr(runs, "POLL_S", 0.02)
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setenv("LINE", LINE)
    (tmp_path / "calls").touch()
    return tmp_path / "calls"


def cell(name: str, *, seed: int = 0) -> Cell:
    return preset_rows(Budget(size=32, pairs=32), seeds=2)[name].cells[seed]


def begin(cell: Cell, out: Path, *, data: Path, lock: int = 0):
    """Begin the process of a cell alone. lock: a descriptor to hold, by default the input."""
    return runs.CellProcess(cell, out, data=data, epoch_pictures=32, lock=lock)


def begun(calls: Path) -> list[str]:
    return [line[6:].strip() for line in calls.read_text().splitlines() if line.startswith("begin")]


def test_a_cell_is_trained_once_and_its_processor_seconds_are_counted(calls, tiny_data, tmp_path):
    for _ in range(2):
        run_cells([cell("l1")], tmp_path, data=tiny_data, jobs=2)
    assert begun(calls) == ["l1.seed0"]
    status = read_status(tmp_path / "l1.seed0")
    assert (status.outcome, status.step, status.counted) == ("complete", 10, True)
    assert 0 <= status.cpu_s < 5
    assert status.command.startswith("python -m training.train l1 ")


def test_a_failing_cell_is_shown_and_stops_no_other(calls, tiny_data, tmp_path, capsys):
    run_cells([cell("l1-gan-1"), cell("l1")], tmp_path, data=tiny_data, jobs=1)
    failed = read_status(tmp_path / "l1-gan-1.seed0")
    assert (failed.outcome, failed.said) == ("failed", "no room")
    assert "l1-gan-1.seed0 failed: no room" in capsys.readouterr().err
    assert read_status(tmp_path / "l1.seed0").outcome == "complete"


def test_a_failed_cell_is_tried_again_from_where_it_was(calls, tiny_data, tmp_path):
    for _ in range(2):
        run_cells([cell("l1-gan-1")], tmp_path, data=tiny_data, jobs=1)
    assert begun(calls) == ["l1-gan-1.seed0", "l1-gan-1.seed0 --resume"]


def test_a_training_that_diverged_is_a_result_and_is_not_tried_again(calls, tiny_data, tmp_path):
    for _ in range(2):
        run_cells([cell("wgan-gp")], tmp_path, data=tiny_data, jobs=1)
    status = read_status(tmp_path / "wgan-gp.seed0")
    assert (status.outcome, status.step) == ("diverged", 10)  # one epoch was recorded
    assert status.said == "the loss 'penalty' is nan in step 3"
    assert begun(calls) == ["wgan-gp.seed0"]


def test_no_more_than_the_jobs_run_at_a_time(calls, tiny_data, tmp_path):
    run_cells([cell("l1"), cell("l1", seed=1)], tmp_path, data=tiny_data, jobs=1)
    words = [line.split()[0] for line in calls.read_text().splitlines()]
    assert words == ["begin", "end", "begin", "end"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_the_children_and_a_rerun_goes_on(
    calls, tiny_data, tmp_path, monkeypatch, number
):
    monkeypatch.setenv("SLEEP", "60")
    folder = tmp_path / "selu.seed0"

    def interrupt() -> None:
        while not metrics_of(folder):
            time.sleep(0.01)
        os.kill(os.getpid(), number)

    thread = threading.Thread(target=interrupt)
    thread.start()
    before = signal.getsignal(number)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_cells([cell("selu"), cell("l1")], tmp_path, data=tiny_data, jobs=1)
    thread.join()
    assert time.monotonic() - began < 30  # the child was not waited for
    assert signal.getsignal(number) is before
    assert read_status(folder).outcome == "interrupted"
    assert not (tmp_path / "l1.seed0").exists()

    monkeypatch.setenv("SLEEP", "0")
    run_cells([cell("selu"), cell("l1")], tmp_path, data=tiny_data, jobs=1)
    assert begun(calls) == ["selu.seed0", "selu.seed0 --resume", "l1.seed0"]
    status = read_status(folder)
    assert (status.outcome, status.counted) == ("complete", True)


def test_a_child_that_an_interruption_has_ended_already_is_counted_too(calls, tiny_data, tmp_path):
    process = begin(cell("selu"), tmp_path, data=tiny_data)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    process.ask_to_end()
    process.wait_for_end()
    assert read_status(tmp_path / "selu.seed0").outcome == "complete"


def test_the_seconds_of_a_killed_session_are_known_to_be_missing(calls, tiny_data, tmp_path):
    run_cells([cell("l1")], tmp_path, data=tiny_data, jobs=1)
    path = tmp_path / "l1.seed0" / STATUS_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | {"outcome": "running"}))
    run_cells([cell("l1")], tmp_path, data=tiny_data, jobs=1)
    status = read_status(path.parent)
    assert (status.outcome, status.counted) == ("complete", False)


@pytest.mark.parametrize("text", ["", "[]", '{"outcome": "won"}', "[" * 100_000])
def test_a_status_that_nobody_wrote_is_refused_by_name(tmp_path, text):
    (tmp_path / STATUS_FILE).write_text(text)
    with pytest.raises(ConfigError, match=r"status\.json is not the status of a cell: .*remove it"):
        read_status(tmp_path)


def test_the_folder_of_another_training_is_refused(calls, tiny_data, tmp_path):
    run_cells([cell("l1")], tmp_path, data=tiny_data, jobs=1)
    write_run_config(tmp_path, cell("l1"), data=tiny_data)
    require_own([cell("l1")], tmp_path, data=tiny_data)
    longer = preset_rows(Budget(size=32, pairs=32, steps=9_000), seeds=1)["l1"].cells
    with pytest.raises(ConfigError, match="config.epochs: the run has .*name another --out"):
        run_cells(longer, tmp_path, data=tiny_data, jobs=1)


def test_a_training_on_other_drawings_is_refused(calls, tiny_data, tmp_path):
    write_run_config(tmp_path, cell("l1"), data=tiny_data)
    other = Path(shutil.copytree(tiny_data, tmp_path / "other"))
    manifest = json.loads((other / "manifest.json").read_text())
    (other / "manifest.json").write_text(json.dumps(manifest | {"credit": "somebody else"}))
    with pytest.raises(ConfigError, match="data.sha256"):
        require_own([cell("l1")], tmp_path, data=other)


def test_progress_never_goes_back_where_a_resumed_run_takes_a_line_back(calls, tiny_data, tmp_path):
    folder = tmp_path / "selu.seed0"
    lines = folder / RUN / "metrics.jsonl"
    lines.parent.mkdir(parents=True)
    lines.write_text(f"{LINE}\n" * 2)
    process = begin(cell("selu"), tmp_path, data=tiny_data)
    process.wait_for_end()
    lines.write_text(f"{LINE}\n")
    assert process.newly_seen() == 0
    lines.write_text(f"{LINE}\n" * 3)
    assert process.newly_seen() == 32


def test_two_experiments_do_not_train_in_one_folder(calls, tiny_data, tmp_path):
    with (
        held_alone(tmp_path, refusal=ConfigError("held by the test")),
        pytest.raises(ConfigError, match="another process trains in this folder.*page-only"),
    ):
        run_cells([cell("l1")], tmp_path, data=tiny_data, jobs=1)
    assert begun(calls) == []


def test_children_that_outlive_a_killed_experiment_hold_its_folder(
    calls, tiny_data, tmp_path, monkeypatch
):
    monkeypatch.setenv("SLEEP", "60")
    with held_alone(tmp_path, refusal=ConfigError("held by the test")) as lock:
        orphan = begin(cell("selu"), tmp_path, data=tiny_data, lock=lock)
    with pytest.raises(ConfigError, match="another process trains in this folder"):
        run_cells([cell("selu")], tmp_path, data=tiny_data, jobs=1)
    orphan.ask_to_end()
    orphan.wait_for_end()
    monkeypatch.setenv("SLEEP", "0")
    run_cells([cell("selu")], tmp_path, data=tiny_data, jobs=1)
    assert read_status(tmp_path / "selu.seed0").outcome == "complete"


def test_a_real_training_runs_and_its_real_divergence_is_recognised(tiny_data, tmp_path):
    budget = Budget(size=32, pairs=32, steps=8, width=2, rate_factor=1e30)
    (wild,) = preset_rows(budget, seeds=1)["l1"].cells
    run_cells([wild], tmp_path, data=tiny_data, jobs=1)
    status = read_status(tmp_path / wild.name)
    assert status.outcome == "diverged", (tmp_path / wild.name / LOG_FILE).read_text()
    assert status.said.startswith("the loss 'l1' is ")
