import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from training.data.workers import available_cores, mapped_in_order
from training.errors import DataError

LINUX = sys.platform == "linux"

# Held in a file of its own, since spawned processes import what they run by name.
SLOW_WORK = """
import sys, time
from training.data.workers import mapped_in_order

def work(item):
    time.sleep(0.02)
    return item

if __name__ == "__main__":
    with mapped_in_order(work, range(100_000), workers=2) as results:
        for result in results:
            print(result, flush=True)
"""


def children_of(pid):
    return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def at_work(tmp_path):
    """A process with two workers in the middle of their work."""
    script = tmp_path / "slow_work.py"
    script.write_text(SLOW_WORK)
    process = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        start_new_session=True,
    )
    assert process.stdout.readline() == "0\n"
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def wait_until_gone(pids):
    deadline = time.monotonic() + 10
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    return [pid for pid in pids if alive(pid)]


@pytest.mark.parametrize("workers", [1, 2])
def test_results_keep_the_order_of_the_items(workers):
    items = [-number for number in range(50)]
    with mapped_in_order(abs, items, workers=workers) as results:
        assert list(results) == list(range(50))


def test_a_few_items_start_no_process():
    with mapped_in_order(abs, [], workers=None) as results:
        assert list(results) == []
    before = multiprocessing.active_children()
    with mapped_in_order(abs, [1, 2], workers=None) as results:
        assert list(results) == [1, 2]
        assert multiprocessing.active_children() == before


def test_a_dying_worker_is_an_error_with_a_remedy():
    with (
        pytest.raises(DataError, match="worker process died.*fewer --workers"),
        mapped_in_order(os._exit, [3] * 40, workers=2) as results,
    ):
        list(results)


def test_leaving_early_drops_what_is_not_begun():
    began = time.monotonic()
    with mapped_in_order(time.sleep, [0.01] * 5000, workers=2) as results:
        next(results)
    assert time.monotonic() - began < 10, "5000 items would take 25 s"


@pytest.mark.skipif(not LINUX, reason="reads /proc")
def test_workers_end_with_a_killed_parent(at_work):
    workers = children_of(at_work.pid)
    assert len(workers) >= 2
    at_work.send_signal(signal.SIGKILL)
    assert wait_until_gone(workers) == []


@pytest.mark.skipif(not LINUX, reason="reads /proc")
def test_ctrl_c_ends_everything_and_no_worker_prints_a_traceback(at_work):
    workers = children_of(at_work.pid)
    os.killpg(at_work.pid, signal.SIGINT)  # what a terminal does
    _, stderr = at_work.communicate(timeout=10)
    assert at_work.returncode != 0
    assert wait_until_gone(workers) == []
    assert stderr.count("Traceback") <= 1, stderr  # the parent's own KeyboardInterrupt


def test_available_cores_are_those_of_this_process():
    assert 1 <= available_cores() <= os.cpu_count()
