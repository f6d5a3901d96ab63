"""Read Core ML's protobuf messages without starting coremltools.

`import coremltools` loads TensorFlow (7 seconds); its message classes need protobuf alone
(0.03 seconds), so they are imported from its folder under a package name of our own.
Both names share one set of classes, so that messages of coremltools itself are welcome too.
"""

import importlib
import importlib.util
import sys
import types
from pathlib import Path
from typing import Any

from conversion.errors import ConversionError, InvalidProgram

_PACKAGE = "conversion.mlprogram._coremltools_proto"


def parse_model(data: bytes, *, where: str) -> Any:
    """Return the `Model` message of Model.proto that `data` holds.

    Raises InvalidProgram, in the words of `where`, if `data` is no such message.
    """
    from google.protobuf.message import DecodeError

    model = _messages("Model_pb2").Model()
    try:
        model.ParseFromString(data)
    except DecodeError as error:
        raise InvalidProgram(
            f"{where}: expected a Core ML model specification, received {len(data)} bytes that "
            "are none. The file is damaged: export the model again."
        ) from error
    return model


def data_type_name(number: int) -> str:
    """Return the name that MIL.proto gives a DataType: 10 -> FLOAT16."""
    return _enum_name(_messages("MIL_pb2").DataType.DESCRIPTOR, number)


def array_type_name(number: int) -> str:
    """Return the name that FeatureTypes.proto gives an ArrayDataType: 65568 -> FLOAT32."""
    array = _messages("FeatureTypes_pb2").ArrayFeatureType
    return _enum_name(array.ArrayDataType.DESCRIPTOR, number)


def color_space_name(number: int) -> str:
    """Return the name that FeatureTypes.proto gives a ColorSpace: 20 -> RGB."""
    image = _messages("FeatureTypes_pb2").ImageFeatureType
    return _enum_name(image.ColorSpace.DESCRIPTOR, number)


def _enum_name(descriptor: Any, number: int) -> str:
    values = descriptor.values_by_number
    return str(values[number].name) if number in values else f"unknown ({number})"


def _messages(module: str) -> Any:
    if _PACKAGE not in sys.modules:
        found = importlib.util.find_spec("coremltools")
        if found is None or found.origin is None:
            raise ConversionError(
                "Reading a Core ML package needs the package coremltools, which is missing: "
                "pip install -c constraints.txt coremltools"
            )
        package = types.ModuleType(_PACKAGE)
        package.__path__ = [str(Path(found.origin).parent / "proto")]
        sys.modules[_PACKAGE] = package
    return importlib.import_module(f"{_PACKAGE}.{module}")
