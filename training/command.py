"""What all commands share: options from a dataclass, refusals as one sentence, exit statuses.

0 done, 1 measured and failed, 2 refused, 130 interrupted.
"""

import os
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

import tyro

from training.errors import NurieError

DONE, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130

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
    Returns the exit status of `work`, or REFUSED after printing a NurieError to stderr.
    Raises SystemExit as tyro does: 0 after --help, 2 for options it cannot parse.
    """
    # TensorFlow's C++ log is noise to a user of a command; an exported variable wins.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    summary = (description or "").strip()
    try:
        return work(
            tyro.cli(
                options,
                args=argv,
                prog=" ".join(summary.split()[:3]),
                description=summary,
                # Options may stand before or after a preset; a switch has no --no- twin.
                config=(tyro.conf.CascadeSubcommandArgs, tyro.conf.FlagCreatePairsOff),
            )
        )
    except NurieError as error:
        print(f"error: {error}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("interrupted: nothing half-written was left behind", file=sys.stderr)
        return INTERRUPTED
