"""The console command `nurie`: find a command by its short name and hand its words on."""

import importlib
import shutil
import sys
from collections.abc import Sequence

from benchmarks.nurie.commands import commands, map_of_commands
from training.terminal.clone import CLONE
from training.terminal.command import DONE, REFUSED
from training.terminal.meant import did_you_mean

WIDEST = 100  # columns: longer lines are hard to read


def main(argv: Sequence[str] | None = None) -> int:
    """Run what is named; returns its exit status. Without a name: show the map."""
    words = sys.argv[1:] if argv is None else list(argv)
    if not words or words[0] in ("-h", "--help", "help"):
        print(map_of_commands(width=min(WIDEST, shutil.get_terminal_size().columns)))
        return DONE
    name, *rest = words
    if name == "--version":
        from importlib.metadata import version

        print(f"nurie {version('nurie')} of {CLONE}")
        return DONE
    if name == "completion":
        return _complete(rest)
    known = commands()
    module = name if name in known.values() else known.get(name.replace("_", "-"))
    if module is None:
        meant = did_you_mean(name.replace("_", "-"), known)
        said = f"error: {name!r} is no command: expected one that `nurie` alone lists.{meant}"
        print(said, file=sys.stderr)
        return REFUSED
    sys.argv = [f"nurie {name}", *rest]  # what its --help and its refusals call it
    status: int = importlib.import_module(module).main(rest)
    return status


def _complete(words: Sequence[str]) -> int:
    from benchmarks.nurie.completion import SHELLS, completion

    if len(words) != 1 or words[0] not in SHELLS:
        print(
            f"error: nurie completion: expected one of {', '.join(SHELLS)}, received "
            f"{' '.join(words) or 'nothing'!r}. Type: source <(nurie completion bash)",
            file=sys.stderr,
        )
        return REFUSED
    print(completion(words[0]))
    return DONE
