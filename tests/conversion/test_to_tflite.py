import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from training.checkpoint import find_checkpoint, load_generator

# fp16 weights: 11 bits of fraction through ten layers; pictures differ by well under a level.
FP32, FP16 = 1e-5, 5e-3


@pytest.mark.parametrize(("recipe", "tolerance"), [("fp32", FP32), ("fp16", FP16)])
def test_it_computes_what_keras_computes(exports, tiny_run, recipe, tolerance):
    lineart = np.random.default_rng(0).uniform(-1, 1, (1, 32, 32, 1)).astype(np.float32)
    expected = load_generator(find_checkpoint(tiny_run))(lineart).numpy()
    run = Interpreter(str(exports["tflite", recipe])).get_signature_runner("colorize")
    np.testing.assert_allclose(run(lineart=lineart)["color"], expected, atol=tolerance)


@pytest.mark.parametrize("recipe", ["fp32", "fp16"])
def test_every_operation_is_builtin(exports, recipe):
    interpreter = Interpreter(str(exports["tflite", recipe]))
    names = {detail["op_name"] for detail in interpreter._get_ops_details()}
    assert names
    assert not [name for name in names if name.startswith(("Flex", "CUSTOM"))]
