import errno
import os
import resource
import signal
from pathlib import Path

import pytest

from training.errors import DataError
from training.files.atomic import written_whole
from training.files.room import saying_what_the_system_said


@pytest.fixture
def small_files():
    """Files of 4 KB at most: what a full disk or a quota answers, without one."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    assert signal.getsignal(signal.SIGXFSZ) == signal.SIG_IGN  # Python's own choice
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_a_library_makes_of_a_full_disk_is_told_as_the_system_says_it(tmp_path, small_files):
    for failure in (RuntimeError("encoder -2"), OSError("encoder error -2")):
        with (
            pytest.raises(OSError, match="File too large: .*/model") as caught,
            saying_what_the_system_said(tmp_path, output=Path("to/model")),
        ):
            raise failure
        assert caught.value.errno == errno.EFBIG
        assert caught.value.__cause__ is failure
    assert list(tmp_path.iterdir()) == []


def test_what_has_another_reason_stays_what_it_is(tmp_path):
    for failure in (RuntimeError("a mistake"), DataError("refused"), FileNotFoundError(2, "gone")):
        with (
            pytest.raises(type(failure)) as caught,
            saying_what_the_system_said(tmp_path, output=Path("model")),
        ):
            raise failure
        assert caught.value is failure


def test_a_full_disk_is_told_with_the_name_of_the_output(tmp_path):
    with pytest.raises(OSError, match=r"No space left on device: '/.*/model'"):  # noqa: SIM117
        with written_whole(tmp_path / "model"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert list(tmp_path.iterdir()) == []
