import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
SAID = (
    "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR",
    "I0000 00:00:1 port.cc:153] a note",
    "W0000 00:00:1 gpu.cc:1] a warning",
    "E0000 00:00:1 gpu.cc:2] an error",
    "Traceback, or anything else",
)
KEPT = list(SAID[2:])


def imported(tmp_path: Path, *, tensorflow: str, before: str = "") -> subprocess.CompletedProcess:
    """Import a `tensorflow` of our own in a process of its own."""
    (tmp_path / "tensorflow.py").write_text(tensorflow)
    program = f"{before}\nfrom training.terminal import tensorflow_log\n"
    program += "quietly = tensorflow_log.import_tensorflow_quietly\n"
    program += "import os\ntry:\n    quietly()\nfinally:\n    os.write(2, b'afterwards\\n')\n"
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        check=False,
    )


def test_notes_are_swallowed_and_everything_else_is_passed_on(tmp_path: Path):
    said = "".join(f"os.write(2, {line + chr(10)!r}.encode())\n" for line in SAID)
    done = imported(tmp_path, tensorflow=f"import os\n{said}")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [*KEPT, "afterwards"]


def test_an_import_that_fails_keeps_its_words_and_its_error(tmp_path: Path):
    failing = "import os\nos.write(2, b'E0000 no such library\\n')\nraise ImportError('broken')\n"
    done = imported(tmp_path, tensorflow=failing)
    assert done.returncode == 1
    assert done.stderr.startswith("E0000 no such library\nafterwards\nTraceback")
    assert done.stderr.endswith("ImportError: broken\n")


def test_what_is_imported_already_is_left_alone(tmp_path: Path):
    before = "import sys, types\nsys.modules['tensorflow'] = types.ModuleType('tensorflow')"
    done = imported(tmp_path, tensorflow="raise SystemExit('imported again')", before=before)
    assert (done.returncode, done.stderr) == (0, "afterwards\n")
