import sys

import pytest

from benchmarks.hostile.watching import watch
from training.terminal.steps import Step

# A command whose child holds 200 MB for a while, and which itself holds 100.
TWO_PROCESSES = """
import subprocess, sys
def main(arguments):
    own = bytearray(b"x") * (100 << 20)
    child = "import time; held = bytearray(b'x') * (200 << 20); time.sleep(0.3)"
    subprocess.run([sys.executable, "-c", child])
    print(*arguments, file=sys.stderr)
    return 3
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_memory_of_a_command_and_of_its_children_is_told_apart(tmp_path, monkeypatch):
    (tmp_path / "two_processes").with_suffix(".py").write_text(TWO_PROCESSES)
    monkeypatch.syspath_prepend(tmp_path)
    watched = watch(Step("two_processes", ("done",)), said=tmp_path / "said")
    assert (watched.status, watched.said) == (3, "done\n")
    assert 100 << 20 < watched.command_bytes < 150 << 20
    assert 200 << 20 < watched.child_bytes < 250 << 20
    assert watched.seconds > 0.3
