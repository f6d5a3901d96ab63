import resource
import subprocess
import sys

import numpy as np
import pytest

from training.config import TrainConfig
from training.errors import ConfigError
from training.run import memory
from training.run.memory import peak_bytes, require_addresses, saying_what_needs_less

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


def test_a_limit_that_tensorflow_does_not_survive_is_refused_first(monkeypatch):
    for limit in (resource.RLIM_INFINITY, 64_000_000_000):
        monkeypatch.setattr(resource, "getrlimit", lambda which, limit=limit: (limit, limit))
        require_addresses()
    monkeypatch.setattr(resource, "getrlimit", lambda which: (1_536_000_000, -1))
    with pytest.raises(ConfigError, match=r"1\.5 GB .*Expected 4\.0 or more.*ulimit -v unlimited"):
        require_addresses()


@pytest.mark.parametrize("said", ["", "OOM when allocating\nmore"])
def test_a_training_that_does_not_fit_is_told_what_needs_less(said):
    with (
        pytest.raises(ConfigError, match="does not fit into memory.* 4 pairs .*--batch-size"),
        saying_what_needs_less(TrainConfig(size=32, batch_size=4)),
    ):
        raise MemoryError(said)
