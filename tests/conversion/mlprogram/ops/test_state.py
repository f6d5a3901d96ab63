"""Tensors that outlive a run, in programs that coremltools writes."""

import numpy as np
import pytest
from coremltools.converters.mil.mil import Builder as mb
from coremltools.converters.mil.mil import types

from conversion.errors import InvalidInput
from conversion.mlprogram.model import load, to_onnx


@pytest.fixture
def counting(save_program):
    """A program that adds x to what it has added so far, and returns the sum."""

    def add_up(x, total):
        added = mb.add(x=mb.cast(x=x, dtype="fp16"), y=mb.read_state(input=total))
        new = mb.coreml_update_state(state=total, value=added)
        return mb.cast(x=new, dtype="fp32", name="y")

    specs = [mb.TensorSpec((2, 3)), mb.StateTensorSpec((2, 3), dtype=types.fp16)]
    return save_program(add_up, specs, target="iOS18")


X = np.arange(6, dtype=np.float32).reshape(2, 3)


def test_a_state_begins_at_zero_and_remembers_what_was_written(counting):
    model = load(counting)
    state = model.make_state()
    for turn in (1, 2, 3):
        np.testing.assert_array_equal(model.predict({"x": X}, state=state)["y"], turn * X)
    np.testing.assert_array_equal(state.read_state("total"), 3 * X)


def test_two_states_of_one_model_do_not_meet(counting):
    model = load(counting)
    one, two = model.make_state(), model.make_state()
    model.predict({"x": X}, state=one)
    np.testing.assert_array_equal(model.predict({"x": X}, state=two)["y"], X)
    two.write_state("total", np.full((2, 3), 7, np.float16))
    np.testing.assert_array_equal(model.predict({"x": X}, state=two)["y"], X + 7)
    np.testing.assert_array_equal(one.read_state("total"), X)


def test_a_copy_of_a_state_cannot_change_it(counting):
    state = load(counting).make_state()
    state.read_state("total")[:] = 5
    np.testing.assert_array_equal(state.read_state("total"), 0)


def test_a_model_with_states_is_not_run_without_them_nor_another_with(counting, tiny_fp16):
    with pytest.raises(InvalidInput, match=r"\['total'\].*make_state"):
        load(counting).predict({"x": X})
    with pytest.raises(InvalidInput, match="state=None"):
        load(tiny_fp16.path).predict(
            {"lineart": tiny_fp16.drawing}, state=load(counting).make_state()
        )


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("sum", X, r"'sum': expected one of \['total'\]"),
        ("total", X[0], r"float16 of shape \(2, 3\), received float32 of shape \(3,\)"),
        ("total", X > 0, None),
        ("total", X.astype(str), "received str"),
    ],
)
def test_a_state_takes_only_tensors_of_its_name_and_shape(counting, name, value, complaint):
    state = load(counting).make_state()
    if complaint is None:
        state.write_state(name, value)
        np.testing.assert_array_equal(state.read_state(name), value)
    else:
        with pytest.raises(InvalidInput, match=complaint):
            state.write_state(name, value)


def test_the_onnx_model_takes_the_state_and_returns_the_next(counting):
    import onnxruntime

    session = onnxruntime.InferenceSession(to_onnx(counting).SerializeToString())
    feeds = {"x": X, "total": np.full((2, 3), 2, np.float16)}
    y, total = session.run(["y", "total_out"], feeds)
    np.testing.assert_array_equal(y, X + 2)
    np.testing.assert_array_equal(total, (X + 2).astype(np.float16))
