"""Packages damaged at random: only our errors come out, quickly, and never a crash."""

import random

import pytest
from google.protobuf.message import Message

from conversion.errors import ConversionError
from conversion.mlprogram.model import load
from conversion.mlprogram.protobuf import parse_model

SPECIFICATION = "Data/com.apple.CoreML/model.mlmodel"
FILES = (SPECIFICATION, "Data/com.apple.CoreML/weights/weight.bin", "Manifest.json")
INTEGERS = (0, 1, -1, 2, 3, 5, 16, 33, 64, 1000, 2**20, 2**31 - 1, -(2**31), 2**40)
TEXTS = ("", "same", "custom", "fp32", "bool", "conv", "const", "split", "pad", "reshape")


@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes_are_refused_or_harmless(tiny_fp16, copy_of, seed):
    dice, path = random.Random(seed), copy_of(tiny_fp16)
    file = path / FILES[seed % len(FILES)]
    data = bytearray(file.read_bytes())
    for _ in range(dice.randrange(1, 4)):
        place = dice.randrange(len(data))
        length = dice.randrange(0, 9)
        # Replaced, inserted or removed, whichever the lengths say.
        data[place : place + dice.randrange(0, 9)] = dice.randbytes(length)
    file.write_bytes(data)
    _load_and_run(path, tiny_fp16)


@pytest.mark.parametrize("seed", range(80))
def test_damaged_fields_are_refused_or_harmless(tiny_fp16, tiny_variety, copy_of, seed):
    # Bytes seldom stay valid protobuf: here each damaged message is well formed.
    tiny = (tiny_fp16, tiny_variety)[seed % 2]
    dice, path = random.Random(1000 + seed), copy_of(tiny)
    model = parse_model((path / SPECIFICATION).read_bytes(), where="test")
    for _ in range(dice.randrange(1, 4)):
        root = model.description if dice.random() < 0.1 else model.mlProgram
        _damage(dice.choice(_fields(root)), dice)
    (path / SPECIFICATION).write_bytes(model.SerializeToString())
    _load_and_run(path, tiny)


def _load_and_run(path, tiny):
    try:
        picture = load(path).predict({"lineart": tiny.drawing})
    except ConversionError as error:
        assert len(str(error)) > 20  # a sentence
    else:
        assert picture


def _fields(message):
    """Return (message, field) of everything below that is set, maps entered, in a fixed order."""
    found = []
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


def _damage(place, dice):
    message, field = place
    value = getattr(message, field.name)
    try:
        if not field.is_repeated:
            setattr(message, field.name, _other(value, dice))
        elif dice.random() < 0.3:
            del value[dice.randrange(len(value))]
        elif isinstance(value[0], Message):
            value.add().CopyFrom(dice.choice(value))
        else:
            value[dice.randrange(len(value))] = _other(value[0], dice)
    except ValueError:
        pass  # the field cannot hold that number: left as it is


def _other(value, dice):
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return dice.choice((*INTEGERS, value + 1, value - 1))
    if isinstance(value, float):
        return dice.choice((0.0, -1.0, 1e30, float("nan"), float("inf")))
    if isinstance(value, str):
        return dice.choice((*TEXTS, value + "x"))
    return dice.choice((b"", value[:-1], value + b"x", bytes(len(value))))
