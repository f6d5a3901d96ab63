"""Exports for other pictures than those of the training, or for several: conversion.* --size."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.parity import measure
from conversion import to_coreml, to_onnx, to_tflite
from conversion.errors import ConversionError, UnsupportedTarget
from conversion.export.calibration import calibrated_on, calibration_drawings
from conversion.export.origins.find import find_origin
from conversion.export.plan import default_output, fitting_sizes, plan_exports
from conversion.export.size import export_size, parse_sizes
from conversion.manifest import read_manifest
from conversion.recipes import recipe_named
from training.run.checkpoint import find_checkpoint
from training.settings.sizes import parse_size

COMMANDS = {".mlpackage": to_coreml, ".tflite": to_tflite, ".onnx": to_onnx}


def test_several_are_said_by_commas_and_each_stands_once(tiny_run):
    assert parse_sizes("128,256,512x384") == [(128, 128), (256, 256), (384, 512)]
    origin = find_origin(tiny_run)
    assert fitting_sizes(origin, [(64, 32), (32, 32)]) == ((64, 32), (32, 32))
    assert fitting_sizes(origin) == ((32, 32),)
    with pytest.raises(ConversionError, match="received 64x32 twice"):
        fitting_sizes(origin, [(32, 64), (32, 32), (32, 64)])


@pytest.mark.parametrize("text", ["", "big", "32,", "32;64"])
def test_what_is_no_size_is_refused(text, tiny_run, capsys):
    assert to_onnx.main([str(tiny_run), f"--size={text}"]) == 2
    assert "such as 1024x704" in capsys.readouterr().err


def test_a_net_with_hints_of_several_sizes_needs_ios_18_in_core_ml(hinted_runs):
    def target(*, asked=None, sizes=((32, 32), (32, 64)), format="coreml"):
        (export,) = plan_exports(
            hinted_runs["mobile"],
            format=format,
            recipes=[recipe_named("fp16", format=format)],
            target=asked,
            sizes=sizes,
        )
        return export.target

    assert target() == "iOS18" and target(asked="iOS26") == "iOS26"
    assert target(sizes=[(32, 64)]) == "iOS16" and target(format="onnx") is None
    with pytest.raises(UnsupportedTarget, match="need iOS18 or newer, received iOS17"):
        target(asked="iOS17")


def test_it_is_that_of_the_training_where_none_is_asked_for(tiny_run):
    assert export_size(find_checkpoint(tiny_run)) == (32, 32)


@pytest.mark.parametrize(("asked", "advised"), [("16", "32"), ("33", "64"), ("100x32", "128x32")])
def test_a_size_that_the_network_cannot_halve_is_refused_with_the_next_that_it_can(
    tiny_run, asked, advised, capsys
):
    with pytest.raises(ConversionError, match=f"multiples of 32 from 32 on.*{advised} would do"):
        export_size(find_checkpoint(tiny_run), parse_size(asked))
    assert to_onnx.main([str(tiny_run), "--size", asked]) == 2
    assert advised in capsys.readouterr().err


def test_it_is_part_of_the_name(tiny_run):
    def name(sizes):
        recipe = recipe_named("fp16", format="onnx")
        return default_output(find_origin(tiny_run), format="onnx", recipe=recipe, sizes=sizes).name

    assert name([(64, 64)]) == "tiny-fp16-64px.onnx"
    assert name([(32, 64)]) == "tiny-fp16-64x32px.onnx"
    assert name([(32, 32), (32, 64)]) == "tiny-fp16-32-64x32px.onnx"
    assert name([(32, 32)]) == name([]) == "tiny-fp16.onnx"


def test_quantized_ones_are_calibrated_on_sheets_of_the_same_drawings(tiny_run, tiny_data):
    checkpoint = find_checkpoint(tiny_run)
    single = calibration_drawings(checkpoint, tiny_data)
    sheets = calibration_drawings(checkpoint, tiny_data, size=(64, 64))
    assert sheets.lineart.shape == (len(single) // 4, 64, 64)
    np.testing.assert_array_equal(sheets.lineart[0, :32, 32:], single.lineart[1])
    said = calibrated_on(checkpoint, tiny_data, sheets)["calibrated on"]
    assert said == f"{len(single)} training drawings, side by side on {len(sheets)} sheets"


@pytest.mark.parametrize("suffix", COMMANDS)
def test_a_model_of_several_sizes_paints_at_each_as_keras_does(
    suffix, tiny_run, tiny_data, tmp_path: Path
):
    sizes = ((32, 32), (32, 64), (96, 32))
    artifact = COMMANDS[suffix].convert(
        tiny_run, tmp_path / f"several{suffix}", recipe="fp32", sizes=sizes
    )
    manifest = read_manifest(artifact)
    assert manifest.sizes == sizes and manifest.interface.height_width == (32, 32)
    (row,) = measure(tiny_run, [artifact], data=tiny_data).artifacts
    assert row.passed, row.verdict
    single = {name for name in row.pictures if not name.endswith("px")}
    assert len(single) > 20  # each drawing by itself: the gate holds for the worst of them
    beside = [f"{name} on {size}px" for name in single for size in ("64x32", "32x96")]
    assert set(row.pictures) == single | set(beside)
