"""What converters lack of TensorFlow's exact GELU: erfc(x), which is 1 - erf(x).

Neither coremltools 9.0 nor tf2onnx 1.17 has the operation, nor has ONNX itself.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

ERFC = "Erfc"


def teach_coremltools() -> None:
    """Register the operation with coremltools, unless it has it: for this process."""
    from coremltools.converters.mil import Builder
    from coremltools.converters.mil.frontend.tensorflow.tf_op_registry import register_tf_op

    def erfc(context: Any, node: Any) -> None:
        x = context[node.inputs[0]]
        one = np.array(1, np.float16 if x.dtype.__name__ == "fp16" else np.float32)
        context.add(node.name, Builder.sub(x=one, y=Builder.erf(x=x), name=node.name))

    erfc.__name__ = ERFC  # the registry goes by it
    register_tf_op(erfc, strict=False)  # leaves alone what is registered already


def onnx_handlers() -> dict[str, tuple[Callable[..., None], Sequence[Any]]]:
    """Return what tf2onnx takes as custom_op_handlers."""
    return {ERFC: (_as_onnx, [])}


def _as_onnx(graph: Any, node: Any, name: str, _arguments: Sequence[Any]) -> None:
    """Replace a node of tf2onnx's graph."""
    (output,) = node.output
    types, shapes = [graph.get_dtype(output)], [graph.get_shape(output)]
    one = graph.make_const(f"{name}/one", np.array(1, np.float32))
    error = graph.make_node("Erf", node.input, dtypes=types, shapes=shapes)
    graph.remove_node(name)
    graph.make_node(
        "Sub",
        [one.output[0], error.output[0]],
        outputs=[output],
        name=name,
        dtypes=types,
        shapes=shapes,
    )
