"""What is not what it says it is, although its hash matches: a sentence, not a library's error.

A hash says that a file is the one that somebody described, not that it means anything.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from training.errors import NurieError


@contextmanager
def read_as(what: str, file: Path, *, error: type[NurieError], remedy: str) -> Iterator[None]:
    """Raise `error` for whatever a library raises while it reads `file`, which should be `what`.

    Want of memory, and what the system refuses, is no damage: it is raised as it is.
    """
    try:
        yield
    except NurieError:
        raise
    except Exception as cause:  # libraries raise anything at bytes that nobody would have written
        if _says_nothing_of_the_file(cause):
            raise
        reason = str(cause).strip().partition("\n")[0] or type(cause).__name__
        raise error(
            f"{file}: expected {what}, received something else: {reason.rstrip('.')}. {remedy}"
        ) from cause


def _says_nothing_of_the_file(cause: Exception) -> bool:
    # HDF5 raises OSError at bytes of another kind as well, without a number. TensorFlow's own class
    # for want of memory is told by its name: importing it takes seconds.
    of_system = isinstance(cause, OSError) and cause.errno is not None
    return (
        of_system
        or isinstance(cause, MemoryError)
        or type(cause).__name__ == "ResourceExhaustedError"
    )
