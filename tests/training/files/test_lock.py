import fcntl
import os
import subprocess
import sys

import pytest

from training.errors import ConfigError
from training.files.lock import held_alone

TAKEN = ConfigError("taken")


def test_a_folder_is_held_by_one_until_it_lets_go(tmp_path):
    with (
        held_alone(tmp_path, refusal=TAKEN),
        pytest.raises(ConfigError, match="taken"),
        held_alone(tmp_path, refusal=TAKEN),
    ):
        pass
    with held_alone(tmp_path, refusal=TAKEN):
        pass


def test_a_process_that_is_killed_lets_go(tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from training.errors import ConfigError;"
        "from training.files.lock import held_alone\n"
        "with held_alone(Path(sys.argv[1]), refusal=ConfigError('')): print(1, flush=True);"
        " time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"1\n"
        with pytest.raises(ConfigError), held_alone(tmp_path, refusal=TAKEN):
            pass
        process.kill()
        process.wait()
    with held_alone(tmp_path, refusal=TAKEN):
        pass


def test_what_goes_wrong_inside_is_not_taken_for_a_refusal(tmp_path):
    with pytest.raises(BlockingIOError), held_alone(tmp_path, refusal=TAKEN):
        raise BlockingIOError


def test_what_is_locked_is_a_file_that_is_open_for_writing_as_nfs_wants_it(tmp_path):
    with held_alone(tmp_path, refusal=TAKEN) as descriptor:
        assert os.path.samestat(os.fstat(descriptor), (tmp_path / ".lock").stat())
        assert fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDWR


def test_the_file_stays_and_is_locked_again(tmp_path):
    with held_alone(tmp_path, refusal=TAKEN):
        before = (tmp_path / ".lock").stat()
    with held_alone(tmp_path, refusal=TAKEN):
        assert os.path.samestat((tmp_path / ".lock").stat(), before)


@pytest.mark.parametrize("handed_on", [True, False])
def test_a_child_holds_the_folder_only_if_it_was_handed_the_descriptor(tmp_path, handed_on):
    with held_alone(tmp_path, refusal=TAKEN) as descriptor:
        child = subprocess.Popen(
            [sys.executable, "-c", "input()"],
            stdin=subprocess.PIPE,
            pass_fds=[descriptor] if handed_on else [],
        )
    if handed_on:
        with pytest.raises(ConfigError), held_alone(tmp_path, refusal=TAKEN):
            pass
    else:
        with held_alone(tmp_path, refusal=TAKEN):
            assert child.poll() is None
    child.communicate(b"\n")
    with held_alone(tmp_path, refusal=TAKEN):
        pass
