import os
import subprocess
import sys

import pytest

from training.terminal.apart import start_command

# The command says that it has begun, and goes on for longer than any test.
COMMAND = """
import sys, time
def main(arguments):
    print("begun", flush=True)
    time.sleep(float(arguments[0]))
    print("said too late", file=sys.stderr, flush=True)
    return 3
"""
PARENT = """
from training.terminal.steps import Step, run_apart
if __name__ == "__main__":
    run_apart(Step("long_command", ("60",)))
"""


@pytest.fixture
def long_command(tmp_path, monkeypatch):
    """A command of the name long_command, for this process and those that it starts."""
    (tmp_path / "long_command").with_suffix(".py").write_text(COMMAND)
    monkeypatch.syspath_prepend(tmp_path)
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    monkeypatch.setenv("PYTHONPATH", path)
    return tmp_path


def test_a_command_ends_with_its_status_and_what_it_said_is_in_a_file(long_command):
    process = start_command("long_command", "0", said=long_command / "said")
    process.join()
    assert process.exitcode == 3
    assert (long_command / "said").read_text() == "begun\nsaid too late\n"


def test_a_command_ends_when_the_process_that_started_it_is_killed(long_command):
    parent_file = long_command / "parent"
    parent_file.write_text(PARENT)
    with subprocess.Popen(
        [sys.executable, parent_file], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout.readline() == "begun\n"
        parent.kill()
        # The other end of the pipe is open for as long as the command lives.
        assert parent.communicate(timeout=20)[0] == ""
