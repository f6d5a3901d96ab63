import json
import subprocess
import sys
from pathlib import Path

from training.run.run_metrics import forget_after, read_metrics


def test_a_run_without_an_epoch_has_no_metrics(tmp_path: Path):
    assert read_metrics(tmp_path) == []


def test_a_line_cut_by_a_kill_is_not_read(tmp_path: Path):
    (tmp_path / "metrics.jsonl").write_text('{"epoch": 1, "l1": 0.5}\n{"epoch": 2, "l1"')
    assert read_metrics(tmp_path) == [{"epoch": 1, "l1": 0.5}]


def test_epochs_that_will_be_trained_again_are_forgotten(tmp_path: Path):
    lines = [json.dumps({"epoch": epoch}) + "\n" for epoch in (1, 2, 3)]
    (tmp_path / "metrics.jsonl").write_text("".join(lines) + '{"epoch"')
    forget_after(tmp_path, 2)
    assert (tmp_path / "metrics.jsonl").read_text() == "".join(lines[:2])


def test_reading_them_takes_no_tensorflow():
    program = "import sys, training.run.run_metrics; print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "False\n"
