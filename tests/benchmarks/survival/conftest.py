"""Two commands that write a file: one as the toolkit does, one as most programs do."""

from collections.abc import Callable
from hashlib import sha256

import pytest

from benchmarks.survival import processes
from benchmarks.survival.outputs import OutputCommand

CONTENT = b"new" * 100_000
COMMANDS = """
import sys, time
from pathlib import Path
from training.files.atomic import written_whole
from training.terminal.command import run_command

def write(path):
    for _ in range(10):
        with path.open("ab") as file:
            file.write(b"new" * 10_000)
        time.sleep(0.02)

def main(arguments):
    output = Path(arguments[1])
    try:
        if arguments[0] == "whole":
            with written_whole(output, overwrite=True) as partial:
                write(partial)
        else:
            output.with_name(".partial-begun").touch()
            output.write_bytes(b"")
            write(output)
            output.with_name(".partial-begun").unlink()
    except OSError as error:
        print(f"error: the system refused: {error}. Expected room.", file=sys.stderr)
        return 2
    return 0
"""


@pytest.fixture
def command(tmp_path, monkeypatch) -> Callable[[str], OutputCommand]:
    """Make the command that writes `whole`, or `in place`."""
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "writing.py").write_text(COMMANDS)
    monkeypatch.syspath_prepend(tmp_path / "modules")
    monkeypatch.setattr(processes, "IMPORTED", ())

    def make(how: str) -> OutputCommand:
        return OutputCommand(
            name="writing",
            arguments=(),
            suffix=".bin",
            out=how,
            marker=None,
            expected={"": sha256(CONTENT).hexdigest()},
            bytes=len(CONTENT),
            start_s=0.1,
            work_s=0.15,
        )

    return make
