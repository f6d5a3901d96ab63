import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from benchmarks.agreement.layers import (
    LayerAgreement,
    compare_layers,
    first_departure,
    keras_layers,
    matched_values,
)
from conversion.interface import LINEART_TO_COLOR
from training.run.checkpoint import find_checkpoint
from training.run.restoring import load_generator


@pytest.fixture(scope="module")
def generator(whole_run: Path):
    return load_generator(find_checkpoint(whole_run))


@pytest.fixture(scope="module")
def lineart() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (32, 32), np.uint8)


def row(layer: str, psnr_db: float) -> LayerAgreement:
    return LayerAgreement(layer=layer, value=f"net/{layer}/x", psnr_db=psnr_db)


def test_the_last_value_that_bears_the_name_of_a_layer_is_its_output():
    convolved, shifted = np.zeros((1, 5, 2, 3)), np.ones((1, 5, 2, 3))
    found = matched_values(
        [("net/conv/Conv2D:0", convolved), ("net/conv/BiasAdd:0", shifted)],
        layers={"conv": (1, 2, 3, 5)},
        network="net",
        layouts=("NCHW",),
    )
    name, value = found["conv"]
    assert name == "net/conv/BiasAdd:0"
    np.testing.assert_array_equal(value, np.ones((1, 2, 3, 5)))


def test_a_value_that_bears_two_names_is_the_output_of_the_later_layer():
    found = matched_values(
        [("net/act/Relu;net/conv/BiasAdd", np.ones((1, 2, 3, 5)))],
        layers={"conv": (1, 2, 3, 5), "act": (1, 2, 3, 5)},
        network="net",
        layouts=("NHWC",),
    )
    assert list(found) == ["act"]


@pytest.mark.parametrize(
    "name",
    [
        "net_1/up_1_conv_2/conv_transpose:0",  # tf2onnx
        "net_1_up_1_conv_2_conv_transposex_cast_fp16",  # coremltools
        "net_1/up_1_conv_2/conv_transpose4",  # TFLite
    ],
)
def test_every_converters_spelling_is_understood(name: str):
    found = matched_values(
        [(name, np.ones((1, 2, 3, 5)))],
        layers={"up_1_conv": (1, 2, 3, 5), "up_1": (1, 2, 3, 5)},
        network="net",
        layouts=("NHWC",),
    )
    assert "up_1_conv" in found


def test_values_of_another_network_or_shape_are_passed_over():
    found = matched_values(
        [("other/conv/x", np.ones((1, 2, 3, 5))), ("net/conv/mean", np.ones((1, 1, 1, 5)))],
        layers={"conv": (1, 2, 3, 5)},
        network="net",
        layouts=("NHWC",),
    )
    assert found == {}


def test_the_first_layer_below_the_gate_is_the_departure():
    rows = [row("a", 80), row("b", 44), row("c", 90)]
    assert first_departure(rows, gate_db=45) is rows[1]
    assert first_departure(rows, gate_db=40) is None
    assert first_departure([row("a", -math.inf)], gate_db=45) is not None


@pytest.mark.parametrize("suffix", [".mlpackage", ".tflite", ".onnx"])
@pytest.mark.parametrize(("recipe", "floor_db"), [("fp32", 100), ("fp16", 45)])
def test_each_format_keeps_every_convolution_and_computes_it_alike(
    whole_run: Path, generator, lineart: np.ndarray, suffix: str, recipe: str, floor_db: float
):
    rows = compare_layers(
        whole_run / "exports" / f"tiny-{recipe}{suffix}", generator, LINEART_TO_COLOR, lineart
    )
    order = list(keras_layers(generator, LINEART_TO_COLOR, lineart))
    compared = [r.layer for r in rows]
    assert compared == sorted(compared, key=order.index)
    expected = {name for name in order if "conv" in name}
    if suffix == ".tflite":
        expected.remove("innermost_conv")  # computed together with the ReLU after it
    assert expected <= set(compared)
    assert min(r.psnr_db for r in rows) > floor_db


def test_the_layer_whose_weights_were_changed_is_found(
    tmp_path: Path, whole_run: Path, generator, lineart: np.ndarray
):
    import json

    import onnx
    from onnx import numpy_helper

    from conversion.manifest import artifact_sha256, manifest_path

    artifact = tmp_path / "broken.onnx"
    model = onnx.load(whole_run / "exports" / "tiny-fp32.onnx")
    conv = next(n for n in model.graph.node if "down_2_conv" in n.output[0] and n.op_type == "Conv")
    weight = next(t for t in model.graph.initializer if t.name == conv.input[1])
    weight.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight) * 1.1, weight.name))
    onnx.save(model, artifact)
    source = manifest_path(whole_run / "exports" / "tiny-fp32.onnx")
    shutil.copy(source, manifest_path(artifact))
    raw = json.loads(source.read_text()) | {"sha256": artifact_sha256(artifact)}
    manifest_path(artifact).write_text(json.dumps(raw))
    departure = first_departure(
        compare_layers(artifact, generator, LINEART_TO_COLOR, lineart), gate_db=60
    )
    assert departure is not None
    assert departure.layer == "down_2_conv"
