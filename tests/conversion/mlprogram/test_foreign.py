"""Whatever a program contradicts itself in: the error is one of ours, and names the package."""

import numpy as np
import pytest

from benchmarks.mil.writing import Written, describe
from conversion.errors import InvalidInput, InvalidProgram, OverBudget
from conversion.mlprogram.foreign import told_of
from conversion.mlprogram.listing import list_program
from conversion.mlprogram.model import load, to_onnx


def refusals(program, tmp_path):
    path, said = program.save(tmp_path / "hostile.mlpackage"), []
    for read in (load, to_onnx, list_program):
        with pytest.raises(InvalidProgram) as caught:
            read(path)
        assert str(caught.value).startswith(str(path))
        said.append(str(caught.value))
    assert len(set(said)) == 1
    return said[0]


def identity(shape):
    program = Written()
    program.input("x", "fp32", (1,))
    describe(program.function.inputs.add(name="z").type, "fp32", shape)
    program.output("x", "fp32", (1,))
    return program


@pytest.mark.parametrize("error", [ValueError("a\nb"), RecursionError(), AssertionError()])
def test_a_foreign_exception_becomes_a_sentence_of_ours(error):
    said = f"here: it fails .*{type(error).__name__}"
    with pytest.raises(InvalidProgram, match=said) as caught, told_of("here"):
        raise error
    assert caught.value.__cause__ is error


def test_a_lack_of_memory_is_told_as_one():
    said = "here: this machine has too little memory"
    with pytest.raises(OverBudget, match=said), told_of("here"):
        raise MemoryError("no")


def test_errors_of_ours_stay_of_their_kind_and_are_placed_once():
    with pytest.raises(OverBudget, match="^here: too much$"), told_of("here"), told_of("here"):
        raise OverBudget("too much")
    with pytest.raises(InvalidInput, match="^wrong$"), told_of("here"):
        raise InvalidInput("wrong")


def test_what_is_not_installed_is_no_fault_of_the_program():
    with pytest.raises(ImportError, match="^no such library$"), told_of("here"):
        raise ImportError("no such library")


@pytest.mark.parametrize("shape", [(0, 2**63), (2**64 - 1, 0), (2**30,)])
def test_sizes_that_no_tensor_has_are_refused_beside_a_zero_too(tmp_path, shape):
    assert "expected at most 16 axes, and at most 536870912" in refusals(identity(shape), tmp_path)


def test_more_axes_than_numpy_has_are_refused(tmp_path):
    assert "a tensor of shape 65 axes" in refusals(identity((1,) * 65), tmp_path)


@pytest.mark.parametrize("size", [2**63 - 1, -1])
def test_a_description_has_no_other_sizes_than_tensors(tmp_path, size):
    program = Written()
    program.input("x", "fp32", (None,)).type.multiArrayType.shape.extend([0, size])
    program.output("x", "fp32", (None,))
    assert "feature 'x': a tensor of shape" in refusals(program, tmp_path)


def test_conditions_are_refused_that_stand_too_deep_in_one_another(tmp_path):
    program = Written()
    program.input("x", "bool", ())
    steps = program
    for level in range(33):
        branch = steps.step("cond", f"y{level}", "bool", (), pred="x")
        steps.block(branch, {}).message.outputs.append("x")
        steps.message.outputs.append(f"y{level}")
        steps = steps.block(branch, {})
    steps.message.outputs.append("x")
    program.model.description.output.add(name="y0").type.multiArrayType.dataType = 131104
    assert "stand 33 deep in one another; expected at most 14" in refusals(program, tmp_path)


def test_loops_in_conditions_of_loops_are_lowered_once_a_level(tmp_path):
    program, conditions = Written(), []
    program.input("x", "int32", ())
    steps = program
    for level in range(14):  # while (the loops within end, and then i < 1): i = i + 1
        loop = steps.step("while_loop", f"y{level}", "int32", (), loop_vars=["x"])
        steps = steps.block(loop, {f"i{level}": ("int32", ())})
        conditions.append(steps)
        body = steps.block(loop, {f"j{level}": ("int32", ())})
        body.step("add", f"k{level}", "int32", (), x=f"j{level}", y=np.int32(1))
        body.message.outputs.append(f"k{level}")
    for level, condition in enumerate(conditions):
        condition.step("less", f"more{level}", "bool", (), x=f"i{level}", y=np.int32(1))
        condition.message.outputs.append(f"more{level}")
    program.output("y0", "int32", ())
    path = program.save(tmp_path / "loops.mlpackage")
    model = load(path)  # 2^14 times the innermost one, if each condition were lowered twice
    assert len(to_onnx(path).SerializeToString()) < 200_000
    assert model.predict({"x": np.int32(0)})["y0"] == 1


@pytest.mark.parametrize("channels", [0, 3, 4])
def test_a_picture_of_other_channels_than_described_is_refused(tmp_path, channels):
    program = Written()
    program.input("x", "fp32", (1, channels, 8, 8))
    program.step("relu", "y", "fp32", (1, channels, 8, 8), x="x")
    program.message.outputs.append("y")
    image = program.model.description.output.add(name="y").type.imageType
    image.width, image.height, image.colorSpace = 8, 8, 10
    image.imageSizeRange.widthRange.lowerBound = image.imageSizeRange.heightRange.lowerBound = 1
    assert "described as a GRAYSCALE image" in refusals(program, tmp_path)


def test_a_picture_whose_channels_only_running_tells_is_refused_then(tmp_path):
    program = Written()
    program.input("x", "int32", (4,))
    program.step("fill", "y", "fp32", (None,) * 4, shape="x", value=1.0)
    program.message.outputs.append("y")
    image = program.model.description.output.add(name="y").type.imageType
    image.width, image.height, image.colorSpace = 8, 8, 10
    model = load(program.save(tmp_path / "picture.mlpackage"))
    assert model.predict({"x": np.array([1, 1, 8, 8], np.int32)})["y"].size == (8, 8)
    for shape in ([1, 4, 8, 8], [1, 0, 8, 8], [1, 1, 0, 8], [2, 1, 8, 8]):
        with pytest.raises(InvalidProgram, match=r"picture.*output 'y': expected a GRAYSCALE"):
            model.predict({"x": np.array(shape, np.int32)})


def test_an_object_that_is_no_array_is_the_fault_of_who_gives_it(tmp_path):
    class Broken:
        def __array__(self, *_args, **_keywords):
            raise RuntimeError("no numbers here")

    program = Written()
    program.input("x", "fp32", (1,))
    program.step("relu", "y", "fp32", (1,), x="x")
    program.output("y", "fp32", (1,))
    model = load(program.save(tmp_path / "relu.mlpackage"))
    with pytest.raises(InvalidInput, match="no numbers here; expected an array"):
        model.predict({"x": Broken()})
