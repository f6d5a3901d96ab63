import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from conversion.compression.moments import moments


def of_two_pictures(node, *, weight: tuple[int, ...], picture: tuple[int, ...]):
    """A random weight of a node y = f(x, w), its moment, and what ONNX Runtime computes of both."""
    rng = np.random.default_rng(0)
    values = rng.normal(size=weight).astype(np.float32)
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, picture)
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], "g", [x], [y], [numpy_helper.from_array(values, "w")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    samples = [{"x": rng.normal(size=picture).astype(np.float32)} for _ in range(2)]
    (moment,) = moments(model, samples, ["w"]).values()
    session = onnxruntime.InferenceSession(model.SerializeToString())
    outputs = np.concatenate([session.run(None, sample)[0] for sample in samples])
    return values, moment, outputs


@pytest.mark.parametrize(
    "attributes",
    [
        {"pads": [1, 0, 2, 1]},
        {"strides": [2, 3], "auto_pad": "SAME_UPPER"},
        {"strides": [2, 1], "auto_pad": "SAME_LOWER"},
        {"dilations": [2, 1], "pads": [1, 1, 0, 0]},
    ],
)
def test_a_moment_and_the_weights_give_the_power_of_what_onnx_runtime_computes(attributes):
    node = helper.make_node("Conv", ["x", "w"], ["y"], kernel_shape=[3, 2], **attributes)
    weight, moment, outputs = of_two_pictures(node, weight=(5, 3, 3, 2), picture=(1, 3, 8, 7))
    flat = weight.reshape(5, -1)
    expected = (outputs.astype(np.float64) ** 2).mean(axis=(0, 2, 3))
    np.testing.assert_allclose(np.diag(flat @ moment @ flat.T), expected, rtol=1e-5)


@pytest.mark.parametrize(
    "attributes",
    [
        {"strides": [2, 2], "pads": [1, 1, 1, 1]},
        {"strides": [2, 3], "pads": [0, 1, 1, 2], "output_padding": [1, 2]},
        {"strides": [3, 4]},  # a stride above the kernel: some positions see nothing
        {"strides": [1, 1], "pads": [2, 1, 0, 0]},
    ],
)
def test_of_a_transposed_convolution_too(attributes):
    node = helper.make_node("ConvTranspose", ["x", "w"], ["y"], kernel_shape=[4, 3], **attributes)
    weight, moment, outputs = of_two_pictures(node, weight=(3, 5, 4, 3), picture=(1, 3, 6, 5))
    flat = weight.transpose(1, 0, 2, 3).reshape(5, -1)
    seen = outputs[:, :, (outputs != 0).all(axis=(0, 1))]
    expected = (seen.astype(np.float64) ** 2).mean(axis=(0, 2))
    np.testing.assert_allclose(np.diag(flat @ moment @ flat.T), expected, rtol=1e-5)


def test_of_large_pictures_some_positions_stand_for_all():
    x = np.random.default_rng(0).normal(size=(1, 2, 200, 150)).astype(np.float32)
    node = helper.make_node("Conv", ["x", "w"], ["y"], kernel_shape=[1, 1])
    ports = [helper.make_empty_tensor_value_info(name) for name in "xy"]
    weight = numpy_helper.from_array(np.ones((5, 2, 1, 1), np.float32), "w")
    graph = helper.make_graph([node], "g", ports[:1], ports[1:], [weight])
    graph.input[0].CopyFrom(helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    found, again = (moments(model, [{"x": x}], ["w"])["w"] for _ in range(2))
    columns = x[0].reshape(2, -1)
    # 4,096 of 30,000 normal numbers: three standard deviations of a mean of squares.
    np.testing.assert_allclose(found, columns @ columns.T / 30_000, atol=0.07)
    np.testing.assert_array_equal(found, again)


def test_of_a_weight_that_is_used_twice_all_positions_count():
    rng = np.random.default_rng(0)
    weight = rng.normal(size=(4, 2, 1, 1)).astype(np.float32)
    sizes = {"a": (3, 2), "b": (5, 4)}
    nodes = [helper.make_node("Conv", [name, "w"], [f"y{name}"]) for name in sizes]
    ports = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 2, *size])
        for name, size in sizes.items()
    ]
    graph = helper.make_graph(nodes, "g", ports, [], [numpy_helper.from_array(weight, "w")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    sample = {n: rng.normal(size=(1, 2, *size)).astype(np.float32) for n, size in sizes.items()}
    inputs = np.concatenate([value.reshape(2, -1) for value in sample.values()], axis=1)
    np.testing.assert_allclose(
        moments(model, [sample], ["w"])["w"], inputs @ inputs.T / 26, rtol=1e-5
    )
