"""Which clone of Nurie is running, where a person may think of another one."""

from pathlib import Path

CLONE = Path(__file__).resolve().parents[2]
_HERE = Path(__file__).resolve().relative_to(CLONE)


def another_clone() -> str | None:
    """Return a note where the folder one is in belongs to another clone than the code that runs.

    That happens below the top of a clone, and with `nurie`, which runs the clone it was installed
    from: `python -m` takes the packages of the folder it is typed in, where there are any.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / _HERE).is_file():
            if folder.resolve() == CLONE:
                return None
            return (
                f"note: this is the Nurie of {CLONE}, not of {folder}, which you are in. For that "
                f"one: cd {folder}, then .venv/bin/python -m ... (make makes .venv)."
            )
    return None
