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
        (MemoryError(), "MemoryError"),
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


def test_a_refusal_of_ours_stays_as_it_is():
    with pytest.raises(DataError, match=r"^ours$"), damaged():
        raise DataError("ours")


def test_ctrl_c_is_no_damage():
    with pytest.raises(KeyboardInterrupt), damaged():
        raise KeyboardInterrupt
