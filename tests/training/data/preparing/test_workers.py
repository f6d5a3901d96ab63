import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from training.data.preparing.workers import AHEAD, CHUNK, Limits, available_cores, mapped_in_order
from training.errors import DataError

LINUX = sys.platform == "linux"

# Held in a file of its own, since spawned processes import what they run by name.
HARM_NAME = "harm_done_to_workers"
HARM = '''
import os, signal, time
import numpy as np
from training.errors import DataError

def die_of(item):
    """What happens to a process: nothing, a status, a signal by its name, or a long time."""
    if isinstance(item, int):
        os._exit(item)
    if item == "sleep":
        time.sleep(60)
    if item.startswith("SIG"):
        os.kill(os.getpid(), signal.Signals[item])
    return item


def allocate(megabytes):
    return len(np.ones(megabytes << 20, np.uint8)) >> 20


def wait_for_others(item):
    """The first waits until the others have come to a stop; it returns how many there are."""
    folder, number = item
    if number:
        (folder / str(number)).touch()
        return number
    done = -1
    while done < len(done_now := os.listdir(folder)):
        done = len(done_now)
        time.sleep(0.5)
    return done


def refuse(item):
    raise DataError(f"no {item}")
'''
SLOW_WORK = """
import sys, time
from training.data.preparing.workers import Limits, mapped_in_order

def work(item):
    time.sleep(0.02)
    return item

if __name__ == "__main__":
    limits = Limits(seconds=60, memory_bytes=1 << 30)
    with mapped_in_order(
        work, range(100_000), workers=2, limits=limits, lost=lambda item, reason: reason
    ) as results:
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
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[4])},
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


@pytest.fixture
def harm(tmp_path, monkeypatch):
    """The functions of HARM, where spawned processes find them."""
    (tmp_path / f"{HARM_NAME}.py").write_text(HARM)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module(HARM_NAME)
    del sys.modules[HARM_NAME]


def mapped(function, items, *, workers, seconds=60.0, memory_bytes=1 << 30):
    return mapped_in_order(
        function,
        items,
        workers=workers,
        limits=Limits(seconds=seconds, memory_bytes=memory_bytes),
        lost=lambda item, reason: f"{item}: {reason}",
    )


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_results_keep_the_order_of_the_items(workers):
    items = [-number for number in range(50)]
    with mapped(abs, items, workers=workers) as results:
        assert list(results) == list(range(50))


def test_no_item_needs_no_process_and_no_worker_starts_none():
    before = multiprocessing.active_children()
    for items, workers in (([], None), ([1, 2], 0)):
        with mapped(abs, items, workers=workers) as results:
            assert list(results) == items
            assert multiprocessing.active_children() == before


def test_a_dying_worker_costs_the_item_that_it_was_working_on_and_no_other(harm):
    items = ["a", *["b"] * CHUNK, "SIGKILL", "c", 3, "SIGSEGV", "d", *["e"] * CHUNK]
    with mapped(harm.die_of, items, workers=2) as results:
        received = list(results)
    told = {
        "SIGKILL": "SIGKILL: its process was ended by SIGKILL, most likely for want of memory",
        3: "3: its process ended with status 3",
        "SIGSEGV": "SIGSEGV: its process was ended by SIGSEGV",
    }
    assert received == [told.get(item, item) for item in items]


def test_an_item_that_takes_too_long_is_ended_and_the_others_are_not(harm):
    began = time.monotonic()
    with mapped(harm.die_of, ["a", "sleep", "b", "c"], workers=1, seconds=1.5) as results:
        assert list(results) == ["a", "sleep: took longer than 1.5 s", "b", "c"]
    assert time.monotonic() - began < 30


@pytest.mark.skipif(not LINUX, reason="other systems do not count what a process allocates")
def test_an_item_cannot_have_more_memory_than_the_limit(harm):
    with mapped(harm.allocate, [50, 90], workers=1, memory_bytes=100 << 20) as results:
        assert list(results) == [50, 90], "freed between items"
    with (
        mapped(harm.allocate, [110], workers=1, memory_bytes=100 << 20) as results,
        pytest.raises(MemoryError),
    ):
        next(results)


def test_what_the_function_raises_is_raised(harm):
    with (
        mapped(harm.refuse, ["such thing"], workers=1) as results,
        pytest.raises(DataError, match="no such thing"),
    ):
        list(results)


def test_a_worker_that_cannot_begin_is_an_error_with_a_remedy(monkeypatch):
    monkeypatch.setenv("PYTHONHOME", "/nowhere")  # where Python has its own modules
    with (
        pytest.raises(DataError, match="could not begin: its process ended .*fewer --workers"),
        mapped(abs, [1] * 3, workers=1) as results,
    ):
        list(results)


def test_leaving_early_drops_what_is_not_begun():
    began = time.monotonic()
    with mapped(time.sleep, [0.01] * 5000, workers=2) as results:
        next(results)
    assert time.monotonic() - began < 10, "5000 items would take 25 s"


def test_a_slow_item_keeps_no_more_than_a_few_results_waiting(harm, tmp_path):
    items = [(tmp_path, number) for number in range(AHEAD + 4 * CHUNK)]
    with mapped(harm.wait_for_others, items, workers=2) as results:
        assert next(results) < AHEAD
        assert sum(1 for _ in results) == len(items) - 1


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
