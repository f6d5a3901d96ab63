"""The precision policy, the order of operations, and programs that contradict themselves."""

from collections.abc import Sequence

import numpy as np
import onnxruntime
import pytest

from conversion.errors import InvalidProgram, UnsupportedOps
from conversion.mlprogram.check import check_types
from conversion.mlprogram.lowering import lower
from conversion.mlprogram.program import Named, Operation, Program, Reference
from conversion.mlprogram.types import TensorType

FLOAT16, FLOAT32 = np.dtype(np.float16), np.dtype(np.float32)


def step(kind, output, *, of=FLOAT16, shape: Sequence[int | None] = (3,), **inputs):
    """Return an operation; texts are references, arrays are constants, lists are tuples."""
    bindings = {
        name: tuple(
            Reference(item) if isinstance(item, str) else np.asarray(item)
            for item in (given if isinstance(given, list) else [given])
        )
        for name, given in inputs.items()
    }
    return Operation(kind, bindings, (Named(output, TensorType(of, tuple(shape))),))


def program(*steps, outputs=("y",), dtype=FLOAT32, opset="CoreML6"):
    return Program(opset, (Named("x", TensorType(dtype, (3,))),), steps, outputs)


def run(written, x, *, precision="declared"):
    graph, values = lower(written, precision=precision)
    check_types(graph.to_model_and_constants()[0], values)
    session = onnxruntime.InferenceSession(graph.to_model().SerializeToString())
    return session.run(None, {"x": np.asarray(x, session_dtype(written))})[0]


def session_dtype(written):
    return written.inputs[0].type.dtype


TIMES_ONE = step("mul", "y", x="h", y=np.float16(1))
TO_HALF = step("cast", "h", x="x", dtype=np.array("fp16"))


def test_each_float16_result_is_rounded_to_what_float16_holds():
    # 1/3 has 11 significant bits in float16; 2049 lies between 2048 and 2050; 70000 is too large.
    y = run(program(TO_HALF, TIMES_ONE), [1 / 3, 2049, 70000])
    np.testing.assert_array_equal(y, np.array([0.33325195, 2048, np.inf], np.float16))


def test_rounding_happens_between_operations_not_only_at_the_end():
    # 2048 + 1 is 2048 in float16 at every step; in float32 the ones add up.
    one = np.float16(1)
    steps = [TO_HALF, step("add", "a", x="h", y=one), step("add", "b", x="a", y=one)]
    last = step("sub", "y", x="b", y=np.float16(2048))
    written = program(*steps, last)
    np.testing.assert_array_equal(run(written, [2048] * 3), [0, 0, 0])
    np.testing.assert_array_equal(run(written, [2048] * 3, precision="float32"), [2, 2, 2])


def test_what_overflows_float16_stays_infinite_in_later_operations():
    steps = [
        TO_HALF,
        step("mul", "a", x="h", y=np.float16(300)),
        step("mul", "y", x="a", y=np.float16(1 / 512)),
    ]
    np.testing.assert_array_equal(run(program(*steps), [300, -300, 1])[:2], [np.inf, -np.inf])
    fast = run(program(*steps), [300, -300, 1], precision="float32")
    # 300 * 300 / 512 = 175.78125; only the output is rounded, to a multiple of 1/8.
    np.testing.assert_array_equal(fast[:2], [175.75, -175.75])


def test_small_results_become_subnormal_or_zero_as_float16_has_them():
    values = np.array([6e-8, 2e-8, 3e-5], np.float32)
    np.testing.assert_array_equal(
        run(program(TO_HALF, TIMES_ONE), values), values.astype(np.float16)
    )


def test_float32_results_are_never_rounded():
    y = run(program(step("mul", "y", of=FLOAT32, x="x", y=np.float32(1))), [1 / 3, 2049, 7e4])
    np.testing.assert_array_equal(y, np.array([1 / 3, 2049, 7e4], np.float32))


@pytest.mark.parametrize("precision", ["declared", "float32"])
def test_float16_inputs_and_outputs_keep_their_type(precision):
    y = run(program(step("abs", "y", x="x"), dtype=FLOAT16), [-1, 2, -3], precision=precision)
    assert y.dtype == np.float16
    np.testing.assert_array_equal(y, [1, 2, 3])


def test_everything_unsupported_is_listed_at_once_with_counts():
    written = program(
        step("teleport", "a", x="x"), step("beam_up", "b", x="a"), step("beam_up", "y", x="b")
    )
    with pytest.raises(UnsupportedOps, match=r"beam_up \(x2\), teleport \(x1\); add them in"):
        lower(written)


def test_an_unknown_opset_is_refused_with_the_known_ones():
    with pytest.raises(InvalidProgram, match="CoreML5.*CoreML8"):
        lower(program(TO_HALF, TIMES_ONE, opset="CoreML99"))


@pytest.mark.parametrize(
    ("steps", "complaint"),
    [
        ([step("abs", "y", x="later"), TO_HALF], "'later', which nothing before it defines"),
        ([TO_HALF, TO_HALF], "'h' is defined twice"),
        ([TO_HALF], "output 'y': the program computes no such value"),
        ([step("abs", "y", z="x")], "unknown and"),
        ([step("abs", "y")], "'x'.* are missing"),
        ([step("abs", "y", x=["x", "x"])], "received a tuple of 2"),
        ([step("leaky_relu", "y", x="x", alpha="x")], "'alpha': expected a constant"),
        ([step("leaky_relu", "y", x="x", alpha=np.ones(2))], "'alpha': expected one value"),
        ([step("split", "y", x="x", axis=np.int32(0), num_splits=np.int32(3))], "makes 3 values"),
        ([step("const", "y", val=np.zeros(4, np.float16))], "holds float16.4.; .* float16.3."),
        ([step("abs", "y", x=np.array("text"))], "received text"),
        ([step("concat", "y", values=[], axis=np.int32(0))], "empty tuple"),
    ],
)
def test_contradictions_are_refused_naming_the_operation(steps, complaint):
    with pytest.raises(InvalidProgram, match=complaint):
        lower(program(*steps))


def test_a_value_without_a_tensor_type_is_refused():
    dictionary = Operation("abs", {"x": (Reference("x"),)}, (Named("y", None),))
    with pytest.raises(UnsupportedOps, match="'y'"):
        lower(program(dictionary))


@pytest.mark.parametrize(
    "step_",
    [
        step("abs", "y", of=FLOAT32, shape=(4,), x="x"),
        step("abs", "y", of=FLOAT32, shape=(3, 1), x="x"),
        step("greater", "y", of=FLOAT32, x="x", y="x"),
    ],
)
def test_shapes_and_types_that_operations_cannot_make_are_refused(step_):
    graph, values = lower(program(step_))
    with pytest.raises(
        InvalidProgram, match="'y': the program declares|contradicts itself.*differ"
    ):
        check_types(graph.to_model_and_constants()[0], values)


def test_operations_that_cannot_be_combined_are_refused():
    clash = step("add", "y", of=FLOAT32, x="x", y=np.zeros(2, np.float32))
    graph, values = lower(program(clash))
    with pytest.raises(InvalidProgram, match="contradicts itself"):
        check_types(graph.to_model_and_constants()[0], values)
