"""GELU of Abramowitz and Stegun's table 26.1: x times the normal distribution's share below x."""

import keras
import numpy as np
import onnxruntime as ort
import pytest
import tensorflow as tf

from conversion.export.gelu import teach_coremltools
from conversion.export.onnx import as_onnx

X = np.array([[-3, -1, 0, 1, 2.5]], np.float32)
GELU = np.array([[-0.00404969, -0.15865525, 0, 0.84134475, 2.48447583]])
FLOAT16_STEP = 2**-9  # of a value from 2 to 4


@pytest.fixture(scope="module")
def function():
    """GELU of a row."""
    signature = [tf.TensorSpec(X.shape, tf.float32, name="x")]
    return tf.function(lambda x: keras.activations.gelu(x), input_signature=signature)


def test_onnx_computes_it(function):
    session = ort.InferenceSession(as_onnx(function).SerializeToString())
    (value,) = session.run(None, {"x": X})
    np.testing.assert_allclose(value, GELU, atol=1e-6)


@pytest.mark.parametrize("precision", ["FLOAT32", "FLOAT16"])
def test_core_ml_computes_it_however_often_it_was_taught(function, precision, tmp_path):
    import coremltools as ct

    from conversion.mlprogram.model import load

    teach_coremltools()
    teach_coremltools()
    model = ct.convert(
        [function.get_concrete_function()],
        source="tensorflow",
        convert_to="mlprogram",
        compute_precision=ct.precision[precision],
        minimum_deployment_target=ct.target.iOS16,
        skip_model_load=True,
    )
    model.save(str(tmp_path / "gelu.mlpackage"))
    (value,) = load(tmp_path / "gelu.mlpackage").predict({"x": X}).values()
    atol = 1e-6 if precision == "FLOAT32" else FLOAT16_STEP
    np.testing.assert_allclose(value, GELU, atol=atol)
