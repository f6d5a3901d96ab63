import signal

import pytest

from training.terminal.steps import Step, run_apart, run_here, run_steps


@pytest.mark.parametrize(
    ("statuses", "ran", "ended"),
    [((0, 0, 0), 3, 0), ((0, 1, 0), 3, 1), ((0, 2, 0), 2, 2), ((130, 0, 0), 1, 130)],
    ids=["done", "a gate failed", "refused", "interrupted"],
)
def test_a_failed_gate_is_gone_past_and_a_refusal_ends_the_chain(capsys, statuses, ran, ended):
    steps = [Step("some.command", (str(status),)) for status in statuses]
    called = []
    assert run_steps(steps, lambda step: called.append(step) or int(step.arguments[0])) == ended
    assert called == steps[:ran]
    assert capsys.readouterr().out.count("$ python -m some.command ") == ran


def test_a_step_is_printed_as_somebody_would_type_it(capsys):
    run_steps([Step("a.b", ("my run", "--recipe", "fp16"))], lambda step: 0)
    assert capsys.readouterr().out == "\n$ python -m a.b 'my run' --recipe fp16\n"


@pytest.mark.parametrize("run", [run_here, run_apart])
def test_a_step_ends_with_the_status_of_its_command(run, capfd):
    assert run(Step("benchmarks.ranges", ("no/such/run",))) == 2
    assert "no/such/run" in capfd.readouterr().err


def test_a_process_that_is_killed_is_named_with_its_signal(monkeypatch, capsys, tmp_path):
    (tmp_path / "killed.py").write_text("import os\nos.kill(os.getpid(), 9)\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert run_apart(Step("killed", ())) == 128 + signal.SIGKILL
    assert "killed was ended by SIGKILL" in capsys.readouterr().err
