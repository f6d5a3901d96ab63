import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from conversion.coreai.moments import moments


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
    rng = np.random.default_rng(0)
    weight = rng.normal(size=(5, 3, 3, 2)).astype(np.float32)
    node = helper.make_node("Conv", ["x", "w"], ["y"], kernel_shape=[3, 2], **attributes)
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 8, 7])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], "g", [x], [y], [numpy_helper.from_array(weight, "w")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    samples = [{"x": rng.normal(size=(1, 3, 8, 7)).astype(np.float32)} for _ in range(2)]
    (moment,) = moments(model, samples, ["w"]).values()

    session = onnxruntime.InferenceSession(model.SerializeToString())
    outputs = np.concatenate([session.run(None, sample)[0] for sample in samples])
    flat = weight.reshape(5, -1)
    expected = (outputs.astype(np.float64) ** 2).mean(axis=(0, 2, 3))
    np.testing.assert_allclose(np.diag(flat @ moment @ flat.T), expected, rtol=1e-5)
