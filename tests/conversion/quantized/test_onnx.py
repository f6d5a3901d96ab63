import re

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from conversion import to_onnx
from conversion.manifest import read_manifest
from conversion.quantized.onnx import (
    quantized_channels,
    with_int8_activations,
    with_int8_weights,
)


def one_convolution(kind: str, weight: np.ndarray) -> onnx.ModelProto:
    """x (1, 2, 1, 1) through a convolution of 1x1."""
    node = helper.make_node(kind, ["x", "w"], ["y"])
    ports = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, (1, channels, 1, 1))
        for name, channels in (("x", 2), ("y", 3))
    ]
    weights = [numpy_helper.from_array(weight, "w")]
    graph = helper.make_graph([node], "one", ports[:1], ports[1:], weights)
    opsets = [helper.make_opsetid("", 18)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def test_a_channel_is_divided_by_its_own_scale():
    weight = np.array([[1.27, -0.3], [0.0, 0.0], [254, 3]], np.float32)
    stored, scale = quantized_channels(weight, axis=0)
    np.testing.assert_allclose(scale, [0.01, 1, 2])
    # 3 / 2 = 1.5 rounds to even
    np.testing.assert_array_equal(stored, [[127, -30], [0, 0], [127, 2]])
    assert stored.dtype == np.int8


@pytest.mark.parametrize(("kind", "axis"), [("Conv", 0), ("ConvTranspose", 1)])
def test_the_graph_computes_with_the_dequantized_weight_of_each_output_channel(kind, axis):
    outputs = np.array([[1.27, -0.304], [12.7, 0.11], [254, 3]], np.float32)  # (out, in)
    weight = (outputs if axis == 0 else outputs.T)[..., None, None].copy()
    model, details = with_int8_weights(one_convolution(kind, weight))
    onnx.checker.check_model(model, full_check=True)
    x = np.array([1, 10], np.float32).reshape(1, 2, 1, 1)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    (y,) = session.run(None, {"x": x})
    # 1.27 + 10 * -0.30; 12.7 + 10 * 0.1; 254 + 10 * 4, since 1.5 rounds to 2 steps of 2
    np.testing.assert_allclose(y.reshape(-1), [-1.73, 13.7, 294], rtol=1e-5)
    assert details == {"weights in 8 bits": "1 convolutions, one scale a channel"}


@pytest.fixture(scope="module")
def quantized(tiny_run, tiny_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("onnx")
    return {
        recipe: to_onnx.convert(tiny_run, folder / f"{recipe}.onnx", recipe=recipe, data=tiny_data)
        for recipe in ("int8", "w8a8")
    }


@pytest.mark.parametrize("recipe", ["int8", "w8a8"])
def test_convolutions_have_8_bit_weights_but_for_the_first_of_w8a8(quantized, recipe):
    model = onnx.load(quantized[recipe])
    onnx.checker.check_model(model, full_check=True)
    bytes_, floats = {TensorProto.INT8, TensorProto.UINT8}, []
    stored = {t.name: t for t in model.graph.initializer}
    makers = {o: n for n in model.graph.node for o in n.output}
    convolutions = [n for n in model.graph.node if n.op_type in ("Conv", "ConvTranspose")]
    assert len(convolutions) == 10
    for node in convolutions[recipe == "w8a8" :]:
        maker = makers[node.input[1]]
        assert maker.op_type == "DequantizeLinear"
        if stored[maker.input[0]].data_type not in bytes_:
            floats.append(node.name)
        channels = stored[maker.input[1]].dims[0]
        axis = 0 if node.op_type == "Conv" else 1
        assert channels == stored[maker.input[0]].dims[axis]  # one scale an output channel
    assert not floats
    if recipe == "w8a8":
        assert stored[convolutions[0].input[1]].data_type == TensorProto.FLOAT


def test_int8_weights_are_those_of_the_float_model_rounded(quantized, exports):
    floats = {
        t.name: numpy_helper.to_array(t)
        for t in onnx.load(exports["onnx", "fp32"]).graph.initializer
    }
    model = onnx.load(quantized["int8"])
    stored = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    checked = 0
    for node in (n for n in model.graph.node if n.op_type == "DequantizeLinear"):
        codes, scale = stored[node.input[0]], stored[node.input[1]]
        (axis,) = (a.i for a in node.attribute if a.name == "axis")
        shape = [1] * codes.ndim
        shape[axis] = -1
        same_shape = [f for f in floats.values() if f.shape == codes.shape]
        error = min(
            np.abs(f - codes * scale.reshape(shape)).max() / scale.max() for f in same_shape
        )
        assert error <= 0.5001  # half a step
        checked += 1
    assert checked == 10


def test_a_relu_after_a_convolution_is_the_lower_end_of_its_range():
    rng = np.random.default_rng(0)
    chain = ("Conv", "Conv", "Relu", "Conv", "Neg", "Relu")
    nodes = [
        helper.make_node(
            kind, [f"v{n}", *([f"w{n}"] if kind == "Conv" else [])], [f"v{n + 1}"], name=f"n{n}"
        )
        for n, kind in enumerate(chain)
    ]
    ports = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, (1, 2, 8, 8))
        for name in ("v0", "v6")
    ]
    weights = [
        numpy_helper.from_array(rng.normal(size=(2, 2, 1, 1)).astype(np.float32), f"w{n}")
        for n, kind in enumerate(chain)
        if kind == "Conv"
    ]
    graph = helper.make_graph(nodes, "chain", ports[:1], ports[1:], weights)
    opsets = [helper.make_opsetid("", 18)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    samples = [{"v0": rng.normal(size=(1, 2, 8, 8)).astype(np.float32)} for _ in range(4)]

    quantized, details = with_int8_activations(model, samples)

    made = [n.op_type for n in quantized.graph.node if "quantize" not in n.op_type.lower()]
    assert made == ["Conv", "Conv", "Conv", "Neg", "Relu"]  # that of floats stays
    assert details["operations kept in float"] == "3 of 5"
    expected, painted = (
        onnxruntime.InferenceSession(m.SerializeToString()).run(None, samples[0])[0]
        for m in (model, quantized)
    )
    assert np.abs(painted - expected).max() < 0.02 * np.abs(expected).max()


def test_w8a8_says_what_it_was_calibrated_on_and_what_stays_in_float(quantized, tiny_data):
    from training.data.shards import read_manifest as read_shards

    details = read_manifest(quantized["w8a8"]).details
    count = read_shards(tiny_data).count("train")
    assert details["calibrated on"] == f"{count} training drawings"
    assert details["convolutions on 8-bit values"] == "9 of 10"
    assert re.fullmatch(r"\d+ of \d+", details["operations kept in float"])


def test_a_net_with_hints_is_calibrated_with_them(hinted_runs, tiny_data, tmp_path):
    artifact = to_onnx.convert(
        hinted_runs["unet"], tmp_path / "unet.onnx", recipe="w8a8", data=tiny_data
    )
    assert "with 0, 4, 16 hints in turn" in read_manifest(artifact).details["calibrated on"]
    model = onnx.load(artifact)
    scales = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    # The first convolution takes line art and hints as they are; what it makes is quantized.
    assert [i.name for i in model.graph.input] == ["lineart", "hints"]
    assert sum(n.op_type == "QuantizeLinear" for n in model.graph.node) >= 9
    assert all(np.isfinite(value).all() for value in scales.values())


def test_w8a8_does_not_depend_on_saturating_products(quantized):
    # Unsigned by signed bytes saturate on processors with AVX2 alone: 10 dB on the demo's network.
    model = onnx.load(quantized["w8a8"])
    stored = {t.name: t for t in model.graph.initializer}
    kernels = [t for t in stored.values() if len(t.dims) == 4]
    weights = [t for t in kernels if t.dims[2] > 1]  # not one number a channel
    quantized_types = {t.data_type for t in weights} - {TensorProto.FLOAT}  # the first convolution
    assert quantized_types == {TensorProto.UINT8}
