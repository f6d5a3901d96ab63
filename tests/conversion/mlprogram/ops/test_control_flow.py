"""Branches and loops, in programs that coremltools writes."""

import numpy as np
import pytest
from coremltools.converters.mil.mil import Builder as mb

from conversion.errors import InvalidProgram
from conversion.mlprogram.lowering import lower
from conversion.mlprogram.model import load
from conversion.mlprogram.ops import control_flow
from conversion.mlprogram.package import read_package
from conversion.mlprogram.program import Block, Named, Operation, Program, Reference
from conversion.mlprogram.types import TensorType


@pytest.fixture
def branching(save_program):
    def either(x):
        total = mb.reduce_sum(x=x, axes=[0, 1], keep_dims=False)
        first, second = mb.cond(
            pred=mb.greater(x=total, y=0.0),
            _true_fn=lambda: (mb.mul(x=x, y=2.0), mb.add(x=total, y=1.0)),
            _false_fn=lambda: (mb.sub(x=x, y=1.0), total),
        )
        return mb.identity(x=first, name="first"), mb.identity(x=second, name="second")

    return save_program(either, {"x": (2, 3)})


def test_cond_returns_what_the_chosen_block_returns(branching):
    model, x = load(branching), np.array([[1, 2, 3], [4, 5, -6]], np.float32)
    chosen = model.predict({"x": x})
    np.testing.assert_array_equal(chosen["first"], 2 * x)
    np.testing.assert_array_equal(chosen["second"], 10)
    other = model.predict({"x": -x})
    np.testing.assert_array_equal(other["first"], -x - 1)
    np.testing.assert_array_equal(other["second"], -9)


def test_while_loop_repeats_its_body_as_numpy_would(save_program):
    def repeat(a, b):
        def body(a, b):
            return mb.add(x=a, y=1.0), mb.mul(x=a, y=b)

        def condition(a, b):
            return mb.less(x=mb.reduce_mean(x=a, axes=[0], keep_dims=False), y=5.0)

        c, d = mb.while_loop(_cond=condition, _body=body, loop_vars=(a, b))
        return mb.identity(x=c, name="c"), mb.identity(x=d, name="d")

    model = load(save_program(repeat, {"a": (2,), "b": (2,)}))
    for start in ([1, 2], [9, 9]):  # four turns, and none
        a, b = np.array(start, np.float32), np.array([2, 3], np.float32)
        made = model.predict({"a": a, "b": b})
        while a.mean() < 5:
            a, b = a + 1, a * b
        np.testing.assert_array_equal(made["c"], a)
        np.testing.assert_array_equal(made["d"], b)


def test_a_loop_without_end_fails_in_the_end(save_program, monkeypatch):
    monkeypatch.setattr(control_flow, "MAX_TURNS", 100)

    def endless(x):
        y = mb.while_loop(
            _cond=lambda y: mb.less(x=mb.reduce_sum(x=y, axes=[0], keep_dims=False), y=1.0),
            _body=lambda y: mb.mul(x=y, y=1.0),
            loop_vars=(x,),
        )
        return mb.identity(x=y, name="y")

    model = load(save_program(endless, {"x": (2,)}))
    np.testing.assert_array_equal(model.predict({"x": np.float32([1, 3])})["y"], [1, 3])
    with pytest.raises(InvalidProgram, match="running the program failed"):
        model.predict({"x": np.float32([-1, 0])})


def test_a_loop_in_a_branch_sees_what_was_defined_outside(save_program):
    def nested(x):
        step = mb.reduce_max(x=x, axes=[0], keep_dims=True)

        def count():
            return mb.while_loop(
                _cond=lambda y: mb.less(x=mb.reduce_sum(x=y, axes=[0], keep_dims=False), y=20.0),
                _body=lambda y: mb.add(x=y, y=step),
                loop_vars=(x,),
            )

        positive = mb.greater(x=mb.reduce_min(x=x, axes=[0], keep_dims=False), y=0.0)
        y = mb.cond(pred=positive, _true_fn=count, _false_fn=lambda: mb.mul(x=x, y=-1.0))
        return mb.identity(x=y, name="y")

    model = load(save_program(nested, {"x": (2,)}))
    # (1, 3): sum 4, every turn adds 6: 10, 16, 22.
    np.testing.assert_array_equal(model.predict({"x": np.float32([1, 3])})["y"], [10, 12])
    np.testing.assert_array_equal(model.predict({"x": np.float32([-1, 3])})["y"], [1, -3])


def test_conditions_may_be_vectors_of_one_element(save_program):
    def count(x):
        y = mb.while_loop(
            _cond=lambda y: mb.less(x=mb.reduce_sum(x=y, axes=[0], keep_dims=True), y=[10.0]),
            _body=lambda y: mb.add(x=y, y=1.0),
            loop_vars=(x,),
        )
        odd = mb.greater(x=mb.reduce_max(x=y, axes=[0], keep_dims=True), y=[6.0])
        z = mb.cond(pred=odd, _true_fn=lambda: mb.mul(x=y, y=-1.0), _false_fn=lambda: y)
        return mb.identity(x=z, name="z")

    model = load(save_program(count, {"x": (2,)}))
    np.testing.assert_array_equal(model.predict({"x": np.float32([1, 2])})["z"], [5, 6])
    np.testing.assert_array_equal(model.predict({"x": np.float32([0, 9])})["z"], [-1, -10])


def test_the_operations_inside_a_block_are_rounded_as_the_others(save_program):
    half = np.dtype(np.float16)
    x = Named("x", TensorType(half, (1,)))

    def step(kind, output, **inputs):
        bound = {name: (given,) for name, given in inputs.items()}
        return Operation(kind, bound, (Named(output, TensorType(half, (1,))),))

    # 2048 + 1 is 2048 in float16: the branch adds 1 twice and changes nothing.
    ones = [
        step("add", "a", x=Reference("x"), y=np.float16(1)),
        step("add", "b", x=Reference("a"), y=np.float16(1)),
    ]
    branch = Block((), tuple(ones), ("b",))
    choice = Operation(
        "cond",
        {"pred": (np.array(True),)},
        (Named("y", TensorType(half, (1,))),),
        (branch, branch),
    )
    program = Program("CoreML6", (x,), (choice,), ("y",))
    for precision, expected in (("declared", 2048), ("float32", 2050)):
        graph, _ = lower(program, precision=precision)
        session = _session(graph)
        assert session.run(None, {"x": np.float16([2048])})[0] == expected


@pytest.mark.parametrize(
    ("returned", "complaint"), [((), "0 and 1 values"), (("nothing",), "'nothing': the program")]
)
def test_blocks_that_contradict_each_other_are_refused(returned, complaint):
    half = TensorType(np.dtype(np.float16), (1,))
    blocks = (Block((), (), returned), Block((), (), ("x",)))
    choice = Operation("cond", {"pred": (np.array(True),)}, (Named("y", half),), blocks)
    program = Program("CoreML6", (Named("x", half),), (choice,), ("y",))
    with pytest.raises(InvalidProgram, match=complaint):
        lower(program)


def test_a_value_of_a_block_is_unknown_outside_of_it(branching):
    inner = read_package(branching).program
    names = {
        o.name
        for step in inner.operations
        for b in step.blocks
        for s in b.operations
        for o in s.outputs
    }
    assert names and not names & {o.name for step in inner.operations for o in step.outputs}


def _session(graph):
    import onnxruntime

    return onnxruntime.InferenceSession(graph.to_model().SerializeToString())
