"""What all commands share: options from a dataclass, refusals as one sentence, exit statuses.

0 done, 1 measured and failed, 2 refused, 3 a training diverged, 70 our own mistake,
130 interrupted, 141 nobody reads on.
"""

import errno
import mmap
import os
import re
import resource
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import TypeVar

from training.errors import Diverged, NurieError
from training.files.printable import printable_lines
from training.files.room import NO_ROOM
from training.terminal.clone import another_clone
from training.terminal.options import parse_options

DONE, FAILED, REFUSED = 0, 1, 2
DIVERGED = 3  # not 1, with which Python and TensorFlow end too where no command could speak
MISTAKE, INTERRUPTED, UNREAD = 70, 130, 141  # as sysexits.h and shells number them

LIBRARY_BYTES = 1 << 30  # TensorFlow's largest one maps as much
MORE_MEMORY = (
    "Expected more; end other programs, lift a limit (ulimit -v), or ask for less: smaller "
    "pictures, batches or networks."
)

# Of training/files/atomic.py: what is being written goes by the name that was asked for.
_PARTIAL = re.compile(r"\.partial-[0-9a-f]{8}-")

Options = TypeVar("Options")


def run_command(
    options: type[Options],
    work: Callable[[Options], int],
    *,
    argv: Sequence[str] | None,
    description: str | None,
) -> int:
    """Parse `argv` (the process's own if None) into `options` and do the work.

    description: the docstring of the command's module, which opens with `python -m <module>`.
    Returns the exit status of `work`; REFUSED (DIVERGED of a training) after printing a NurieError,
    or what the system said of a file, disk or memory, to stderr; MISTAKE after the traceback of
    anything else.
    Raises SystemExit as tyro does: 0 after --help, 2 for options it cannot parse.
    """
    # TensorFlow's C++ log is noise to a user of a command; an exported variable wins.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    summary = (description or "").strip()
    if note := another_clone():
        print(note, file=sys.stderr)
    try:
        return work(parse_options(options, argv, prog=_prog(summary), description=summary))
    except NurieError as error:
        print(f"error: {printable_lines(str(error))}", file=sys.stderr)
        return DIVERGED if isinstance(error, Diverged) else REFUSED
    except KeyboardInterrupt:
        print("interrupted: every output is as it was before, or complete", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # `| head` has seen enough; Python must not try to flush again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        said = _PARTIAL.sub("", printable_lines(what))
        print(f"error: the system refused: {said}. {_remedy(error)}", file=sys.stderr)
        return REFUSED
    except Exception as error:
        if want_of_memory(error):
            print(f"error: there is too little memory. {MORE_MEMORY}", file=sys.stderr)
            return REFUSED
        traceback.print_exc()
        print(
            "This is a mistake of Nurie's: please report it with the lines above.", file=sys.stderr
        )
        return MISTAKE


def want_of_memory(error: Exception) -> bool:
    """Return whether an error comes of too little memory.

    Under a limit on addresses, libraries say so in many ways: they cannot be loaded, or start no
    thread. Nothing needs to be asked of the system where there is no such limit.
    """
    if isinstance(error, MemoryError):
        return True
    if resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY:
        return False
    try:
        mmap.mmap(-1, LIBRARY_BYTES).close()  # addresses alone: no memory is touched
    except (OSError, ValueError):
        return True
    return False


def _prog(summary: str) -> str:
    """What was typed before the options: `nurie train` tells its name so."""
    return sys.argv[0] if sys.argv[0].startswith("nurie ") else " ".join(summary.split()[:3])


def _remedy(error: OSError) -> str:
    if error.errno in NO_ROOM:
        return "Expected room for it; make some, or name a place that has it."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "Expected the right to it; ask for it, or name another path."
    if error.errno == errno.ENOMEM:
        return MORE_MEMORY
    return "Expected a path that can be used; look at it, or name another."
