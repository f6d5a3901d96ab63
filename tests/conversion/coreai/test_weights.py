import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from conversion.coreai.weights import (
    Stored,
    compensated_layers,
    expanded,
    in_palettes,
    layers_of,
    store,
    store_uniformly,
    with_float_biases,
)


def model_of(kind: str, weight: np.ndarray, *, channels: int) -> onnx.ModelProto:
    """One convolution of a 5 x 4 picture."""
    node = helper.make_node(kind, ["x", "w"], ["y"])
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, channels, 5, 4])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, None, None, None])
    graph = helper.make_graph([node], "g", [x], [y], [numpy_helper.from_array(weight, "w")])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def weight_of(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def test_a_palette_of_two_groups_worked_by_hand():
    indices = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], np.uint8)  # 4 channels, 2 inputs
    luts = np.array([[1, 2], [3, 4]], np.float16)  # for channels 0 and 1, for 2 and 3
    np.testing.assert_array_equal(
        Stored(indices, luts, 1, axis=0).expanded(), [[1, 2], [2, 2], [4, 3], [3, 3]]
    )
    turned = Stored(np.ascontiguousarray(indices.T), luts, 1, axis=1)
    np.testing.assert_array_equal(turned.expanded(), [[1, 2, 4, 3], [2, 2, 3, 3]])
    assert turned.lut_shape == (1, 2, 2, 1)


@pytest.mark.parametrize(
    ("kind", "shape", "channels", "groups"),
    [("Conv", (32, 12, 3, 3), 12, 2), ("ConvTranspose", (12, 48, 2, 2), 12, 3)],
)
def test_sixteen_output_channels_share_a_palette(kind, shape, channels, groups):
    (layer,) = layers_of(model_of(kind, weight_of(*shape), channels=channels))
    stored = in_palettes(layer, bits=4)
    assert (stored.luts.shape, stored.indices.shape) == ((groups, 16), shape)
    assert stored.indices.max() == 15
    # 4 bits of normal numbers: an error of about a tenth of their deviation.
    error = stored.expanded() - layer.weight
    assert 0.05 < error.std() < 0.15


@pytest.mark.parametrize("kind", ["Conv", "ConvTranspose"])
def test_expanded_is_plain_onnx_of_the_stored_weights(kind):
    shape = (32, 12, 3, 3) if kind == "Conv" else (12, 48, 3, 3)
    model = model_of(kind, weight_of(*shape), channels=12)
    stored, details = store_uniformly(model, "palette4", moments={})
    assert [node.op_type for node in stored.graph.node] == ["Palette", kind]
    assert details["palettes"] == "one per 16 channels"
    plain = expanded(stored)
    onnx.checker.check_model(plain, full_check=True)
    (weight,) = (numpy_helper.to_array(tensor) for tensor in plain.graph.initializer)
    (layer,) = layers_of(model)
    np.testing.assert_array_equal(weight, in_palettes(layer, bits=4).expanded())
    assert [node.op_type for node in model.graph.node] == [kind]  # the model itself is as it was


def test_a_small_layer_stays_in_16_bits():
    weight = weight_of(4, 3, 3, 3)
    stored, details = store(model_of("Conv", weight, channels=3), {})
    assert details["weights"].startswith("1 layers: 1 fp16")
    (half,) = stored.graph.initializer
    np.testing.assert_array_equal(numpy_helper.to_array(half), weight.astype(np.float16))


def test_biases_of_32_bits_become_the_floats_that_they_stand_for():
    codes, scale = np.array([3, -7], np.int32), np.array([0.5, 0.25], np.float32)
    nodes = [
        helper.make_node("DequantizeLinear", ["codes", "scale"], ["bias"], axis=0),
        helper.make_node("Add", ["x", "bias"], ["y"]),
    ]
    ports = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [2]) for name in "xy"]
    held = [numpy_helper.from_array(codes, "codes"), numpy_helper.from_array(scale, "scale")]
    graph = helper.make_graph(nodes, "g", ports[:1], ports[1:], held)
    changed = with_float_biases(helper.make_model(graph))
    assert [node.op_type for node in changed.graph.node] == ["Add"]
    (bias,) = (numpy_helper.to_array(t) for t in changed.graph.initializer if t.name == "bias")
    np.testing.assert_array_equal(bias, [1.5, -1.75])


def test_errors_are_made_good_in_layers_whose_inputs_are_known_and_the_smallest_have_8_bits():
    rng = np.random.default_rng(0)
    weights = {"large": weight_of(512, 512, 1, 1), "fine": weight_of(25, 100, 1, 1)}
    nodes = [
        helper.make_node("Conv", [f"x{name}", name], [f"y{name}"], kernel_shape=[1, 1])
        for name in weights
    ]
    held = [numpy_helper.from_array(weight, name) for name, weight in weights.items()]
    model = helper.make_model(helper.make_graph(nodes, "g", [], [], held))
    inputs = rng.normal(size=(900, 512)) + 2 * rng.normal(size=(900, 1))  # that go together
    moments = {"large": inputs.T @ inputs / 900, "fine": np.eye(100)}

    assert [layer.name for layer in compensated_layers(model)] == ["large", "fine"]
    stored, details = store_uniformly(model, "palette4", moments=moments)
    assert details["weights"] == "2 layers: 1 palette8, 1 palette4"
    assert details["palettes"].startswith("one per 8 or 5 channels, each rounding made good")
    plain, _ = store_uniformly(model, "palette4", moments={})
    made, rounded = (
        {t.name: numpy_helper.to_array(t) for t in expanded(each).graph.initializer}
        for each in (stored, plain)
    )

    def lost_outputs(found: dict[str, np.ndarray]) -> float:
        error = (found["large"] - weights["large"]).reshape(512, 512)
        return float(np.sum((inputs @ error.T) ** 2))

    assert lost_outputs(made) < 0.5 * lost_outputs(rounded)
