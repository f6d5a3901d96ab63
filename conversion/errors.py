"""Every exception of this package, and what those of other libraries say in one line.

NurieError                  training/errors.py; a command prints it and exits with status 2
└── ConversionError
    ├── UnsupportedTarget   the requested deployment target or recipe does not exist
    ├── ArtifactError       an artifact or its manifest is missing, damaged or of another kind
    ├── InvalidInput        a prediction got a wrong name, shape or type
    └── InvalidProgram      the .mlpackage is malformed
        └── UnsupportedOps  well formed, but uses operations the runtime lacks
            └── UnknownShape  an operation needs a size or value known only when running
"""

import re

from training.errors import NurieError

_BOLD = re.compile(r"\x1b\[\d*m")
_IN_A_LAYER = "Exception encountered when calling "
_PLACE = re.compile(r"<unknown>:0: error: loc\(.*\): ")
_OPERATION = re.compile(r"^\{\{.*?\}\}\s*|\s*\[Op:\w+\].*$")


class ConversionError(NurieError):
    """Root of what can go wrong between a checkpoint and a phone."""


class UnsupportedTarget(ConversionError):
    """The requested deployment target or recipe does not exist."""


class ArtifactError(ConversionError):
    """An artifact or its manifest is missing, damaged or of another kind."""


class InvalidInput(ConversionError):
    """A prediction got a wrong input name, shape or type."""


class InvalidProgram(ConversionError):
    """The .mlpackage is malformed."""


class OverBudget(InvalidProgram):
    """The program would take more memory or time than it is given."""


class UnsupportedOps(InvalidProgram):
    """The program is well formed, but uses operations the runtime lacks."""


class UnknownShape(UnsupportedOps):
    """An operation needs a size or a value that is known only when the program runs."""


def first_line(error: Exception) -> str:
    """Return what an exception of another library says first; its class where it says nothing.

    Keras says first in which layer it came up, in bold type, TensorFlow in which of its operations,
    and its converter at which place of a graph.
    """
    lines = [line for line in map(str.strip, _BOLD.sub("", str(error)).splitlines()) if line]
    if len(lines) > 1 and lines[0].startswith(_IN_A_LAYER):
        lines = lines[1:]
    if not lines:
        return type(error).__name__
    return _PLACE.sub(" ", _OPERATION.sub("", lines[0])).strip()


def first_sentence(error: Exception) -> str:
    """Return `first_line` with a full stop."""
    said = first_line(error)
    return said if said.endswith(".") else f"{said}."
