import numpy as np
import onnx
import onnxruntime
import pytest

from conversion import to_onnx
from conversion.errors import InvalidInput
from conversion.manifest import read_manifest
from conversion.runtimes.backends import open_backend
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


def test_any_number_of_pictures_of_any_size_that_halves_are_painted_as_one_by_one(
    tiny_run, tmp_path
):
    path = to_onnx.convert(
        tiny_run, tmp_path / "any.onnx", recipe="fp32", sizes=[(32, 32), (32, 64)], any_batch=True
    )
    manifest = read_manifest(path)
    assert manifest.any_batch and manifest.sizes == ((32, 32), (32, 64))
    session = onnxruntime.InferenceSession(str(path))
    ports = (*session.get_inputs(), *session.get_outputs())
    assert [port.shape for port in ports] == [
        ["batch", "height", "width", 1],
        ["batch", "height", "width", 3],
    ]
    lineart = np.random.default_rng(0).uniform(-1, 1, (3, 64, 32, 1)).astype(np.float32)
    (together,) = session.run(None, {"lineart": lineart})
    keras = load_generator(find_checkpoint(tiny_run))(lineart, training=False)
    np.testing.assert_allclose(together, keras, atol=1e-5)
    backend = open_backend(path)  # which gives it one picture
    assert backend.colorize(np.full((32, 64), 255, np.uint8)).shape == (32, 64, 3)
    with pytest.raises(InvalidInput, match=r"expected a picture of \(32, 32\)"):
        backend.colorize(np.full((64, 32), 255, np.uint8))  # not one of those that it was made for
