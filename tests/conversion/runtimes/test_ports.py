import dataclasses
from pathlib import Path

import numpy as np
import pytest

from conversion.errors import ArtifactError
from conversion.interface import Ports, byte_interface, tensor_interface
from conversion.manifest import read_manifest
from conversion.runtimes.ports import (
    described,
    of_session,
    of_signature,
    open_axes,
    require_ports,
)


def test_axes_are_open_where_the_manifest_names_several_sizes_or_any_batch(exports):
    manifest = read_manifest(exports["onnx", "fp32"])
    several = dataclasses.replace(manifest, sizes=((32, 32), (64, 32)))
    assert (open_axes(manifest), open_axes(several)) == ("", "HW")
    assert open_axes(dataclasses.replace(several, any_batch=True)) == "NHW"


def test_an_open_axis_is_nothing_that_a_shape_says():
    inputs, outputs = described(byte_interface((32, 64), Ports(hints=True)), is_open="NW")
    assert inputs == {
        "lineart": ((None, 32, None, 1), "uint8"),
        "hints": ((None, 32, None, 4), "uint8"),
    }
    assert outputs == {"color": ((None, 32, None, 3), "uint8")}


def test_what_a_runtime_says_reads_alike():
    class Input:
        name, shape, type = "x", [1, "height", "width", 1], "tensor(float)"

    expected = {"x": ((1, None, None, 1), "float32")}
    assert of_session([Input()]) == expected
    signature = {"shape": (1, 1, 1, 1), "shape_signature": np.array([1, -1, -1, 1])}
    assert of_signature({"x": signature | {"dtype": np.float32}}) == expected


def test_a_model_of_fixed_size_is_refused_where_several_are_described():
    said = described(tensor_interface((32, 64)), is_open="HW")
    require_ports(Path("m.onnx"), said, *said)
    fixed = described(tensor_interface((32, 64)))
    with pytest.raises(ArtifactError, match="m.onnx: its manifest says .* Export it again"):
        require_ports(Path("m.onnx"), said, *fixed)
