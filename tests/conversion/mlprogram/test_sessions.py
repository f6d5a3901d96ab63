"""Sessions that keep to a budget: their memory has a cap, and Ctrl-C is heard while they run."""

import os
import signal
import threading
import time

import numpy as np
import onnx
import pytest
from onnx import helper

from conversion.errors import InvalidProgram, OverBudget
from conversion.mlprogram.budget import Limits
from conversion.mlprogram.sessions import open_session, quiet_options, run_session

LIMITS = Limits(memory_bytes=2**24, seconds=30)


def model(nodes, *, count=onnx.TensorProto.INT64):
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("n", count, [1])],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)],
    )
    opset = helper.make_opsetid("", 21)
    return helper.make_model(graph, opset_imports=[opset], ir_version=10).SerializeToString()


def zeros(number):
    return {"n": np.array([number], np.int64)}


def filled(memory_bytes):
    return open_session(
        model([helper.make_node("ConstantOfShape", ["n"], ["y"], name="y")]),
        quiet_options(),
        memory_bytes=memory_bytes,
    )


def test_a_session_keeps_its_own_cap_beside_others():
    small, large = filled(2**22), filled(2**26)
    assert run_session(large, None, zeros(2**21), limits=LIMITS, seconds=None)[0].size == 2**21
    with pytest.raises(OverBudget, match="'y' wants 8388608 more"):
        run_session(small, None, zeros(2**21), limits=LIMITS, seconds=None)
    assert run_session(small, None, zeros(5), limits=LIMITS, seconds=1)[0].tolist() == [0] * 5


def test_what_constants_alone_decide_is_capped_where_its_size_is_not_known():
    count = onnx.numpy_helper.from_array(np.array([2**26]), "value")
    nodes = [
        helper.make_node("Constant", [], ["c"], value=count),
        helper.make_node("ConstantOfShape", ["c"], ["zeros"], name="zeros"),
        helper.make_node("Gather", ["zeros", "n"], ["y"]),
    ]
    session = open_session(model(nodes), quiet_options(), memory_bytes=2**22, folds=False)
    with pytest.raises(OverBudget, match="wants 268435456 more"):
        run_session(session, None, zeros(0), limits=LIMITS, seconds=None)


def test_a_run_that_fails_says_so_with_a_clock_and_without():
    for seconds in (None, 5.0):
        with pytest.raises(InvalidProgram, match="running the program failed"):
            run_session(filled(2**22), None, zeros(-1), limits=LIMITS, seconds=seconds)


def test_ctrl_c_ends_a_run_between_two_nodes():
    turn = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["again"]), helper.make_node("Relu", ["v"], ["w"])],
        "turn",
        [
            helper.make_tensor_value_info("i", onnx.TensorProto.INT64, []),
            helper.make_tensor_value_info("go", onnx.TensorProto.BOOL, []),
            helper.make_tensor_value_info("v", onnx.TensorProto.FLOAT, [1]),
        ],
        [
            helper.make_tensor_value_info("again", onnx.TensorProto.BOOL, []),
            helper.make_tensor_value_info("w", onnx.TensorProto.FLOAT, [1]),
        ],
    )
    nodes = [
        helper.make_node("Cast", ["n"], ["f"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Loop", ["", "", "f"], ["y"], body=turn),
    ]
    session = open_session(model(nodes), quiet_options(), memory_bytes=2**24)
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_session(session, None, zeros(1), limits=LIMITS, seconds=30)
    assert time.monotonic() - began < 10
