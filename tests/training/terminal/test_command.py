import errno
import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from training.errors import DataError, Diverged
from training.terminal.command import run_command


@dataclass(frozen=True)
class Options:
    size: int = 64


def run(work, *argv):
    return run_command(Options, work, argv=argv, description="python -m a.command")


def test_the_status_is_what_the_work_returns():
    assert run(lambda options: options.size, "--size", "1") == 1


def test_a_refusal_is_one_sentence_on_stderr_and_status_2(capsys):
    def refuse(options):
        raise DataError("no pictures")

    assert run(refuse) == 2
    assert capsys.readouterr() == ("", "error: no pictures\n")


def test_a_name_that_a_terminal_would_obey_is_written_out(capsys):
    def refuse(options):
        raise DataError("\x1b[2Jcat.png: no picture.\n  Expected one")

    assert run(refuse) == 2
    assert capsys.readouterr().err == "error: \\x1b[2Jcat.png: no picture.\n  Expected one\n"


def test_a_training_that_diverged_is_told_from_a_refusal_by_status_3(capsys):
    def diverge(options):
        raise Diverged("the loss 'l1' is nan")

    assert run(diverge) == 3
    assert capsys.readouterr() == ("", "error: the loss 'l1' is nan\n")


def test_an_interruption_ends_with_130(capsys):
    def interrupt(options):
        raise KeyboardInterrupt

    assert run(interrupt) == 130
    assert "interrupted" in capsys.readouterr().err


def test_our_own_mistakes_show_their_traceback_and_are_no_measurement(capsys):
    assert run(lambda options: 1 // 0) == 70
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_what_the_system_refuses_is_a_refusal(tmp_path, capsys):
    assert run(lambda options: (tmp_path / "no" / "file").write_text("x")) == 2
    assert "No such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "make some"),
        (errno.EDQUOT, "make some"),
        (errno.EROFS, "Expected the right"),
        (errno.ENOMEM, "Expected more"),
        (errno.EISDIR, "Expected a path"),
    ],
)
def test_what_to_do_depends_on_what_the_system_refused(number, remedy, capsys):
    def refused(options):
        raise OSError(number, os.strerror(number), "a/file")

    assert run(refused) == 2
    said = capsys.readouterr().err
    assert f"a/file: {os.strerror(number)}. " in said
    assert remedy in said


LIMITED = """
import dataclasses, resource, sys
from training.terminal.command import run_command
@dataclasses.dataclass
class Options: pass
def work(options):
    resource.setrlimit(resource.RLIMIT_AS, (500_000_000, resource.RLIM_INFINITY))
    raise {error}
sys.exit(run_command(Options, work, argv=[], description="python -m x"))
"""


@pytest.mark.parametrize("error", ["MemoryError", "ImportError('failed to map a segment')"])
@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit addresses")
def test_a_limit_on_memory_is_told_however_a_library_meets_it(error):
    program = LIMITED.format(error=error)
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ended.returncode == 2
    assert ended.stderr.startswith("error: there is too little memory. Expected more; ")
    assert ended.stderr.count("\n") == 1


def test_a_reader_that_has_seen_enough_ends_it_quietly():
    program = (
        "import dataclasses, sys\n"
        "from training.terminal.command import run_command\n"
        "@dataclasses.dataclass\n"
        "class Options: pass\n"
        "def work(options):\n"
        "    for _ in range(100_000): print('line')\n"
        "    return 0\n"
        "sys.exit(run_command(Options, work, argv=[], description='python -m x'))\n"
    )
    pipe = f'{sys.executable} -c "$PROGRAM" | head -1; echo ${{PIPESTATUS[0]}}'
    ended = subprocess.run(
        ["bash", "-c", pipe], capture_output=True, text=True, env={**os.environ, "PROGRAM": program}
    )
    assert ended.stdout.split() == ["line", "141"]
    assert ended.stderr == ""


def test_an_option_that_cannot_be_parsed_ends_with_2():
    with pytest.raises(SystemExit) as ended:
        run(lambda options: 0, "--size", "large")
    assert ended.value.code == 2
