"""Constants of a program, in each field that MIL.proto has for them."""

import numpy as np
import pytest

from conversion.errors import InvalidProgram
from conversion.mlprogram.program import read_program
from conversion.mlprogram.protobuf import parse_model


def message(field, values, *, data_type, shape=(2,)):
    """Return a program of one constant."""
    program = parse_model(b"", where="test").mlProgram
    function = program.functions["main"]
    function.opset = "CoreML6"
    operation = function.block_specializations["CoreML6"].operations.add(type="const")
    operation.outputs.add(name="c")
    value = operation.attributes["val"]
    tensor = value.type.tensorType
    tensor.dataType, tensor.rank = data_type, len(shape)
    for size in shape:
        tensor.dimensions.add().constant.size = size
    stored = getattr(value.immediateValue.tensor, field)
    if field == "bytes":
        stored.values = values
    else:
        stored.values.extend(values)
    return program


def constant(*args, **keywords):
    program = read_program(message(*args, **keywords), function="main", read_blob=None)
    (value,) = program.operations[0].inputs["val"]
    return value


@pytest.mark.parametrize(
    ("field", "values", "data_type", "dtype"),
    [
        ("floats", [0.5, -3.0], 11, np.float32),
        ("doubles", [0.5, -3.0], 12, np.float64),
        ("ints", [7, -3], 23, np.int32),
        ("longInts", [7, -(2**40)], 24, np.int64),
        ("bools", [True, False], 1, np.bool_),
    ],
)
def test_numbers_stand_in_the_field_of_their_type(field, values, data_type, dtype):
    array = constant(field, values, data_type=data_type)
    assert array.dtype == dtype
    np.testing.assert_array_equal(array, values)


def test_float16_and_small_integers_stand_as_bytes():
    halves = np.array([0.5, -3], np.float16)
    np.testing.assert_array_equal(constant("bytes", halves.tobytes(), data_type=10), halves)
    np.testing.assert_array_equal(constant("bytes", b"\x01\xff", data_type=21), [1, -1])


def test_text_is_an_array_of_text():
    assert constant("strings", ["same"], data_type=2, shape=()).item() == "same"


@pytest.mark.parametrize(
    ("field", "values", "data_type", "complaint"),
    [
        ("floats", [1.0], 11, r"float32\[2\]: expected 2 values, received 1"),
        ("floats", [1.0, 2.0], 23, "stand in field 'floats'"),
        ("ints", [1, 2], 11, "stand in field 'ints'"),
        ("strings", ["a", "b"], 11, "stand in field 'strings'"),
        ("longInts", [1, 2**40], 23, "values outside"),
        ("bytes", b"123", 10, "expected whole elements, received 3 bytes"),
        ("bytes", b"12", 2, "expected whole elements"),
        ("floats", [1.0, 2.0], 40, "a known type"),
    ],
)
def test_values_of_another_type_or_number_are_refused(field, values, data_type, complaint):
    with pytest.raises(InvalidProgram, match=f"const -> c: .*{complaint}"):
        constant(field, values, data_type=data_type)


def test_a_shape_that_no_phone_could_hold_is_refused():
    with pytest.raises(InvalidProgram, match="expected at most"):
        constant("floats", [1.0], data_type=11, shape=(2**20, 2**20))


def test_a_function_without_a_block_for_its_opset_is_refused():
    program = message("floats", [1.0, 2.0], data_type=11)
    program.functions["main"].opset = "CoreML7"
    with pytest.raises(InvalidProgram, match=r"'CoreML7'; received blocks for \['CoreML6'\]"):
        read_program(program, function="main", read_blob=None)
