"""JSON text to Python values, within bounds: what is no JSON is refused in a sentence.

json.loads alone takes NaN and fields that stand twice, ends on deep nesting by RecursionError, and
reads whatever size it is given.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from training.errors import ConfigError

# Python holds 24 times the bytes of "[[],[],...", so 400 MB. The largest that Nurie writes is a
# device report of an hour's predictions: 10 MB.
MOST_BYTES = 16_000_000
MOST_DIGITS = 100  # of a whole number: every sentence about it repeats them


def read_json(path: Path, *, nonfinite: bool = False) -> Any:
    """Read a file as `parse_json`. Raises ConfigError, which does not name the file."""
    return parse_json(read_bytes(path), nonfinite=nonfinite)


def read_bytes(path: Path) -> bytes:
    """Read a file, and of a larger one than `parse_json` takes enough for it to say so.

    Raises ConfigError, which does not name the file.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe would wait for its writer
            raise ConfigError("expected a file, received a folder or a device.")
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"it cannot be read ({error.strerror}).") from error


def parse_json(content: bytes, *, nonfinite: bool = False) -> Any:
    """Return what UTF-8 text of JSON says.

    nonfinite: take NaN and Infinity, which Python's json writes, and JSON does not have.
    Raises ConfigError for anything else.
    """
    if len(content) > MOST_BYTES:
        raise ConfigError(f"expected JSON of at most {MOST_BYTES // 10**6} MB, received more.")
    try:
        text = content.decode()
        value = json.loads(
            text,
            object_pairs_hook=_each_key_once,
            parse_int=_short_int,
            parse_constant=None if nonfinite else _refuse_constant,
        )
        if "\\ud" in text.lower():  # halves of characters, which nobody could print or write
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ConfigError("expected JSON of a few levels, received too deep a nesting.") from error
    except ValueError as error:
        raise ConfigError(f"expected JSON, received something else ({error}).") from error
    return value


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        repeated = next(name for name, count in counts.items() if count > 1)
        raise ValueError(f"the field {repeated!r:.80} stands twice in one object")
    return found


def _short_int(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a whole number has {len(digits)} digits")
    return int(digits)


def _refuse_constant(name: str) -> float:
    raise ValueError(f"JSON has no number {name}")
