"""A program takes no more memory and time than it is given, and says what wanted how much."""

import time

import numpy as np
import pytest

from benchmarks.mil.writing import Written
from conversion.errors import InvalidProgram, OverBudget
from conversion.mlprogram.listing import list_program
from conversion.mlprogram.model import Limits, load, to_onnx

MEBIBYTE = 2**20
SMALL = Limits(memory_bytes=64 * MEBIBYTE, seconds=2)
HUGE = 2**29


def refused(program, tmp_path, *, limits=SMALL):
    """What `load` says of a program; `to_onnx` and `list_program` refuse it in the same words."""
    path = program.save(tmp_path / "hostile.mlpackage")
    said = []
    for read in (load, to_onnx, list_program):
        with pytest.raises(InvalidProgram) as caught:
            read(path, limits=limits)
        said.append((type(caught.value), str(caught.value)))
    assert len(set(said)) == 1
    return said[0]


def of_one_operation(kind, made, *, x=(4,), of="fp32", **inputs):
    program = Written()
    program.input("x", shape=x)
    program.step(kind, "y", of, made, x="x", **inputs)
    program.output("y", of, made)
    return program


def test_a_constant_inside_an_operation_is_counted_before_it_is_made(tmp_path):
    program = of_one_operation(
        "sliding_windows", (None, 100_000), x=(200_000,), axis=0, size=100_000
    )
    kind, said = refused(program, tmp_path)
    assert kind is OverBudget
    assert "operation sliding_windows -> y" in said
    assert "wants 74.5 GiB of memory" in said
    assert "the program is given 64.0 MiB in all" in said


def test_outputs_that_live_together_are_counted_together(tmp_path):
    program = Written()
    program.input("x", shape=(1,))
    for number in range(40):
        sizes = np.array([2**20], np.int32)
        program.step("fill", f"y{number}", "fp32", (2**20,), shape=sizes, value=0.0)
        program.output(f"y{number}", shape=(2**20,))
    kind, said = refused(program, tmp_path)
    assert kind is OverBudget
    assert "largest value is 'y0', float32[1048576]" in said


def test_values_that_follow_one_another_take_the_memory_of_two(tmp_path):
    program = Written()
    program.input("x", shape=(MEBIBYTE,))
    for number in range(40):
        program.step(
            "relu", f"y{number}", "fp32", (MEBIBYTE,), x=f"y{number - 1}" if number else "x"
        )
    program.output("y39", shape=(MEBIBYTE,))
    model = load(program.save(tmp_path / "chain.mlpackage"), limits=SMALL)
    assert model.predict({"x": np.ones(MEBIBYTE, np.float32)})["y39"].sum() == MEBIBYTE


def test_texts_of_a_list_are_counted_as_long_as_the_longest(tmp_path):
    program = Written()
    program.input("x", shape=(1,))
    texts = program.step("const", "c", "string", (20_000,))
    value = texts.inputs["val"].arguments.add().value
    value.type.tensorType.dataType, value.type.tensorType.rank = 2, 1
    value.type.tensorType.dimensions.add().constant.size = 20_000
    value.immediateValue.tensor.strings.values.extend(["x" * 100_000, *["y"] * 19_999])
    program.output("x", shape=(1,))
    kind, said = refused(program, tmp_path)
    assert kind is OverBudget
    assert "20000 values wants 7.5 GiB" in said


def test_a_palette_of_one_entry_says_not_how_many_elements_there_are(tmp_path):
    program = Written(opset="CoreML6")
    program.input("x", shape=(4,))
    program.step(
        "constexpr_lut_to_dense",
        "w",
        "fp32",
        (4,),
        indices=np.zeros(0, np.uint8),
        lut=np.ones(1, np.float32),
        shape=np.array([2**28], np.int32),
    )
    program.output("x", shape=(4,))
    assert "lut: expected a vector of 2 to 256 entries" in refused(program, tmp_path)[1]


def test_a_quantized_axis_of_one_does_not_grow_unseen(tmp_path):
    program = Written()
    program.input("x", shape=(4,))
    program.step(
        "constexpr_affine_dequantize",
        "w",
        "fp32",
        (20_000, 1),
        quantized_data=np.zeros((20_000, 1), np.uint8),
        zero_point=np.zeros(20_000, np.uint8),
        scale=np.ones(20_000, np.float32),
        axis=1,
    )
    program.output("x", shape=(4,))
    assert refused(program, tmp_path)[0] in (OverBudget, InvalidProgram)
    assert "wants 1.5 GiB" in refused_by_load(program, tmp_path / "again")


def refused_by_load(program, folder):
    with pytest.raises(OverBudget) as caught:
        load(program.save(folder / "hostile.mlpackage"), limits=SMALL)
    return str(caught.value)


def test_an_absent_input_is_counted_before_it_is_filled(tmp_path):
    program = Written()
    feature = program.input("x", shape=(None,))
    feature.type.isOptional = True
    feature.type.multiArrayType.shape.append(HUGE)
    feature.type.multiArrayType.shapeRange.sizeRanges.add(lowerBound=1, upperBound=-1)
    program.step("relu", "y", "fp32", (None,), x="x")
    program.output("y", shape=(None,))
    model = load(program.save(tmp_path / "optional.mlpackage"), limits=SMALL)
    with pytest.raises(OverBudget, match="1 inputs that are absent wants 4.0 GiB"):
        model.predict({})
    assert model.predict({"x": np.ones(3, np.float32)})["y"].tolist() == [1, 1, 1]


def test_the_sizes_of_a_run_are_counted_before_it(tmp_path):
    program = Written()
    program.input("x", shape=(None, 1)).type.multiArrayType.shapeRange.sizeRanges.add(upperBound=-1)
    program.model.description.input[0].type.multiArrayType.shapeRange.sizeRanges.add(
        lowerBound=1, upperBound=1
    )
    program.step("tile", "y", "fp32", (None, 10_000), x="x", reps=np.array([1, 10_000], np.int32))
    program.output("y", shape=(None, 10_000))
    model = load(program.save(tmp_path / "flexible.mlpackage"), limits=SMALL)
    assert model.predict({"x": np.ones((2, 1), np.float32)})["y"].shape == (2, 10_000)
    with pytest.raises(OverBudget, match=r"'y', float32\[5000, 10000\]"):
        model.predict({"x": np.ones((5000, 1), np.float32)})


def test_memory_that_only_running_tells_has_a_cap(tmp_path):
    program = Written()
    program.input("x", "int32", (1,))
    program.step("fill", "y", "fp32", (None,), value=1.0, shape="x")
    program.output("y", shape=(None,))
    model = load(program.save(tmp_path / "fill.mlpackage"), limits=SMALL)
    assert model.predict({"x": np.array([3], np.int32)})["y"].tolist() == [1, 1, 1]
    with pytest.raises(OverBudget, match="'y' wants 2147483648 more"):
        model.predict({"x": np.array([HUGE - 1], np.int32)})


@pytest.mark.parametrize("length", [0, None])
def test_pieces_are_counted_before_they_are_named(tmp_path, length):
    program = of_one_operation("split", (1,), x=(length,), axis=0, num_splits=2**31 - 1)
    if length is None:
        array = program.model.description.input[0].type.multiArrayType
        array.shapeRange.sizeRanges.add(lowerBound=0, upperBound=-1)
    path = program.save(tmp_path / "split.mlpackage")
    with pytest.raises(OverBudget, match="becomes 2147483647 nodes"):
        to_onnx(path)


def test_the_names_of_many_pieces_take_time_in_their_number(tmp_path):
    program = Written()
    program.input("x", shape=(1,))
    program.step("stack", "y", "fp32", (1, 20_000), values=["x"] * 20_000, axis=1)
    program.output("y", shape=(1, 20_000))
    began = time.process_time()
    to_onnx(program.save(tmp_path / "stack.mlpackage"))
    assert time.process_time() - began < 10  # 0.6 s; counted anew for each name, 20 s


@pytest.mark.parametrize("equation", ["a\0b->a", "ab,->a", "ab->abc", "ab->aa", "ab", "...->a", ""])
def test_an_equation_that_is_none_never_reaches_onnx_runtime(tmp_path, equation):
    program = Written()
    program.input("x", shape=(2, 3))
    program.step("einsum", "y", "fp32", (2,), values=["x"], equation=np.array(equation + "."))
    text = program.message.operations[0].inputs["equation"].arguments[0].value
    text.immediateValue.tensor.strings.values[0] = equation
    program.output("y", shape=(2,))
    assert "equation: expected" in refused(program, tmp_path)[1]


def test_loops_in_loops_end_when_their_time_is_up(tmp_path):
    program = Written()
    program.input("x", shape=(1,))
    outer = program.step("while_loop", "y", "int32", (), loop_vars=[])
    outer.inputs["loop_vars"].arguments.add().CopyFrom(zero())
    condition = program.block(outer, {"i": ("int32", ())})
    condition.step("less", "more", "bool", (), x="i", y=np.int32(10**6))
    condition.message.outputs.append("more")
    body = program.block(outer, {"j": ("int32", ())})
    inner = body.step("while_loop", "k", "int32", (), loop_vars=[])
    inner.inputs["loop_vars"].arguments.add().CopyFrom(zero())
    again = body.block(inner, {"m": ("int32", ())})
    again.step("less", "more2", "bool", (), x="m", y=np.int32(10**6))
    again.message.outputs.append("more2")
    turn = body.block(inner, {"n": ("int32", ())})
    turn.step("add", "n2", "int32", (), x="n", y=np.int32(1))
    turn.message.outputs.append("n2")
    body.step("add", "j2", "int32", (), x="j", y="k")
    body.message.outputs.append("j2")
    program.output("y", "int32", ())
    limits = Limits(seconds=1)
    model = load(program.save(tmp_path / "loops.mlpackage"), limits=limits)
    began = time.monotonic()
    with pytest.raises(OverBudget, match="more than the 1 seconds"):
        model.predict({"x": np.ones(1, np.float32)})
    assert time.monotonic() - began < 5


def zero():
    program = Written()
    return program.step("const", "c", "int32", (), val=np.int32(0)).inputs["val"].arguments[0]


def test_a_product_that_would_take_years_is_not_begun(tmp_path):
    program = Written()
    program.input("x", shape=(20_000, 20_000))
    program.step("matmul", "y", "fp32", (20_000, 20_000), x="x", y="x")
    program.output("y", shape=(20_000, 20_000))
    with pytest.raises(OverBudget, match="longest of all value 'y', would take about 4"):
        to_onnx(program.save(tmp_path / "years.mlpackage"), limits=Limits(seconds=60))


def test_a_result_is_counted_as_the_type_that_it_is_described_as(tmp_path):
    program, made = Written(), (6 * MEBIBYTE,)
    program.input("x", "fp32", (1,))
    sizes = np.array(made, np.int32)
    program.step("fill", "y", "bool", made, shape=sizes, value=np.bool_(True))
    program.output("y", "fp32", made)
    model = load(program.save(tmp_path / "bool.mlpackage"), limits=Limits(memory_bytes=2**25))
    with pytest.raises(OverBudget, match="output 'y' as float32 wants 36.0 MiB"):
        model.predict({"x": np.ones(1, np.float32)})


@pytest.mark.parametrize("start", [0, -(2**31)])
def test_a_range_is_counted_before_inference_follows_its_numbers(tmp_path, start):
    program = Written()
    program.input("x", "fp32", (1,))
    ends = {"start": np.int32(start), "end": np.int32(HUGE), "step": np.int32(5)}
    program.step("range_1d", "y", "int32", (None,), **ends)
    program.output("y", "int32", (None,))
    assert "numbers wants" in refused(program, tmp_path)[1]
