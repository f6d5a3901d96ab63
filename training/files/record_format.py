"""A kind of JSON file that holds one dataclass: written whole, read strictly or refused."""

import json
import os
import re
import reprlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from training.errors import DataError, NurieError
from training.files.atomic import written_whole
from training.files.json_text import read_json
from training.files.strict_json import from_json, to_json

T = TypeVar("T")

_LONE = re.compile("[\ud800-\udfff]")  # surrogates: no character, and no UTF-8


@dataclass(frozen=True, kw_only=True)
class RecordFormat(Generic[T]):
    """What tells such a file from others, and what to say of one that is another."""

    kind: type[T]
    name: str  # and version: "nurie-parity/2"
    what: str  # "a parity record"
    expected: str  # "a file written by benchmarks.parity --json"
    remedy: str = ""  # what to do with one that is another: "write it again with --overwrite"
    key: str = "format"  # field of the file that holds `name`
    error: type[NurieError] = DataError

    @property
    def advice(self) -> str:
        """What to say after a fault of a file that is there."""
        return f"Expected {self.expected}{self.remedy and f'; {self.remedy}'}."

    def text(self, record: T | dict[str, Any]) -> str:
        """Return what such a file holds. record: the dataclass, or its JSON and what is UNREAD."""
        raw = {self.key: self.name} | to_json(record)
        return json.dumps(raw, indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    def write(self, record: T | dict[str, Any], path: Path, *, overwrite: bool = False) -> None:
        """Write such a file, whole. Raises OutputExists."""
        with written_whole(path, overwrite=overwrite) as partial:
            # What is not UTF-8 in a file's name is written out: JSON of ours has no lone surrogate.
            text = _LONE.sub(lambda lone: rf"\\u{ord(lone[0]):04x}", self.text(record))
            partial.write_text(text, encoding="utf-8")

    def read(self, path: Path) -> T:
        """Read what `write` wrote. Raises `error`, in one sentence, for anything else."""
        if not os.path.lexists(path):  # nothing is there to be mended or replaced
            raise self.error(f"{path} does not exist. Expected {self.expected}.")
        try:
            raw = read_json(path)
            found = raw.pop(self.key, None) if isinstance(raw, dict) else raw
            if found != self.name:
                raise DataError(
                    f"expected {self.key} {self.name!r}, received {reprlib.repr(found)}."
                )
            return from_json(self.kind, raw, where="$")
        except NurieError as error:
            fault = str(error).removesuffix(".")
            raise self.error(f"{path} is not {self.what}: {fault}. {self.advice}") from error
