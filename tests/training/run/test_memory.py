import subprocess
import sys

import numpy as np
import pytest

from training.run import memory
from training.run.memory import peak_bytes

HELD = 200_000_000


def test_what_was_held_once_counts():
    assert np.ones(HELD, np.uint8).sum() == HELD
    assert HELD < peak_bytes() < 100 * HELD


def test_what_the_process_that_started_this_one_held_does_not():
    held = np.ones(HELD, np.uint8)
    program = "from training.run.memory import peak_bytes; print(peak_bytes())"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    assert 5_000_000 < int(said) < held.nbytes / 2


def test_without_proc_the_unit_is_that_of_the_system(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(memory, "Path", lambda _: tmp_path / "absent")
    monkeypatch.setattr(sys, "platform", "linux")
    counted_in_kib = peak_bytes()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert peak_bytes() * 1024 == pytest.approx(counted_in_kib, rel=0.1)
