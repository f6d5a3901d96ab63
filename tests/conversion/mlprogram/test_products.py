import ml_dtypes
import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from conversion.mlprogram.products import rounded_products, with_float_activations

WIDTH, MADE, BLOCK = 64, 6, 32
RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, WIDTH)).astype(np.float32)
# Sums of 64 products in another order: 8-bit activations are a hundred thousand times as far off.
SUMS = 1e-5


def model(kind="channel", *, product="MatMul", bits=8, zero=True, also=None):
    """x (3, 64) times weights (64, 6) of 8 or 4 bits; also: another operation that reads them."""
    shape = {"tensor": (), "channel": (MADE,), "block": (WIDTH // BLOCK, MADE)}[kind]
    attributes = {"tensor": {}, "channel": {"axis": 1}, "block": {"axis": 0, "block_size": BLOCK}}
    stored = ml_dtypes.int4 if bits == 4 else np.int8
    numbers = {
        "stored": RNG.integers(-7, 8, (WIDTH, MADE)).astype(stored),
        "scale": RNG.uniform(0.1, 2, shape).astype(np.float32),
        "zero": np.asarray(RNG.integers(-3, 4, shape) * zero).astype(stored),
    }
    nodes = [
        helper.make_node("DequantizeLinear", list(numbers), ["w"], **attributes[kind]),
        helper.make_node(product, ["x", "w"], ["y"]),
    ]
    outputs = {"y": (3, MADE)}
    if also:
        nodes.append(helper.make_node(also, ["w"], ["z"]))
        outputs["z"] = (WIDTH, MADE)
    graph = helper.make_graph(
        nodes,
        "product",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, X.shape)],
        [
            helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)
            for name, shape in outputs.items()
        ],
        [numpy_helper.from_array(value, name) for name, value in numbers.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def run(made):
    """Return what ONNX Runtime computes of a model, as it optimizes it by itself."""
    import onnxruntime

    session = onnxruntime.InferenceSession(
        made.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session.run(["y"], {"x": X})[0]


def off(made, expected):
    return np.linalg.norm(made - expected) / np.linalg.norm(expected)


def worked(made):
    """Return x @ ((stored - zero) * scale), by NumPy."""
    stored, scale, zero = (
        numpy_helper.to_array(tensor).astype(np.float32) for tensor in made.graph.initializer
    )
    if scale.shape == (WIDTH // BLOCK, MADE):
        scale, zero = np.repeat(scale, BLOCK, 0), np.repeat(zero, BLOCK, 0)
    return X @ ((stored - zero) * scale)


@pytest.mark.parametrize("product", ["MatMul", "Gemm"])
@pytest.mark.parametrize("kind", ["tensor", "channel", "block"])
@pytest.mark.parametrize("bits", [8, 4])
def test_what_onnx_runtime_rounds_to_8_bits_it_computes_in_floats(kind, product, bits):
    made = model(kind, product=product, bits=bits)
    expected = worked(made)
    assert rounded_products(made) == ["w"]
    assert 1e-3 < off(run(made), expected) < 2e-2  # else all this is not needed any more
    with_float_activations(made)
    onnx.checker.check_model(made, full_check=True)
    assert rounded_products(made) == []
    assert off(run(made), expected) < SUMS
    assert off(ReferenceEvaluator(made).run(["y"], {"x": X})[0], expected) < SUMS


def test_a_zero_point_of_zeros_costs_no_operation():
    made = model(zero=False)
    expected = worked(made)
    with_float_activations(made)
    assert [node.op_type for node in made.graph.node] == ["Cast", "Mul", "MatMul"]
    assert off(run(made), expected) < SUMS


def test_weights_that_something_else_reads_too_stay_as_they_are():
    made = model(also="Neg")
    before = made.SerializeToString()
    assert rounded_products(made) == []
    with_float_activations(made)
    assert made.SerializeToString() == before
    assert off(run(made), worked(made)) < SUMS
