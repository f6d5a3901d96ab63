import numpy as np
import pytest

from benchmarks.survival.processes import run_in_peace, run_until_killed
from training.errors import DataError


def cut(command, tmp_path, *, work_s):
    output = tmp_path / "output.bin"
    return run_until_killed(
        command("whole").step(output),
        said=tmp_path / "said",
        begun=lambda: bool(list(tmp_path.glob(".partial-*"))),
        start_s=0.01,
        work_s=work_s,
        moments=np.random.default_rng(3),  # begins with 0.086 and 0.24: at the start, then so long
    )


def test_a_command_is_killed_or_has_come_to_its_end_before(command, tmp_path):
    assert cut(command, tmp_path, work_s=0.1) is None
    assert run_in_peace(command("whole").step(tmp_path / "b"), said=tmp_path / "said") is None


def test_a_command_that_fails_in_peace_is_told_with_what_it_said(command, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match=r"writing ended with status 2.*\n.*the system refused"):
        run_in_peace(command("whole").step(tmp_path / "file" / "b"), said=tmp_path / "said")
