import numpy as np
import pytest
import tensorflow as tf

from conversion.errors import ConversionError
from conversion.quantized.flatbuffer import narrowed, operations, require_builtin


def model_of(function, *, calibrate: bool = False) -> bytes:
    traced = tf.function(function, input_signature=[tf.TensorSpec((1, 3), tf.float32)])
    converter = tf.lite.TFLiteConverter.from_concrete_functions([traced.get_concrete_function()])
    if calibrate:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: iter(
            [[np.array([[-20, 0, 0.5]], np.float32)]] * 3
        )
        converter._experimental_calibrate_only = True
    return converter.convert()


def test_operations_are_listed_in_order_with_what_they_make():
    found = operations(model_of(lambda x: tf.tanh(tf.abs(x))))
    assert [(o.name, o.builtin, o.output.dtype, o.output.shape) for o in found] == [
        ("ABS", True, "FLOAT32", (1, 3)),
        ("TANH", True, "FLOAT32", (1, 3)),
    ]
    assert found[1].inputs == (found[0].output.index,)


def test_a_builtin_model_is_accepted():
    require_builtin(model_of(tf.tanh))


def test_a_model_with_flex_operations_is_refused_by_their_names():
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    # As the converter writes an operation that it leaves to TensorFlow.
    model = model_of(lambda x: tf.tanh(tf.tanh(x)))
    parsed = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))
    (opcode,) = parsed.operatorCodes
    opcode.builtinCode = opcode.deprecatedBuiltinCode = schema.BuiltinOperator.CUSTOM
    opcode.customCode = b"FlexErf"
    builder = flatbuffers.Builder(1024)
    builder.Finish(parsed.Pack(builder), b"TFL3")
    with pytest.raises(ConversionError, match=r"FlexErf \(x2\)"):
        require_builtin(bytes(builder.Output()))


def test_a_calibrated_range_is_narrowed_and_never_widened():
    from ai_edge_litert import schema_py_generated as schema

    calibrated = model_of(lambda x: tf.tanh(x + 1.0), calibrate=True)  # reaches -19 to 1.5
    narrow = narrowed(calibrated, before="TANH", limit=4.0)
    (tanh,) = [o for o in operations(narrow) if o.name == "TANH"]
    graph = schema.ModelT.InitFromObj(schema.Model.GetRootAs(narrow, 0)).subgraphs[0]
    range_ = graph.tensors[tanh.inputs[0]].quantization
    assert (range_.min, range_.max) == ([-4.0], [1.5])
