import subprocess
import sys

import pytest

from training.errors import ConfigError
from training.lock import held_alone

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
        "from training.lock import held_alone\n"
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
