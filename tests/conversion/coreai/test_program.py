"""Core AI programs of ONNX models, run in Apple's runtime beside ONNX Runtime."""

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from conversion.coreai import api
from conversion.coreai.program import program_of, save
from conversion.coreai.runtime import LoadedAsset
from conversion.coreai.weights import expanded, store
from conversion.errors import UnsupportedOps
from conversion.quantized.onnx import with_int8_weights
from conversion.runtimes.agreement import closeness_db

pytestmark = pytest.mark.usefixtures("coreai")
# Two runtimes in float32 with the same weights: the first bar of issue 18.
FLOAT32_DB = 100.0


def net(height: int, width: int):
    """A convolution, a transposed one, and hints beside: 8 to 32 to 16 channels."""
    rng = np.random.default_rng(0)
    down = rng.normal(size=(32, 8, 3, 3)).astype(np.float32)
    up = rng.normal(size=(32, 16, 4, 4)).astype(np.float32)
    nodes = [
        helper.make_node("Concat", ["x", "hints"], ["both"], axis=1),
        helper.make_node("Conv", ["both", "down"], ["a"], pads=[1] * 4, strides=[2, 2]),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("ConvTranspose", ["b", "up"], ["y"], pads=[1] * 4, strides=[2, 2]),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, channels, height, width])
        for name, channels in (("x", 5), ("hints", 3))
    ]
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 16, height, width])
    held = [numpy_helper.from_array(down, "down"), numpy_helper.from_array(up, "up")]
    graph = helper.make_graph(nodes, "g", inputs, [output], held)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def given(height: int, width: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    shapes = {"x": (1, 5, height, width), "hints": (1, 3, height, width)}
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def saved(models, path):
    metadata = api.new_metadata(author="", licence="", description="", more={})
    save(program_of(models), path, metadata=metadata)
    return path


def stored(storage: str):
    if storage == "int8":
        return with_int8_weights(net(6, 10))[0]
    if storage == "fp32":
        return net(6, 10)
    return store(net(6, 10), dict.fromkeys(("down", "up"), storage))[0]


@pytest.mark.parametrize(
    ("storage", "element"),
    [
        ("fp32", "Float32"),
        ("fp16", "Float16"),
        ("int8", "Int8"),
        ("palette8", "UInt8"),
        ("palette6", "UInt6"),
        ("palette4", "UInt4"),
        ("palette3", "UInt3"),
        ("palette2", "UInt2"),
        ("palette1", "UInt1"),
    ],
)
def test_weights_are_computed_with_as_they_are_stored(tmp_path, storage, element):
    model = stored(storage)
    path = saved({"main": model}, tmp_path / "a.aimodel")
    held = dict(api.open_asset(path).summary(include_statistics=True).storage_types)
    assert held[element] >= 32 * 8 * 9 + 32 * 16 * 16  # none of them was expanded
    plain = expanded(model).SerializeToString()
    session = onnxruntime.InferenceSession(plain, providers=["CPUExecutionProvider"])
    inputs = given(6, 10)
    (expected,) = session.run(["y"], inputs)
    made = LoadedAsset(path).predict(inputs)["y"]
    assert closeness_db(expected, made) >= FLOAT32_DB


def test_sizes_are_entry_points_that_share_their_weights(tmp_path):
    one = saved({"main": net(6, 10)}, tmp_path / "one.aimodel")
    both = {"main": net(6, 10), "main_4x8": net(8, 4)}
    path = saved(both, tmp_path / "both.aimodel")
    sizes = [(asset / "main.mlirb").stat().st_size for asset in (one, path)]
    weights = 4 * (32 * 8 * 9 + 32 * 16 * 16)
    assert sizes[0] < sizes[1] < sizes[0] + weights / 10
    for entry_point, (height, width) in (("main", (6, 10)), ("main_4x8", (8, 4))):
        made = LoadedAsset(path, entry_point=entry_point).predict(given(height, width))
        assert made["y"].shape == (1, 16, height, width)


def test_operations_without_a_counterpart_are_all_listed():
    model = net(6, 10)
    model.graph.node[2].op_type = "RandomNormalLike"
    model.graph.node.insert(2, helper.make_node("RandomUniformLike", ["a"], ["c"]))
    model.graph.node[3].input[0] = "c"
    with pytest.raises(
        UnsupportedOps, match="no counterpart in Core AI: RandomNormalLike, RandomUniformLike"
    ):
        program_of({"main": model})
