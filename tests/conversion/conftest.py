"""The exports of the tiny checkpoint, made once."""

import pytest


@pytest.fixture(scope="session")
def exports(tiny_run):
    """Every format and recipe of the tiny checkpoint, as {(format, recipe): path}."""
    from conversion import to_coreml, to_onnx, to_tflite

    commands = {"coreml": to_coreml, "tflite": to_tflite, "onnx": to_onnx}
    return {
        (name, recipe): command.convert(tiny_run, recipe=recipe)
        for name, command in commands.items()
        for recipe in ("fp32", "fp16")
    }
