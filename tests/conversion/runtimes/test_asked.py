import functools
import os
import signal
import subprocess
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from conversion.runtimes.asked import AskedProcess, RenewedProcess, answer_all
from training.errors import NurieError

# What is served waits for one question and answers nothing, then ends.
SILENT = Connection.recv
NUMBERED = functools.partial(answer_all, answer=os.getpid)
DOING = functools.partial(answer_all, answer=eval)
LEAVE, WHO = "__import__('tempfile').mkdtemp()", "__import__('os').getpid()"
PATIENCE_S = 30.0


def test_a_process_that_never_answers_is_ended():
    process = AskedProcess(SILENT, ended=NurieError)
    with pytest.raises(NurieError, match=r"^gave no answer for 0 s and was ended$"):
        process.receive(patience_s=0.2)
    with pytest.raises(NurieError, match=r"^ended with signal 9$"):
        process.ask("again")


def test_a_process_that_ends_is_told_by_its_status():
    process = AskedProcess(SILENT, ended=NurieError)
    with pytest.raises(NurieError, match=r"^ended with status 0$"):
        process.ask("anything")
    process.close()


def test_it_answers_raises_what_was_raised_and_goes_on():
    process = AskedProcess(answer_all, int, ended=NurieError)
    assert process.ask("12") == 12
    with pytest.raises(ValueError, match="invalid literal"):
        process.ask("twelve")
    assert process.ask("101", 2) == 5
    process.close()


def test_what_a_process_leaves_in_the_temporary_folder_goes_with_it():
    process = AskedProcess(DOING, ended=NurieError)
    left = Path(process.ask(LEAVE))
    assert left.is_dir() and left.parent.parent == Path(tempfile.gettempdir())
    process.close()
    assert not left.parent.exists()


def test_it_goes_where_the_process_is_killed_too():
    process = AskedProcess(DOING, ended=NurieError)
    left = Path(process.ask(LEAVE))
    os.kill(process.ask(WHO), signal.SIGKILL)
    with pytest.raises(NurieError, match=r"^ended with signal 9$"):
        process.ask(WHO)
    assert not left.parent.exists()


def test_it_goes_where_the_process_that_asks_is_killed_too():
    lines = (
        "import functools, time; from conversion.runtimes.asked import AskedProcess, answer_all",
        "asked = AskedProcess(functools.partial(answer_all, answer=eval), ended=RuntimeError)",
        f"print(asked.ask({LEAVE!r}), flush=True); time.sleep(600)",
    )
    command = [sys.executable, "-c", "\n".join(lines)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as asking:
        assert asking.stdout is not None
        left = Path(asking.stdout.readline().strip())
        assert left.is_dir()
        asking.kill()
    deadline = time.monotonic() + PATIENCE_S
    while left.parent.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left.parent.exists()


def test_a_process_is_renewed_after_so_many_answers_and_where_it_has_ended():
    renewed = RenewedProcess(NUMBERED, ended=NurieError, patience_s=60, most=2)
    first, second, third = (renewed.ask() for _ in range(3))
    assert first == second != third
    with pytest.raises(TypeError):
        renewed.ask("one too many")
    assert renewed.ask() not in (first, third)
    renewed.close()
