"""Read a file of a package whole: a regular file, and none that is too large.

What is no regular file is refused: a pipe would be waited for without end. So is what Git leaves
in the place of a large file that was not fetched.
"""

import os
import stat
from pathlib import Path

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.budget import Budget

# What a pointer of Git LFS is called, and what helps. How it begins: https://git-lfs.github.com/spec.
POINTER = (
    "a pointer of Git LFS, which stands for a file that was not fetched",
    "Fetch it with git lfs pull",
)
_BEGINNING = b"version https://git-lfs.github.com/spec/"


def is_pointer(first: bytes) -> bool:
    """Say whether a file that begins with these bytes is a pointer of Git LFS."""
    return first.startswith(_BEGINNING)


def read_whole(path: Path, *, budget: Budget, times: int = 1) -> np.ndarray:
    """Return the bytes of a file, uint8 and read-only, counted as held.

    times: how many bytes its contents take at least for each byte of the file.
    Raises OSError if it cannot be read, InvalidProgram if it is no regular file or a pointer of
    Git LFS, OverBudget.
    """
    # Without waiting: to open a pipe would end only when somebody writes into it.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise InvalidProgram(
                f"{path} is no regular file. Expected a file that was copied with its "
                ".mlpackage, not a folder, a pipe or a device."
            )
        budget.hold(status.st_size * times, by=f"{path}, a file of {status.st_size} bytes,")
        data = np.empty(status.st_size, np.uint8)
        length = file.readinto(data.data)
    if length != data.size:
        raise InvalidProgram(f"{path} changed while it was read. Copy the .mlpackage again.")
    if is_pointer(data[: len(_BEGINNING)].tobytes()):
        what, remedy = POINTER
        raise InvalidProgram(
            f"{path}: expected a file of an .mlpackage, received {what}. {remedy}."
        )
    data.flags.writeable = False
    return data
