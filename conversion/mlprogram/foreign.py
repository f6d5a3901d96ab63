"""The one place where exceptions of other libraries become ours, and are told whose fault it was.

A damaged program can contradict itself in more ways than anybody has thought of, and protobuf,
NumPy, ONNX and ONNX Runtime each answer with exceptions of their own. Whoever reads a package is
told in a sentence of ours; what went wrong underneath stands behind it as the cause.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from conversion.errors import ConversionError, InvalidProgram, OverBudget


@contextmanager
def told_of(where: object) -> Iterator[None]:
    """Let nothing out but our own errors, and begin what they say of a program with `where`."""
    try:
        yield
    except InvalidProgram as error:
        if str(error).startswith(str(where)):
            raise
        raise type(error)(f"{where}: {error}") from error
    except (ConversionError, ImportError):  # what is not installed is no fault of a program
        raise
    except MemoryError as error:
        raise OverBudget(
            f"{where}: this machine has too little memory for it ({_first_line(error)}). Give the "
            "program less than the machine has (limits=Limits(memory_bytes=...)), or more memory."
        ) from error
    except Exception as error:
        raise InvalidProgram(
            f"{where}: it fails as no sound program does ({type(error).__name__}: "
            f"{_first_line(error)}). Export the model again."
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["nothing is said"])[0][:300]
