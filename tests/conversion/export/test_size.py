"""Exports for larger pictures than those of the training: conversion.* --size."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.parity import measure
from conversion import to_coreml, to_onnx, to_tflite
from conversion.errors import ConversionError
from conversion.export.calibration import calibrated_on, calibration_drawings
from conversion.export.plan import default_output
from conversion.export.size import export_size, parse_size, said
from conversion.manifest import read_manifest
from conversion.recipes import recipe_named
from training.run.checkpoint import find_checkpoint

COMMANDS = {".mlpackage": to_coreml, ".tflite": to_tflite, ".onnx": to_onnx}


@pytest.mark.parametrize(("text", "size"), [("512", (512, 512)), ("1024x704", (704, 1024))])
def test_it_is_said_as_people_say_it_width_first(text, size):
    assert parse_size(text) == size
    assert said(size) == text


@pytest.mark.parametrize("text", ["", "big", "-64", "64x", "64x64x3", "64.5"])
def test_what_is_no_size_is_refused(text, tiny_run, capsys):
    with pytest.raises(ConversionError, match="such as 1024x704"):
        parse_size(text)
    if text:
        assert to_onnx.main([str(tiny_run), f"--size={text}"]) == 2
        assert "--size" in capsys.readouterr().err


def test_it_is_that_of_the_training_where_none_is_asked_for(tiny_run):
    assert export_size(find_checkpoint(tiny_run)) == (32, 32)


@pytest.mark.parametrize(
    ("asked", "advised"), [("16", "32"), ("33", "64"), ("100x32", "128x32"), ("0", "32")]
)
def test_a_size_that_the_network_cannot_halve_is_refused_with_the_next_that_it_can(
    tiny_run, asked, advised, capsys
):
    with pytest.raises(ConversionError, match=f"multiples of 32 from 32 on.*{advised} would do"):
        export_size(find_checkpoint(tiny_run), parse_size(asked))
    assert to_onnx.main([str(tiny_run), "--size", asked]) == 2
    assert advised in capsys.readouterr().err


def test_it_is_part_of_the_name(tiny_run):
    def name(size):
        recipe = recipe_named("fp16", format="onnx")
        return default_output(
            find_checkpoint(tiny_run), format="onnx", recipe=recipe, size=size
        ).name

    assert name((64, 64)) == "tiny-fp16-64px.onnx"
    assert name((32, 64)) == "tiny-fp16-64x32px.onnx"
    assert name((32, 32)) == name(None) == "tiny-fp16.onnx"


def test_quantized_ones_are_calibrated_on_sheets_of_the_same_drawings(tiny_run, tiny_data):
    checkpoint = find_checkpoint(tiny_run)
    single = calibration_drawings(checkpoint, tiny_data)
    sheets = calibration_drawings(checkpoint, tiny_data, size=(64, 64))
    assert sheets.lineart.shape == (len(single) // 4, 64, 64)
    np.testing.assert_array_equal(sheets.lineart[0, :32, 32:], single.lineart[1])
    said = calibrated_on(checkpoint, tiny_data, sheets)["calibrated on"]
    assert said == f"{len(single)} training drawings, side by side on {len(sheets)} sheets"


@pytest.mark.parametrize("suffix", COMMANDS)
def test_a_larger_model_paints_a_whole_sheet_as_keras_does(
    suffix, tiny_run, tiny_data, tmp_path: Path
):
    artifact = COMMANDS[suffix].convert(
        tiny_run, tmp_path / f"large{suffix}", recipe="fp32", size=(32, 64)
    )
    assert read_manifest(artifact).interface.height_width == (32, 64)
    parity = measure(tiny_run, [artifact], data=tiny_data)
    assert parity.passed
    (row,) = parity.artifacts
    assert len(row.pictures) > 20  # each drawing by itself: the gate holds for the worst of them
    assert all(name.endswith(" on 64x32px") for name in row.pictures)
