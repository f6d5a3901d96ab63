from pathlib import Path

import pytest

from training.errors import CheckpointError, DataError
from training.files.damaged import read_as

FILE = Path("net.h5")


def damaged():
    return read_as("weights", FILE, error=CheckpointError, remedy="Copy it again.")


@pytest.mark.parametrize(
    ("raised", "reason"),
    [
        (ValueError("two lines.\nof which one is told"), "two lines"),
        (ValueError(), "ValueError"),
        (OSError("file signature not found"), "file signature not found"),
        (KeyError("layers"), "'layers'"),
    ],
)
def test_whatever_a_library_raises_is_told_with_the_file_and_the_remedy(raised, reason):
    with pytest.raises(CheckpointError) as told, damaged():
        raise raised
    assert str(told.value) == (
        f"net.h5: expected weights, received something else: {reason}. Copy it again."
    )
    assert told.value.__cause__ is raised


@pytest.mark.parametrize(
    "raised", [MemoryError(), PermissionError(13, "no"), OSError(5, "the disk")], ids=repr
)
def test_want_of_memory_and_what_the_system_refuses_is_no_damage(raised):
    with pytest.raises(type(raised)) as told, damaged():
        raise raised
    assert told.value is raised


def test_a_refusal_of_ours_stays_as_it_is():
    with pytest.raises(DataError, match=r"^ours$"), damaged():
        raise DataError("ours")


def test_ctrl_c_is_no_damage():
    with pytest.raises(KeyboardInterrupt), damaged():
        raise KeyboardInterrupt
