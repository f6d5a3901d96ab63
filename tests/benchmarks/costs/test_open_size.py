"""Models of open height and width, counted at a size."""

import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from benchmarks.cost import main
from benchmarks.costs.reader import cost_of
from conversion import to_onnx, to_tflite
from conversion.errors import ArtifactError

SIZES = ((32, 32), (64, 96))  # height and width


def convolution(path: Path, *shape: str | int) -> Path:
    """x -> a convolution of 3x3, 3 to 4 channels, stride 2 -> y, which says nothing of its shape.

    shape: of x, channels first.
    """
    weight = numpy_helper.from_array(np.ones((4, 3, 3, 3), np.float32), "w")
    node = helper.make_node("Conv", ["x", "w"], ["y"], strides=[2, 2], auto_pad="SAME_UPPER")
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 4, "a", "b"])
    graph = helper.make_graph([node], "g", [x], [y], [weight])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)]), path)
    return path


def test_an_open_onnx_is_counted_at_the_size_that_is_asked_for(tmp_path: Path):
    path = convolution(tmp_path / "open.onnx", "batch", 3, "height", "width")
    (conv,) = cost_of(path, size=(10, 6)).layers
    assert conv.output == "float32[1, 4, 5, 3]"
    assert conv.macs == 5 * 3 * 4 * 3 * 9
    assert (conv.read_bytes, conv.written_bytes) == (4 * 10 * 6 * 3, 4 * 5 * 3 * 4)


@pytest.fixture(scope="module")
def opened(tiny_run: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The tiny net for two sizes, by format: height and width are open."""
    folder = tmp_path_factory.mktemp("open")
    return {
        "onnx": to_onnx.convert(tiny_run, folder / "tiny.onnx", recipe="fp32", sizes=SIZES),
        "tflite": to_tflite.convert(tiny_run, folder / "tiny.tflite", recipe="fp32", sizes=SIZES),
    }


@pytest.mark.parametrize("format", ["onnx", "tflite"])
def test_ours_are_counted_at_the_first_size_of_the_manifest_or_at_another(
    opened: dict[str, Path], whole_run: Path, format: str
):
    fixed = cost_of(whole_run / "exports" / f"tiny-fp32.{format}")
    first, second = cost_of(opened[format]), cost_of(opened[format], size=SIZES[1])
    assert first.macs == fixed.macs
    assert first.parameters == second.parameters
    # Convolutions alone multiply: six times as many pixels.
    assert second.macs == 6 * fixed.macs


@pytest.mark.parametrize("format", ["onnx", "tflite"])
def test_without_a_manifest_the_size_has_to_be_said(
    opened: dict[str, Path], tmp_path: Path, format: str, capsys: pytest.CaptureFixture[str]
):
    alone = shutil.copy(opened[format], tmp_path / f"alone.{format}")
    assert main([str(alone)]) == 2
    said = capsys.readouterr().err
    assert "lineart" in said and "is not fixed, so its cost is unknown. Say at which size" in said
    assert main([str(alone), "--size", "96x64"]) == 0
    assert f"{cost_of(opened[format], size=SIZES[1]).macs:,}" in capsys.readouterr().out


def test_a_size_is_refused_where_all_is_fixed(tmp_path: Path):
    path = convolution(tmp_path / "fixed.onnx", 1, 3, 10, 6)
    assert cost_of(path).macs == 5 * 3 * 4 * 3 * 9
    with pytest.raises(ArtifactError, match="every shape in it is fixed; received --size 6x10"):
        cost_of(path, size=(10, 6))


def test_other_open_axes_are_refused_by_the_name_of_the_value(tmp_path: Path):
    path = convolution(tmp_path / "odd.onnx", 1, 3, "height", 6)
    for size in (None, (10, 6)):
        with pytest.raises(ArtifactError, match="the shape of 'x' is not fixed.*Expected a batch"):
            cost_of(path, size=size)


def test_a_size_is_refused_for_formats_that_name_their_own(whole_run: Path):
    package = whole_run / "exports" / "tiny-fp16.mlpackage"
    with pytest.raises(ArtifactError, match=r"--size belongs to .onnx and .tflite"):
        cost_of(package, size=(64, 64))
