"""How element types, shapes and arrays are written in ONNX."""

from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from conversion.mlprogram.types import TensorType


def computed_in(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Return the type that stands for `dtype` inside the graph."""
    return np.dtype(np.float32) if dtype == np.float16 else dtype


def element_type(dtype: np.dtype[Any]) -> int:
    """Return ONNX's number of an element type; texts of every length are of one type."""
    if dtype.kind == "U":
        return int(onnx.TensorProto.STRING)
    return int(helper.np_dtype_to_tensor_dtype(dtype))


def value_info(name: str, declared: TensorType) -> onnx.ValueInfoProto:
    """Return the description of an input or output of exactly the declared type."""
    # A size that only running tells has a name: tools show it, and equal names mean equal sizes.
    sizes = [
        f"{name}_size_{axis}" if size is None else size for axis, size in enumerate(declared.shape)
    ]
    return helper.make_tensor_value_info(name, element_type(declared.dtype), sizes)


def tensor_of(name: str, data: np.ndarray) -> onnx.TensorProto:
    """Return an ONNX tensor that holds `data`."""
    if data.dtype.kind == "U":
        texts = [text.encode() for text in data.reshape(-1).tolist()]
        return helper.make_tensor(name, onnx.TensorProto.STRING, data.shape, texts)
    if data.dtype.kind == "V":  # of ml_dtypes: packed, two to a byte
        return numpy_helper.from_array(data, name)
    return helper.make_tensor(name, element_type(data.dtype), data.shape, data.tobytes(), raw=True)


def external_tensor(name: str, data: np.ndarray) -> onnx.TensorProto:
    """Return an ONNX tensor whose data is not in the model but given to the session separately."""
    tensor = onnx.TensorProto(
        name=name,
        data_type=element_type(data.dtype),
        dims=data.shape,
        data_location=onnx.TensorProto.EXTERNAL,
    )
    tensor.external_data.add(key="location", value="given to the session")
    return tensor
