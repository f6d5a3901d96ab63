import numpy as np
import onnx
import onnxruntime
import pytest

from training.run.checkpoint import find_checkpoint
from training.run.restoring import load_generator

# fp16 activations keep 11 bits through ten layers: about a level of the picture.
FP32, FP16 = 1e-5, 1e-2


@pytest.mark.parametrize(("recipe", "tolerance"), [("fp32", FP32), ("fp16", FP16)])
def test_it_computes_what_keras_computes(exports, tiny_run, recipe, tolerance):
    lineart = np.random.default_rng(0).uniform(-1, 1, (1, 32, 32, 1)).astype(np.float32)
    expected = load_generator(find_checkpoint(tiny_run))(lineart).numpy()
    session = onnxruntime.InferenceSession(str(exports["onnx", recipe]))
    (color,) = session.run(["color"], {"lineart": lineart})
    assert color.dtype == np.float32
    np.testing.assert_allclose(color, expected, atol=tolerance)


@pytest.mark.parametrize("recipe", ["fp32", "fp16"])
def test_it_is_valid_onnx_with_our_names(exports, recipe):
    model = onnx.load(exports["onnx", recipe])
    onnx.checker.check_model(model, full_check=True)
    assert [port.name for port in model.graph.input] == ["lineart"]
    assert [port.name for port in model.graph.output] == ["color"]


def test_half_precision_weights_are_stored_in_half_precision(exports):
    model = onnx.load(exports["onnx", "fp16"])
    large = [tensor for tensor in model.graph.initializer if np.prod(tensor.dims) > 16]
    assert large
    assert {tensor.data_type for tensor in large} == {onnx.TensorProto.FLOAT16}
