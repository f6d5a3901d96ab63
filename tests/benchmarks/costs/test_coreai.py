"""Costs of a Core AI asset, beside those of the ONNX model that it was made of."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from benchmarks.costs.reader import cost_of
from conversion.coreai import api
from conversion.coreai.program import program_of, save
from conversion.coreai.weights import store
from conversion.errors import ArtifactError

pytestmark = pytest.mark.usefixtures("coreai")


def net() -> onnx.ModelProto:
    """8 channels of 6 x 10 down to 32, and up again to 16."""
    rng = np.random.default_rng(0)
    down = rng.normal(size=(32, 8, 3, 3)).astype(np.float32)
    up = rng.normal(size=(32, 16, 4, 4)).astype(np.float32)
    nodes = [
        helper.make_node("Conv", ["x", "down"], ["a"], pads=[1] * 4, strides=[2, 2]),
        helper.make_node("ConvTranspose", ["a", "up"], ["y"], pads=[1] * 4, strides=[2, 2]),
    ]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 8, 6, 10])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 16, 6, 10])
    held = [numpy_helper.from_array(down, "down"), numpy_helper.from_array(up, "up")]
    graph = helper.make_graph(nodes, "g", [x], [y], held)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


@pytest.fixture(scope="module")
def asset(coreai, tmp_path_factory):
    model = store(net(), {"down": "palette6", "up": "palette4"})[0]
    path = tmp_path_factory.mktemp("cost") / "net.aimodel"
    nothing = api.new_metadata(author="", licence="", description="", more={})
    save(program_of({"main": model}), path, metadata=nothing)
    return path


def test_multiplications_and_parameters_are_those_of_onnx_and_bytes_those_of_the_file(
    asset, tmp_path
):
    onnx.save(net(), tmp_path / "net.onnx")
    cost, plain = cost_of(asset), cost_of(tmp_path / "net.onnx")
    convolutions = [layer for layer in cost.layers if layer.macs]
    assert [layer.macs for layer in convolutions] == [layer.macs for layer in plain.layers]
    assert [layer.macs for layer in convolutions] == [
        32 * 3 * 5 * 8 * 9,  # each of 3 x 5 outputs takes 9 taps of 8 channels
        32 * 3 * 5 * 16 * 16,  # each of 3 x 5 inputs gives 16 taps of 16 channels
    ]
    assert [layer.parameters for layer in convolutions] == [32 * 8 * 9, 32 * 16 * 16]
    # 6 and 4 bits a weight; two palettes of 64 and one of 16 values of 16 bits.
    AXIS = 2  # along which a palette of vectors would lie: one number of 16 bits
    luts = [2 * 64 * 2, 1 * 16 * 2]
    assert [layer.weight_bytes for layer in convolutions] == [
        32 * 8 * 9 * 6 // 8 + luts[0] + AXIS,
        32 * 16 * 16 * 4 // 8 + luts[1] + AXIS,
    ]
    assert cost.precision == "float32"


def test_what_is_no_asset_is_refused(tmp_path):
    (tmp_path / "net.aimodel").mkdir()
    with pytest.raises(ArtifactError, match="is no Core AI asset"):
        cost_of(tmp_path / "net.aimodel")
