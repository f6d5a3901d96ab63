"""Hold a folder against other processes that would write there too."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from training.errors import NurieError


@contextmanager
def held_alone(folder: Path, *, refusal: NurieError) -> Iterator[None]:
    """Hold a lock on a folder, which the system releases even after kill -9.

    Raises `refusal` where another process holds it.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise refusal from error
        yield
    finally:
        os.close(descriptor)
