"""Hold a folder against other processes that would write there too.

By locks on open files, which the system releases even after kill -9. Numbers of processes mean
nothing in another container or on another host that shares the folder.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from training.errors import NurieError

# It stays: one that is deleted may be held by one process and made anew by another.
LOCK_FILE = ".lock"


@contextmanager
def held_alone(folder: Path, *, refusal: NurieError) -> Iterator[int]:
    """Hold a lock on a folder.

    Yields the descriptor that holds it. Children do not inherit it, unless it is handed to them
    (subprocess.Popen's pass_fds): the folder then stays held until the last of them has ended.
    Raises `refusal` where another process holds it.
    """
    # A file that is open for writing: NFS locks nothing else exclusively, folders never.
    descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if not try_lock(descriptor):
            raise refusal
        yield descriptor
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Lock an open file, until it is closed; False where another process holds it.

    Raises OSError where the file system has no locks.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
