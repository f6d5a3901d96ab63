import time

import pytest

from conversion.errors import ArtifactError
from conversion.runtimes.asked import AskedProcess, answer_all


def asked(answer, *, timeout_s: float | None = None) -> AskedProcess:
    return AskedProcess(
        answer_all,
        answer,
        ended=lambda how: ArtifactError(f"ended with {how}"),
        timeout_s=timeout_s,
    )


def test_it_answers_raises_what_was_raised_and_goes_on():
    process = asked(int)
    assert process.ask("12") == 12
    with pytest.raises(ValueError, match="invalid literal"):
        process.ask("twelve")
    assert process.ask("101", 2) == 5
    process.close()


def test_what_does_not_answer_in_time_is_ended_and_said():
    process = asked(time.sleep, timeout_s=20.0)
    assert process.ask(0.01) is None
    process.timeout_s = 0.2
    with pytest.raises(ArtifactError, match=r"ended with no answer in 0\.2 s"):
        process.ask(60)
    with pytest.raises(ArtifactError, match="ended with signal 9"):
        process.ask(0.01)
