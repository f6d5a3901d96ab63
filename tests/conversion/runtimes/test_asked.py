import functools
import os
from multiprocessing.connection import Connection

import pytest

from conversion.runtimes.asked import AskedProcess, RenewedProcess, answer_all
from training.errors import NurieError

# What is served waits for one question and answers nothing, then ends.
SILENT = Connection.recv
NUMBERED = functools.partial(answer_all, answer=os.getpid)


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


def test_a_process_is_renewed_after_so_many_answers_and_where_it_has_ended():
    renewed = RenewedProcess(NUMBERED, ended=NurieError, patience_s=60, most=2)
    first, second, third = (renewed.ask() for _ in range(3))
    assert first == second != third
    with pytest.raises(TypeError):
        renewed.ask("one too many")
    assert renewed.ask() not in (first, third)
    renewed.close()
