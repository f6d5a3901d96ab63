"""Damage a copy of an .mlpackage at random: its bytes, its fields, its files."""

import random
import shutil
from pathlib import Path
from typing import Any

from google.protobuf.message import Message

from conversion.mlprogram.protobuf import parse_model

SPECIFICATION = "Data/com.apple.CoreML/model.mlmodel"
WEIGHTS = "Data/com.apple.CoreML/weights/weight.bin"
MANIFEST = "Manifest.json"
INTEGERS = (0, 1, -1, 2, 3, 5, 16, 33, 64, 1000, 2**20, 2**31 - 1, -(2**31), 2**40)
TEXTS = ("", "x", "y", "same", "custom", "fp32", "bool", "conv", "const", "split", "pad")
PATHS = (
    "/etc/passwd",
    "../../../secret.txt",
    "@model_path/../../../secret.txt",
    "@model_path//etc/passwd",
    "weights/weight.bin/..",
    "a\0b",
)


def mutate(package: Path, copy: Path, *, seed: int) -> None:
    """Write a copy of `package` with one to three random faults; the same ones for the same seed.

    Beside the copy stands `secret.txt`, which no reader of the copy may open.
    """
    dice = random.Random(seed)
    shutil.copytree(package, copy)
    (copy.parent / "secret.txt").write_text("not yours")
    kind = dice.random()
    if kind < 0.6:  # bytes seldom stay valid protobuf: here each damaged message is well formed
        _mutate_fields(copy / SPECIFICATION, dice)
    elif kind < 0.9:
        existing = [name for name in (SPECIFICATION, WEIGHTS, MANIFEST) if (copy / name).exists()]
        _mutate_bytes(copy / dice.choice(existing), dice)
    else:
        _mutate_files(copy, dice)


def _mutate_bytes(file: Path, dice: random.Random) -> None:
    data = bytearray(file.read_bytes())
    if dice.random() < 0.2:
        del data[dice.randrange(len(data) + 1) :]
    for _ in range(dice.randrange(1, 4)):
        place = dice.randrange(len(data) + 1)
        # Replaced, inserted or removed, whichever the lengths say.
        data[place : place + dice.randrange(9)] = dice.randbytes(dice.randrange(9))
    file.write_bytes(data)


def _mutate_fields(file: Path, dice: random.Random) -> None:
    model = parse_model(file.read_bytes(), where=str(file))
    for _ in range(dice.randrange(1, 4)):
        program = model.pipeline if model.WhichOneof("Type") == "pipeline" else model.mlProgram
        root = model.description if dice.random() < 0.15 else program
        places = _fields(root)
        if places:
            _change(*dice.choice(places), dice)
    file.write_bytes(model.SerializeToString())


def _mutate_files(copy: Path, dice: random.Random) -> None:
    file = copy / dice.choice((SPECIFICATION, WEIGHTS, MANIFEST))
    fault = dice.randrange(4)
    if file.exists():
        file.unlink()
    file.parent.mkdir(parents=True, exist_ok=True)
    if fault == 0:
        file.mkdir()
    elif fault == 1:
        file.symlink_to(copy.parent / "secret.txt")
    elif fault == 2:
        file.symlink_to(file)  # a circle
    # and 3: it is missing


def _fields(message: Message) -> list[tuple[Message, Any]]:
    """Return (message, field) of everything below that is set, maps entered, in a fixed order."""
    found: list[tuple[Message, Any]] = []
    for field, value in message.ListFields():
        if hasattr(value, "items"):
            children = [value[key] for key in sorted(value)]
        elif isinstance(value, Message):
            children = [value]
        else:
            found.append((message, field))
            children = list(value) if field.is_repeated else []
        for child in children:
            if isinstance(child, Message):
                found += _fields(child)
    return found


def _change(message: Message, field: Any, dice: random.Random) -> None:
    value = getattr(message, field.name)
    try:
        if not field.is_repeated:
            setattr(message, field.name, _other(value, dice))
        elif not value:
            return  # an earlier fault has emptied it
        elif dice.random() < 0.3:
            del value[dice.randrange(len(value))]
        elif isinstance(value[0], Message):
            value.add().CopyFrom(dice.choice(value))
        else:
            value[dice.randrange(len(value))] = _other(value[0], dice)
    except ValueError:
        pass  # the field cannot hold that number: left as it is


def _other(value: Any, dice: random.Random) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return dice.choice((*INTEGERS, value + 1, value - 1))
    if isinstance(value, float):
        return dice.choice((0.0, -1.0, 1e30, float("nan"), float("inf")))
    if isinstance(value, str):
        return dice.choice((*TEXTS, *PATHS, value + "x"))
    return dice.choice((b"", value[:-1], value + b"x", bytes(len(value))))
