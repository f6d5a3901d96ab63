"""Messages are read without starting coremltools, and by the same classes."""

import subprocess
import sys

import pytest

from conversion.errors import InvalidProgram
from conversion.mlprogram.protobuf import (
    array_type_name,
    color_space_name,
    data_type_name,
    parse_model,
)


def test_running_a_package_starts_neither_coremltools_nor_tensorflow(tiny_fp16):
    code = (
        "import sys, numpy as np; from conversion.mlprogram.model import load; "
        f"load({str(tiny_fp16.path)!r}).predict({{'lineart': np.zeros((32, 32), np.uint8)}}); "
        "print(sorted({'coremltools', 'tensorflow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_coremltools_own_messages_are_of_the_same_class():
    from coremltools.proto import Model_pb2

    assert type(parse_model(b"", where="test")) is Model_pb2.Model


def test_what_is_no_message_is_refused_with_its_place():
    with pytest.raises(InvalidProgram, match="here: expected a Core ML model .* 3 bytes"):
        parse_model(b"\xff\xff\xff", where="here")


def test_numbers_are_named_as_the_format_names_them():
    # MIL.proto and FeatureTypes.proto.
    assert (data_type_name(10), data_type_name(23)) == ("FLOAT16", "INT32")
    assert (array_type_name(65568), color_space_name(20)) == ("FLOAT32", "RGB")
    assert data_type_name(9999) == "unknown (9999)"
