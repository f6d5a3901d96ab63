"""A generator's function as an ONNX model, computed in float32 or in float16."""

import copy
import os
from typing import Any

from conversion.export.gelu import onnx_handlers

OPSET = 18  # the newest that tf2onnx 1.17 writes
# What an open axis of a batch of pictures, channels last, is called.
AXES = ("batch", "height", "width")


def as_onnx(function: Any) -> Any:
    """Return the ONNX model of a tf.function of `conversion.export.function`, in float32."""
    # tf2onnx would keep a copy of the graph for each optimization that might fail: 54 M parameters
    # then take over 21 GB, without 14. What fails is an error now; any value says so to tf2onnx.
    os.environ["TF2ONNX_CATCH_ERRORS"] = "FALSE"
    import tf2onnx

    model, _ = tf2onnx.convert.from_function(
        function,
        input_signature=function.input_signature,
        opset=OPSET,
        custom_op_handlers=onnx_handlers(),
    )
    for node in model.graph.node:
        if node.op_type == "Resize" and len(node.input) == 4:
            node.input[2] = ""  # sizes alone: tf2onnx names scales too, which are empty
    for port in (*model.graph.input, *model.graph.output):
        for axis, name in zip(port.type.tensor_type.shape.dim, AXES, strict=False):
            if not axis.HasField("dim_value"):  # tf2onnx calls it unk__4896, another in each port
                axis.dim_param = name
    return model


def in_half_precision(model: Any) -> Any:
    """Return a model that computes in float16, float32 at both ends."""
    from onnxruntime.transformers.float16 import convert_float_to_float16
    from onnxruntime.transformers.onnx_model import OnnxModel

    half = convert_float_to_float16(copy.deepcopy(model), keep_io_types=True)
    OnnxModel(half).topological_sort()  # the casts of the inputs were appended last
    return half
