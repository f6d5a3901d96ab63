"""Whether the system lets a folder be written to, where a library does not pass on what it said."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from training.errors import NurieError

# The disk, a quota, and the limit of one file (ulimit -f).
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
TRIED_BYTES = 1 << 20


@contextmanager
def saying_what_the_system_said(folder: Path, *, output: Path) -> Iterator[None]:
    """Raise the OSError of a full or closed disk in place of what a library makes of it.

    Encoders and native code raise errors of their own, without a reason. Where the system refuses a
    few bytes in `folder` too, that was the reason. output: what the sentence is to name.
    """
    try:
        yield
    except (NurieError, MemoryError):
        raise
    except OSError as error:
        if error.errno is None:
            _try_to_write(folder, output=output, failed=error)
        elif error.errno in NO_ROOM and error.filename is None:
            error.filename = str(output)
        raise
    except Exception as error:
        _try_to_write(folder, output=output, failed=error)
        raise


def _try_to_write(folder: Path, *, output: Path, failed: Exception) -> None:
    """Raise OSError from `failed` if nothing can be written in a folder."""
    tried = folder / ".tried"
    try:
        with tried.open("wb") as file:
            file.write(bytes(TRIED_BYTES))
            os.fsync(file.fileno())
    except OSError as error:
        error.filename = str(output)
        raise error from failed
    finally:
        tried.unlink(missing_ok=True)
