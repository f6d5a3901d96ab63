"""Exports for larger pictures than those of the training: conversion.* --size."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.parity import measure
from conversion import to_coreml, to_onnx, to_tflite
from conversion.calibration import calibration_drawings
from conversion.errors import ConversionError
from conversion.export_function import export_size
from conversion.manifest import read_manifest
from training.checkpoint import find_checkpoint

COMMANDS = {".mlpackage": to_coreml, ".tflite": to_tflite, ".onnx": to_onnx}


def test_it_is_that_of_the_training_where_none_is_asked_for(tiny_run):
    assert export_size(find_checkpoint(tiny_run)) == 32


@pytest.mark.parametrize(("asked", "advised"), [(16, 32), (33, 64), (100, 128), (0, 32)])
def test_a_size_that_the_network_cannot_halve_is_refused_with_the_next_that_it_can(
    tiny_run, asked, advised, capsys
):
    with pytest.raises(ConversionError, match=f"multiple of 32 from 32 on.*{advised} would do"):
        export_size(find_checkpoint(tiny_run), asked)
    assert to_onnx.main([str(tiny_run), "--size", str(asked)]) == 2
    assert "--size" in capsys.readouterr().err


def test_it_is_part_of_the_name(tiny_run, monkeypatch):
    named = []
    monkeypatch.setattr(
        "conversion.artifact.require_output",
        lambda output, **_: named.append(output.name) or (_ for _ in ()).throw(KeyboardInterrupt),
    )
    for size in (64, 32):
        with pytest.raises(KeyboardInterrupt):
            to_onnx.convert(tiny_run, size=size)
    assert named == ["tiny-fp16-64px.onnx", "tiny-fp16.onnx"]


def test_quantized_ones_are_calibrated_on_sheets_of_the_same_drawings(tiny_run, tiny_data):
    checkpoint = find_checkpoint(tiny_run)
    single = calibration_drawings(checkpoint, tiny_data)
    sheets = calibration_drawings(checkpoint, tiny_data, size=64)
    assert sheets.shape == (len(single) // 4, 64, 64)
    np.testing.assert_array_equal(sheets[0, :32, 32:], single[1])


@pytest.mark.parametrize("suffix", COMMANDS)
def test_a_larger_model_paints_a_whole_sheet_as_keras_does(
    suffix, tiny_run, tiny_data, tmp_path: Path
):
    artifact = COMMANDS[suffix].convert(
        tiny_run, tmp_path / f"large{suffix}", recipe="fp32", size=64
    )
    assert read_manifest(artifact).interface.input.height_width == (64, 64)
    parity = measure(tiny_run, [artifact], data=tiny_data)
    assert parity.passed
    (row,) = parity.artifacts
    assert set(row.pictures) == {f"sheet/64px-{n + 1}" for n in range(len(row.pictures))}
